"""The start in front of what was predicted, where the history ends with it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from rollkit.clock import tolerance
from rollkit.poses import SIGNALS, Poses

_SAME_TIME = 1e-6  # of a step


def with_start(poses: Poses) -> Iterator[Poses]:
    """Poses without their start, with the last pose of their history in front of them.

    As they are, where there is no history, or where the first of them is not one step after it.
    Cases whose last pose was not observed stay as they are too, in blocks of their own.
    """
    past = poses.history
    if poses.given or past is None or poses.dt is None:
        yield poses
        return
    unknown = np.isnan(past.x[:, 0, -1])
    cuts = np.flatnonzero(np.diff(unknown)) + 1
    for rows in np.split(np.arange(poses.cases), cuts):
        some = poses if len(cuts) == 0 else poses.rows(rows)
        yield some if unknown[rows[0]] else _with_start(some)


def _with_start(poses: Poses) -> Poses:
    past = poses.history
    assert past is not None
    assert poses.dt is not None
    known = [name for name in SIGNALS if getattr(poses, name) is not None]
    if any(getattr(past, name) is None for name in known):
        return poses  # nothing that was predicted is given up for a start
    times = poses.times
    assert times is not None
    start = times[0] - poses.dt
    # Times that a file does not have count from the start.
    ended = 0.0 if past.time is None else past.time[-1]
    if abs(start - ended) > max(_SAME_TIME * poses.dt, tolerance(times)):
        return poses
    signals: dict[str, Any] = {}
    for name in known:
        values, before = getattr(poses, name), getattr(past, name)
        first = np.broadcast_to(before[:, :, -1:], (*values.shape[:2], 1, *values.shape[3:]))
        signals[name] = np.concatenate([first, values], axis=2)
    time = None if poses.time is None else np.concatenate([[start], poses.time])
    return replace(poses, **signals, time=time, given=1)
