"""The two habits behind "L2 at 3 s"."""

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
def l2_at(rollout: Rollout) -> Array:
    """Distance to the reference at the instant itself, |p[T] - r[T]|, in m: the first habit
    behind "L2 at 3 s".

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
    The same number as `fde`, under the name that tables of planners use. Their other habit is
    `l2_average`, which is usually less than half as large: never compare the two. One value for
    each sample; a mean over a data set is over cases and samples.

    References
    ----------
    UniAD (Hu et al., 2023) reports L2 at 1, 2 and 3 s in this way.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 1.0, 5.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> float(l2_at(rollkit.Rollout(there, reference=where)))
    5.0
    """
    return arrays.last(rollout.deviation)


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
)
def l2_average(rollout: Rollout) -> Array:
    """Mean distance to the reference up to the instant, mean |p[t] - r[t]|, in m: the second
    habit behind "L2 at 3 s".

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
    The same number as `ade`, under the name that tables of planners use. Their other habit is
    `l2_at`. Over the instants that were predicted, so it depends a little on dt. One value for
    each sample; a mean over a data set is over cases and samples.

    References
    ----------
    ST-P3 (Hu et al., 2022) and VAD (Jiang et al., 2023) report L2 at 1, 2 and 3 s in this way.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 1.0, 5.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> float(l2_average(rollkit.Rollout(there, reference=where)))
    3.0
    """
    return arrays.mean(rollout.predicted(rollout.deviation))


@hookimpl
def rollkit_metrics():
    return [l2_at, l2_average]
