"""The rules over K samples, against plain loops."""

import numpy as np
import pytest

import rollkit
from rollkit.declare import spec_of
from rollkit.errors import UsageError
from rollkit.predictions.samples import RULES, chosen, summed_up
from rollkit.rollouts import Rollout

from .made import random


@rollkit.metric(unit="m", better="lower")
def low(rollout):
    """Lower is better."""


@rollkit.metric(unit="m", better="higher")
def high(rollout):
    """Higher is better."""


@rollkit.metric(unit="m", compares_samples=True)
def same(rollout):
    """The same for all samples of a case."""


VALUES = np.array([[3.0, 1.0, 2.0], [5.0, 7.0, 6.0]])


def rollout(probability=None, cases=5, samples=4):
    predictions, _ = random(3, cases, samples, 6)
    trajectory = rollkit.Trajectory.through(predictions.x, predictions.y, 0.1)
    return Rollout(trajectory, probability=probability)


@pytest.mark.parametrize(
    ("rule", "metric", "expected"),
    [
        ("mean", low, [2.0, 6.0]),
        ("min", low, [1.0, 5.0]),
        ("min", high, [3.0, 7.0]),
        ("all", low, [3.0, 1.0, 2.0, 5.0, 7.0, 6.0]),
        ("all", same, [3.0, 5.0]),
        ("min", same, [3.0, 5.0]),
        ("mean", same, [3.0, 5.0]),
    ],
)
def test_rules_that_sum_up(rule, metric, expected):
    assert summed_up(rule, spec_of(metric), VALUES, None).tolist() == expected


def test_where_neither_is_better_none_is_the_best():
    @rollkit.metric(unit="m")
    def neither(rollout):
        """Neither way is better."""

    assert np.isnan(summed_up("min", spec_of(neither), VALUES, None)).all()
    assert summed_up("min", spec_of(neither), VALUES[:, :1], None).tolist() == [3.0, 5.0]


def test_first_and_most_likely_choose_one_sample_for_every_metric():
    probability = np.array([[0.1, 0.6, 0.3, 0.0]] * 4 + [[0.4, 0.1, 0.4, 0.1]])
    assert chosen("first", rollout()).tolist() == [0] * 5
    choice = chosen("most-likely", rollout(probability))
    assert choice.tolist() == [1, 1, 1, 1, 0]  # the first of equal ones
    assert summed_up("most-likely", spec_of(low), VALUES, np.array([1, 2])).tolist() == [1.0, 6.0]


def test_the_medoid_is_nearest_to_the_others():
    given = rollout()
    x, y = given.trajectory.x[..., 1:], given.trajectory.y[..., 1:]
    expected = []
    for case in range(5):
        sums = [
            sum(
                np.mean(np.hypot(x[case, one] - x[case, two], y[case, one] - y[case, two]))
                for two in range(4)
            )
            for one in range(4)
        ]
        expected.append(int(np.argmin(sums)))
    assert chosen("medoid", given).tolist() == expected
    assert len(set(expected)) > 1


def test_the_most_likely_sample_needs_probabilities():
    with pytest.raises(UsageError, match="most-likely needs a probability for each sample"):
        chosen("most-likely", rollout())


def test_every_rule_is_explained():
    assert set(RULES) == {"mean", "min", "first", "medoid", "most-likely", "all"}
    assert all(RULES.values())


@pytest.mark.parametrize("rule", ["mean", "min"])
def test_undefined_values_are_never_lost(rule):
    values = VALUES.copy()
    values[1, 2] = np.nan
    assert np.isnan(summed_up(rule, spec_of(low), values, None)).tolist() == [False, True]
