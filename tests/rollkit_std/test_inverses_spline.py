"""The smoothing fit: drives of known truth, with and without noise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rollkit
from rollkit import Actions, State, Trajectory
from rollkit_std.inverses.spline import spline

FINE = 0.0125


def smooth(rng, cases, t, scale):
    """Sums of four slow waves."""
    rate, phase, size = (rng.uniform(low, high, (cases, 4, 1)) for low, high in _WAVES)
    return scale * (size * np.sin(2 * np.pi * rate * t + phase)).sum(axis=1) / 2


_WAVES = ((0.05, 0.4), (0, 2 * np.pi), (-1.5, 1.5))


def drives(dt, *, cases=16, seconds=6.4, seed=0):
    """Trajectories of smooth actions held over 12.5 ms, seen every dt."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds / FINE)) * FINE
    speed = rng.uniform(2, 18, cases)
    accel = smooth(rng, cases, t, 1.0)
    curvature = smooth(rng, cases, t, 0.05) / (1 + (speed[:, None] / 6) ** 2)
    fine = rollkit.rollout(Actions(accel, curvature, FINE), State(speed=speed), "exact").trajectory
    seen = slice(None, None, round(dt / FINE))
    return Trajectory(*(getattr(fine, name)[:, seen] for name in _PLANE), dt)


_PLANE = ("x", "y", "yaw", "speed")


def noisy(truth, position=0.02, heading=0.005, seed=1):
    rng = np.random.default_rng(seed)
    x, y = (one + rng.normal(0, position, one.shape) for one in (truth.x, truth.y))
    yaw = truth.yaw + rng.normal(0, heading, truth.yaw.shape)
    return Trajectory.through(x, y, truth.dt, yaw=yaw)


def error(method, seen, truth, integrator):
    """Mean distance of the rollout from the truth, and the RMS error of jerk, m and m/s³."""
    initial, actions = rollkit.fit(seen, method)
    there = rollkit.rollout(actions, initial, integrator)
    away = np.hypot(there.trajectory.x - truth.x, there.trajectory.y - truth.y)
    jerk = np.diff(truth.speed, 2) / truth.dt**2
    return away.mean(), np.sqrt(np.mean((there.jerk - jerk) ** 2))


def test_noise_is_smoothed_away_better_than_by_the_others():
    truth = drives(0.1)
    seen = noisy(truth)
    away, jerk = error("spline", seen, truth, "exact")
    assert away < 0.5 * error("alpamayo", seen, truth, "alpamayo")[0]
    assert away < 0.02  # closer to the truth than what was seen
    assert jerk < 0.25 * error("alpamayo", seen, truth, "alpamayo")[1]
    assert jerk < 0.05 * error("differences", seen, truth, "exact")[1]


def test_without_noise_actions_come_back():
    truth = drives(0.1)
    initial, actions = spline(truth)
    np.testing.assert_allclose(initial.speed, truth.speed[:, 0], atol=0.1)
    way = (truth.speed[:, 1:] + truth.speed[:, :-1]) * 0.05
    assert np.sqrt(np.mean((actions.accel - np.diff(truth.speed) / 0.1) ** 2)) < 0.12
    assert np.sqrt(np.mean((actions.curvature - np.diff(truth.yaw) / way) ** 2)) < 3e-3


def test_a_drive_seen_twice_as_often_gives_nearly_the_same_actions():
    (_, coarse), (_, fine) = (spline(drives(dt)) for dt in (0.1, 0.05))
    pairs = [
        (coarse.accel, (fine.accel[:, ::2] + fine.accel[:, 1::2]) / 2, 0.05),
        (coarse.curvature, (fine.curvature[:, ::2] + fine.curvature[:, 1::2]) / 2, 1e-3),
    ]
    for one, other, tolerance in pairs:
        assert np.sqrt(np.mean((one - other) ** 2)) < tolerance


def test_a_yaw_that_is_wrapped_is_no_turn():
    truth = drives(0.1, cases=4)
    turned = truth.yaw + np.pi - truth.yaw[:, 30:31]  # to the west in the middle
    cos, sin = np.cos(turned - truth.yaw), np.sin(turned - truth.yaw)
    x, y = cos * truth.x - sin * truth.y, sin * truth.x + cos * truth.y
    (_, got), (_, expected) = (
        spline(Trajectory(x, y, yaw, truth.speed, 0.1))
        for yaw in (np.angle(np.exp(1j * turned)), turned)
    )
    assert np.abs(np.diff(np.angle(np.exp(1j * turned)))).max() > 6
    np.testing.assert_allclose(got.accel, expected.accel, atol=1e-6)
    np.testing.assert_allclose(got.curvature, expected.curvature, atol=1e-6)


def test_standing_still_is_no_action():
    initial, actions = spline(Trajectory.through(np.full((2, 30), 5.0), np.zeros((2, 30)), 0.1))
    assert not initial.speed.any()
    assert not actions.accel.any()
    assert not actions.curvature.any()


def test_jitter_at_standstill_stays_small():
    rng = np.random.default_rng(3)
    x, y = rng.normal(0, 0.02, (2, 20, 65))
    drive = Trajectory.through(x, y, 0.1, yaw=rng.normal(0, 0.005, x.shape))
    initial, actions = spline(drive)
    assert initial.speed.max() < 0.15
    assert np.abs(actions.accel).max() < 0.5
    assert np.abs(actions.curvature).max() < 0.2


def test_braking_to_a_stop_keeps_the_curvature_within_reason():
    t = np.arange(81) * 0.1
    way = np.where(t < 4, 8 * t - t**2, 16.0)
    yaw = 0.02 * way
    x, y = 50 * np.sin(yaw), 50 - 50 * np.cos(yaw)
    truth = Trajectory(x, y, yaw, np.maximum(8 - 2 * t, 0), 0.1)
    _, actions = spline(noisy(truth))
    assert np.abs(actions.curvature).max() < 0.04  # the truth is 0.02, and differences read 10
    assert np.abs(actions.accel).max() < 3


def test_reversing_is_standing_still():
    t = np.arange(65) * 0.1
    initial, actions = spline(Trajectory.through(-2 * t, 0 * t, 0.1, yaw=0 * t))
    assert initial.speed == 0
    there = rollkit.rollout(actions, initial, "exact").trajectory
    assert np.ptp(there.x) < 0.1
    assert np.abs(actions.accel).max() < 0.1


def test_a_history_and_a_given_speed_take_part():
    truth = drives(0.1)
    seen = noisy(truth)
    parts = [
        Trajectory.through(seen.x[:, some], seen.y[:, some], 0.1, yaw=seen.yaw[:, some])
        for some in (slice(0, 17), slice(16, None))
    ]
    history, future = parts
    alone, with_history = (spline(future, history=one)[0] for one in (None, history))
    real = truth.speed[:, 16]
    wrong = [np.sqrt(np.mean((one.speed - real) ** 2)) for one in (alone, with_history)]
    assert wrong[1] < wrong[0]
    for before in (None, history):
        initial, _ = spline(future, history=before, initial_speed=real + 0.3)
        np.testing.assert_allclose(initial.speed, real + 0.3, atol=1e-3)


def test_at_standstill_the_steering_stays():
    """Driven on one circle, stood, driven on another: between, that of the first."""
    time = np.arange(121) * 0.1
    speed = np.select([time < 3, time < 8], [np.maximum(0, 6 - 2 * time), 0 * time], time - 8)
    way = np.concatenate([[0], np.cumsum((speed[1:] + speed[:-1]) / 2 * 0.1)])
    yaw = np.where(way < 9, 0.05 * way, 0.45 - 0.05 * (way - 9))
    x, y = (np.cumsum(np.append(0, np.diff(way) * turned)) for turned in _halfway(yaw))
    initial, actions = spline(Trajectory.through(x, y, 0.1, yaw=yaw))
    there = rollkit.rollout(actions, initial, "exact").trajectory
    still = (there.speed[:-1] == 0) & (there.speed[1:] == 0)
    assert still.sum() > 10
    last = np.flatnonzero(~still[:50])[-1]
    first = np.flatnonzero(~still[50:])[0] + 50
    np.testing.assert_array_equal(actions.curvature[last:first], actions.curvature[last])
    assert actions.curvature[last] > 0 > actions.curvature[-1]


def _halfway(yaw):
    middle = (yaw[1:] + yaw[:-1]) / 2
    return np.cos(middle), np.sin(middle)


def test_more_noise_stated_is_more_smoothing():
    seen = noisy(drives(0.1), position=0.1)
    rough = [
        np.sqrt(np.mean(np.diff(spline(seen, position_noise=one)[1].accel) ** 2))
        for one in (0.01, 0.1)
    ]
    assert rough[1] < 0.5 * rough[0]


def test_headings_can_be_left_out():
    truth = drives(0.1)
    wrong = Trajectory.through(truth.x, truth.y, 0.1, yaw=truth.yaw + 0.1)
    there = [
        rollkit.rollout(*reversed(spline(wrong, heading_noise=one)), "exact").trajectory
        for one in (0.005, None)
    ]
    away = [np.hypot(one.x - truth.x, one.y - truth.y).mean() for one in there]
    assert away[1] < 0.01 < away[0]


def test_any_batch_and_any_company_give_the_same_bits():
    seen = noisy(drives(0.1, cases=20, seconds=2))
    _, together = spline(seen)
    one = Trajectory.through(seen.x[7:8], seen.y[7:8], 0.1, yaw=seen.yaw[7:8])
    _, alone = spline(one)
    np.testing.assert_array_equal(alone.accel[0], together.accel[7])
    np.testing.assert_array_equal(alone.curvature[0], together.curvature[7])


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_few_steps(steps):
    t = np.arange(steps + 1) * 0.1
    initial, actions = spline(Trajectory.through(5 * t, 0 * t, 0.1))
    assert initial.speed == pytest.approx(5, abs=0.05)
    assert np.abs(actions.accel).max() < 0.1


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.floats(0, 100), st.floats(0, 7))
def test_whatever_comes_the_actions_are_finite(seed, size, turn):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(0, size, (2, 3, 12))
    drive = Trajectory.through(x, y, 0.1, yaw=rng.normal(0, turn, x.shape))
    initial, actions = spline(drive)
    assert (initial.speed >= 0).all()
    assert np.isfinite(actions.accel).all()
    assert np.isfinite(actions.curvature).all()


def test_a_yaw_made_of_the_path_is_no_measurement():
    rng = np.random.default_rng(5)
    angle = 0.25 * np.arange(81) * 0.1
    x, y = (20 * one + rng.normal(0, 0.02, 81) for one in (np.sin(angle), 1 - np.cos(angle)))
    path = Trajectory.through(x, y, 0.1)
    got, none = spline(path)[1], spline(path, heading_noise=None)[1]
    np.testing.assert_array_equal(got.curvature, none.curvature)
    twice = spline(Trajectory.through(x, y, 0.1, yaw=path.yaw))[1]
    truth = 1 / 20
    assert np.abs(got.curvature - truth).max() < np.abs(twice.curvature - truth).max() / 2
    assert path.until(40).yaw_of_path
