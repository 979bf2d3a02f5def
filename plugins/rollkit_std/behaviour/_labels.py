"""What the labels and flags share: 1, 0 or nan from a condition; work done once for several."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from rollkit import Rollout, Trajectory, arrays
from rollkit.arrays import Array

Mask = npt.NDArray[np.bool_]

_Answer = TypeVar("_Answer")

# Round numbers reach a threshold of their own, whatever rounding did to them.
_SLACK = 1e-3


def reaches(value: Array, threshold: Array | float) -> Mask:
    """Whether a value is at least a positive threshold, or a thousandth of that less.

    >>> bool(reaches(np.float64(0.1 * 5), 0.5)), bool(reaches(np.float64(0.49), 0.5))
    (True, False)
    """
    return np.asarray(value >= np.multiply(threshold, 1 - _SLACK))


def indicator(rollout: Rollout, holds: Mask | np.bool_) -> Array:
    """1 where it holds, 0 where not, nan where any instant of the trajectory is missing."""
    trajectory = rollout.trajectory
    label = np.asarray(holds).astype(trajectory.x.dtype)
    if trajectory.complete:
        return label
    signals = (trajectory.x, trajectory.y, trajectory.yaw, trajectory.speed)
    missing = np.logical_or.reduce([np.isnan(one).any(axis=-1) for one in signals])
    return np.where(missing, label.dtype.type(np.nan), label)


def once(function: Callable[[Rollout], _Answer]) -> Callable[[Rollout], _Answer]:
    """The function, computed once for a trajectory as long as that lives.

    Labels of one kind exclude each other, so each metric needs the whole decision.
    """
    known: WeakKeyDictionary[Trajectory, Any] = WeakKeyDictionary()

    @wraps(function)
    def remembered(rollout: Rollout) -> _Answer:
        trajectory = rollout.trajectory
        if trajectory not in known:
            known[trajectory] = function(rollout)
        answer: _Answer = known[trajectory]
        return answer

    return remembered


def reach(rollout: Rollout) -> Array:
    """Largest distance from the start, m, `(...)`."""
    x, y = rollout.trajectory.x, rollout.trajectory.y
    return arrays.maximum(arrays.distance(x - x[..., :1], y - y[..., :1]))


def in_own_frame(rollout: Rollout) -> tuple[Array, Array]:
    """Each step along the yaw halfway through it and to the left of that, m, `(..., T)` each."""
    trajectory = rollout.trajectory
    along, across = arrays.differences(trajectory.x), arrays.differences(trajectory.y)
    cos, sin = arrays.cos_sin((trajectory.yaw[..., 1:] + trajectory.yaw[..., :-1]) / 2)
    return along * cos + across * sin, across * cos - along * sin
