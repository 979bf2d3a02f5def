"""Metrics whose value does not have the unit they declare.

No declared invariance sees these. A change of units does, in which lengths grow by one factor and
times by another: the value has to grow as its unit says. Declared powers of single signals
(`scales_with`, as of the metrics they are mutants of) see those with a signal in the wrong power.
"""

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
    "scales_with": {"accel": 1},
}
_LATERAL: dict[str, Any] = {
    **_JERK,
    "unit": "m/s^2",
    "min_steps": 1,
    "invariant_under": ("se2", "mirror"),
    "scales_with": {"curvature": 1, "speed": 2},
}


@metric(**_JERK)
def max_abs_jerk_without_dt(rollout: Rollout) -> Array:
    """Largest jerk as a difference that nobody divided by dt."""
    return arrays.max_abs(arrays.differences(rollout.accel))


@metric(**_JERK)
def max_abs_jerk_at_ten_hertz(rollout: Rollout, dt: float = 0.1) -> Array:
    """Largest jerk with a dt of its own."""
    return arrays.max_abs(arrays.differences(rollout.accel, dt))


@metric(**_JERK)
def max_abs_jerk_over_dt_squared(rollout: Rollout) -> Array:
    """Largest jerk divided by dt²."""
    return arrays.max_abs(rollout.jerk) / rollout.dt


@metric(**_LATERAL)
def rms_lateral_accel_without_root(rollout: Rollout) -> Array:
    """Mean square of lateral acceleration without the root."""
    return arrays.mean(np.square(rollout.lateral_accel))


@metric(**_LATERAL)
def max_abs_lateral_accel_speed_not_squared(rollout: Rollout) -> Array:
    """Largest lateral acceleration as v κ."""
    return arrays.max_abs(rollout.yaw_rate)


@metric(**_LATERAL)
def max_abs_lateral_accel_of_the_radius(rollout: Rollout) -> Array:
    """Largest lateral acceleration as v² over a curvature, 0 where it is straight."""
    bends = rollout.curvature != 0
    kappa = np.where(bends, rollout.curvature, 1)
    return arrays.max_abs(np.square(rollout.speed[..., :-1]) / kappa * bends)


@metric(
    unit="m",
    bounds=(0, None),
    invariant_under=("se2", "mirror", "time_reversal"),
    scales_with={"position": 1},
)
def path_length_without_root(rollout: Rollout) -> Array:
    """Length of the path as the sum of dx² + dy² without the root."""
    return arrays.total(np.square(rollout.step_length))
