"""Brier scores of the best sample: errors and probabilities that add up to 1."""

import numpy as np

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array
from rollkit_std.displacement._samples import least_of_best, probability_in_case


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs=("reference", "probability"),
    min_steps=1,
    invariant_under=("se2", "mirror"),
    compares_samples=True,
)
def brier_min_ade_normalized(rollout: Rollout) -> Array:
    """Average displacement error plus (1 - p)², in m, of the sample of a case with the least
    average displacement error; p is its probability, scaled to add up to 1 over the samples of its
    case.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference, and K samples of each case `(N, K)` with their probabilities.

    Returns
    -------
    array, `(...)`
        m, lower is better; the same for every sample of a case; nan without a
        reference, probabilities or a step.

    Notes
    -----
    One value for each case, which each of its K samples has: a mean over a data set is over the
    cases. Without samples it is the value of the one rollout. The sample is chosen by its error
    alone, not by the sum. Of samples with the same least error, the most probable. The
    probabilities count divided by their sum over the case; undefined where that is 0.
    `brier_min_ade` takes them as they were given.

    References
    ----------
    The brier-minFDE of the Argoverse benchmarks, with the average in place of the final error.

    Examples
    --------
    >>> import numpy as np
    >>> import rollkit
    >>> still = dict(yaw=[[0.0] * 3] * 2, speed=[[0.0] * 3] * 2, dt=0.5)
    >>> there = rollkit.Trajectory(x=[[0.0] * 3] * 2, y=[[0.0, 1.0, 5.0], [0.0, 2.0, 3.0]], **still)
    >>> where = rollkit.Trajectory(x=[0.0] * 3, y=[0.0] * 3, yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> seen = rollkit.Rollout(there, reference=where, probability=np.array([0.25, 0.75]))
    >>> brier_min_ade_normalized(seen)
    array([2.5625, 2.5625])
    """
    error = arrays.mean(rollout.predicted(rollout.deviation))
    return least_of_best(rollout, error, error + np.square(1 - probability_in_case(rollout)))


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs=("reference", "probability"),
    min_steps=1,
    invariant_under=("se2", "mirror"),
    compares_samples=True,
)
def brier_min_fde_normalized(rollout: Rollout) -> Array:
    """Final displacement error plus (1 - p)², in m, of the sample of a case with the least
    final displacement error; p is its probability, scaled to add up to 1 over the samples of its
    case.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference, and K samples of each case `(N, K)` with their probabilities.

    Returns
    -------
    array, `(...)`
        m, lower is better; the same for every sample of a case; nan without a
        reference, probabilities or a step.

    Notes
    -----
    One value for each case, which each of its K samples has: a mean over a data set is over the
    cases. Without samples it is the value of the one rollout. The sample is chosen by its error
    alone, not by the sum. Of samples with the same least error, the most probable. The
    probabilities count divided by their sum over the case; undefined where that is 0.
    `brier_min_fde` takes them as they were given.

    References
    ----------
    The brier-minFDE that the Argoverse benchmarks rank by.

    Examples
    --------
    >>> import numpy as np
    >>> import rollkit
    >>> still = dict(yaw=[[0.0] * 3] * 2, speed=[[0.0] * 3] * 2, dt=0.5)
    >>> there = rollkit.Trajectory(x=[[0.0] * 3] * 2, y=[[0.0, 1.0, 5.0], [0.0, 2.0, 3.0]], **still)
    >>> where = rollkit.Trajectory(x=[0.0] * 3, y=[0.0] * 3, yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> seen = rollkit.Rollout(there, reference=where, probability=np.array([0.25, 0.75]))
    >>> brier_min_fde_normalized(seen)
    array([3.0625, 3.0625])
    """
    error = arrays.last(rollout.deviation)
    return least_of_best(rollout, error, error + np.square(1 - probability_in_case(rollout)))


@hookimpl
def rollkit_metrics():
    return [brier_min_ade_normalized, brier_min_fde_normalized]
