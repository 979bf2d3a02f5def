"""Blocks put together: the same cases in the same order, and the same numbers."""

from dataclasses import replace

import numpy as np
import pytest

from rollkit import evaluate_predictions
from rollkit.predictions.together import ROLLOUTS, in_larger_blocks

from .made import poses, random


def one_by_one(block):
    return [block.rows(slice(row, row + 1)) for row in range(block.cases)]


def test_neighbours_of_one_shape_are_one_block():
    predicted, _ = random(0, 5, 2, 6, probability=np.full((5, 2), 0.5))
    longer, _ = random(1, 2, 2, 9)
    blocks = list(in_larger_blocks(iter([*one_by_one(predicted), *one_by_one(longer)])))
    assert [(one.cases, one.instants) for one in blocks] == [(5, 7), (2, 10)]
    np.testing.assert_array_equal(blocks[0].x, predicted.x)
    np.testing.assert_array_equal(blocks[0].probability, predicted.probability)
    assert blocks[0].ids == predicted.ids


@pytest.mark.parametrize(
    "change",
    [
        {"dt": 0.2},
        {"given": 0},
        {"whole": True},
        {"yaw": np.zeros((1, 1, 3))},
        {"history": poses([[[0.0, 1.0]]])},
        {"reference": poses([[[0.0, 1.0, 2.0]]])},
        {"probability": [[1.0]]},
    ],
)
def test_what_differs_stays_apart(change):
    first = poses([[[0.0, 1.0, 2.0]]])
    blocks = list(in_larger_blocks(iter([first, first, replace(first, **change), first])))
    assert [one.cases for one in blocks] == [2, 1, 1]


def test_large_blocks_pass_as_they_are():
    whole = poses(np.zeros((ROLLOUTS, 1, 3)))
    assert all(one is whole for one in in_larger_blocks(iter([whole] * 3)))


def test_nothing_is_nothing():
    assert list(in_larger_blocks(iter([]))) == []


def test_cases_with_times_of_their_own_give_the_numbers_of_one_block():
    predicted, went = random(2, 40, 3, 8)
    options = {"metrics": ["ade", "max_abs_jerk"], "at": [0.4]}
    expected = evaluate_predictions(predicted, went, **options)

    def at_its_own_time(block):
        for number, one in enumerate(one_by_one(block)):
            yield replace(one, dt=None, time=1e6 + 7.3 * number + 0.1 * np.arange(one.instants))

    got = evaluate_predictions(at_its_own_time(predicted), at_its_own_time(went), **options)
    for name, one in got.metrics.items():
        assert one.n == 40
        assert one.mean == pytest.approx(expected.metrics[name].mean, rel=1e-6)
        assert one.argmax_case == expected.metrics[name].argmax_case
