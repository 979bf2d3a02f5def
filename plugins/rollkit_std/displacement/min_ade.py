"""The least average displacement of K samples."""

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array
from rollkit_std.displacement._samples import least, least_of_best


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
    compares_samples=True,
)
def min_ade(rollout: Rollout) -> Array:
    """Least average displacement error of the samples of a case, min over k of mean |p[k, t] -
    r[t]|, in m.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference, and K samples of each case `(N, K)`.

    Returns
    -------
    array, `(...)`
        m, lower is better; the same for every sample of a case; nan without a
        reference or without a step.

    Notes
    -----
    One value for each case, which each of its K samples has: a mean over a data set is over the
    cases. Without samples it is the value of the one rollout. At a shorter horizon the least is
    taken anew, so another sample may be the one: `min_ade_of_best` stays with the sample that is
    best over the whole. More samples are never worse: compare at one K only.

    References
    ----------
    The minADE of AlpaSim and of most papers. The leaderboards of Argoverse take the sample with the
    least final error instead: `ade_of_best_end`.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[[0.0] * 3] * 2, speed=[[0.0] * 3] * 2, dt=0.5)
    >>> there = rollkit.Trajectory(x=[[0.0] * 3] * 2, y=[[0.0, 1.0, 5.0], [0.0, 2.0, 3.0]], **still)
    >>> where = rollkit.Trajectory(x=[0.0] * 3, y=[0.0] * 3, yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> min_ade(rollkit.Rollout(there, reference=where))
    array([2.5, 2.5])
    """
    return least(rollout, arrays.mean(rollout.predicted(rollout.deviation)))


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
    compares_samples=True,
)
def min_ade_of_best(rollout: Rollout) -> Array:
    """Average displacement error, in m, of the sample of a case whose average displacement
    error over the whole horizon is the least: mean |p[k, t] - r[t]| with that k.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference, and K samples of each case `(N, K)`.

    Returns
    -------
    array, `(...)`
        m, lower is better; the same for every sample of a case; nan without a
        reference or without a step.

    Notes
    -----
    One value for each case, which each of its K samples has: a mean over a data set is over the
    cases. Without samples it is the value of the one rollout. Over the whole it is `min_ade`; at a
    shorter horizon it is never less: the sample is chosen once, with knowledge of what comes
    after. Of samples that are equally good over the whole, the one that is better up to the
    horizon. Undefined where an instant after the horizon is.

    References
    ----------
    Alpamayo's compute_minade, with its errors up to 0.5, 1, 3 and 5 s.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[[0.0] * 3] * 2, speed=[[0.0] * 3] * 2, dt=0.5)
    >>> there = rollkit.Trajectory(x=[[0.0] * 3] * 2, y=[[0.0, 1.0, 5.0], [0.0, 2.0, 3.0]], **still)
    >>> where = rollkit.Trajectory(x=[0.0] * 3, y=[0.0] * 3, yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> min_ade_of_best(rollkit.Rollout(there, reference=where))
    array([2.5, 2.5])
    """
    whole = rollout.whole or rollout
    score = arrays.mean(whole.predicted(whole.deviation))
    return least_of_best(rollout, score, arrays.mean(rollout.predicted(rollout.deviation)))


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
    compares_samples=True,
)
def ade_of_best_end(rollout: Rollout) -> Array:
    """Average displacement error, in m, of the sample of a case whose error at the last instant
    is the least: mean |p[k, t] - r[t]| with k = argmin |p[k, T] - r[T]|.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference, and K samples of each case `(N, K)`.

    Returns
    -------
    array, `(...)`
        m, lower is better; the same for every sample of a case; nan without a
        reference or without a step.

    Notes
    -----
    One value for each case, which each of its K samples has. Never less than `min_ade`. At a
    shorter horizon the end is that of the horizon. Of samples with equal ends, the one whose
    average is the least.

    References
    ----------
    The minADE of the Argoverse leaderboards, whose best forecast is the one with the least error at
    its endpoint.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[[0.0] * 3] * 2, speed=[[0.0] * 3] * 2, dt=0.5)
    >>> there = rollkit.Trajectory(x=[[0.0] * 3] * 2, y=[[0.0, 1.0, 4.0], [0.0, 6.0, 3.0]], **still)
    >>> where = rollkit.Trajectory(x=[0.0] * 3, y=[0.0] * 3, yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> ade_of_best_end(rollkit.Rollout(there, reference=where))
    array([4.5, 4.5])
    """
    error = rollout.predicted(rollout.deviation)
    return least_of_best(rollout, arrays.last(error), arrays.mean(error))


@hookimpl
def rollkit_metrics():
    return [min_ade, min_ade_of_best, ade_of_best_end]
