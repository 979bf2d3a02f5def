"""Moves that lay an estimated trajectory onto its reference."""

from typing import NamedTuple

import numpy as np

from rollkit.arrays import Array
from rollkit_std.displacement._rotations import transposed, turned

# An estimate that moves less than this share of what its reference does has no scale of its own.
_LEAST_SHARE = 1e-6


class Alignment(NamedTuple):
    """The move p ↦ scale · rotation · p + translation.

    `rotation` is `(..., d, d)`, `translation` `(..., d)` in m, `scale` `(...)`.
    """

    rotation: Array
    translation: Array
    scale: Array

    def positions(self, positions: Array) -> Array:
        """Positions `(..., T, d)`, moved."""
        scaled = self.scale[..., None, None] * positions
        return scaled @ transposed(self.rotation) + self.translation[..., None, :]

    def rotations(self, rotations: Array) -> Array:
        """Rotations `(..., T, d, d)`, moved: a scale turns nothing."""
        return self.rotation[..., None, :, :] @ rotations


def origin(position: Array, rotation: Array, to: Array, to_rotation: Array) -> Alignment:
    """The move of one pose onto another, `(..., d)` and `(..., d, d)`."""
    turn = to_rotation @ transposed(rotation)
    return Alignment(turn, to - turned(turn, position), np.ones(turn.shape[:-2]))


def umeyama(positions: Array, reference: Array, *, scaled: bool = False) -> Alignment:
    """The move that brings positions `(..., T, d)` nearest to a reference, in least squares.

    Minimises Σ |r[t] - s R p[t] - m|² over rotations R and moves m; with `scaled` over s > 0, too,
    which else is 1. Never a reflection. With the singular values U D Vᵀ of the covariance
    mean (r - r̄)(p - p̄)ᵀ and S = diag(1, .., det U det V) it is R = U S Vᵀ, s = tr(D S) / var p.
    A nan makes the move of its own trajectory undefined.

    References
    ----------
    S. Umeyama, Least-squares estimation of transformation parameters between two point patterns,
    IEEE PAMI 13 (1991); `evo` aligns with it.

    Examples
    --------
    >>> square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> move = umeyama(square, 2 * square + 3, scaled=True)
    >>> float(move.scale), move.translation
    (2.0, array([3., 3.]))
    """
    center, target = positions.mean(axis=-2), reference.mean(axis=-2)
    spread, wanted = positions - center[..., None, :], reference - target[..., None, :]
    covariance = transposed(wanted) @ spread / positions.shape[-2]
    known = np.isfinite(covariance).all(axis=(-2, -1))
    left, values, right = np.linalg.svd(np.where(known[..., None, None], covariance, 0))
    signs = np.ones_like(values)
    signs[..., -1] = np.sign(np.linalg.det(left) * np.linalg.det(right))
    rotation = (left * signs[..., None, :]) @ right
    scale = np.ones_like(values[..., 0])
    if scaled:
        own, its = _variance(spread), _variance(wanted)
        moves = own > _LEAST_SHARE**2 * its
        scale = np.where(moves, (values * signs).sum(axis=-1) / np.where(moves, own, 1), scale)
    scale = np.where(known, scale, np.nan)
    return Alignment(rotation, target - scale[..., None] * turned(rotation, center), scale)


def _variance(spread: Array) -> Array:
    return np.square(spread).sum(axis=-1).mean(axis=-1)
