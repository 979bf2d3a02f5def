"""Plain finite differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as drawn

from rollkit import Actions, State, Trajectory, rollout
from rollkit_std.inverses.differences import differences


def test_by_hand():
    drive = Trajectory([0.0, 1, 3], [0.0] * 3, [0.0, 0.1, 0.4], [1.0, 3.0, 5.0], dt=0.5)
    initial, actions = differences(drive)
    np.testing.assert_allclose(actions.accel, [4.0, 4.0])
    np.testing.assert_allclose(actions.curvature, [0.1 / 1.0, 0.3 / 2.0])
    assert (initial.speed, initial.yaw) == (1.0, 0.0)


def test_a_speed_unknown_is_that_of_central_differences():
    x = np.array([[0.0, 1.0, 3.0, 6.0]] * 2)
    speed = np.array([[1.0, 2.0, 3.0, 4.0], [1.0, np.nan, 3.0, 4.0]])
    _, actions = differences(Trajectory(x, 0 * x, 0 * x, speed, 1.0))
    np.testing.assert_allclose(actions.accel, 1.0)
    initial, _ = differences(Trajectory(x, 0 * x, 0 * x, speed, 1.0))
    np.testing.assert_allclose(initial.speed, [1.0, 0.5])


def test_a_given_speed_takes_the_place_of_the_first():
    drive = Trajectory([0.0, 1, 3], [0.0] * 3, [0.0] * 3, [1.0, 3.0, 5.0], dt=0.5)
    initial, actions = differences(drive, initial_speed=np.float64(2))
    assert initial.speed == 2
    np.testing.assert_allclose(actions.accel, [2.0, 4.0])


def test_turning_in_place_has_no_curvature_and_reversing_no_start():
    initial, actions = differences(Trajectory([0.0] * 3, [0.0] * 3, [0, 1, 2.0], [-1.0, 0, 0], 1.0))
    assert actions.curvature[1] == 0
    assert initial.speed == 0
    assert not actions.accel.any()


def test_after_reversing_it_drives_on_at_the_right_speed():
    """-3 m/s to 5 m/s: the integrator stands at first, and what it takes to stop is not driven."""
    time = np.arange(81) * 0.1
    speed = -3 + time
    drive = Trajectory.through(-3 * time + time**2 / 2, 0 * time, 0.1, yaw=0 * time)
    initial, actions = differences(drive)
    there = rollout(actions, initial, "exact").trajectory
    np.testing.assert_allclose(there.speed, np.maximum(speed, 0), atol=1e-9)


def test_what_turns_within_a_micrometre_is_rounding():
    speed = np.array([0.0, 1e-6, 1.0])
    drive = Trajectory([0.0, 0.0, 0.5], [0.0] * 3, [0.0, 0.1, 0.2], speed, 1.0)
    assert differences(drive, min_speed=0.0)[1].curvature[0] == 0


def test_a_step_slower_than_the_least_speed_has_no_curvature():
    drive = Trajectory([0.0, 0.03, 0.1], [0.0] * 3, [0.0, 0.1, 0.2], [0.06, 0.06, 0.2], 0.5)
    np.testing.assert_allclose(differences(drive)[1].curvature, [0.0, 0.1 / 0.065])
    slow = differences(drive, min_speed=0.0)[1]
    np.testing.assert_allclose(slow.curvature, [0.1 / 0.03, 0.1 / 0.065])


@given(
    drawn(np.float64, (2, 6), elements=st.floats(-1, 1, width=32)),
    drawn(np.float64, (2, 6), elements=st.floats(-0.25, 0.25, width=32)),
    drawn(np.float64, 2, elements=st.floats(8, 20, width=32)),
)
def test_it_inverts_the_closed_form(accel, curvature, speed):
    there = rollout(Actions(accel, curvature, 0.5), State(speed=speed), "exact").trajectory
    initial, actions = differences(there)
    np.testing.assert_allclose(initial.speed, speed)
    np.testing.assert_allclose(actions.accel, accel, atol=1e-9)
    np.testing.assert_allclose(actions.curvature, curvature, atol=1e-9)


def test_a_wrapped_yaw_is_no_turn():
    yaw = np.array([3.1, -3.1])
    _, actions = differences(Trajectory([0.0, 1], [0.0, 0], yaw, [1.0, 1.0], 1.0))
    assert actions.curvature[0] == pytest.approx(2 * np.pi - 6.2)
