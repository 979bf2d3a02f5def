"""Rate of change of curvature: how fast the steering moves."""

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array


@metric(
    unit="1/(m s)",
    better="lower",
    bounds=(0, None),
    needs="actions",
    min_steps=2,
    invariant_under=("se2", "mirror", "time_reversal"),
    scales_with={"curvature": 1},
)
def max_abs_curvature_rate(rollout: Rollout) -> Array:
    """Largest magnitude of the curvature rate, max |κ[t+1] - κ[t]| / dt, in 1/(m s).

    Parameters
    ----------
    rollout : Rollout, `(..., T)`
        With actions.

    Returns
    -------
    array, `(...)`
        1/(m s), lower is better; nan without actions or with fewer than two steps.

    Notes
    -----
    Forward differences of the commanded curvature; T steps give T - 1 values. It is a rate in
    time, not along the path.

    References
    ----------
    rollkit's own; for a bicycle with wheelbase L the steering rate is L κ' / (1 + L² κ²).

    Examples
    --------
    >>> import rollkit
    >>> actions = rollkit.Actions(accel=[0.0] * 3, curvature=[0.0, 0.25, 0.0], dt=0.5)
    >>> float(max_abs_curvature_rate(rollkit.rollout(actions, rollkit.State(speed=5.0))))
    0.5
    """
    return arrays.max_abs(rollout.curvature_rate)


@hookimpl
def rollkit_metrics():
    return [max_abs_curvature_rate]
