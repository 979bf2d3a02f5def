"""The profile `physical`: what a car on a dry road can do at all."""

from pathlib import Path

from rollkit import Check, hookimpl, preset
from rollkit_presets.bounds._checks import within
from rollkit_presets.bounds._signals import curvature, jerk, over_speed, rounded

MAX_ACCEL = 9.8  # m/s^2, along and across: tyres that hold the weight of the car
MAX_LON_JERK = 12.65  # m/s^3, a driver who brakes in an emergency
MAX_LAT_JERK = 7.0  # m/s^3
MAX_CURVATURE = 0.33  # 1/m, a circle of 3 m


def _up_to(name: str, most: float, source: str) -> Check:
    return within(name, -most, most, source)


@preset(
    project="rollkit",
    file="plugins/rollkit_presets/bounds/physical.py",
    checks=(
        _up_to("lon_accel", MAX_ACCEL, "1 g of grip"),
        _up_to("lon_jerk", MAX_LON_JERK, "a driver who brakes in an emergency, second hand"),
        _up_to("lat_accel", MAX_ACCEL, "1 g of grip"),
        _up_to("lat_jerk", MAX_LAT_JERK, "second hand"),
        _up_to("curvature", MAX_CURVATURE, "the tightest turn of a small car"),
        within(
            "yaw_rate",
            "yaw_rate_low",
            "yaw_rate_high",
            "1 g of grip over the speed; no more than with the tightest curvature when slow, which "
            "is rollkit's reading",
        ),
    ),
    min_steps=2,
    notes="What breaks these bounds was not driven by a car, or is not known that well: a "
    "prediction that jumps, a time step that is wrong, or the jerk of recorded poses, which "
    "is mostly noise, for nothing is smoothed here. What keeps them may still be no ride that "
    "anyone would take. Below 0.1 m/s a path counts as straight, and only its yaw rate is "
    "judged.",
)
def physical_bounds(rollout):
    """Accelerations, jerks, curvature and yaw rate within what a car on a dry road can do.

    The signals are the rollout's kinematics; jerks are differences of the accelerations between two
    instants, over dt. The limit of the yaw rate depends on the speed at that instant. All are
    rounded to nine decimals.
    """
    motion, speed, dt = rollout.kinematics, rollout.speed, rollout.dt
    yaw_rate = over_speed(MAX_ACCEL, MAX_CURVATURE, speed)
    return rounded(
        {
            "lon_accel": motion.accel,
            "lon_jerk": jerk(motion.accel, dt),
            "lat_accel": motion.lateral_accel,
            "lat_jerk": jerk(motion.lateral_accel, dt),
            "curvature": curvature(motion.yaw_rate, speed),
            "yaw_rate": motion.yaw_rate,
            "yaw_rate_low": -yaw_rate,
            "yaw_rate_high": yaw_rate,
        }
    )


rollkit_gates = (Path(__file__).with_suffix(".toml"),)


@hookimpl
def rollkit_presets():
    return [physical_bounds]
