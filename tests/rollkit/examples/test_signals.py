"""What a rollout does over time."""

import numpy as np
import pytest

import rollkit
from rollkit import Actions, State, Trajectory, rollout, signals_of

NAMES = ["speed", "accel", "curvature", "jerk", "lateral_accel"]


def by_name(one):
    return {signal.name: signal for signal in signals_of(one)}


def test_of_actions_they_are_the_actions():
    one = rollout(Actions([1.0, -1.0, 2.0], [0.0, 0.1, 0.2], dt=0.5), State(speed=2.0), "exact")
    found = by_name(one)
    assert list(found) == NAMES
    np.testing.assert_allclose(found["speed"].time, [0, 0.5, 1, 1.5])
    np.testing.assert_allclose(found["jerk"].values, [-4, 6])
    np.testing.assert_allclose(found["jerk"].time, [0.5, 1.0])
    np.testing.assert_allclose(found["lateral_accel"].values, [0, 0.1 * 2.5**2, 0.2 * 2.0**2])


def test_of_poses_they_are_differences():
    """A circle of 20 m at 5 m/s: v²/r = 1.25 m/s², κ = 0.05 1/m, and no jerk."""
    time = 0.1 * np.arange(81)
    x, y = 20 * np.sin(time / 4), 20 * (1 - np.cos(time / 4))
    one = rollkit.Rollout(Trajectory(x, y, time / 4, np.full(81, 5.0), 0.1))
    found = by_name(one)
    inner = np.s_[4:-4]
    for name, value in (("curvature", 0.05), ("lateral_accel", 1.25), ("accel", 0), ("jerk", 0)):
        np.testing.assert_allclose(found[name].values[inner], value, atol=1e-3, err_msg=name)
    assert all(signal.values.shape == signal.time.shape == (81,) for signal in found.values())


def test_who_stands_has_no_curvature():
    still = rollkit.Rollout(Trajectory(np.zeros(5), np.zeros(5), np.zeros(5), np.zeros(5), 0.1))
    assert np.isnan(by_name(still)["curvature"].values).all()


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_few_steps_are_no_error(steps):
    zeros = np.zeros((2, steps))
    for one in (
        rollout(Actions(zeros, zeros, 0.1), State(speed=3.0)),
        rollkit.Rollout(rollout(Actions(zeros, zeros, 0.1), State(speed=3.0)).trajectory),
    ):
        for signal in signals_of(one):
            assert signal.values.shape == (2, len(signal.time)), signal.name


def test_the_samples_of_a_case_stay_apart():
    x = np.arange(6.0) * np.array([[1.0], [2.0], [3.0]])
    one = rollkit.Rollout(Trajectory(x, 0 * x, 0 * x, 0 * x + [[1.0], [2.0], [3.0]], 1.0))
    assert by_name(one)["accel"].values.shape == (3, 6)
