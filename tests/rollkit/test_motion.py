"""Direction and speed of poses: exact on arcs at any rate, and what standing still does."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit import Trajectory, motion


def circle(speed, dt, radius=7.0, seconds=4.0, accel=0.0):
    """x, y and the direction of a left turn."""
    time = np.arange(0, seconds + dt / 2, dt)
    angle = (speed * time + accel * time**2 / 2) / radius
    return radius * np.sin(angle), radius - radius * np.cos(angle), angle


@pytest.mark.parametrize("dt", [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0])
@pytest.mark.parametrize("speed", [0.3, 1.5, 5.0])
def test_a_slow_circle_seen_often_is_the_circle(speed, dt):
    """At 200 Hz a step at less than 2 m/s is shorter than a centimetre."""
    x, y, angle = circle(speed, dt)
    path = Trajectory.through(x + 1e6, y - 1e6, dt)
    np.testing.assert_allclose(path.yaw, angle, atol=2e-3)
    np.testing.assert_allclose(path.speed, speed, atol=1e-5)


@given(st.floats(2, 20), st.floats(-3, 3), st.sampled_from([0.05, 0.1, 0.2]))
def test_speeds_of_a_constant_acceleration_are_exact(speed, accel, dt):
    x, y, angle = circle(speed, dt, accel=accel, seconds=0.6)
    got = motion.speed(x, y, angle, dt)
    np.testing.assert_allclose(got, speed + accel * np.arange(len(x)) * dt, atol=1e-9)


def test_speed_by_hand_against_the_yaw_and_at_the_ends():
    """Ways 1, 3, -1 in steps of 0.5 s: halves of neighbours between, lines beyond the ends."""
    x = np.array([0.0, 1.0, 4.0, 3.0])
    got = motion.speed(x, 0 * x, 0 * x, 0.5)
    np.testing.assert_allclose(got, [0.0, 4.0, 2.0, -6.0])
    assert motion.speed(x[:2], x[:2] * 0, x[:2] * 0, 0.5).tolist() == [2.0, 2.0]


@pytest.mark.parametrize("dt", [0.005, 0.1])
def test_who_stands_looks_where_he_came_from_or_will_go(dt):
    """North, still, then east; and still at first."""
    stand, go = np.zeros(60), 0.2 * np.arange(1, 9)
    x = np.concatenate([0 * go, stand, go])
    y = np.concatenate([go - go[-1], stand, 0 * go])
    yaw = motion.course(x, y, dt)
    np.testing.assert_allclose(yaw[1:55], math.pi / 2, atol=1e-12)  # but for 0.05 s
    np.testing.assert_allclose(yaw[-7:], 0, atol=1e-12)
    later = motion.course(np.zeros(68), -np.append(stand, go), dt)
    np.testing.assert_allclose(later, -math.pi / 2)


def test_what_a_step_may_be_short_is_a_centimetre():
    """3 cm to the east, 8 mm to the north, 3 cm to the east at 10 Hz: nothing led to the north."""
    x = np.cumsum([0.0, 0.03, 0.03, 0.0, 0.03])
    y = np.cumsum([0.0, 0.0, 0.0, 0.008, 0.0])
    np.testing.assert_allclose(motion.course(x, y, 0.1), 0, atol=1e-15)
    y = np.cumsum([0.0, 0.0, 0.0, 0.011, 0.0])
    assert motion.course(x, y, 0.1).max() == pytest.approx(math.pi / 4)


@pytest.mark.parametrize("turn", [2 * math.pi, -6.0, 40.0])
def test_the_way_of_a_step_that_turns_all_round_is_that_of_3_rad(turn):
    x, zero = np.array([0.0, 1.0]), np.zeros(2)
    got = motion.arc(x, zero, np.array([-turn / 2, turn / 2]))
    assert abs(got[0]) == pytest.approx(1.5 / math.sin(1.5))


def test_an_instant_that_is_missing_disturbs_no_other_row():
    x, y, _ = circle(1.5, 0.005)
    many_x, many_y = np.stack([x, x]), np.stack([y, y])
    many_x[0, 100] = np.nan
    yaw = motion.course(many_x, many_y, 0.005)
    np.testing.assert_array_equal(yaw[1], motion.course(x, y, 0.005))


def test_an_unknown_yaw_is_no_jump():
    """3 rad, unknown, -3 rad: on by 0.28 rad."""
    got = motion.unwrapped(np.array([3.0, np.nan, -3.0, -2.0]))
    np.testing.assert_allclose(got, [3.0, np.nan, 2 * math.pi - 3, 2 * math.pi - 2])
