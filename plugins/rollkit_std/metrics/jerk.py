"""Longitudinal jerk."""

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array


@metric(
    unit="m/s^3",
    better="lower",
    bounds=(0, None),
    needs="actions",
    min_steps=2,
    invariant_under=("se2", "mirror", "time_reversal"),
    scales_with={"accel": 1},
)
def max_abs_jerk(rollout: Rollout) -> Array:
    """Largest magnitude of longitudinal jerk, max |a[t+1] - a[t]| / dt, in m/s³.

    Parameters
    ----------
    rollout : Rollout, `(..., T)`
        With actions.

    Returns
    -------
    array, `(...)`
        m/s³, lower is better; nan without actions or with fewer than two steps.

    Notes
    -----
    Forward differences of the commanded acceleration; T steps give T - 1 values, nothing is padded
    at the ends. Halving dt of the same held actions doubles it: compare at one dt only.

    References
    ----------
    The signal of auto_e2e's comfort metric; nuPlan and NAVSIM filter it first.

    Examples
    --------
    >>> import rollkit
    >>> actions = rollkit.Actions(accel=[0.0, 0.5, -0.5], curvature=[0.0] * 3, dt=0.5)
    >>> float(max_abs_jerk(rollkit.rollout(actions, rollkit.State(speed=5.0))))
    2.0
    """
    return arrays.max_abs(rollout.jerk)


@hookimpl
def rollkit_metrics():
    return [max_abs_jerk]
