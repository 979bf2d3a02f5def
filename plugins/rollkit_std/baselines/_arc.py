"""The trajectory along one arc from the end of a history."""

import numpy as np

from rollkit import Trajectory, UsageError, arrays
from rollkit.arrays import Array


def times(history: Trajectory, steps: int) -> Array:
    """The instants to predict, s after the end of the history, `(steps + 1,)`.

    Raises
    ------
    UsageError
        No whole number of steps, or less than one.
    """
    if not isinstance(steps, int | np.integer) or isinstance(steps, bool) or steps < 1:
        raise UsageError(f"steps: got {steps!r}, expected a whole number >= 1")
    return np.arange(steps + 1) * history.dt


def along_arc(history: Trajectory, way: Array, turn: Array, speed: Array) -> Trajectory:
    """From the last pose on: after a way, m, the yaw has turned, rad; `(..., steps + 1)` each.

    Both grow in proportion, so that the way is an arc and its chord way sin(turn/2)/(turn/2) long.
    """
    start = history.x[..., -1:], history.y[..., -1:], history.yaw[..., -1:]
    chord = way * arrays.sinc(turn / 2)
    cos, sin = arrays.cos_sin(start[2] + turn / 2)
    x, y, yaw = start[0] + chord * cos, start[1] + chord * sin, start[2] + turn
    for values, first in zip((x, y, yaw), start, strict=True):
        values[..., :1] = first  # known, even where the motion is not
    kind = history.x.dtype
    signals = [one.astype(kind, copy=False) for one in (x, y, yaw, speed)]
    return Trajectory(signals[0], signals[1], signals[2], signals[3], history.dt)
