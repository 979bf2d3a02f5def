"""Waymax's feasibility against the actions of its own code, and what its quirks make of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit import Rollout, Trajectory, evaluate
from rollkit.declare import spec_of
from rollkit.testing.strategies import rollouts
from rollkit_presets.waymax import (
    driven_actions,
    needed_actions,
    waymax_feasibility,
    waymax_feasibility_corrected,
)

BOTH = [waymax_feasibility, waymax_feasibility_corrected]


def feasible(actions):
    """The verdict on Waymax's own actions `(n, T, 2)`, straight from the definition."""
    beyond = (np.abs(actions[..., 0]) > 10.4 + 1e-3) | (np.abs(actions[..., 1]) > 0.3 + 1e-3)
    return ~beyond.any(axis=-1)


def verdicts(drive):
    found = evaluate(Rollout(drive), BOTH)
    return found["waymax_feasibility"], found["waymax_feasibility_corrected"]


def straight(x, speed, yaw=None, dt=0.1):
    """Along x, through poses and speeds."""
    still = np.zeros(np.shape(x))
    return Trajectory(x, still, still if yaw is None else yaw, speed, dt)


def test_actions_are_those_of_its_own_inverse(golden):
    numbers = golden("waymax_bicycle")
    real = needed_actions(*(numbers[f"real_{one}"] for one in ("vx", "vy", "yaw")), 0.1)
    states = numbers["syn_rollout_noclip_f64"]
    driven = needed_actions(states[..., 3], states[..., 4], states[..., 2], 0.1)
    expected = numbers["real_inverse_raw_velyaw_f64"], numbers["syn_inverse_of_noclip_f64"]
    for got, theirs in zip((real, driven), expected, strict=True):
        np.testing.assert_allclose(np.stack(got, axis=-1), theirs, rtol=0, atol=1e-12)


def test_verdicts_are_those_of_its_own_actions(golden):
    numbers = golden("waymax_bicycle")
    x, y, yaw = (numbers[f"real_{one}"] for one in ("x", "y", "yaw"))
    theirs = feasible(numbers["real_inverse_raw_velyaw_f64"])
    assert 0 < theirs.sum() < len(theirs)
    speed = np.hypot(numbers["real_vx"], numbers["real_vy"])
    for recorded in (True, False):  # where it is not, theirs is by differences of positions
        some = numbers["vel_is_recorded"] == recorded
        known = speed[some] if recorded else None
        drive = Trajectory.through(x[some], y[some], 0.1, yaw=yaw[some], speed=known)
        np.testing.assert_array_equal(verdicts(drive)[0], theirs[some])


def test_verdicts_on_its_own_rollouts(golden):
    numbers = golden("waymax_bicycle")
    x, y, yaw, vx, vy = np.moveaxis(numbers["syn_rollout_noclip_f64"], -1, 0)
    speed = vx * np.cos(yaw) + vy * np.sin(yaw)
    theirs = feasible(numbers["syn_inverse_of_noclip_f64"])
    assert 0 < theirs.sum() < len(theirs)
    drive = Trajectory(x, y, np.unwrap(yaw, axis=-1), speed, 0.1)
    np.testing.assert_array_equal(verdicts(drive)[0], theirs)


@given(rollouts(profile="comfort", min_steps=1))
def test_actions_of_a_drive_are_what_was_done(rollout):
    path, done = rollout.trajectory, rollout.actions
    moving = (path.speed[..., :-1] > 0.6) & (path.speed[..., 1:] > 0.6)
    turns = np.abs(np.diff(path.yaw, axis=-1)) < 3
    vx, vy = path.speed * np.cos(path.yaw), path.speed * np.sin(path.yaw)
    for accel, curvature in (
        needed_actions(vx, vy, path.yaw, path.dt),
        driven_actions(path.speed, path.yaw, path.dt),
    ):
        atol = 1e-11 / path.dt
        np.testing.assert_allclose(accel[moving], done.accel[moving], atol=atol)
        good = moving & turns
        np.testing.assert_allclose(curvature[good], done.curvature[good], atol=atol)


@pytest.mark.parametrize(("accel", "passes"), [(10.4, 1), (10.4009, 1), (10.4011, 0), (-11, 0)])
def test_the_limit_of_acceleration(accel, passes):
    speed = np.array([20.0, 20 + accel * 0.1])
    assert verdicts(straight(np.array([0.0, 2.0]), speed)) == (passes, passes)


@pytest.mark.parametrize(("curvature", "passes"), [(0.3, 1), (-0.3009, 1), (0.3011, 0)])
def test_the_limit_of_curvature(curvature, passes):
    yaw = np.arange(4) * curvature * 0.5
    drive = straight(np.arange(4) * 0.5, np.full(4, 5.0), yaw)
    assert verdicts(drive) == (passes, passes)


@pytest.mark.parametrize("preset", BOTH, ids=lambda one: one.__name__)
def test_the_limit_itself_passes(preset):
    for check in spec_of(preset).checks:
        assert not check.strict
        assert check.low == -check.high


def test_turning_on_the_spot_is_seen_by_the_corrected_one_alone():
    turning = straight(np.zeros(5), np.zeros(5), np.arange(5) * 0.5)
    assert verdicts(turning) == (1, 0)
    trembling = straight(np.zeros(5), np.zeros(5), np.array([0, 1, 0, -1, 0]) * 0.01)
    assert verdicts(trembling) == (1, 1)


def test_reversing_fails_and_the_corrected_one_passes():
    assert verdicts(straight(-0.2 * np.arange(5), np.full(5, -2.0))) == (0, 1)


def test_braking_through_standstill_into_reverse():
    speed = 0.5 - 0.25 * np.arange(5)
    found = evaluate(Rollout(straight(np.zeros(5), speed)), BOTH)
    # |v| falls by 2.5 m/s² and rises again; -2.5 m/s² it is throughout.
    accel = needed_actions(speed, np.zeros(5), np.zeros(5), 0.1)[0]
    np.testing.assert_allclose(accel, [-2.5, -2.5, 2.5, 2.5])
    assert found["waymax_feasibility_accel_margin"] == pytest.approx(10.401 - 2.5)
    np.testing.assert_allclose(driven_actions(speed, np.zeros(5), 0.1)[0], [-2.5] * 4)


@pytest.mark.parametrize("signal", ["yaw", "speed"])
def test_an_instant_that_was_not_observed_is_no_pass(signal):
    given = {"yaw": np.zeros(5), "speed": np.full(5, 2.0)}
    given[signal][2] = np.nan
    drive = straight(np.arange(5) * 0.2, given["speed"], given["yaw"])
    assert all(np.isnan(one) for one in verdicts(drive))


def test_one_pose_is_undefined():
    assert all(np.isnan(one) for one in verdicts(straight([0.0], [2.0])))


@given(st.floats(0.02, 1.0), st.integers(2, 30))
def test_a_beginning_has_the_beginning_of_the_actions(dt, count):
    random = np.random.default_rng(count)
    x, y = np.cumsum(random.uniform(0.1, 1, (2, 40)), axis=-1)
    whole = Rollout(Trajectory.through(x, y, dt))
    first = waymax_feasibility(whole.until(count))
    for name, signal in waymax_feasibility(whole).items():
        np.testing.assert_array_equal(first[name].values, signal.values[:count])


def test_at_exactly_the_least_speed_it_turns_as_the_heading_does():
    """0.6 m/s across the body: neither too slow, nor fast enough for the velocity's direction."""
    across = np.full(2, 0.6)
    _, curvature = needed_actions(np.zeros(2), across, np.array([0.0, 0.1]), 0.1)
    np.testing.assert_allclose(curvature, 0.1 / 0.06)


def test_actions_are_those_of_the_step_and_signed_as_the_way_is():
    drive = straight(np.arange(4) * 0.5, np.full(4, 5.0))
    for preset in BOTH:
        assert [one.first for one in preset(Rollout(drive)).values()] == [0.5, 0.5]
    yaw = np.array([0.0, 0.02])
    forth, back = (driven_actions(np.full(2, one), yaw, 0.1)[1] for one in (5.0, -5.0))
    np.testing.assert_allclose([forth, back], [[0.04], [-0.04]])


def test_where_its_quirks_show():
    quirks = spec_of(waymax_feasibility).quirks
    for speed, shown in ((5.0, [False, False]), (0.5, [True, False]), (-2.0, [False, True])):
        rollout = Rollout(straight(np.arange(4) * speed * 0.1, np.full(4, speed)))
        assert [one.shows(rollout) for one in quirks] == shown


def test_a_heading_that_nobody_saw_is_no_direction():
    """Though the velocity has one."""
    yaw = np.array([0.0, np.nan, 0.0])
    _, curvature = needed_actions(np.full(3, 5.0), np.zeros(3), yaw, 0.1)
    assert np.isnan(curvature).all()
