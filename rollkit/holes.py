"""Rows of which not everything was observed: what lies between the observations of each."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from rollkit.arrays import Array

Mask = npt.NDArray[np.bool_]

# Of the median step: a hole is longer than the file's own step, which jitters.
HOLE = 1.5


def across(
    values: Array,
    time: Array,
    grid: Array,
    limit: float,
    interpolate: Callable[[Array, Array, Array], Array],
) -> Array:
    """`(n, K, T, ...)` at the grid, `(n, K, m, ...)`: between gaps longer than the limit."""
    beyond = values.shape[3:]
    rows = values.reshape(-1, *values.shape[2:])
    missing = np.isnan(rows).reshape(*rows.shape[:2], -1).any(axis=-1)
    known: Mask = np.logical_not(missing)
    if grid is time and known.all():
        return values
    out = np.full((len(rows), len(grid), *beyond), np.nan, dtype=values.dtype)
    for members, mask in _alike(known):
        stamps = time[mask]
        picked = rows if mask.all() and len(members) == len(rows) else rows[members][:, mask]
        breaks = np.flatnonzero(np.diff(stamps) > limit) + 1
        for start, stop in pairwise([0, *breaks, len(stamps)] if len(stamps) else []):
            first = np.searchsorted(grid, stamps[start])
            last = np.searchsorted(grid, stamps[stop - 1], side="right")
            if first < last:
                # An infinite number spoils its neighbours too: the case shows it.
                with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
                    out[members, first:last] = interpolate(
                        grid[first:last], stamps[start:stop], picked[:, start:stop]
                    )
    return out.reshape(*values.shape[:2], len(grid), *beyond)


def _alike(known: Mask) -> Iterator[tuple[npt.NDArray[np.intp], Mask]]:
    """Rows that were observed at the same instants, together: their places, and those instants."""
    if known.all():
        yield np.arange(len(known)), known[0]
        return
    packed = np.packbits(known, axis=-1)
    _, first, which = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    which = which.reshape(-1)
    order = np.argsort(which, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(which[order])) + 1)
    for members, one in zip(parts, first, strict=True):
        yield members, known[one]


def filled(values: Array, time: Array, grid: Array, limit: float, step: float) -> tuple[int, float]:
    """How many instants of `(n, K, T)` at the grid are filled in, and the longest hole, s.

    Filled in is what lies in a hole that is no longer than the limit, farther than half a step from
    both observations.
    """
    known: Mask = np.logical_not(np.isnan(values)).reshape(-1, values.shape[-1])
    count, longest = 0, 0.0
    for members, mask in _alike(known):
        stamps = time[mask]
        if len(stamps) < 2:
            continue
        width = np.diff(stamps)
        longest = max(longest, float(width.max()))
        if width.max() <= HOLE * step:
            continue
        piece = np.clip(np.searchsorted(stamps, grid, side="right") - 1, 0, len(width) - 1)
        hole = (width > HOLE * step) & (width <= limit)
        away = np.minimum(grid - stamps[piece], stamps[piece + 1] - grid)
        count += len(members) * int(np.count_nonzero(hole[piece] & (away > step / 2)))
    return count, longest
