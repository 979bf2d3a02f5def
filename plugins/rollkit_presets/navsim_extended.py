"""NAVSIM: extended comfort, the difference between two plans after each other."""

from collections.abc import Callable, Mapping

import numpy as np

from rollkit import Check, Quirk, Rollout, arrays, preset
from rollkit.arrays import Array
from rollkit_presets import _nuplan_signals as theirs
from rollkit_presets import _odd_windows as odd
from rollkit_presets._nuplan_quirks import other_windows

PROJECT, COMMIT = "autonomousvision/navsim", "0a380a90"
FILE = "navsim/planning/simulation/planner/pdm_planner/scoring/pdm_comfort_metrics.py"

MAX_ACCEL_DIFFERENCE = 0.7  # m/s^2, RMS; ego_is_two_frame_extended_comfort
MAX_JERK_DIFFERENCE = 0.5  # m/s^3, RMS; the same function
MAX_YAW_RATE_DIFFERENCE = 0.1  # rad/s, RMS; the same function
MAX_YAW_ACCEL_DIFFERENCE = 0.1  # rad/s^2, RMS; the same function
LEAST_STEPS = 2  # a parabola through fewer samples than three is none


def plan_signals(accel: Array, lateral_accel: Array, yaw: Array, dt: float) -> dict[str, Array]:
    """What is compared of one plan, `(..., T)` each, T at least 3, as NAVSIM derives it.

    The length of the acceleration by SG(8, 2) and its derivative by SG(15, 2), yaw rate and yaw
    acceleration by SG(5, 2); rounded to 8 decimals.

    Parameters
    ----------
    accel, lateral_accel, yaw : array, `(..., T)`
        At the rear axle, m/s² in the body's axes and rad.
    dt : float
        s.
    """
    length = theirs.acceleration(arrays.distance(accel, lateral_accel))
    yaw = theirs.unwrapped(yaw)
    return {
        "accel": length,
        "jerk": theirs.jerk(length, dt),
        "yaw_rate": theirs.rate_of_yaw(yaw, dt),
        "yaw_accel": theirs.acceleration_of_yaw(yaw, dt, order=2),
    }


def aligned(earlier: Array, later: Array, interval: float, dt: float) -> tuple[Array, Array]:
    """A signal of both plans at the instants that both have, to the nearest sample.

    The later plan begins an interval, s, after the earlier one.

    >>> aligned(np.arange(5.0), np.arange(10.0, 15.0), 0.2, 0.1)
    (array([2., 3., 4.]), array([10., 11., 12.]))
    """
    begin = round(interval / dt)
    both = max(0, min(earlier.shape[-1] - begin, later.shape[-1]))
    return earlier[..., begin : begin + both], later[..., :both]


def differences(
    earlier: Mapping[str, Array], later: Mapping[str, Array], interval: float, dt: float
) -> dict[str, Array]:
    """What the signals of both plans differ by at the instants that both have."""
    pairs = {name: aligned(earlier[name], later[name], interval, dt) for name in earlier}
    return {name: after - before for name, (before, after) in pairs.items()}


def vector_signals(accel: Array, lateral_accel: Array, yaw: Array, dt: float) -> dict[str, Array]:
    """What is compared of one plan as vectors in the world, by odd windows; as `plan_signals`.

    `accel_x`, `accel_y`, `jerk_x`, `jerk_y`, `yaw_rate` and `yaw_accel`.
    """
    yaw = theirs.unwrapped(yaw)
    along, across = (odd.fitted(one, odd.ACCEL_SECONDS, 2, dt) for one in (accel, lateral_accel))
    turn = odd.fitted(yaw, odd.YAW_SECONDS, 2, dt, 1)
    cosine, sine = arrays.cos_sin(yaw)
    found: dict[str, Array] = {}
    jerk = odd.jerk_vector(along, across, turn, dt)
    for name, (ahead, left) in (("accel", (along, across)), ("jerk", jerk)):
        found[f"{name}_x"] = ahead * cosine - left * sine
        found[f"{name}_y"] = ahead * sine + left * cosine
    return {**found, "yaw_rate": turn, "yaw_accel": odd.fitted(yaw, odd.YAW_SECONDS, 2, dt, 2)}


def _both(
    rollout: Rollout, signals: Callable[[Array, Array, Array, float], dict[str, Array]]
) -> dict[str, Array]:
    """The differences of a rollout from its reference, which is at the same instants."""
    rear = rollout.at_point("rear_axle")
    assert rear.reference is not None
    if rear.steps < LEAST_STEPS:  # predicted from the first instant on, they may be one fewer
        still = np.zeros(LEAST_STEPS + 1)
        names = signals(still, still, still, rear.dt)
        return dict.fromkeys(names, np.empty((*rear.batch, 0)))
    later = signals(*rear.kinematics[:2], rear.trajectory.yaw, rear.dt)
    earlier = signals(*rear.reference.kinematics[:2], rear.reference.yaw, rear.dt)
    more = len(rear.batch) - len(rear.reference.batch)  # samples that share a reference
    axes = tuple(range(-1 - more, -1))
    return differences(
        {name: np.expand_dims(one, axes) for name, one in earlier.items()}, later, 0.0, rear.dt
    )


def _checks(time_reversal: tuple[str, ...]) -> tuple[Check, ...]:
    limits = {
        "accel": ("m/s^2", MAX_ACCEL_DIFFERENCE, "difference in acceleration"),
        "jerk": ("m/s^3", MAX_JERK_DIFFERENCE, "difference in jerk"),
        "yaw_rate": ("rad/s", MAX_YAW_RATE_DIFFERENCE, "difference in yaw rate"),
        "yaw_accel": ("rad/s^2", MAX_YAW_ACCEL_DIFFERENCE, "difference in yaw acceleration"),
    }
    return tuple(
        Check(
            name=name,
            unit=unit,
            high=high,
            strict=False,
            over="rms",
            meaning=f"RMS {meaning}",
            also_under=("time_reversal",) if name in time_reversal else (),
        )
        for name, (unit, high, meaning) in limits.items()
    )


ALL = ("accel", "jerk", "yaw_rate", "yaw_accel")
_NOTES = (
    "The reference is the earlier plan, at the same instants: cut both to what they share before,"
    " from the start of the later plan on. NAVSIM filters the whole plans and cuts then, so that"
    " only its signals within half a window of a cut differ from these."
)
QUIRKS = (
    Quirk(
        name="difference of the lengths",
        text=(
            "The lengths of the accelerations are compared, and the derivatives of these lengths;"
            " right is the length of the difference of the vectors. A plan that brakes at 3 m/s²"
            " after one that accelerates at 3 m/s² differs by nothing, nor does left from right."
        ),
        signals=("accel", "jerk"),
    ),
    Quirk(
        name="even window",
        text=(
            "Accelerations are smoothed over 8 samples. The middle of an even window lies between"
            " two samples, so every value but the four at each end is that of half a step later; an"
            " odd window has its middle on a sample. The path driven the other way has other"
            " numbers."
        ),
        signals=("accel", "jerk"),
        breaks=("time_reversal",),
    ),
    Quirk(
        name="windows in samples",
        text=(
            "The windows are 8, 15 and 5 samples, whatever the time step, and all the samples where"
            " there are fewer; windows in seconds would smooth alike at every rate. Two plans at"
            " 20 Hz differ by more than the same plans at 10 Hz."
        ),
        signals=ALL,
        shows=other_windows,
    ),
    Quirk(
        name="nearest sample",
        text=(
            "The later plan is moved by round(interval / dt) samples; right is to compare at the"
            " same time. Where the interval is no multiple of the time step, plans that agree"
            " differ by what changes in up to half a step."
        ),
        signals=ALL,
        shows=lambda _: False,  # the reference is at the same instants
    ),
    Quirk(
        name="rounded",
        text=(
            "Every signal is rounded to 8 decimals, the acceleration before the jerk is made from"
            " it; there is no need to. It changes the jerk in the eighth decimal."
        ),
        signals=ALL,
        resolution=10.0**-theirs.DECIMALS,
    ),
)


@preset(
    project=PROJECT,
    commit=COMMIT,
    file=FILE,
    checks=_checks(time_reversal=ALL),
    quirks=QUIRKS,
    needs="reference",
    min_steps=LEAST_STEPS,
    invariant_under=("se2", "mirror", "reference_point"),
    notes=_NOTES,
)
def navsim_extended_comfort(rollout: Rollout) -> dict[str, Array]:
    """A plan asks for nearly what the one before it, the reference, asked for at the same instants.

    RMS of the difference in the length of the acceleration, SG(8, 2), in its derivative, SG(15, 2),
    in yaw rate and in yaw acceleration, SG(5, 2).
    """
    return _both(rollout, plan_signals)


@preset(
    project=PROJECT,
    commit=COMMIT,
    file=FILE,
    checks=_checks(time_reversal=ALL),
    corrects="navsim_extended_comfort",
    needs="reference",
    min_steps=LEAST_STEPS,
    invariant_under=("se2", "mirror", "reference_point"),
    notes=_NOTES,
)
def navsim_extended_comfort_corrected(rollout: Rollout) -> dict[str, Array]:
    """The same limits, of the length of the difference of the vectors in the world.

    Accelerations and jerks at the rear axle by odd windows of 0.8 and 1.4 s, the jerk with the
    turning of the vector, yaw rate and yaw acceleration by windows of 0.4 s; nothing is rounded.
    """
    found = _both(rollout, vector_signals)
    return {
        "accel": arrays.distance(found["accel_x"], found["accel_y"]),
        "jerk": arrays.distance(found["jerk_x"], found["jerk_y"]),
        "yaw_rate": found["yaw_rate"],
        "yaw_accel": found["yaw_accel"],
    }
