"""A path as seen from points at least so far apart: its bends, its curvature."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rollkit import arrays
from rollkit.arrays import Array

Index = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]

_SAME = 1e-4  # m, by which a distance may fall short: rounding is not to pick the points
_LEAST_TRIANGLE = 1e-10  # m^3, product of the sides below which three points have no circle


class SparsePath(NamedTuple):
    """What is known at each instant `(..., T+1)`: that of the point passed last that has both
    neighbours, and before the first of these, that of the first.
    """

    angle: Array  # from the way to this point to the way to the next, rad
    curvature: Array  # of the circle through this point and both neighbours, 1/m
    slope: Array  # of the curvature along the path, 1/m^2
    instant: Index  # when that point is passed


def sparse_path(x: Array, y: Array, least: float) -> SparsePath:
    """The path through the first pose and each that is at least so far from the one kept before.

    Slopes are central differences between the neighbours, over the way along the points, and
    one-sided where a neighbour has no curvature.

    Parameters
    ----------
    x, y : array, `(..., T+1)`
        m.
    least : float
        m.

    Returns
    -------
    SparsePath
        Nan for a path with a nan or fewer than three such points; the slope, fewer than four.

    Examples
    --------
    >>> turned = np.arange(12.0) / 40
    >>> found = sparse_path(10 * np.sin(turned), -10 * np.cos(turned), 0.9)
    >>> found.curvature[:2].round(6), found.instant
    (array([0.1, 0.1]), array([4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]))
    """
    instants = x.shape[-1]
    if instants < 3:
        unknown = np.full_like(x, np.nan)
        return SparsePath(unknown, unknown, unknown, np.zeros(x.shape, np.intp))
    kept = _kept(x, y, least)
    # The points in front, in their order. How many there are differs from row to row.
    order = np.argsort(~kept, axis=-1, kind="stable")
    inner = kept.sum(axis=-1, keepdims=True) - 2
    x, y = (np.take_along_axis(one, order, axis=-1) for one in (x, y))
    angle, curvature, side = _bends(x, y)
    slope = _slope(curvature, arrays.cumulative(np.zeros_like(x[..., 0]), side)[..., 1:], inner)
    latest = np.maximum(np.minimum(np.cumsum(kept, axis=-1) - 2, inner - 1), 0)
    known = (inner > 0) & np.isfinite(x + y).all(axis=-1, keepdims=True)
    passed = np.take_along_axis(order, latest + 1, axis=-1)

    def held(values: Array) -> Array:
        return np.where(known, np.take_along_axis(values, latest, axis=-1), np.nan)

    return SparsePath(held(angle), held(curvature), held(slope), passed)


def _kept(x: Array, y: Array, least: float) -> Mask:
    """Which poses are points of the sparse path."""
    kept = np.zeros(x.shape, np.bool_)
    kept[..., 0] = True
    from_x, from_y = x[..., 0], y[..., 0]
    for instant in range(1, x.shape[-1]):
        to_x, to_y = x[..., instant], y[..., instant]
        far = np.hypot(to_x - from_x, to_y - from_y) >= least - _SAME
        kept[..., instant] = far
        from_x, from_y = np.where(far, to_x, from_x), np.where(far, to_y, from_y)
    return kept


def _bends(x: Array, y: Array) -> tuple[Array, Array, Array]:
    """Angle and curvature at the inner points, and the length of the sides between all."""
    along, across = arrays.differences(x), arrays.differences(y)
    side = arrays.distance(along, across)
    cross = along[..., :-1] * across[..., 1:] - across[..., :-1] * along[..., 1:]
    dot = along[..., :-1] * along[..., 1:] + across[..., :-1] * across[..., 1:]
    base = arrays.distance(x[..., 2:] - x[..., :-2], y[..., 2:] - y[..., :-2])
    product = side[..., :-1] * side[..., 1:] * base
    good = product > _LEAST_TRIANGLE
    curvature = np.where(good, 2 * cross / np.where(good, product, 1), np.nan)
    return np.arctan2(cross, dot), curvature, side


def _slope(curvature: Array, way: Array, inner: Index) -> Array:
    """The slope of the curvature `(..., n)` over the way to each inner point, of so many."""
    here = np.arange(curvature.shape[-1])
    before = np.broadcast_to(np.maximum(here - 1, 0), curvature.shape)
    after = np.broadcast_to(np.minimum(here + 1, np.maximum(inner - 1, 0)), curvature.shape)
    bent, length = (
        np.take_along_axis(one, after, axis=-1) - np.take_along_axis(one, before, axis=-1)
        for one in (curvature, way)
    )
    good = after > before
    return np.where(good, bent / np.where(good, length, 1), np.nan)
