"""The profile `comfort`: the limits that nuPlan, NAVSIM, Alpamayo and auto_e2e share."""

from functools import partial
from pathlib import Path

from rollkit import hookimpl, preset
from rollkit_presets._comfort_limits import (
    MAX_LAT_ACCEL,
    MAX_LON_ACCEL,
    MAX_LON_JERK,
    MAX_YAW_ACCEL,
    MAX_YAW_RATE,
    MIN_LON_ACCEL,
)
from rollkit_presets.bounds._checks import within
from rollkit_presets.bounds._signals import jerk, rounded

_within = partial(
    within,
    source="the comfort limits of nuPlan, which NAVSIM, Alpamayo and auto_e2e repeat; strict",
    strict=True,
)


@preset(
    project="rollkit",
    file="plugins/rollkit_presets/bounds/comfort.py",
    checks=(
        _within("lon_accel", MIN_LON_ACCEL, MAX_LON_ACCEL),
        _within("lon_jerk", -MAX_LON_JERK, MAX_LON_JERK),
        _within("lat_accel", -MAX_LAT_ACCEL, MAX_LAT_ACCEL),
        _within("yaw_rate", -MAX_YAW_RATE, MAX_YAW_RATE),
        _within("yaw_accel", -MAX_YAW_ACCEL, MAX_YAW_ACCEL),
    ),
    min_steps=2,
    notes="The signals are the kinematics of the rollout, and not those of any of the projects, "
    "which compare five different ones with the same limits. Nothing is smoothed: the jerk of "
    "recorded poses is mostly noise. Lateral jerk and curvature have no limit.",
)
def comfort_bounds(rollout):
    """Accelerations, longitudinal jerk and yaw within the limits that passengers do not mind.

    Longitudinal and lateral acceleration, yaw rate and yaw acceleration are the rollout's own
    kinematics; the jerk is the difference of the acceleration between two instants, over dt. All
    are rounded to nine decimals.
    """
    motion = rollout.kinematics
    return rounded(
        {
            "lon_accel": motion.accel,
            "lon_jerk": jerk(motion.accel, rollout.dt),
            "lat_accel": motion.lateral_accel,
            "yaw_rate": motion.yaw_rate,
            "yaw_accel": motion.yaw_accel,
        }
    )


rollkit_gates = (Path(__file__).with_suffix(".toml"),)


@hookimpl
def rollkit_presets():
    return [comfort_bounds]
