"""Times, shares and means over time, with one fault each."""

from typing import Any

import numpy as np

from rollkit import Rollout, arrays, metric
from rollkit.arrays import Array

_ACCEL: dict[str, Any] = {
    "unit": "m/s^2",
    "better": "lower",
    "bounds": (0, None),
    "needs": "actions",
    "min_steps": 1,
}
_SPENT: dict[str, Any] = {
    "bounds": (0, None),
    "needs": "actions",
    "min_steps": 1,
    "invariant_under": ("se2", "mirror", "dt_refinement"),
}


def _braking(rollout: Rollout) -> Array:
    """1 in steps of braking, 0 in others, nan where that is not known."""
    return np.maximum(-np.sign(rollout.accel), 0)


@metric(unit="s", **_SPENT)
def time_braking_without_dt(rollout: Rollout) -> Array:
    """Time spent braking, in steps instead of seconds."""
    return arrays.total(_braking(rollout))


@metric(unit="s", **_SPENT)
def time_braking_at_ten_hertz(rollout: Rollout, dt: float = 0.1) -> Array:
    """Time spent braking with a dt of its own."""
    return arrays.total(_braking(rollout)) * dt


@metric(unit="m/s", **_SPENT)
def speed_commanded_dt_squared(rollout: Rollout) -> Array:
    """Integral of |a| over time, with dt²."""
    return arrays.total(np.abs(rollout.accel)) * rollout.dt**2


@metric(unit="s", **_SPENT)
def duration_of_instants(rollout: Rollout) -> Array:
    """Duration as instants times dt, one step too long."""
    return 0 * rollout.accel[..., 0] + rollout.speed.shape[-1] * rollout.dt


@metric(unit="s", **_SPENT)
def duration_off_by_one(rollout: Rollout) -> Array:
    """Duration of T steps as (T - 1) dt."""
    return 0 * rollout.accel[..., 0] + (rollout.steps - 1) * rollout.dt


@metric(
    unit="1",
    bounds=(0, 1),
    needs="actions",
    min_steps=1,
    invariant_under=("se2", "mirror", "dt_refinement"),
)
def share_braking_off_by_one(rollout: Rollout) -> Array:
    """Share of the time spent braking, of T - 1 steps instead of T."""
    return arrays.total(_braking(rollout)) / max(rollout.steps - 1, 1)


@metric(**_ACCEL, invariant_under=("se2", "mirror", "time_reversal", "dt_refinement"))
def mean_abs_accel_is_a_sum(rollout: Rollout) -> Array:
    """Mean of |a| that is a sum."""
    return arrays.total(np.abs(rollout.accel))


@metric(**_ACCEL, invariant_under=("se2", "mirror", "time_reversal"))
def mean_abs_accel_weighs_late_steps(rollout: Rollout) -> Array:
    """Mean of |a| in which later steps count more."""
    weight = np.arange(1, rollout.steps + 1, dtype=rollout.accel.dtype)
    return arrays.total(weight * np.abs(rollout.accel)) / weight.sum()


@metric(**_ACCEL, invariant_under=("se2", "mirror", "time_shift"))
def mean_abs_accel_declared_time_shift(rollout: Rollout) -> Array:
    """Mean of |a|, declared the same however long a steady drive leads into it."""
    return arrays.mean(np.abs(rollout.accel))


@metric(**_ACCEL, invariant_under=("se2", "mirror", "time_reversal", "dt_refinement"))
def rms_accel_over_one_less(rollout: Rollout) -> Array:
    """Root mean square of acceleration divided by T - 1, as a sample's deviation is."""
    squares = arrays.total(np.square(rollout.accel))
    return np.sqrt(squares / max(rollout.steps - 1, 1))


@metric(**_ACCEL, invariant_under=("se2", "mirror", "time_shift"))
def max_abs_accel_skips_warm_up(rollout: Rollout) -> Array:
    """Largest |a| without the first step, unless it is the only one."""
    return arrays.max_abs(rollout.accel[..., 1:] if rollout.steps > 1 else rollout.accel)


@metric(**_ACCEL, invariant_under=("se2", "mirror", "time_reversal"))
def max_accel_brakes_forgotten(rollout: Rollout) -> Array:
    """Largest acceleration, with braking left out of the magnitude."""
    return np.maximum(arrays.maximum(rollout.accel), 0)


@metric(**_ACCEL, invariant_under=("se2", "mirror", "time_reversal", "dt_refinement"))
def max_abs_accel_smoothed(rollout: Rollout) -> Array:
    """Largest |a| after a moving average over three steps that nobody declared."""
    ends = rollout.accel[..., :1], rollout.accel, rollout.accel[..., -1:]
    padded = np.concatenate(ends, axis=-1)
    return arrays.max_abs((padded[..., :-2] + padded[..., 1:-1] + padded[..., 2:]) / 3)


@metric(**_ACCEL, invariant_under=("se2", "mirror", "time_reversal"))
def median_abs_accel_is_the_middle_step(rollout: Rollout) -> Array:
    """|a| in the middle of the drive instead of the median |a|."""
    return np.abs(rollout.accel[..., rollout.steps // 2])
