"""The K samples of a case compared: the least of them, the value of the best."""

import numpy as np

from rollkit import Rollout
from rollkit.arrays import Array


def least(rollout: Rollout, values: Array) -> Array:
    """The least value `(...)` over the samples of each case, which each of them then has."""
    return np.broadcast_to(_least(rollout, values), values.shape)


def of_best(rollout: Rollout, score: Array, values: Array) -> Array:
    """The value of the sample with the least score, of equal ones the least value; nan stays."""
    best = _least(rollout, score)
    among = np.where(score == best, values, np.inf)
    return np.broadcast_to(np.where(np.isnan(best), best, _least(rollout, among)), values.shape)


def _least(rollout: Rollout, values: Array) -> Array:
    return np.minimum.reduce(values, axis=rollout.samples, keepdims=True, initial=np.inf)
