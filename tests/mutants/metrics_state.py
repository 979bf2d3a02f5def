"""Metrics that remember, roll dice or write into what they were given."""

import time
from typing import Any

import numpy as np

from rollkit import Rollout, arrays, metric
from rollkit.arrays import Array

_JERK: dict[str, Any] = {
    "unit": "m/s^3",
    "better": "lower",
    "bounds": (0, None),
    "needs": "actions",
    "min_steps": 2,
    "invariant_under": ("se2", "mirror", "time_reversal"),
}
_KNOWN: dict[tuple[int, ...], Array] = {}
_SEEN: dict[str, float] = {}


@metric(**_JERK)
def max_abs_jerk_remembered_by_shape(rollout: Rollout) -> Array:
    """Largest jerk behind a cache whose key is the shape of the actions alone."""
    return _KNOWN.setdefault(rollout.accel.shape, arrays.max_abs(rollout.jerk))


@metric(**_JERK)
def max_abs_jerk_of_all_calls(rollout: Rollout) -> Array:
    """Largest jerk of this rollout and of all that were ever measured."""
    value = arrays.max_abs(rollout.jerk)
    _SEEN["largest"] = max(_SEEN.get("largest", 0.0), float(np.max(value, initial=0)))
    return np.maximum(value, _SEEN["largest"]).astype(value.dtype)


@metric(**_JERK)
def max_abs_jerk_averaged_with_the_last_call(rollout: Rollout) -> Array:
    """Largest jerk averaged with the one of the previous call."""
    value = arrays.max_abs(rollout.jerk)
    smooth = (value + _SEEN.get("last", 0.0)) / 2
    _SEEN["last"] = float(np.max(value, initial=0))
    return smooth


@metric(**_JERK)
def max_abs_jerk_of_a_random_half(rollout: Rollout) -> Array:
    """Largest jerk of steps drawn by numpy's global generator."""
    count = rollout.steps - 1
    chosen = np.random.choice(count, (count + 1) // 2, replace=False)  # noqa: NPY002
    return arrays.max_abs(rollout.jerk[..., chosen])


@metric(**_JERK)
def max_abs_jerk_by_the_clock(rollout: Rollout) -> Array:
    """Largest jerk, a little larger later in the second."""
    return arrays.max_abs(rollout.jerk) * (1 + (time.time_ns() % 1000) * 1e-6)


@metric(**_JERK)
def max_abs_jerk_writes_in_place(rollout: Rollout) -> Array:
    """Largest jerk that takes the magnitude in the rollout's own array."""
    return np.max(np.abs(rollout.jerk, out=rollout.jerk), axis=-1)


@metric(**_JERK)
def max_abs_jerk_leaves_magnitudes(rollout: Rollout) -> Array:
    """Largest jerk that leaves its magnitudes where all metrics read the jerk."""
    vars(rollout)["jerk"] = np.abs(rollout.jerk)
    return arrays.maximum(rollout.jerk)


@metric(**_JERK)
def max_abs_jerk_clips_the_actions(rollout: Rollout) -> Array:
    """Largest jerk that leaves the actions without the accelerations beyond ±2 m/s²."""
    value = arrays.max_abs(rollout.jerk)
    object.__setattr__(rollout.actions, "accel", np.clip(rollout.accel, -2, 2))
    return value


@metric(unit="rad", bounds=(0, None), invariant_under=("se2", "mirror", "time_reversal"))
def total_heading_change_resets_yaw(rollout: Rollout) -> Array:
    """Total change of heading that leaves a trajectory whose yaw begins at 0."""
    yaw = rollout.trajectory.yaw
    object.__setattr__(rollout.trajectory, "yaw", yaw - yaw[..., :1])
    return arrays.total(np.abs(rollout.yaw_change))
