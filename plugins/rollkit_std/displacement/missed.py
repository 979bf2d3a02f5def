"""Misses: final displacements beyond 2 m."""

import numpy as np

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array
from rollkit_std.displacement._samples import least

MISS_M = 2.0


def _beyond(error: Array) -> Array:
    """1 where the error is beyond the threshold, 0 where it is not, nan where it is unknown."""
    return np.where(np.isnan(error), error, error > MISS_M)


@metric(
    unit="1",
    better="lower",
    bounds=(0, 1),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
)
def missed(rollout: Rollout) -> Array:
    """1 where the final displacement error exceeds 2.0 m, else 0: |p[T] - r[T]| > 2.0 m.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference.

    Returns
    -------
    array, `(...)`
        A bare number, lower is better; nan without a reference or without a step.

    Notes
    -----
    Of each sample by itself: its mean is the share of samples that miss. `missed_by_all` asks
    whether a case is missed. Exactly 2.0 m is no miss.

    References
    ----------
    Argoverse 2's compute_is_missed_prediction with its threshold of 2.0 m.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 1.0, 5.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> float(missed(rollkit.Rollout(there, reference=where)))
    1.0
    """
    return _beyond(arrays.last(rollout.deviation))


@metric(
    unit="1",
    better="lower",
    bounds=(0, 1),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    compares_samples=True,
)
def missed_by_all(rollout: Rollout) -> Array:
    """1 where the final displacement error of every sample of a case exceeds 2.0 m, else 0: min
    over k of |p[k, T] - r[T]| > 2.0 m.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference, and K samples of each case `(N, K)`.

    Returns
    -------
    array, `(...)`
        A bare number, lower is better; the same for every sample of a case; nan without a
        reference or without a step.

    Notes
    -----
    One value for each case, which each of its K samples has: a mean over a data set is over the
    cases. Without samples it is the value of the one rollout. Its mean is the miss rate of the
    forecasting benchmarks. Exactly 2.0 m is no miss.

    References
    ----------
    The miss rate of Argoverse 2.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[[0.0] * 3] * 2, speed=[[0.0] * 3] * 2, dt=0.5)
    >>> there = rollkit.Trajectory(x=[[0.0] * 3] * 2, y=[[0.0, 1.0, 5.0], [0.0, 2.0, 3.0]], **still)
    >>> where = rollkit.Trajectory(x=[0.0] * 3, y=[0.0] * 3, yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> missed_by_all(rollkit.Rollout(there, reference=where))
    array([1., 1.])
    """
    return _beyond(least(rollout, arrays.last(rollout.deviation)))


@hookimpl
def rollkit_metrics():
    return [missed, missed_by_all]
