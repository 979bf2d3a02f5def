"""auto_e2e: comfort, from actions."""

from collections.abc import Callable
from functools import partial

import numpy as np

from rollkit import Quirk, Rollout, Signal, arrays, hookimpl, preset
from rollkit.arrays import Array
from rollkit_presets._comfort_checks import comfort_checks

CLAMPED_TOTAL = Quirk(
    name="total speed clamped",
    text="The speed is the initial one and the sum of all accelerations so far, and 0 where that "
    "is negative; each step should begin with the speed that the step before really ended with. A "
    "vehicle that has braked to a stand and is still told to brake owes that speed when it starts "
    "again: it reads as standing, without lateral acceleration or yaw rate, long after it drives "
    "on. So does one that reverses from the start.",
    signals=("lat_accel", "yaw_rate", "yaw_accel", "jerk"),
    shows=lambda rollout: bool((_total(rollout) < 0).any()),
)
SPEED_AT_THE_END = Quirk(
    name="speed at the end of the step",
    text="The curvature of a step goes with the speed that the step ends with, as in the project's "
    "own integrator; right is the speed in its middle. At 10 m/s and 2 m/s² the yaw rate reads 1 % "
    "too high at 10 Hz and the lateral acceleration 2 %, at 2 Hz 5 % and 10 %; in braking they "
    "read too low.",
    signals=("lat_accel", "yaw_rate", "yaw_accel", "jerk"),
    shows=lambda rollout: bool((rollout.accel != 0).any()),
)
JERK_OF_COMPONENTS = Quirk(
    name="jerk in axes that turn",
    text="The jerk magnitude is made of the changes of the longitudinal and of the lateral "
    "acceleration, in axes that turn with the body; right is the length of the change of the "
    "acceleration vector. A steady circle of 20 m at 10 m/s reads 0, and its acceleration changes "
    "by 2.5 m/s³.",
    signals=("jerk",),
    shows=lambda rollout: bool((rollout.curvature != 0).any()),
)


def _total(rollout: Rollout) -> Array:
    """What the speed would be, were it never clamped, m/s, `(..., T+1)`."""
    return arrays.cumulative(rollout.speed[..., 0], rollout.accel * rollout.dt)


def total_speed(initial: Array, accel: Array, dt: float) -> Array:
    """Speed at the end of each step, max(0, v0 + Σ a dt), m/s, `(..., T)`: the total is clamped.

    >>> total_speed(np.float64(1.0), np.array([-2.0, 1.0, 1.0]), 1.0)
    array([0., 0., 1.])
    """
    return np.maximum(arrays.cumulative(initial, accel * dt)[..., 1:], 0)


def clamped_speed(initial: Array, accel: Array, dt: float) -> Array:
    """Speed in the middle of each step, of max(0, v + a dt) step after step, m/s, `(..., T)`.

    Nan for a vehicle that reverses from the start: it is none of those that only drive forward.

    >>> clamped_speed(np.float64(1.0), np.array([-2.0, 1.0, 1.0]), 1.0)
    array([0.5, 0.5, 1.5])
    """
    forward = np.where(initial < 0, np.nan, initial).astype(initial.dtype, copy=False)
    speed = arrays.cumulative_clamped(forward, accel * dt)
    return (speed[..., 1:] + speed[..., :-1]) / 2


def signals(speed: Array, accel: Array, curvature: Array, dt: float) -> dict[str, Signal]:
    """What follows from the actions `(..., T)` and a speed for each step.

    Longitudinal acceleration a, lateral acceleration v² κ, yaw rate v κ, in the middle of each
    step; yaw acceleration Δ(v κ)/dt, longitudinal jerk Δa/dt and jerk magnitude
    √((Δa)² + (Δ(v² κ))²)/dt between the steps.
    """
    yaw_rate = speed * curvature
    lat_accel = speed * yaw_rate
    lon_jerk, lat_jerk = (arrays.differences(one, dt) for one in (accel, lat_accel))
    return {
        "lon_accel": Signal(accel, 0.5),
        "lat_accel": Signal(lat_accel, 0.5),
        "jerk": Signal(arrays.distance(lon_jerk, lat_jerk), 1.0),
        "lon_jerk": Signal(lon_jerk, 1.0),
        "yaw_accel": Signal(arrays.differences(yaw_rate, dt), 1.0),
        "yaw_rate": Signal(yaw_rate, 0.5),
    }


def jerk_vector(accel: Array, lat_accel: Array, yaw_rate: Array, dt: float) -> Array:
    """Length of the change of the acceleration vector in the world, m/s³, `(..., T-1)`.

    |(Δa_x/dt - ω a_y, Δa_y/dt + ω a_x)|, ω and a means of both steps: the axes turn under it.

    >>> steady = np.ones(3)
    >>> jerk_vector(0 * steady, 5 * steady, 0.5 * steady, 0.1)
    array([2.5, 2.5])
    """
    along, across, turn = (_between(one) for one in (accel, lat_accel, yaw_rate))
    ahead = arrays.differences(accel, dt) - turn * across
    return arrays.distance(ahead, arrays.differences(lat_accel, dt) + turn * along)


def _between(values: Array) -> Array:
    return (values[..., 1:] + values[..., :-1]) / 2


_comfort = partial(
    preset,
    project="autowarefoundation/auto_e2e",
    checks=comfort_checks(strict=False),
    needs="actions",
    min_steps=2,
    notes="Made from the formulas, of no particular commit, and not compared with its own numbers.",
)


@_comfort(quirks=(CLAMPED_TOTAL, SPEED_AT_THE_END, JERK_OF_COMPONENTS))
def auto_e2e_comfort(rollout: Rollout) -> dict[str, Signal]:
    """Six signals of the actions within nuPlan's comfort limits, a limit itself included, with
    v = max(0, v0 + Σ a dt): a, v² κ, v κ, Δ(v κ)/dt, Δa/dt and √((Δa)² + (Δ(v² κ))²)/dt.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With actions; of its trajectory only the first speed counts.

    Returns
    -------
    dict of Signal
        `(..., T)` for accelerations and the yaw rate, `(..., T-1)` for what is made of their
        differences, in m/s², m/s³, rad/s and rad/s².

    Notes
    -----
    The share of the batch that violates a limit, auto_e2e's rate, is 1 less the mean of `_ok`. The
    curvature of a step goes with the speed at its end, as in `semi_implicit_euler`.

    References
    ----------
    auto_e2e, its comfort metrics.

    Examples
    --------
    A turn of 0.05/m at 10 m/s.

    >>> import rollkit
    >>> turn = rollkit.Actions([0.0, 0.0, 0.0], [0.05, 0.05, 0.05], dt=0.1)
    >>> driven = rollkit.rollout(turn, rollkit.State(speed=10.0))
    >>> values = rollkit.evaluate(driven, [auto_e2e_comfort])
    >>> float(values["auto_e2e_comfort_lat_accel"]), float(values["auto_e2e_comfort"])
    (5.0, 0.0)
    """
    return _driven(rollout, total_speed)


@_comfort(corrects="auto_e2e_comfort")
def auto_e2e_comfort_corrected(rollout: Rollout) -> dict[str, Signal]:
    """Six signals of the actions within nuPlan's comfort limits, a limit itself included, with
    v = max(0, v + a dt) in each step and its mean over the step: a, v² κ, v κ, Δ(v κ)/dt, Δa/dt,
    and the length of the change of the acceleration vector over dt.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With actions; of its trajectory only the first speed counts.

    Returns
    -------
    dict of Signal
        `(..., T)` for accelerations and the yaw rate, `(..., T-1)` for what is made of their
        differences, in m/s², m/s³, rad/s and rad/s². Undefined for a vehicle that reverses from the
        start, but for the longitudinal signals.

    References
    ----------
    auto_e2e, its comfort metrics, for what it corrects.

    Examples
    --------
    10 m/s, braked to a stand and told to brake on for 2 s, then half a minute of 1 m/s² in a turn
    of 0.05/m: its total speed is never above 0 again.

    >>> import numpy as np
    >>> import rollkit
    >>> accel = np.concatenate([np.full(70, -4.0), np.full(200, 1.0)])
    >>> driven = rollkit.rollout(
    ...     rollkit.Actions(accel, 0.05 + 0 * accel, dt=0.1), rollkit.State(speed=10.0)
    ... )
    >>> values = rollkit.evaluate(driven, [auto_e2e_comfort, auto_e2e_comfort_corrected])
    >>> float(values["auto_e2e_comfort_yaw_rate"].round(2))
    0.48
    >>> float(values["auto_e2e_comfort_corrected_yaw_rate"].round(2))
    1.0
    """
    found = _driven(rollout, clamped_speed)
    accel, lateral, turn = (found[n].values for n in ("lon_accel", "lat_accel", "yaw_rate"))
    jerk = jerk_vector(accel, lateral, turn, rollout.dt)
    return {**found, "jerk": found["jerk"]._replace(values=jerk)}


def _driven(
    rollout: Rollout, speed_of: Callable[[Array, Array, float], Array]
) -> dict[str, Signal]:
    """The signals of a rollout's actions, its speed made of them in one way or the other."""
    speed = speed_of(rollout.speed[..., 0], rollout.accel, rollout.dt)
    return signals(speed, rollout.accel, rollout.curvature, rollout.dt)


@hookimpl
def rollkit_presets():
    return [auto_e2e_comfort, auto_e2e_comfort_corrected]
