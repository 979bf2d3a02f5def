"""The profile `regulatory`: limits that rules for automated driving are said to set."""

from pathlib import Path

from rollkit import hookimpl, preset
from rollkit_presets.bounds._checks import within
from rollkit_presets.bounds._signals import (
    between,
    curvature,
    halfway,
    jerk,
    mean_jerk,
    over_speed,
    rounded,
)

MIN_LON_ACCEL = -3.5  # m/s^2
# (speed in m/s, limit): up to the slow speed, and from the fast one on
MAX_LON_ACCEL = (5.0, 4.0), (20.0, 2.0)  # m/s^2
MAX_LON_JERK = (5.0, 5.0), (20.0, 2.5)  # m/s^3
MAX_LAT_ACCEL = 3.0  # m/s^2
MAX_LAT_JERK, JERK_WINDOW = 5.0, 0.5  # m/s^3, as a mean over so many s
MAX_CURVATURE = 0.2  # 1/m

_SECOND_HAND = "second hand: whoever needs the rule itself has to read it"


@preset(
    project="rollkit",
    file="plugins/rollkit_presets/bounds/regulatory.py",
    checks=(
        within(
            "lon_accel",
            MIN_LON_ACCEL,
            "lon_accel_high",
            "ISO 15622, second hand: up to 4 m/s^2 below 5 m/s and 2 m/s^2 above 20 m/s; linear "
            "between them, which is rollkit's reading",
        ),
        within(
            "lon_jerk",
            "lon_jerk_low",
            "lon_jerk_high",
            f"{_SECOND_HAND}; 5 m/s^3 below 5 m/s to 2.5 m/s^3 above 20 m/s, linear between",
        ),
        within("lat_accel", -MAX_LAT_ACCEL, MAX_LAT_ACCEL, _SECOND_HAND),
        within("lat_jerk", -MAX_LAT_JERK, MAX_LAT_JERK, _SECOND_HAND, mean_over="0.5 s"),
        within("curvature", -MAX_CURVATURE, MAX_CURVATURE, _SECOND_HAND),
        within(
            "yaw_rate",
            "yaw_rate_low",
            "yaw_rate_high",
            "the limit of the lateral acceleration over the speed; no more than with the tightest "
            "curvature when slow, which is rollkit's reading",
        ),
    ),
    min_steps=2,
    notes="Passing it shows no compliance with any rule. Nothing is smoothed: the jerk of recorded "
    "poses is mostly noise. The limit of 1 m/s^2 of lateral acceleration in a lane change is "
    "not judged: nobody says here what is one. Below 0.1 m/s a path counts as straight, and "
    "only its yaw rate is judged. A rollout of less than 0.5 s has no mean lateral jerk, and "
    "so no verdict.",
)
def regulatory_bounds(rollout):
    """Accelerations, jerks, curvature and yaw rate within limits that rules are said to set.

    Some of them depend on the speed at that instant. The signals are the rollout's kinematics; the
    lateral jerk is averaged over 0.5 s, (a(t + 0.5 s) - a(t)) / 0.5 s. All are rounded to nine
    decimals.
    """
    motion, speed, dt = rollout.kinematics, rollout.speed, rollout.dt
    lon_jerk = between(*MAX_LON_JERK, halfway(speed))
    yaw_rate = over_speed(MAX_LAT_ACCEL, MAX_CURVATURE, speed)
    return rounded(
        {
            "lon_accel": motion.accel,
            "lon_accel_high": between(*MAX_LON_ACCEL, speed),
            "lon_jerk": jerk(motion.accel, dt),
            "lon_jerk_low": -lon_jerk,
            "lon_jerk_high": lon_jerk,
            "lat_accel": motion.lateral_accel,
            "lat_jerk": mean_jerk(motion.lateral_accel, dt, JERK_WINDOW),
            "curvature": curvature(motion.yaw_rate, speed),
            "yaw_rate": motion.yaw_rate,
            "yaw_rate_low": -yaw_rate,
            "yaw_rate_high": yaw_rate,
        }
    )


rollkit_gates = (Path(__file__).with_suffix(".toml"),)


@hookimpl
def rollkit_presets():
    return [regulatory_bounds]
