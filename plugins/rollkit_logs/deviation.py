"""How far a rollout strays from where it should have gone."""

from rollkit import Rollout, arrays, metric
from rollkit.arrays import Array


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
)
def mean_deviation(rollout: Rollout) -> Array:
    """Mean distance to the reference at the same instant, mean |p[t] - r[t]|, in m.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference.

    Returns
    -------
    array, `(...)`
        m, lower is better; nan without a reference.

    Notes
    -----
    Over all instants, the initial one included, which is often 0 by construction. Distances at the
    same instant: being on the path but late counts.

    References
    ----------
    The average displacement error of trajectory prediction, with the initial instant.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 1.0, 5.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> float(mean_deviation(rollkit.Rollout(there, reference=where)))
    2.0
    """
    return arrays.mean(rollout.deviation)


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
)
def max_deviation(rollout: Rollout) -> Array:
    """Largest distance to the reference at the same instant, max |p[t] - r[t]|, in m.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference.

    Returns
    -------
    array, `(...)`
        m, lower is better; nan without a reference.

    Notes
    -----
    Over all instants. Distances at the same instant: being on the path but late counts.

    References
    ----------
    rollkit's own.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 3.0, 1.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> float(max_deviation(rollkit.Rollout(there, reference=where)))
    3.0
    """
    return arrays.maximum(rollout.deviation)


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
)
def final_deviation(rollout: Rollout) -> Array:
    """Distance to the reference at the last instant, |p[T] - r[T]|, in m.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference.

    Returns
    -------
    array, `(...)`
        m, lower is better; nan without a reference.

    Notes
    -----
    One instant decides: a rollout that left the path and came back scores well.

    References
    ----------
    The final displacement error of trajectory prediction.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 3.0, 1.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> float(final_deviation(rollkit.Rollout(there, reference=where)))
    1.0
    """
    return arrays.last(rollout.deviation)
