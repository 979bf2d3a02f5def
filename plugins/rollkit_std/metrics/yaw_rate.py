"""Yaw rate."""

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array


@metric(
    unit="rad/s",
    better="lower",
    bounds=(0, None),
    needs="actions",
    min_steps=1,
    invariant_under=("se2", "mirror", "time_shift"),
    scales_with={"curvature": 1, "speed": 1},
)
def max_abs_yaw_rate(rollout: Rollout) -> Array:
    """Largest magnitude of yaw rate, max |v κ|, in rad/s.

    Parameters
    ----------
    rollout : Rollout, `(..., T)`
        With actions.

    Returns
    -------
    array, `(...)`
        rad/s, lower is better; nan without actions.

    Notes
    -----
    Speed at the start of each step times the curvature held over it; the last instant has no
    curvature and does not count.

    References
    ----------
    The signal of auto_e2e's comfort metric; nuPlan bounds its filtered measurement by 0.95 rad/s.

    Examples
    --------
    >>> import rollkit
    >>> actions = rollkit.Actions(accel=[0.0] * 4, curvature=[0.125, 0.0, 0.0, 0.0], dt=0.1)
    >>> float(max_abs_yaw_rate(rollkit.rollout(actions, rollkit.State(speed=4.0))))
    0.5
    """
    return arrays.max_abs(rollout.yaw_rate)


@metric(
    unit="rad/s",
    better="lower",
    bounds=(0, None),
    needs="actions",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    scales_with={"curvature": 1, "speed": 1},
)
def rms_yaw_rate(rollout: Rollout) -> Array:
    """Root mean square of yaw rate, sqrt(mean (v κ)²), in rad/s.

    Signal and undefined values are those of `max_abs_yaw_rate`; the mean is over steps.

    Examples
    --------
    >>> import rollkit
    >>> actions = rollkit.Actions(accel=[0.0] * 4, curvature=[0.125, 0.0, 0.0, 0.0], dt=0.1)
    >>> float(rms_yaw_rate(rollkit.rollout(actions, rollkit.State(speed=4.0))))
    0.25
    """
    return arrays.rms(rollout.yaw_rate)


@hookimpl
def rollkit_metrics():
    return [max_abs_yaw_rate, rms_yaw_rate]
