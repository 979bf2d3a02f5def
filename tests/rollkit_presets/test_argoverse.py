"""Argoverse 2's metrics against the numbers of its own code."""

import numpy as np
import pytest

from rollkit import Rollout, Trajectory, evaluate
from rollkit_presets.argoverse import MISS_DISTANCE, av2, brier


def forecasts(numbers, probability):
    """Its forecasts and where the vehicles really went, none of the instants given."""
    (x, y), (real_x, real_y) = (np.moveaxis(numbers[name], -1, 0) for name in ("pred_xy", "gt_xy"))
    reference = Trajectory.through(real_x, real_y, 0.1)
    share = numbers[probability]
    there = Trajectory.through(x, y, 0.1)
    return Rollout(there, reference=reference, probability=share, given=0)


def equal(got, expected):
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


def test_every_sample(golden):
    numbers = golden("av2_metrics")
    found = evaluate(forecasts(numbers, "prob_normalized"), [av2])
    for name in ("ade", "fde", "brier_ade", "brier_fde"):
        equal(found[f"av2_{name}"], numbers[name])
    for name in ("av2", "av2_fde_ok"):
        np.testing.assert_array_equal(found[name] == 0, numbers["is_missed"])
    assert 0 < numbers["is_missed"].sum() < numbers["is_missed"].size


def test_probabilities_count_as_they_are(golden):
    numbers = golden("av2_metrics")
    found = evaluate(forecasts(numbers, "prob_unnormalized"), [av2])
    equal(found["av2_brier_fde"], numbers["brier_fde_unnormalized"])
    share = numbers["prob_unnormalized"]
    share = share / share.sum(axis=-1, keepdims=True)
    for name in ("ade", "fde"):
        equal(brier(numbers[name], share), numbers[f"brier_{name}_normalize_true"])


def test_worlds_are_means_over_their_actors(golden):
    numbers = golden("av2_metrics")
    found = evaluate(forecasts(numbers, "prob_normalized"), [av2])
    actors = slice(0, 5)
    for name in ("ade", "fde"):
        equal(found[f"av2_{name}"][actors].mean(axis=0), numbers[f"world_{name}"])
    np.testing.assert_array_equal(found["av2"][actors] == 0, numbers["world_misses"])
    # A world has one probability, that of its first actor here.
    of_world = brier(numbers["world_fde"], numbers["prob_normalized"][0])
    equal(of_world, numbers["world_brier_fde"])


def test_the_minima_are_those_of_the_best_end(golden):
    numbers = golden("av2_metrics")
    found = evaluate(forecasts(numbers, "prob_normalized"), [av2])
    rows, best = np.arange(len(numbers["fde"])), numbers["fde"].argmin(axis=-1)
    for minimum, name in (
        ("min_ade", "ade"),
        ("min_fde", "fde"),
        ("brier_min_ade", "brier_ade"),
        ("brier_min_fde", "brier_fde"),
        ("missed", "is_missed"),
    ):
        expected = numbers[name][rows, best].astype(float)
        equal(found[f"av2_{minimum}"], np.repeat(expected[:, None], 6, axis=-1))
    assert (found["av2_min_ade"] > found["av2_ade"].min(axis=-1, keepdims=True)).any()


def one(end, probability=None):
    """Standing still, its last instant so far off."""
    still = {"yaw": np.zeros(3), "speed": np.zeros(3), "dt": 0.5}
    there = Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, end], **still)
    where = Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    share = None if probability is None else np.array(probability)
    return evaluate(Rollout(there, reference=where, probability=share), [av2])


@pytest.mark.parametrize(("end", "hit"), [(1.999, 1), (2.0, 1), (2.001, 0), (np.nan, np.nan)])
def test_a_miss_is_further_off_than_two_metres(end, hit):
    found = one(end)
    np.testing.assert_equal(float(found["av2"]), hit)
    np.testing.assert_equal(float(found["av2_missed"]), 1 - hit)
    np.testing.assert_allclose(found["av2_fde_margin"], 2 - end)


def test_by_hand():
    found = one(3.0, probability=0.5)
    values = {name: float(found[f"av2_{name}"]) for name in ("ade", "fde", "brier_ade")}
    assert values == {"ade": 1.5, "fde": 3.0, "brier_ade": 1.75}
    without = one(3.0)
    assert np.isnan(without["av2_brier_fde"])
    assert not np.isnan(without["av2_fde"])


def test_without_a_step_or_a_reference_it_is_undefined():
    pose = Trajectory([0.0], [0.0], [0.0], [0.0], 0.1)
    drive = Trajectory([0.0, 1.0], [0.0, 0.0], [0.0, 0.0], [1.0, 1.0], 0.1)
    for rollout in (Rollout(pose, reference=pose), Rollout(drive)):
        assert all(np.isnan(one) for one in evaluate(rollout, [av2]).values())


def test_misses_at_the_projects_other_threshold(golden):
    numbers = golden("av2_metrics")
    assert numbers["miss_threshold_m"] == MISS_DISTANCE
    found = evaluate(forecasts(numbers, "prob_normalized"), [av2])
    np.testing.assert_array_equal(found["av2_fde"] > 0.5, numbers["is_missed_0p5"])


def test_the_displacement_begins_at_the_first_prediction():
    still = Trajectory(*np.zeros((4, 3)), 0.5)
    for given in (0, 1):
        assert av2(Rollout(still, reference=still, given=given))["displacement"].first == given
