"""Smoothness, as it was proposed to Alpamayo: how rough a prediction is, without limits."""

from typing import Literal

from rollkit import Check, Rollout, Signal, preset
from rollkit_presets._alpamayo_quirks import quirk
from rollkit_presets._alpamayo_signals import of_predicted
from rollkit_presets._alpamayo_source import COMFORT, COMMIT, GROUPS, PROJECT
from rollkit_presets._pose_motion import of_all

SIGNALS = {  # name: unit, power of the position, meaning
    "lon_accel": ("m/s^2", 1, "longitudinal acceleration"),
    "lat_accel": ("m/s^2", 1, "lateral acceleration"),
    "lon_jerk": ("m/s^3", 1, "longitudinal jerk"),
    "yaw_accel": ("rad/s^2", 0, "yaw acceleration"),
    "yaw_rate": ("rad/s", 0, "yaw rate"),
}
_REDUCED: dict[str, Literal["rms", "max_abs"]] = {"rms": "rms", "max": "max_abs"}

CHECKS = tuple(f"{signal}_{name}" for signal in SIGNALS for name in _REDUCED)
# A value repeated at the end changes every mean, and the largest where it is made up.
WRONG_AT_THE_END = (*(one for one in CHECKS if "rms" in one), "lat_accel_max", "lon_jerk_max")

PROPOSED = f"Proposed to Alpamayo, not part of it: comfort without its limits. {GROUPS}"


def _checks(time_reversal: tuple[str, ...]) -> tuple[Check, ...]:
    """Two numbers of each signal; those named are the same for the path driven the other way."""
    return tuple(
        Check(
            name=f"{signal}_{name}",
            signal=signal,
            unit=unit,
            over=over,
            meaning=meaning,
            also_under=("time_reversal",) if f"{signal}_{name}" in time_reversal else (),
            scales_with={"position": power},
        )
        for signal, (unit, power, meaning) in SIGNALS.items()
        for name, over in _REDUCED.items()
    )


@preset(
    project=PROJECT,
    commit=COMMIT,
    file=COMFORT,
    checks=_checks(time_reversal=WRONG_AT_THE_END),
    quirks=(
        quirk("repeated end", *WRONG_AT_THE_END, breaks="time_reversal"),
        quirk("10 Hz whatever the poses", *SIGNALS, breaks="value_has_its_unit"),
        quirk("no centripetal part", "lat_accel"),
        quirk("begins at the first prediction", *SIGNALS),
        quirk("yaw wrapped once", "yaw_rate", "yaw_accel"),
    ),
    min_steps=4,
    samples="mean",
    notes=PROPOSED,
)
def smoothness(rollout: Rollout) -> dict[str, Signal]:
    """Root of the mean square and largest magnitude over time of the signals of Alpamayo's
    comfort: accelerations, longitudinal jerk and rates of the yaw of the predicted poses.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`

    Returns
    -------
    dict of Signal
        `(..., T)` each, as `alpamayo_comfort` has them, without the jerk magnitude.

    References
    ----------
    Alpamayo, finetune/rl/rewards/comfort_reward.py: gather_dynamics.

    Examples
    --------
    >>> import numpy as np
    >>> import rollkit
    >>> t = np.arange(21) * 0.1
    >>> held = rollkit.Trajectory(5 * t + t**2 / 2, 0 * t, 0 * t, 5 + t, dt=0.1)
    >>> values = rollkit.evaluate(rollkit.Rollout(held), [smoothness])
    >>> float(values["smoothness_lon_accel_max"].round(6))
    1.0
    """
    signals = of_predicted(rollout)
    return {name: signals[name] for name in SIGNALS}


@preset(
    project=PROJECT,
    commit=COMMIT,
    file=COMFORT,
    checks=_checks(time_reversal=CHECKS),
    min_steps=3,
    samples="mean",
    corrects="smoothness",
    notes=PROPOSED,
)
def smoothness_corrected(rollout: Rollout) -> dict[str, Signal]:
    """Root of the mean square and largest magnitude over time of the signals of
    `alpamayo_comfort_corrected`: accelerations, longitudinal jerk and rates of the yaw of all
    poses.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`

    Returns
    -------
    dict of Signal
        As `alpamayo_comfort_corrected` has them, without the jerk magnitude.

    References
    ----------
    Alpamayo, finetune/rl/rewards/comfort_reward.py, for what it corrects.

    Examples
    --------
    >>> import numpy as np
    >>> import rollkit
    >>> yaw = 0.05 * np.arange(21)
    >>> around = rollkit.Trajectory(20 * np.sin(yaw), -20 * np.cos(yaw), yaw, 10 + 0 * yaw, dt=0.1)
    >>> values = rollkit.evaluate(rollkit.Rollout(around), [smoothness_corrected])
    >>> float(values["smoothness_corrected_lat_accel_rms"].round(2))
    5.0
    """
    signals = of_all(rollout)
    return {name: signals[name] for name in SIGNALS}
