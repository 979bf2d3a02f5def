"""Autoware: what its planning validator looks at before it lets a trajectory pass."""

from functools import partial

import numpy as np

from rollkit import Check, Quirk, Rollout, Signal, hookimpl, preset
from rollkit_presets._sparse_path import sparse_path

# From config/trajectory_checker.param.yaml, as it ships. The README's table says 2.0 for the
# curvature, and an earlier configuration had 5.0 for the lateral jerk.
MAX_INTERVAL = 100.0  # m, between successive points
MAX_RELATIVE_ANGLE = 2.0  # rad, between successive segments
MAX_CURVATURE = 1.0  # 1/m
MAX_LAT_ACCEL = 9.8  # m/s^2, magnitude
MAX_LON_ACCEL = 9.8  # m/s^2, magnitude: both limits are the same
MAX_LAT_JERK = 7.0  # m/s^3, magnitude
SPACING = 1.0  # m, least distance of the points that curvatures are taken from: pull request #6679


def _within(name: str, unit: str, limit: float, meaning: str) -> Check:
    """A check of a magnitude: the project rejects what exceeds the limit."""
    return Check(name=name, unit=unit, low=-limit, high=limit, strict=False, meaning=meaning)


def _checks(of_accel: str) -> tuple[Check, ...]:
    """The checks, told with what the lateral jerk has of the acceleration."""
    return (
        Check(
            name="interval",
            unit="m",
            high=MAX_INTERVAL,
            strict=False,
            meaning="distance between successive points",
        ),
        _within("relative_angle", "rad", MAX_RELATIVE_ANGLE, "angle between successive segments"),
        _within("curvature", "1/m", MAX_CURVATURE, "curvature through three points"),
        _within("lat_accel", "m/s^2", MAX_LAT_ACCEL, "lateral acceleration v²κ"),
        _within("lon_accel", "m/s^2", MAX_LON_ACCEL, "longitudinal acceleration"),
        _within("lat_jerk", "m/s^3", MAX_LAT_JERK, f"lateral jerk v³κ' + {of_accel}"),
        Check(
            name="lat_jerk_of_accel",
            unit="m/s^3",
            over="max_abs",
            meaning=f"lateral jerk without the change of curvature, {of_accel}",
        ),
    )


_of_autoware = partial(
    preset,
    project="autowarefoundation/autoware_universe",
    commit="6b7e83d5",
    file="planning/planning_validator/autoware_planning_validator_trajectory_checker: "
    "config/trajectory_checker.param.yaml, README.md",
    min_steps=2,
)
NOTES = (
    "Autoware's trajectories are plans whose points carry speed and acceleration; here they are "
    "the rollout's own. Not looked at: steering angle and rate, which need its vehicle, and "
    "deviations and shifts, which need where the vehicle is and what was planned before. Before "
    "the first point with both neighbours the signals are those of the first."
)


@_of_autoware(
    checks=_checks("3v²aκ"),
    notes=NOTES,
    quirks=(
        Quirk(
            name="a square too many",
            text="The README has 3v²aκ in the lateral jerk. That is m²/s⁴ and no jerk: the part of "
            "the jerk across the path is v³κ' + 3vaκ. Braking or accelerating in a bend counts v "
            "times, tenfold at 10 m/s, and too little below 1 m/s.",
            signals=("lat_jerk", "lat_jerk_of_accel"),
        ),
        Quirk(
            name="the change of curvature is left out",
            text="The README defines the lateral jerk with v³κ' and says that the code leaves that "
            "term out: entering a bend at constant speed has no jerk then. Judged here is the "
            "whole formula; the code's part of it is `lat_jerk_of_accel`, without a limit.",
            signals=("lat_jerk", "lat_jerk_of_accel"),
        ),
        Quirk(
            name="points a metre apart",
            text="Angles and curvatures are taken from points at least 1 m apart, so that noise of "
            "points close to each other does not count. What happens in between is not seen: at "
            "parking speeds several steps make one point. A path of fewer than three such points "
            "has no curvature, and is undefined here.",
            signals=("relative_angle", "curvature", "lat_accel", "lat_jerk"),
        ),
        Quirk(
            name="an angle without a length",
            text="The angle between segments is judged as it is, without the length that it is "
            "turned over. 2 rad are a hairpin over 1 m, and harmless over 100 m.",
            signals=("relative_angle",),
        ),
    ),
)
def autoware_validator(rollout: Rollout) -> dict[str, Signal]:
    """Autoware's checks of a planned trajectory: distance between points, relative angle,
    curvature κ of three points, v²κ, longitudinal acceleration a, and v³κ' + 3v²aκ.

    Examples
    --------
    >>> from rollkit import Rollout, Trajectory, evaluate
    >>> yaw = np.arange(40) * 0.05
    >>> circle = Trajectory.through(20 * np.sin(yaw), -20 * np.cos(yaw), 0.1, yaw=yaw)
    >>> found = evaluate(Rollout(circle), [autoware_validator])  # 10 m/s
    >>> round(float(found["autoware_validator_lat_accel"]), 6), float(found["autoware_validator"])
    (5.0, 1.0)
    """
    return _signals(rollout, power=2)


@_of_autoware(checks=_checks("3vaκ"), corrects="autoware_validator", notes=NOTES)
def autoware_validator_corrected(rollout: Rollout) -> dict[str, Signal]:
    """Autoware's checks with the part of the jerk across the path as it is, v³κ' + 3vaκ."""
    return _signals(rollout, power=1)


def _signals(rollout: Rollout, *, power: int) -> dict[str, Signal]:
    """The signals; the jerk of an acceleration has this power of the speed."""
    path = rollout.trajectory
    seen = sparse_path(path.x, path.y, SPACING)
    speed, accel = (
        np.take_along_axis(one, seen.instant, axis=-1)
        for one in (rollout.speed, rollout.kinematics.accel)
    )
    of_accel = 3 * speed**power * accel * seen.curvature
    return {
        "interval": Signal(rollout.step_length, 0.5),
        "relative_angle": Signal(seen.angle),
        "curvature": Signal(seen.curvature),
        "lat_accel": Signal(speed**2 * seen.curvature),
        "lon_accel": Signal(rollout.kinematics.accel),
        "lat_jerk": Signal(speed**3 * seen.slope + of_accel),
        "lat_jerk_of_accel": Signal(of_accel),
    }


@hookimpl
def rollkit_presets():
    return [autoware_validator, autoware_validator_corrected]
