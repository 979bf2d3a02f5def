"""Path curvature."""

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array


@metric(
    unit="1/m",
    better="lower",
    bounds=(0, None),
    needs="actions",
    min_steps=1,
    invariant_under=("se2", "mirror", "time_shift", "time_reversal", "dt_refinement"),
    scales_with={"curvature": 1},
)
def max_abs_curvature(rollout: Rollout) -> Array:
    """Largest magnitude of path curvature, max |κ|, in 1/m.

    Parameters
    ----------
    rollout : Rollout, `(..., T)`
        With actions.

    Returns
    -------
    array, `(...)`
        1/m, lower is better; nan without actions. Its inverse is the smallest turning radius in m.

    Notes
    -----
    The commanded curvature of every step, whatever the speed.

    References
    ----------
    The action bound of Alpamayo's action space (|κ| up to 0.2, later 0.33).

    Examples
    --------
    >>> import rollkit
    >>> actions = rollkit.Actions(accel=[0.0, 0.0], curvature=[0.05, -0.125], dt=0.1)
    >>> float(max_abs_curvature(rollkit.rollout(actions, rollkit.State(speed=5.0))))
    0.125
    """
    return arrays.max_abs(rollout.curvature)


@hookimpl
def rollkit_metrics():
    return [max_abs_curvature]
