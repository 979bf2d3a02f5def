"""Longitudinal acceleration."""

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array


@metric(
    unit="m/s^2",
    better="lower",
    bounds=(0, None),
    needs="actions",
    min_steps=1,
    invariant_under=("se2", "mirror", "time_shift", "time_reversal", "dt_refinement"),
    scales_with={"accel": 1},
)
def max_abs_accel(rollout: Rollout) -> Array:
    """Largest magnitude of longitudinal acceleration, max |a|, in m/s².

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
    The commanded acceleration of every step, also of steps in which the vehicle already stands.

    References
    ----------
    The longitudinal acceleration bounds of nuPlan's comfort metric, without its filter.

    Examples
    --------
    >>> import rollkit
    >>> actions = rollkit.Actions(accel=[1.0, -2.5], curvature=[0.0, 0.0], dt=0.1)
    >>> float(max_abs_accel(rollkit.rollout(actions, rollkit.State(speed=5.0))))
    2.5
    """
    return arrays.max_abs(rollout.accel)


@hookimpl
def rollkit_metrics():
    return [max_abs_accel]
