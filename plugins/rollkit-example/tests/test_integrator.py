"""The integrator: one step by hand, its order, standing still, where it is exact."""

import numpy as np
import pytest

import rollkit
from rollkit_example.integrator import midpoint


def end(integrator, accel, curvature, dt, speed=8.0):
    actions = rollkit.Actions(accel, curvature, dt)
    return rollkit.rollout(actions, rollkit.State(speed=speed), integrator).trajectory.at(-1)


def test_one_step_by_hand():
    got = end(midpoint, [2.0], [0.1], dt=0.5)
    assert got.speed == 9.0
    assert got.yaw == pytest.approx(8.5 * 0.5 * 0.1, rel=1e-15)
    # Middle of the step: 8.5 m/s, and the yaw that a quarter of a second at 8 m/s leads to.
    assert got.x == pytest.approx(8.5 * 0.5 * np.cos(0.2), rel=1e-15)
    assert got.y == pytest.approx(8.5 * 0.5 * np.sin(0.2), rel=1e-15)


def test_order_2():
    accel, curvature, dt = [1.0, -0.5, 0.3, 0.8], [0.05, 0.1, -0.08, 0.02], 0.5
    errors = []
    for halvings in range(4, 8):
        parts = 2**halvings
        held = np.repeat(accel, parts), np.repeat(curvature, parts), dt / parts
        got, exact = end(midpoint, *held), end("exact", *held)
        errors.append(np.hypot(got.x - exact.x, got.y - exact.y))
    np.testing.assert_allclose(np.log2(np.divide(errors[:-1], errors[1:])), 2, atol=0.05)


def test_stops_within_the_step_and_stays():
    got = end(midpoint, [-4.0, -4.0, 0.0], [0.0, 0.1, 0.1], dt=1.0, speed=2.0)
    assert got.speed == 0
    assert (got.x, got.y, got.yaw) == (0.5, 0, 0)  # v² / (2 |a|), and steering turns nothing


def test_speed_is_never_negative():
    numbers = np.random.default_rng(0)
    accel, curvature = numbers.normal(0, 5, (2, 100, 64))
    actions = rollkit.Actions(accel, curvature / 50, dt=0.1)
    rollout = rollkit.rollout(actions, rollkit.State(speed=3.0), midpoint)
    assert rollout.speed.min() == 0
    exact = rollkit.rollout(actions, rollkit.State(speed=3.0), "exact").trajectory
    np.testing.assert_allclose(rollout.speed, exact.speed, atol=1e-12)
    np.testing.assert_allclose(rollout.trajectory.yaw, exact.yaw, atol=1e-12)


def test_exact_on_a_straight_line():
    got, exact = (end(one, [1.0, -2.0], [0.0, 0.0], 0.3) for one in (midpoint, "exact"))
    assert got.x == pytest.approx(exact.x, rel=1e-15)
    assert got.y == 0
