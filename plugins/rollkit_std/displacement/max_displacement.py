"""The largest displacement."""

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
def max_displacement(rollout: Rollout) -> Array:
    """Largest distance to the reference at the same instant, max |p[t] - r[t]|, in m.

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
    late counts. Whether the largest error exceeds a limit is another benchmark's miss.

    References
    ----------
    The error whose size decides nuPlan's open-loop miss.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 1.0, 5.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> float(max_displacement(rollkit.Rollout(there, reference=where)))
    5.0
    """
    return arrays.maximum(rollout.predicted(rollout.deviation))


@hookimpl
def rollkit_metrics():
    return [max_displacement]
