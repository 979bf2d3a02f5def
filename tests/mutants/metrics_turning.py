"""Heading, curvature, yaw rate and lateral acceleration, with one fault each."""

from typing import Any

import numpy as np

from rollkit import Rollout, arrays, metric
from rollkit.arrays import Array

_LATERAL: dict[str, Any] = {
    "unit": "m/s^2",
    "better": "lower",
    "bounds": (0, None),
    "needs": "actions",
    "min_steps": 1,
}
_YAW_RATE: dict[str, Any] = {**_LATERAL, "unit": "rad/s"}
_HEADING: dict[str, Any] = {"unit": "rad", "bounds": (0, None)}


@metric(**_LATERAL, invariant_under=("se2", "mirror"))
def max_lateral_accel_abs_forgotten(rollout: Rollout) -> Array:
    """Largest lateral acceleration, without the magnitude: negative in a right turn."""
    return arrays.maximum(rollout.lateral_accel)


@metric(**_LATERAL, invariant_under=("se2", "mirror"))
def max_lateral_accel_to_the_left(rollout: Rollout) -> Array:
    """Largest lateral acceleration to the left, declared the same for the mirror image."""
    return np.maximum(arrays.maximum(rollout.lateral_accel), 0)


@metric(**_LATERAL, invariant_under=("se2", "mirror"))
def max_abs_lateral_accel_drops_nan(rollout: Rollout) -> Array:
    """Largest lateral acceleration by fmax, which drops nan."""
    return np.fmax.reduce(np.abs(rollout.lateral_accel), axis=-1)


@metric(**_LATERAL, invariant_under=("se2", "mirror", "time_reversal"))
def max_abs_lateral_accel_of_the_start(rollout: Rollout) -> Array:
    """Largest lateral acceleration by the speed at the start, where the step's mean is declared."""
    v0 = rollout.speed[..., :-1]
    return arrays.max_abs(np.square(v0) * rollout.curvature)


@metric(**_LATERAL, invariant_under=("se2", "mirror", "time_shift"))
def max_abs_lateral_accel_of_the_first_second(rollout: Rollout) -> Array:
    """Largest lateral acceleration of the first second only."""
    steps = max(1, round(1 / rollout.dt))
    return arrays.max_abs(rollout.lateral_accel[..., :steps])


@metric(**_LATERAL, invariant_under=("se2", "mirror", "time_shift"))
def max_abs_lateral_accel_over_steps(rollout: Rollout) -> Array:
    """Largest lateral acceleration divided by the number of steps."""
    return arrays.max_abs(rollout.lateral_accel) / rollout.steps


@metric(**_YAW_RATE, invariant_under=("se2", "mirror"))
def mean_yaw_rate_abs_forgotten(rollout: Rollout) -> Array:
    """Mean yaw rate in which left and right cancel, declared a mean magnitude."""
    return arrays.mean(rollout.yaw_rate)


@metric(**_YAW_RATE, invariant_under=("se2", "mirror", "time_shift"))
def max_abs_yaw_rate_argmax(rollout: Rollout) -> Array:
    """The step of the largest yaw rate instead of the rate."""
    return np.argmax(np.abs(rollout.yaw_rate), axis=-1)


@metric(
    unit="1/m",
    better="lower",
    bounds=(0, 0.2),
    needs="actions",
    min_steps=1,
    invariant_under=("se2", "mirror", "time_reversal", "dt_refinement"),
)
def max_abs_curvature_bounds_too_narrow(rollout: Rollout) -> Array:
    """Largest curvature, declared within 0.2 1/m, which nothing enforces."""
    return arrays.max_abs(rollout.curvature)


@metric(
    unit="1",
    bounds=(0, 1),
    needs="actions",
    min_steps=1,
    invariant_under=("se2", "mirror", "time_reversal", "dt_refinement"),
)
def share_of_turning_in_percent(rollout: Rollout) -> Array:
    """Share of the time spent turning, in percent where 0 to 1 is declared."""
    # |sign| and not a comparison, which nan would be lost in
    return 100 * arrays.mean(np.abs(np.sign(rollout.curvature)))


@metric(unit="rad", invariant_under=("se2",))
def heading_change_modulo(rollout: Rollout) -> Array:
    """Net change of heading between yaws taken modulo a full turn."""
    yaw = rollout.trajectory.yaw % (2 * np.pi)
    return yaw[..., -1] - yaw[..., 0]


@metric(unit="rad", bounds=(0, None), invariant_under=("se2",))
def heading_change_declared_positive(rollout: Rollout) -> Array:
    """Net change of heading, positive to the left, with the bounds of a magnitude."""
    yaw = rollout.trajectory.yaw
    return yaw[..., -1] - yaw[..., 0]


@metric(unit="rad", bounds=(0, np.pi), invariant_under=("se2", "mirror", "time_reversal"))
def angle_between_headings_in_degrees(rollout: Rollout) -> Array:
    """Angle between the first and the last heading in degrees, with the bounds of radians."""
    yaw = rollout.trajectory.yaw
    return np.rad2deg(np.arccos(np.cos(yaw[..., -1] - yaw[..., 0])))


@metric(unit="rad", bounds=(0, np.pi), invariant_under=("se2", "mirror", "time_reversal"))
def angle_between_headings_not_wrapped(rollout: Rollout) -> Array:
    """Angle between the first and the last heading that counts full turns."""
    yaw = rollout.trajectory.yaw
    return np.abs(yaw[..., -1] - yaw[..., 0])


@metric(**_HEADING, invariant_under=("se2", "mirror", "time_reversal"))
def total_heading_change_to_the_left(rollout: Rollout) -> Array:
    """Total change of heading that counts left turns only."""
    return arrays.total(np.maximum(rollout.yaw_change, 0))


@metric(**_HEADING, invariant_under=("se2", "mirror", "time_reversal", "dt_refinement"))
def total_heading_change_wrapped(rollout: Rollout) -> Array:
    """Total change of heading from differences wrapped into [-π, π)."""
    change = (rollout.yaw_change + np.pi) % (2 * np.pi) - np.pi
    return arrays.total(np.abs(change))


@metric(**_HEADING, invariant_under=("se2", "mirror", "time_reversal", "dt_refinement"))
def total_heading_change_starts_late(rollout: Rollout) -> Array:
    """Total change of heading without the first step."""
    return arrays.total(np.abs(rollout.yaw_change[..., 1:]))


@metric(**_HEADING, invariant_under=("se2", "mirror", "time_reversal", "time_shift"))
def total_heading_change_per_step(rollout: Rollout) -> Array:
    """Total change of heading divided by the number of steps, as a mean is."""
    return arrays.total(np.abs(rollout.yaw_change)) / max(rollout.steps, 1)


@metric(**_HEADING, min_steps=1, invariant_under=("se2", "mirror"))
def max_abs_heading_change_from_zero(rollout: Rollout) -> Array:
    """Largest departure of the heading from 0 instead of from the initial one."""
    return arrays.max_abs(rollout.trajectory.yaw)


@metric(**_HEADING, min_steps=1, invariant_under=("se2", "mirror"))
def heading_change_from_positions(rollout: Rollout) -> Array:
    """Angle between the first and the last heading by atan2 of steps, 0 for those standing."""
    x, y = arrays.differences(rollout.trajectory.x), arrays.differences(rollout.trajectory.y)
    heading = np.arctan2(y, x)
    return np.arccos(np.cos(heading[..., -1] - heading[..., 0]))
