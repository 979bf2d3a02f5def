"""Final displacement error."""

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
def fde(rollout: Rollout) -> Array:
    """Final displacement error, the distance to the reference at the last instant, |p[T] -
    r[T]|, in m.

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
    One instant decides: a rollout that left the path and came back scores well. One value for each
    sample; a mean over a data set is over cases and samples.

    References
    ----------
    Argoverse 2's compute_fde.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 1.0, 5.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> float(fde(rollkit.Rollout(there, reference=where)))
    5.0
    """
    return arrays.last(rollout.deviation)


@hookimpl
def rollkit_metrics():
    return [fde]
