"""The metric: a value by hand, the gap, an oracle of another kind, what it is invariant under."""

import itertools

import numpy as np
import pytest

import rollkit
from rollkit_example.metric import GAP, steering_reversal_rate


def rate(curvature, dt=0.1):
    curvature = np.asarray(curvature, dtype=float)
    actions = rollkit.Actions(np.zeros_like(curvature), curvature, dt)
    rollout = rollkit.rollout(actions, rollkit.State(speed=5.0))
    return rollkit.evaluate(rollout, [steering_reversal_rate])["steering_reversal_rate"]


def test_value_by_hand():
    # Up, down, up, down: four swings, three reversals, in 5 × 0.4 s.
    assert rate([0.0, 0.02, -0.01, 0.03, 0.0], dt=0.4) == pytest.approx(1.5, rel=1e-15)


def test_steering_one_way_only_is_no_reversal():
    assert rate([0.0, 0.01, 0.02, 0.02, 0.05]) == 0
    assert rate([0.03]) == 0


def test_swings_below_the_gap_count_for_nothing():
    assert rate([0.0, 1.01 * GAP, 0.0], dt=1.0) == pytest.approx(1 / 3)
    assert rate([0.0, 0.99 * GAP, 0.0] * 100) == 0
    # Nor does a wobble on the way up split one swing in two.
    assert rate([0.0, 0.010, 0.0095, 0.020]) == 0


def test_slow_steering_counts_as_much_as_quick_steering():
    slowly = np.linspace(0, 5 * GAP, 100)
    assert rate([*slowly, *slowly[::-1]], dt=1.0) == pytest.approx(1 / 200)


def test_agrees_with_trying_every_choice_of_turning_points(numbers):
    for curvature in numbers.integers(-3, 4, (40, 8)) * GAP * 0.6:
        assert rate(curvature, dt=1 / 8) == most_swings(curvature) - 1


def test_batches_of_any_shape(numbers):
    curvature = numbers.normal(0, GAP, (2, 3, 30))
    whole = rate(curvature)
    assert whole.shape == (2, 3)
    assert whole[1, 2] == rate(curvature[1, 2])


def test_declared_invariances(numbers):
    curvature = numbers.normal(0, GAP, (50, 30))
    expected = rate(curvature)
    assert (expected > 0).any()
    np.testing.assert_array_equal(rate(-curvature), expected)  # mirror
    np.testing.assert_array_equal(rate(curvature[:, ::-1]), expected)  # time reversal
    finer = rate(np.repeat(curvature, 4, axis=-1), dt=0.1 / 4)
    np.testing.assert_allclose(finer, expected, rtol=1e-14)  # dt refinement


def test_undefined_without_actions():
    still = rollkit.Trajectory(*np.zeros((4, 5)), dt=0.1)
    value = rollkit.evaluate(rollkit.Rollout(still), [steering_reversal_rate])
    assert np.isnan(value["steering_reversal_rate"])


def most_swings(curvature):
    """The most swings of alternating direction, by trying every subset of the instants."""
    for count in range(len(curvature), 1, -1):
        for chosen in itertools.combinations(curvature, count):
            swings = np.diff(chosen)
            alternating = (swings[1:] * swings[:-1] < 0).all()
            if alternating and (np.abs(swings) >= GAP).all():
                return count - 1
    return 1  # no swing at all reverses as little as a single one
