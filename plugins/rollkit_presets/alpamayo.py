"""Alpamayo: comfort, smoothness, and the displacement of the best of K samples."""

from rollkit import Rollout, Signal, hookimpl, preset
from rollkit_presets._alpamayo_quirks import quirk
from rollkit_presets._alpamayo_signals import of_predicted
from rollkit_presets._alpamayo_source import COMFORT, COMMIT, GROUPS, PROJECT
from rollkit_presets._comfort_checks import comfort_checks
from rollkit_presets._pose_motion import of_all
from rollkit_presets.alpamayo_minade import alpamayo_minade
from rollkit_presets.alpamayo_smoothness import smoothness, smoothness_corrected

SIGNALS = ("lon_accel", "lat_accel", "jerk", "lon_jerk", "yaw_accel", "yaw_rate")


@preset(
    project=PROJECT,
    commit=COMMIT,
    file=COMFORT,
    checks=comfort_checks(strict=True, time_reversal=("lat_accel", "jerk", "lon_jerk")),
    quirks=(
        quirk("repeated end", "lat_accel", "jerk", "lon_jerk", breaks="time_reversal"),
        quirk("10 Hz whatever the poses", *SIGNALS),
        quirk("no centripetal part", "lat_accel"),
        quirk("jerk of the speed", "jerk"),
        quirk("begins at the first prediction", *SIGNALS),
        quirk("yaw wrapped once", "yaw_rate", "yaw_accel"),
    ),
    min_steps=4,
    samples="mean",
    notes=GROUPS,
)
def alpamayo_comfort(rollout: Rollout) -> dict[str, Signal]:
    """Six signals of the predicted poses within nuPlan's comfort limits, by forward differences
    times 10 whose last value is repeated: D f[t] = 10 (f[t+1] - f[t]).

    Longitudinal acceleration D(Dx cos ψ + Dy sin ψ) and its jerk D of that; lateral acceleration
    D(Dy cos ψ - Dx sin ψ); jerk DD|(Dx, Dy)|; yaw rate 10 times the wrapped change of ψ, and yaw
    acceleration D of it.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`

    Returns
    -------
    dict of Signal
        `(..., T)` each, in m/s², m/s³, rad/s and rad/s², at the predicted poses; nan where a pose
        is.

    Notes
    -----
    A value is at the first of the poses that it is made from. Below 4 predicted poses a jerk would
    be made of repeated values only, and the preset is undefined.

    References
    ----------
    Alpamayo, finetune/rl/rewards/comfort_reward.py: gather_dynamics and compute_comfort.

    Examples
    --------
    1 m/s² from 5 m/s, held to the end, where the jerk seems to be 10 m/s³.

    >>> import numpy as np
    >>> import rollkit
    >>> t = np.arange(21) * 0.1
    >>> held = rollkit.Trajectory(5 * t + t**2 / 2, 0 * t, 0 * t, 5 + t, dt=0.1)
    >>> values = rollkit.evaluate(rollkit.Rollout(held), [alpamayo_comfort])
    >>> float(values["alpamayo_comfort_jerk"].round(6)), float(values["alpamayo_comfort_jerk_ok"])
    (-10.0, 0.0)
    """
    return of_predicted(rollout)


@preset(
    project=PROJECT,
    commit=COMMIT,
    file=COMFORT,
    checks=comfort_checks(
        strict=True, time_reversal=("lat_accel", "jerk", "lon_jerk", "yaw_accel", "yaw_rate")
    ),
    min_steps=3,
    samples="mean",
    corrects="alpamayo_comfort",
    notes=GROUPS,
)
def alpamayo_comfort_corrected(rollout: Rollout) -> dict[str, Signal]:
    """Six signals of all poses within nuPlan's comfort limits, by differences over the time step,
    each as long as there are differences.

    Acceleration vector (p[t+1] - 2 p[t] + p[t-1]) / dt², its components along ψ[t] and to the left
    of it; longitudinal jerk, the difference of the first of them over dt; jerk, the length of the
    difference of the vector over dt; yaw rate and yaw acceleration, differences of ψ.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`

    Returns
    -------
    dict of Signal
        `(..., T)` for the yaw rate, `(..., T-1)` for accelerations, `(..., T-2)` for jerks, in
        m/s², m/s³, rad/s and rad/s², each halfway between the poses that it is made from; nan
        where one of them is.

    Notes
    -----
    From positions and yaw, as Alpamayo's own: recorded speeds and accelerations are not looked at,
    and rounded positions read as jerk. The given start is the first pose. In a steady circle the
    jerk is v³ κ², the longitudinal jerk 0.

    References
    ----------
    Alpamayo, finetune/rl/rewards/comfort_reward.py, for what it corrects.

    Examples
    --------
    10 m/s around a circle of 20 m.

    >>> import numpy as np
    >>> import rollkit
    >>> yaw = 0.05 * np.arange(21)
    >>> around = rollkit.Trajectory(20 * np.sin(yaw), -20 * np.cos(yaw), yaw, 10 + 0 * yaw, dt=0.1)
    >>> values = rollkit.evaluate(rollkit.Rollout(around), [alpamayo_comfort_corrected])
    >>> float(values["alpamayo_comfort_corrected_lat_accel"].round(2))
    5.0
    """
    return of_all(rollout)


@hookimpl
def rollkit_presets():
    return [
        alpamayo_comfort,
        alpamayo_comfort_corrected,
        smoothness,
        smoothness_corrected,
        alpamayo_minade,
    ]
