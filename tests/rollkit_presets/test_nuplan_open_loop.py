"""Displacement once a second, worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rollkit
from rollkit import Rollout, Trajectory, Vehicle
from rollkit.declare import spec_of
from rollkit.presets.verdicts import times, verdict
from rollkit_presets.nuplan_open_loop import each_second, nuplan_open_loop

NAME = "nuplan_open_loop"


def found(away, turned=None, *, dt=0.5, given_=1):
    """The numbers of a plan that is so far from an expert who stands, and so far turned."""
    away = np.asarray(away, float)
    still = np.zeros_like(away)
    yaw = still if turned is None else np.asarray(turned, float)
    path = Trajectory(away, still, yaw, still, dt)
    rollout = Rollout(path, reference=Trajectory(still, still, still, still, dt), given=given_)
    return rollkit.evaluate(rollout, presets=[NAME])


def test_by_hand():
    """Half a metre more every second: 0.5, 1, ... 4 m, seen every half second."""
    got = found(np.arange(17) * 0.25, np.arange(17) * 0.05)
    for name, value in {
        "average_displacement_3s": 1.0,
        "average_displacement_5s": 1.5,
        "average_displacement_8s": 2.25,
        "final_displacement_3s": 1.5,
        "final_displacement_8s": 4.0,
        "average_displacement": (1.0 + 1.5 + 2.25) / 3,
        "final_displacement": (1.5 + 2.5 + 4.0) / 3,
        "largest_displacement_5s": 2.5,
        "largest_displacement_5s_margin": 5.5,
        "average_heading_error_3s": 0.2,
        "final_heading_error": (0.3 + 0.5 + 0.8) / 3,
        "final_heading_error_8s": 0.8,
    }.items():
        assert got[f"{NAME}_{name}"] == pytest.approx(value), name
    assert got[NAME] == 1


@pytest.mark.parametrize(
    ("at", "size", "missed"),
    [
        (3, 6.0, ()),
        (3, 6.1, (3,)),
        (4, 8.0, ()),
        (4, 8.1, (5,)),
        (8, 16.1, (8,)),
        (2, 17, (3, 5, 8)),
    ],
)
def test_a_miss_is_beyond_the_limit_of_its_horizon(at, size, missed):
    away = np.zeros(9)
    away[at] = size
    got = found(away, dt=1.0)
    for horizon in (3, 5, 8):
        ok = got[f"{NAME}_largest_displacement_{horizon}s_ok"]
        assert ok == (horizon not in missed)
    assert got[NAME] == (not missed)


def test_only_whole_seconds_count():
    away = np.full(17, 30.0)
    away[2::2] = 0.0
    assert found(away)[f"{NAME}_largest_displacement_8s"] == 0


def test_where_nothing_was_given_the_first_instant_is_a_step_in():
    got = found(np.arange(1, 17) * 0.25, given_=0)
    assert got[f"{NAME}_final_displacement_8s"] == 4.0


def test_a_heading_error_goes_the_short_way_round():
    turned = np.linspace(0, 2 * np.pi + 0.1, 17)
    got = found(np.zeros(17), turned)
    assert got[f"{NAME}_final_heading_error_8s"] == pytest.approx(0.1)
    third = np.abs(turned[6] - 2 * np.pi * round(turned[6] / (2 * np.pi)))
    assert got[f"{NAME}_final_heading_error_3s"] == pytest.approx(third)


@pytest.mark.parametrize("seconds", [2.5, 4.5, 7.5])
def test_a_prediction_that_ends_before_a_horizon(seconds):
    got = found(np.zeros(round(seconds / 0.5) + 1))
    assert np.isnan(got[NAME])
    assert np.isnan(got[f"{NAME}_average_displacement_ok"])
    for horizon in (3, 5, 8):
        ended = seconds < horizon
        assert np.isnan(got[f"{NAME}_average_displacement_{horizon}s"]) == ended
        assert np.isnan(got[f"{NAME}_largest_displacement_{horizon}s_ok"]) == ended


def test_nan_is_not_lost():
    away = np.zeros(17)
    away[8] = np.nan  # 4 s
    got = found(away)
    assert got[f"{NAME}_average_displacement_3s"] == 0
    assert np.isnan(got[f"{NAME}_average_displacement_5s"])
    assert np.isnan(got[f"{NAME}_largest_displacement_8s_ok"])
    assert np.isnan(got[NAME])


@given(
    dt=st.sampled_from([0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1 / 3, 2.0]),
    given_=st.sampled_from([0, 1]),
    slope=st.floats(-5, 5),
    count=st.integers(1, 60),
)
def test_a_line_is_read_off_at_any_rate(dt, given_, slope, count):
    """And only from its first instant to its last."""
    time = (np.arange(count) + (1 - given_)) * dt
    got = each_second(slope * time, dt, given_, 8)
    seconds = np.arange(1.0, 9.0)
    there = (seconds >= time[0] - 1e-9) & (seconds <= time[-1] + 1e-9)
    np.testing.assert_allclose(got, np.where(there, slope * seconds, np.nan), atol=1e-9)


def test_between_two_poses_it_is_the_place_on_the_line():
    """At 1 s of poses every 0.4 s, halfway from (-3, 0) to (0, 0); not a mean of distances."""
    x, y = np.array([3.0, 0.0, -3.0, 0.0]), np.array([0.0, 4.0, 0.0, 0.0])
    path, expert = Trajectory(x, y, 0 * x, 0 * x, 0.4), Trajectory(*np.zeros((4, 4)), 0.4)
    rollout = Rollout(path, reference=expert)
    place = [each_second(one, 0.4, 1, 1) for one in (rollout.error_x, rollout.error_y)]
    np.testing.assert_allclose(np.ravel(place), [-1.5, 0.0])


def test_a_time_step_that_is_rounded_has_its_last_second():
    """Of 80 steps of 0.0999999999 s, 8 s are 8e-8 steps after the end."""
    assert not np.isnan(each_second(np.zeros(81), 0.0999999999, 1, 8)).any()


def test_a_heading_error_to_the_right_is_one():
    got = found(np.zeros(17), np.full(17, -0.9))
    assert got[f"{NAME}_average_heading_error"] == pytest.approx(0.9)
    assert got[f"{NAME}_average_heading_error_ok"] == 0


def test_between_two_headings_it_turns_the_short_way():
    """3.1 and -3.1 rad are 0.08 rad apart: halfway is half a turn, not 0."""
    turned = np.where(np.arange(33) % 2, -3.1, 3.1)
    got = found(np.zeros(33), turned, dt=1 / 3.5)
    assert got[f"{NAME}_final_heading_error_5s"] == pytest.approx(np.pi, abs=0.05)


def test_one_long_step_is_enough():
    got = found([0.0, 4.0], dt=8.0)
    assert got[f"{NAME}_average_displacement_8s"] == pytest.approx(2.25)


def test_distances_are_those_of_the_rear_axle():
    """Centres at one place, and the plan turned by 0.5 rad about it: 2 L sin(0.25) apart."""
    still = np.zeros(9)
    car = Vehicle(4.9, 2.1, 2.9, "center", rear_axle_to_center=2.0)
    path, expert = (Trajectory(still, still, still + one, still, 1.0) for one in (0.5, 0.0))
    got = rollkit.evaluate(Rollout(path, reference=expert, vehicle=car), presets=[NAME])
    assert got[f"{NAME}_average_displacement"] == pytest.approx(4 * np.sin(0.25))


@pytest.mark.parametrize("given_", [0, 1])
@pytest.mark.parametrize("dt", [0.1, 0.5])
def test_signals_are_told_for_their_seconds(dt, given_):
    still = np.zeros(round(8 / dt) + given_)
    path = Trajectory(still, still, still, still, dt)
    rollout = Rollout(path, reference=path, given=given_)
    seen = verdict(spec_of(nuplan_open_loop), rollout).signals
    for name, seconds in {
        "displacement_3s": [1, 2, 3],
        "heading_error_8s": range(1, 9),
        "average_displacement": [3, 5, 8],
        "final_heading_error": [3, 5, 8],
    }.items():
        np.testing.assert_allclose(times(seen[name], rollout), list(seconds))


def test_what_its_quirks_say():
    """20 m off at 2.5 s is not seen; 24 m at 8 s are 8 m on average, and a miss."""
    once, mean = spec_of(nuplan_open_loop).quirks
    away = np.zeros(17)
    away[5] = 20.0
    assert found(away)[NAME] == 1
    end = np.zeros(17)
    end[-1] = 24.0
    got = found(end)
    assert got[f"{NAME}_final_displacement"] == 8.0
    assert got[f"{NAME}_final_displacement_ok"] == 1
    assert got[f"{NAME}_largest_displacement_8s_ok"] == 0
    path = Trajectory(*np.zeros((4, 9)), 1.0)
    assert not once.shows(Rollout(path))
    assert mean.shows is None
