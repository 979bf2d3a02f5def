"""The comfort limits as checks, for the projects that hold six signals to them alike."""

import math

from rollkit import Check, Rollout
from rollkit_presets._comfort_limits import (
    MAX_JERK,
    MAX_LAT_ACCEL,
    MAX_LON_ACCEL,
    MAX_LON_JERK,
    MAX_YAW_ACCEL,
    MAX_YAW_RATE,
    MIN_LON_ACCEL,
)

_LIMITS = {  # name: unit, low, high, meaning
    "lon_accel": ("m/s^2", MIN_LON_ACCEL, MAX_LON_ACCEL, "longitudinal acceleration"),
    "lat_accel": ("m/s^2", -MAX_LAT_ACCEL, MAX_LAT_ACCEL, "lateral acceleration"),
    "jerk": ("m/s^3", -MAX_JERK, MAX_JERK, "jerk magnitude"),
    "lon_jerk": ("m/s^3", -MAX_LON_JERK, MAX_LON_JERK, "longitudinal jerk"),
    "yaw_accel": ("rad/s^2", -MAX_YAW_ACCEL, MAX_YAW_ACCEL, "yaw acceleration"),
    "yaw_rate": ("rad/s", -MAX_YAW_RATE, MAX_YAW_RATE, "yaw rate"),
}


def at_10_hz(rollout: Rollout) -> bool:
    """Whether the poses are 0.1 s apart, as in the projects' own data."""
    return math.isclose(rollout.dt, 0.1, rel_tol=1e-6)


def comfort_checks(*, strict: bool, time_reversal: tuple[str, ...] = ()) -> tuple[Check, ...]:
    """The six checks; those named are as good or bad of the path driven the other way."""
    return tuple(
        Check(
            name=name,
            unit=unit,
            low=low,
            high=high,
            strict=strict,
            meaning=meaning,
            also_under=("time_reversal",) if name in time_reversal else (),
        )
        for name, (unit, low, high, meaning) in _LIMITS.items()
    )
