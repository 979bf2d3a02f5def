"""The K samples of a case compared: the least of them, the value of the best."""

from functools import reduce

import numpy as np

from rollkit import DataError, Rollout
from rollkit.arrays import Array


def least(rollout: Rollout, values: Array) -> Array:
    """The least value `(...)` over the samples of each case, which each of them then has."""
    return np.broadcast_to(_least(rollout, values), values.shape)


def least_of_best(rollout: Rollout, score: Array, values: Array) -> Array:
    """The value of the sample with the least score, of equal ones the least value; nan stays."""
    best = _least(rollout, score)
    among = np.where(score == best, values, np.inf)
    return np.broadcast_to(np.where(np.isnan(best), best, _least(rollout, among)), values.shape)


def least_at_instants(rollout: Rollout, signal: Array) -> Array:
    """The least of a signal `(..., T)` over the samples of each case, without their axes.

    Sample after sample: NumPy's own reduction over an axis of K in the midst of memory is slow.
    """
    count = len(rollout.samples)
    sizes = signal.shape[signal.ndim - 1 - count : -1]
    each = (signal[(..., *index, slice(None))] for index in np.ndindex(sizes))
    most = np.full((*signal.shape[: signal.ndim - 1 - count], signal.shape[-1]), np.inf)
    return reduce(np.minimum, each) if signal.size else most


def probability(rollout: Rollout) -> Array:
    """The probability of each sample, as given."""
    if rollout.probability is None:
        raise DataError("this rollout has no probabilities, and the metric is made from them")
    return rollout.probability


def probability_in_case(rollout: Rollout) -> Array:
    """The probability of each sample over the sum of its case; nan where that is 0."""
    given = probability(rollout)
    total = np.add.reduce(given, axis=rollout.samples, keepdims=True)
    return given / np.where(total == 0, np.nan, total)


def _least(rollout: Rollout, values: Array) -> Array:
    return np.minimum.reduce(values, axis=rollout.samples, keepdims=True, initial=np.inf)
