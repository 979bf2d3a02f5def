"""The least final displacement of K samples."""

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array
from rollkit_std.displacement._samples import least


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
def min_fde(rollout: Rollout) -> Array:
    """Least final displacement error of the samples of a case, min over k of |p[k, T] - r[T]|,
    in m.

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
    cases. Without samples it is the value of the one rollout. The sample need not be the one of
    `min_ade`. At a shorter horizon the least is taken anew.

    References
    ----------
    The minFDE of Argoverse 2.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[[0.0] * 3] * 2, speed=[[0.0] * 3] * 2, dt=0.5)
    >>> there = rollkit.Trajectory(x=[[0.0] * 3] * 2, y=[[0.0, 1.0, 5.0], [0.0, 2.0, 3.0]], **still)
    >>> where = rollkit.Trajectory(x=[0.0] * 3, y=[0.0] * 3, yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> min_fde(rollkit.Rollout(there, reference=where))
    array([3., 3.])
    """
    return least(rollout, arrays.last(rollout.deviation))


@hookimpl
def rollkit_metrics():
    return [min_fde]
