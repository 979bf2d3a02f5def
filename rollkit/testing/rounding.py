"""What the rounding of poses makes of a value: differences of them over dt magnify it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from rollkit.arrays import Array
from rollkit.rollouts import Rollout
from rollkit.testing.fields import fields, trajectory

_ANGLES = (0.0, 0.3, 0.7, 1.1, 1.5, 1.9, 2.3, 2.7)  # rad; at 0 they are rounded, no more
_MARGIN = 4  # the angles that are tried are not the worst there are


def carried(
    value: Callable[[Rollout], Array],
    rollout: Rollout,
    got: Array,
    expected: Array,
    atol: float,
    precision: npt.DTypeLike = np.float64,
) -> Array:
    """What was got; where the rounding of poses alone makes such a difference, what was expected.

    A jerk by third differences of positions 100 m away is known to 1e-4 m/s³ at 1 kHz. The value of
    the same rollout tells, turned around the origin and back: its numbers are the same but for
    rounding, and a vehicle that stands still does. It is asked only where there is a difference.
    """
    with np.errstate(invalid="ignore"):
        if got.shape != expected.shape or not (np.abs(got - expected) > atol).any():
            return got
        plain = value(rollout)
        others = (value(_there_and_back(rollout, one, precision)) for one in _ANGLES)
        most = np.maximum.reduce([np.abs(other - plain) for other in others])
        return np.where(np.abs(got - expected) <= atol + _MARGIN * most, expected, got)


def _there_and_back(rollout: Rollout, angle: float, precision: npt.DTypeLike) -> Rollout:
    """Turned by an angle and back, the speed made less and more again, in that precision."""
    path = rollout.trajectory
    x, y, yaw, speed = (one.astype(precision) for one in fields(path))
    turn, cosine, sine = np.array([angle, np.cos(angle), np.sin(angle)], precision)
    x, y = cosine * x - sine * y, sine * x + cosine * y
    x, y = cosine * x + sine * y, cosine * y - sine * x
    changed = (x, y, yaw + turn - turn, speed / (1 + turn) * (1 + turn))
    rounded = (one.astype(path.x.dtype) for one in changed)
    return replace(rollout, trajectory=trajectory(rounded, path.dt))
