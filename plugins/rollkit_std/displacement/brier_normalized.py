"""Brier scores of each sample: errors and probabilities that add up to 1."""

import numpy as np

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array
from rollkit_std.displacement._samples import probability_in_case


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs=("reference", "probability"),
    min_steps=1,
    invariant_under=("se2", "mirror"),
    compares_samples="each",
)
def brier_ade_normalized(rollout: Rollout) -> Array:
    """Average displacement error plus (1 - p)², in m, p the probability of the sample, scaled
    to add up to 1 over the samples of its case.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference, and K samples of each case `(N, K)` with their probabilities.

    Returns
    -------
    array, `(...)`
        m, lower is better; nan without a reference, probabilities or a step.

    Notes
    -----
    Metres and a bare number are added, so it has no other unit. The probabilities count divided by
    their sum over the case; undefined where that is 0. `brier_ade` takes them as they were given.
    One value for each sample; a mean over a data set is over cases and samples.

    References
    ----------
    Argoverse 2's compute_brier_ade with normalize=True.

    Examples
    --------
    >>> import numpy as np
    >>> import rollkit
    >>> still = dict(yaw=[[0.0] * 3] * 2, speed=[[0.0] * 3] * 2, dt=0.5)
    >>> there = rollkit.Trajectory(x=[[0.0] * 3] * 2, y=[[0.0, 1.0, 5.0], [0.0, 2.0, 3.0]], **still)
    >>> where = rollkit.Trajectory(x=[0.0] * 3, y=[0.0] * 3, yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> seen = rollkit.Rollout(there, reference=where, probability=np.array([0.25, 0.75]))
    >>> brier_ade_normalized(seen)
    array([3.5625, 2.5625])
    """
    error = arrays.mean(rollout.predicted(rollout.deviation))
    return error + np.square(1 - probability_in_case(rollout))


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs=("reference", "probability"),
    min_steps=1,
    invariant_under=("se2", "mirror"),
    compares_samples="each",
)
def brier_fde_normalized(rollout: Rollout) -> Array:
    """Final displacement error plus (1 - p)², in m, p the probability of the sample, scaled to
    add up to 1 over the samples of its case.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference, and K samples of each case `(N, K)` with their probabilities.

    Returns
    -------
    array, `(...)`
        m, lower is better; nan without a reference, probabilities or a step.

    Notes
    -----
    Metres and a bare number are added, so it has no other unit. The probabilities count divided by
    their sum over the case; undefined where that is 0. `brier_fde` takes them as they were given.
    One value for each sample; a mean over a data set is over cases and samples.

    References
    ----------
    Argoverse 2's compute_brier_fde with normalize=True.

    Examples
    --------
    >>> import numpy as np
    >>> import rollkit
    >>> still = dict(yaw=[[0.0] * 3] * 2, speed=[[0.0] * 3] * 2, dt=0.5)
    >>> there = rollkit.Trajectory(x=[[0.0] * 3] * 2, y=[[0.0, 1.0, 5.0], [0.0, 2.0, 3.0]], **still)
    >>> where = rollkit.Trajectory(x=[0.0] * 3, y=[0.0] * 3, yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> seen = rollkit.Rollout(there, reference=where, probability=np.array([0.25, 0.75]))
    >>> brier_fde_normalized(seen)
    array([5.5625, 3.0625])
    """
    return arrays.last(rollout.deviation) + np.square(1 - probability_in_case(rollout))


@hookimpl
def rollkit_metrics():
    return [brier_ade_normalized, brier_fde_normalized]
