"""The rules that make one number of K samples: `--samples`.

`first`, `medoid` and `most-likely` choose a sample, the same for every metric. `mean` and `min`
sum up the values of each metric. `all` keeps every sample as a rollout of its own.
"""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from rollkit import arrays
from rollkit.arrays import Array
from rollkit.declare import MetricSpec
from rollkit.errors import UsageError
from rollkit.rollouts import Rollout

Choice = npt.NDArray[np.intp]

RULES: Final = {
    "mean": "mean over the samples of a case",
    "min": "the best value over the samples of a case, taken anew for each metric and horizon: the "
    "least, or the largest where larger is better; undefined where neither is better",
    "first": "the first sample of a case",
    "medoid": "the sample with the least summed mean distance to the others of its case",
    "most-likely": "the sample of the highest probability, the first of equal ones",
    "all": "every sample is a rollout of its own; a metric that compares samples counts once a "
    "case",
}


def chosen(rule: str, rollout: Rollout) -> Choice | None:
    """The index of the sample that the rule chooses for each case, `(N,)`; None if it does not.

    Raises
    ------
    UsageError
        The samples have no probabilities and the rule asks for them.
    """
    if rule == "first":
        return np.zeros(rollout.batch[0], dtype=np.intp)
    if rule == "medoid":
        return np.argmin(_apart(rollout), axis=-1)
    if rule == "most-likely":
        if rollout.probability is None:
            raise UsageError(
                "samples: most-likely needs a probability for each sample, the predictions have "
                "none",
                hint="the other rules do without: mean, min, first, medoid, all",
            )
        return np.argmax(rollout.probability, axis=-1)
    return None


def lacks_best(rule: str, spec: MetricSpec) -> bool:
    """Whether the rule asks for the best of values of which none is better than another."""
    return rule == "min" and spec.better is None and spec.compares_samples is not True


def summed_up(rule: str, spec: MetricSpec, values: Array, choice: Choice | None) -> Array:
    """The values `(N, K)` of a metric as those of the cases, `(N,)`; `(N K,)` for `all`."""
    if spec.compares_samples is True:  # one value a case, which each of its samples has
        return values[:, 0].copy()  # a view would keep those of all samples
    if choice is not None:
        return np.take_along_axis(values, choice[:, None], axis=-1).reshape(-1)
    if rule == "all":
        return values.reshape(-1)
    if rule == "min":
        if lacks_best(rule, spec) and values.shape[1] > 1:
            return np.full(len(values), np.nan)
        best = np.max if spec.better == "higher" else np.min
        return np.asarray(best(values, axis=-1))
    return _mean(values)


def _mean(values: Array) -> Array:
    """Mean over the samples, in their order whatever the layout; exact for equal ones."""
    total = np.zeros(values.shape[0])
    for sample in range(values.shape[1]):
        total += values[:, sample]
    return total / values.shape[1]


def _apart(rollout: Rollout) -> Array:
    """Sum over the other samples of the mean distance to them, `(N, K)`."""
    x, y = (rollout.predicted(one) for one in (rollout.trajectory.x, rollout.trajectory.y))
    count = x.shape[1]
    apart = np.zeros(x.shape[:2])
    for one in range(count):
        for other in range(one + 1, count):
            distance = arrays.mean(
                arrays.distance(x[:, one] - x[:, other], y[:, one] - y[:, other])
            )
            apart[:, one] += distance
            apart[:, other] += distance
    return np.where(np.isnan(apart), math.inf, apart)
