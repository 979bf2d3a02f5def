"""Rounding of positions excuses a difference that it makes, and no other."""

import numpy as np
import pytest

from rollkit import Rollout, Trajectory, metric
from rollkit.testing import check_metric
from rollkit.testing.rounding import carried


def jerk(rollout):
    """Largest third difference of x over dt³, in m/s³."""
    x = rollout.trajectory.x
    third = x[..., 3:] - 3 * x[..., 2:-1] + 3 * x[..., 1:-2] - x[..., :-3]
    return np.abs(third).max(axis=-1) / rollout.dt**3


@pytest.fixture
def steady():
    """10 m/s at 1 kHz, a kilometre away, where positions are known to 1e-13 m."""
    t = np.arange(12) * 0.001
    return Rollout(Trajectory(1000 + 10 * t, 0 * t, 0 * t, 10 + 0 * t, 0.001))


def test_what_rounding_makes_is_excused(steady):
    got = jerk(steady)
    assert got > 1e-5  # and should be 0
    assert carried(jerk, steady, got, np.zeros(()), 1e-9) == 0


def test_what_it_does_not_make_stays(steady):
    got = jerk(steady) + 0.1
    assert carried(jerk, steady, got, np.zeros(()), 1e-9) == got


def test_a_value_that_was_lost_is_not_excused(steady):
    lost = np.array(np.nan)
    assert np.isnan(carried(jerk, steady, lost, np.zeros(()), 1e-9))


def test_in_single_precision_there_is_more_of_it(steady):
    got = np.array(1e3)
    assert carried(jerk, steady, got, np.zeros(()), 1e-3) == got
    assert carried(jerk, steady, got, np.zeros(()), 1e-3, np.float32) == 0


def turned_by_x(rollout):
    """Jerk along x, in m/s³: not the same in a world that is turned."""
    return jerk(rollout)


def test_the_kit_still_finds_what_depends_on_the_frame():
    declared = metric(unit="m/s^3", min_steps=3, invariant_under=("se2",))(turned_by_x)
    report = check_metric(declared, max_examples=30, seed=1)
    assert [one.invariant for one in report.failures] == ["se2"]


def test_standing_still_is_not_moved():
    """0 where the step has no direction: rounding gives it none."""

    def direction(rollout):
        path = rollout.trajectory
        return np.arctan2(np.diff(path.y), np.diff(path.x)).sum(axis=-1)

    still = Rollout(Trajectory([1000.1] * 4, [3.3] * 4, [0.7] * 4, [0.0] * 4, 0.001))
    got = np.array(0.5)
    assert carried(direction, still, got, np.zeros(()), 1e-9) == got
