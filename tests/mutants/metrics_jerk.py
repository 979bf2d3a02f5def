"""Jerk and its like: differences of the actions, with one fault each."""

from typing import Any

import numpy as np

from rollkit import Rollout, arrays, metric
from rollkit.arrays import Array

_JERK: dict[str, Any] = {
    "unit": "m/s^3",
    "better": "lower",
    "bounds": (0, None),
    "needs": "actions",
    "invariant_under": ("se2", "mirror", "time_reversal"),
}


@metric(**_JERK, min_steps=2)
def max_jerk_abs_forgotten(rollout: Rollout) -> Array:
    """Largest jerk, without the magnitude: negative where the acceleration only falls."""
    return arrays.maximum(rollout.jerk)


@metric(**_JERK, min_steps=1)
def max_abs_jerk_padded_with_zero(rollout: Rollout) -> Array:
    """Largest jerk with an acceleration of 0 assumed before the first action."""
    before = np.zeros_like(rollout.accel[..., :1])
    return arrays.max_abs(np.diff(rollout.accel, prepend=before, axis=-1) / rollout.dt)


@metric(**_JERK, min_steps=2)
def max_abs_jerk_drops_first_step(rollout: Rollout) -> Array:
    """Largest jerk without the first difference, unless it is the only one."""
    return arrays.max_abs(rollout.jerk[..., 1:] if rollout.steps > 2 else rollout.jerk)


@metric(**_JERK, min_steps=2)
def max_abs_jerk_differences_twice(rollout: Rollout) -> Array:
    """Largest jerk from the second differences of acceleration, for which two steps are short."""
    return arrays.max_abs(arrays.differences(rollout.jerk, rollout.dt))


@metric(**_JERK)
def max_abs_jerk_claims_to_need_nothing(rollout: Rollout) -> Array:
    """Largest jerk that declares no least number of steps, and fails on one step."""
    return arrays.max_abs(rollout.jerk)


@metric(**_JERK)
def min_abs_jerk_infinite_when_short(rollout: Rollout) -> Array:
    """Smallest jerk, found from infinity downwards: infinite for one step."""
    return np.min(np.abs(rollout.jerk), axis=-1, initial=np.inf)


@metric(**_JERK, min_steps=1, scales_with={"accel": 1})
def max_abs_jerk_zero_when_short(rollout: Rollout) -> Array:
    """Largest jerk, found from 0 upwards: 0 for the one step that has none."""
    return np.max(np.abs(rollout.jerk), axis=-1, initial=0)


@metric(**_JERK, min_steps=2)
def max_abs_jerk_drops_nan(rollout: Rollout) -> Array:
    """Largest jerk by a maximum that drops nan."""
    return np.nanmax(np.abs(rollout.jerk), axis=-1)


@metric(**_JERK, min_steps=2)
def max_abs_jerk_compares_nan(rollout: Rollout) -> Array:
    """Largest jerk by comparing one after the other: no nan is ever larger."""
    best = np.zeros_like(rollout.accel[..., 0])
    for jerk in np.moveaxis(np.abs(rollout.jerk), -1, 0):
        best = np.where(jerk > best, jerk, best)
    return best


@metric(**_JERK, min_steps=2)
def max_abs_jerk_takes_nan_for_zero(rollout: Rollout) -> Array:
    """Largest jerk with nan replaced by 0."""
    return arrays.max_abs(np.nan_to_num(rollout.jerk))


@metric(
    unit="m/s^2",
    better="lower",
    bounds=(0, None),
    needs="actions",
    min_steps=2,
    invariant_under=("se2", "mirror", "time_reversal", "dt_refinement"),
)
def total_abs_jerk_without_dt(rollout: Rollout) -> Array:
    """Integral of |jerk| over time, with the jerk's own division by dt forgotten."""
    return arrays.total(np.abs(arrays.differences(rollout.accel))) * rollout.dt


@metric(
    unit="m/s^2",
    better="lower",
    bounds=(0, None),
    needs="actions",
    min_steps=2,
    invariant_under=("se2", "mirror", "time_reversal", "dt_refinement"),
)
def total_abs_jerk_not_times_dt(rollout: Rollout) -> Array:
    """Integral of |jerk| over time as a bare sum, without its dt."""
    return arrays.total(np.abs(rollout.jerk))


@metric(
    unit="1/(m s)",
    better="lower",
    bounds=(0, None),
    needs="actions",
    min_steps=2,
    invariant_under=("se2", "mirror", "time_reversal"),
)
def max_abs_curvature_rate_of_magnitudes(rollout: Rollout) -> Array:
    """Largest rise of |κ|: the magnitude taken before the difference, and none after it."""
    return arrays.maximum(arrays.differences(np.abs(rollout.curvature), rollout.dt))


@metric(
    unit="1/(m s)",
    better="lower",
    bounds=(0, None),
    needs="actions",
    min_steps=2,
    invariant_under=("se2", "mirror", "time_reversal"),
)
def max_curvature_rate_to_the_left(rollout: Rollout) -> Array:
    """Largest curvature rate towards the left, declared the same for the mirror image."""
    return np.maximum(arrays.maximum(rollout.curvature_rate), 0)
