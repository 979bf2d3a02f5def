"""Which two poses each relative error compares."""

import numpy as np
import numpy.typing as npt

from rollkit import DataError, UsageError
from rollkit.arrays import Array

Indices = npt.NDArray[np.intp]


def by_steps(instants: int, steps: float, *, every: bool) -> tuple[Indices, Indices]:
    """Poses so many steps apart: from every pose on, or one pair after the other."""
    if not (steps >= 1 and float(steps).is_integer()):
        raise UsageError(f"delta: got {steps!r} steps, expected a whole number, 1 or more")
    first = np.arange(0, max(instants - int(steps), 0), 1 if every else int(steps))
    return first, first + int(steps)


def by_metres(positions: Array, metres: float, tolerance: float | None) -> tuple[Indices, Indices]:
    """Poses so many metres of way apart, along positions `(T, d)`.

    With a tolerance, a share of the metres: from every pose the one whose way comes nearest, where
    it is within that. Without: from one pose to the first at least so far on, and so on; what lies
    before the first such pose is a pair with nothing.
    """
    if not metres > 0:
        raise UsageError(f"delta: got {metres!r} m, expected a positive distance")
    if not np.isfinite(positions).all():
        raise DataError("rpe: got positions that are not finite; their way has no length")
    way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(positions, axis=0), axis=-1))])
    if tolerance is None:
        return _one_after_the_other(np.diff(way), metres)
    after = np.searchsorted(way, way + metres)
    candidates = np.stack([after - 1, after])
    here = np.arange(len(way))
    inside = np.clip(candidates, np.minimum(here + 1, len(way) - 1), len(way) - 1)
    off = np.abs(way[inside] - way - metres)
    pick = np.where(off[0] <= off[1], inside[0], inside[1])
    # Of poses at the same place, where the vehicle stood, the first.
    pick = np.maximum(np.searchsorted(way, way[pick]), here + 1)
    good = (off.min(axis=0) <= tolerance * metres) & (pick < len(way))
    return here[good], pick[good]


def _one_after_the_other(steps: Array, metres: float) -> tuple[Indices, Indices]:
    reached, gone = [], 0.0
    for index, step in enumerate(steps.tolist(), start=1):
        gone += step
        if gone >= metres:
            reached.append(index)
            gone = 0.0
    return np.array(reached[:-1], dtype=np.intp), np.array(reached[1:], dtype=np.intp)
