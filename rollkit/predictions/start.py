"""The start in front of what was predicted, where the history ends with it."""

from dataclasses import replace
from typing import Any

import numpy as np

from rollkit.poses import Poses

_SAME_TIME = 1e-6  # of a step


def with_start(poses: Poses) -> Poses:
    """Poses without their start, with the last pose of their history in front of them.

    As they are, where there is no history, or where the first of them is not one step after it.
    """
    past = poses.history
    if poses.given or past is None or poses.dt is None or np.isnan(past.x[:, :, -1]).any():
        return poses
    if poses.yaw is not None and past.yaw is None:
        return poses
    times = poses.times
    assert times is not None
    start = times[0] - poses.dt
    ended = start if past.time is None else past.time[-1]
    if abs(start - ended) > _SAME_TIME * poses.dt or abs(start) > _SAME_TIME * poses.dt:
        return poses
    signals: dict[str, Any] = {}
    for name in ("x", "y", "yaw", "speed", "z", "rotation"):
        values, before = getattr(poses, name), getattr(past, name)
        if values is None or before is None:
            signals[name] = None
            continue
        first = np.broadcast_to(before[:, :, -1:], (*values.shape[:2], 1, *values.shape[3:]))
        signals[name] = np.concatenate([first, values], axis=2)
    time = None if poses.time is None else np.concatenate([[start], poses.time])
    return replace(poses, **signals, time=time, given=1)
