"""Average displacement error."""

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
def ade(rollout: Rollout) -> Array:
    """Average displacement error, the mean distance to the reference at the same instant, in m:
    mean |p[t] - r[t]|.

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
    The mean is over the instants that were predicted: the given start, 0 by construction, is left
    out, and a forecast without a given start counts all of its instants. Distances at the same
    instant: being on the path but late counts. Distances are in the plane; a height counts for
    nothing. One value for each sample; a mean over a data set is over cases and samples.

    References
    ----------
    Argoverse 2's compute_ade; Alpamayo's compute_ade; ADE of Social LSTM (Alahi et al., 2016) and
    all forecasting benchmarks since.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 1.0, 5.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> float(ade(rollkit.Rollout(there, reference=where)))
    3.0
    """
    return arrays.mean(rollout.predicted(rollout.deviation))


@hookimpl
def rollkit_metrics():
    return [ade]
