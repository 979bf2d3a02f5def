"""Root mean square of the displacement."""

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
)
def rms_displacement(rollout: Rollout) -> Array:
    """Root mean square of the distance to the reference, sqrt(mean |p[t] - r[t]|²), in m.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference.

    Returns
    -------
    array, `(...)`
        m, lower is better; nan without a reference or without a step.

    Notes
    -----
    Over the instants that were predicted. Distances at the same instant: being on the path but
    late counts. Never less than `ade`: large errors weigh more.

    References
    ----------
    The RMSE of the vehicle forecasting literature on NGSIM (Deo and Trivedi, 2018), there pooled
    over all cases before the root: a mean of these values is less.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 1.0, 5.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> float(rms_displacement(rollkit.Rollout(there, reference=where)))
    3.605551275463989
    """
    return arrays.rms(rollout.predicted(rollout.deviation))


@hookimpl
def rollkit_metrics():
    return [rms_displacement]
