"""Speed along the trajectory, with one fault each."""

from typing import Any

import numpy as np

from rollkit import Rollout, arrays, metric
from rollkit.arrays import Array

_SPEED: dict[str, Any] = {"unit": "m/s", "invariant_under": ("se2", "mirror", "time_reversal")}


@metric(**_SPEED)
def min_speed_argmin(rollout: Rollout) -> Array:
    """The instant of the smallest speed instead of the speed."""
    return np.argmin(rollout.speed, axis=-1)


@metric(**_SPEED)
def min_speed_takes_nan_for_zero(rollout: Rollout) -> Array:
    """Smallest speed with nan replaced by 0."""
    return arrays.minimum(np.nan_to_num(rollout.speed))


@metric(**_SPEED)
def max_speed_drops_nan(rollout: Rollout) -> Array:
    """Largest speed by fmax, which drops nan."""
    return np.fmax.reduce(rollout.speed, axis=-1)


@metric(**_SPEED)
def max_speed_of_valid_instants(rollout: Rollout) -> Array:
    """Largest of the speeds that are at least 0, which nan is not."""
    return np.max(rollout.speed, axis=-1, where=rollout.speed >= 0, initial=0)


@metric(**_SPEED)
def mean_speed_drops_last_instant(rollout: Rollout) -> Array:
    """Mean speed over all instants but the last, unless it is the only one."""
    return arrays.mean(rollout.speed[..., :-1] if rollout.steps else rollout.speed)


@metric(**_SPEED)
def mean_speed_endpoint_repeated(rollout: Rollout) -> Array:
    """Mean speed over all instants with the last one padded by a repeat."""
    padded = np.concatenate([rollout.speed, rollout.speed[..., -1:]], axis=-1)
    return arrays.mean(padded)


@metric(unit="m^2/s^2", bounds=(0, None), invariant_under=("se2", "mirror", "time_reversal"))
def speed_variance_by_cancellation(rollout: Rollout) -> Array:
    """Variance of speed as mean square minus squared mean, which rounding makes negative."""
    return arrays.mean(np.square(rollout.speed)) - np.square(arrays.mean(rollout.speed))


@metric(unit="m/s", bounds=(0, None), invariant_under=("se2", "mirror"))
def speed_range_of_the_ends(rollout: Rollout) -> Array:
    """Largest minus smallest speed, taken from the last and the first instant."""
    return rollout.speed[..., -1] - rollout.speed[..., 0]


@metric(unit="m/s", min_steps=1, invariant_under=("se2", "mirror", "time_shift"))
def speed_change_skips_first(rollout: Rollout) -> Array:
    """Change of speed since the second instant instead of the first."""
    return rollout.speed[..., -1] - rollout.speed[..., 1]


@metric(unit="m/s", min_steps=1, invariant_under=("se2", "mirror", "dt_refinement"))
def final_speed_of_the_last_step(rollout: Rollout) -> Array:
    """Speed at the start of the last step instead of its end."""
    return rollout.speed[..., -2]


@metric(
    unit="m/s",
    bounds=(0, None),
    min_steps=1,
    invariant_under=("se2", "mirror", "time_reversal", "dt_refinement"),
)
def total_speed_change_by_gradient(rollout: Rollout) -> Array:
    """Total change of speed by np.gradient, which averages neighbouring differences."""
    return arrays.total(np.abs(np.gradient(rollout.speed, axis=-1)))


@metric(
    unit="m/s",
    bounds=(0, None),
    invariant_under=("se2", "mirror", "time_reversal", "dt_refinement"),
)
def total_speed_change_rises_only(rollout: Rollout) -> Array:
    """Total change of speed that counts speeding up only."""
    return arrays.total(np.maximum(arrays.differences(rollout.speed), 0))


@metric(unit="s", bounds=(0, None), invariant_under=("se2", "mirror"))
def time_to_stop_infinite(rollout: Rollout) -> Array:
    """Time until the vehicle stands, infinite where it never does."""
    standing = rollout.speed <= 0
    first = np.argmax(standing, axis=-1) * rollout.dt
    return np.where(np.any(standing, axis=-1), first, np.inf)
