"""Lateral acceleration."""

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array


@metric(
    unit="m/s^2",
    better="lower",
    bounds=(0, None),
    needs="actions",
    min_steps=1,
    invariant_under=("se2", "mirror", "time_shift"),
    scales_with={"curvature": 1, "speed": 2},
)
def max_abs_lateral_accel(rollout: Rollout) -> Array:
    """Largest magnitude of lateral acceleration, max |v² κ|, in m/s².

    Parameters
    ----------
    rollout : Rollout, `(..., T)`
        With actions.

    Returns
    -------
    array, `(...)`
        m/s², lower is better; nan without actions.

    Notes
    -----
    Speed at the start of each step times the curvature held over it; the last instant has no
    curvature and does not count.

    References
    ----------
    The signal of auto_e2e's comfort metric; nuPlan bounds its filtered measurement by 4.89 m/s².

    Examples
    --------
    >>> import rollkit
    >>> actions = rollkit.Actions(accel=[0.0] * 4, curvature=[0.125, 0.0, 0.0, 0.0], dt=0.1)
    >>> float(max_abs_lateral_accel(rollkit.rollout(actions, rollkit.State(speed=4.0))))
    2.0
    """
    return arrays.max_abs(rollout.lateral_accel)


@metric(
    unit="m/s^2",
    better="lower",
    bounds=(0, None),
    needs="actions",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    scales_with={"curvature": 1, "speed": 2},
)
def rms_lateral_accel(rollout: Rollout) -> Array:
    """Root mean square of lateral acceleration, sqrt(mean (v² κ)²), in m/s².

    Signal and undefined values are those of `max_abs_lateral_accel`; the mean is over steps.

    Examples
    --------
    >>> import rollkit
    >>> actions = rollkit.Actions(accel=[0.0] * 4, curvature=[0.125, 0.0, 0.0, 0.0], dt=0.1)
    >>> float(rms_lateral_accel(rollkit.rollout(actions, rollkit.State(speed=4.0))))
    1.0
    """
    return arrays.rms(rollout.lateral_accel)


@hookimpl
def rollkit_metrics():
    return [max_abs_lateral_accel, rms_lateral_accel]
