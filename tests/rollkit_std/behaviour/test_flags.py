"""Flags of what cannot be true: by hand, at any time step, silent on what can be driven."""

import numpy as np
import pytest
from hypothesis import given

import rollkit
from rollkit import Actions, Rollout, State, Trajectory
from rollkit.testing import plugin_checks
from rollkit.testing.strategies import rollouts

FLAGS = ("folds_back", "teleports", "heads_against_motion", "moves_sideways", "mirrored")


def raised(rollout):
    """The flags of a single rollout that are 1."""
    values = rollkit.evaluate(rollout, FLAGS)
    assert all(value in (0, 1) for value in values.values())
    return {name for name, value in values.items() if value == 1}


def poses(x, y=None, yaw=None, dt=0.1):
    x = np.asarray(x, dtype=float)
    y = np.zeros_like(x) if y is None else np.asarray(y, dtype=float)
    return Rollout(Trajectory.through(x, y, dt, yaw=yaw))


def circle(radius, speed, dt, seconds=3.0):
    """x, y, yaw of a left turn."""
    angle = np.arange(0, seconds + dt / 2, dt) * speed / radius
    return radius * np.sin(angle), radius - radius * np.cos(angle), angle


@pytest.mark.parametrize("plugin", ["folds_back", "teleports", "heads_against_motion", "mirrored"])
def test_conformance(plugin):
    for check in plugin_checks(plugin, max_examples=8, seed=1):
        check()


@given(rollouts(profile="comfort", min_steps=2, max_steps=40))
def test_what_can_be_driven_raises_none(rollout):
    if rollout.dt <= 0.5:  # a step of a second may be a turn of more than π
        for name, value in rollkit.evaluate(rollout, FLAGS).items():
            np.testing.assert_array_equal(value, np.zeros(rollout.batch), err_msg=name)


def test_hard_braking_and_starting_raise_none_at_any_time_step():
    for dt in (0.02, 0.1, 0.5, 1.0):
        for accel, speed in ((9.8, 0.0), (-9.8, 30.0)):
            held = Actions(np.full(6, accel), np.zeros(6), dt)
            assert raised(rollkit.rollout(held, State(speed=speed), "exact")) == set()


@pytest.mark.parametrize("dt", [0.02, 0.05, 0.1])
def test_a_path_that_turns_back_at_speed_folds(dt):
    there = np.arange(0, 1 + dt / 2, dt) * 6
    back = np.concatenate([there, there[-2::-1]])
    for yaw in (None, np.zeros_like(back)):
        assert "folds_back" in raised(poses(back, yaw=yaw, dt=dt))
    corner = np.concatenate([there, np.full(there.size - 1, there[-1])])
    right_angle = poses(corner, np.concatenate([0 * there, there[1:]]), dt=dt)
    assert "folds_back" not in raised(right_angle)


def test_changing_into_reverse_does_not_fold():
    for dt in (0.05, 0.1, 0.5):
        time = np.arange(-2, 2 + dt / 2, dt)
        cusp = poses(-(time**2), yaw=np.zeros_like(time), dt=dt)  # 2 m/s²
        assert raised(cusp) == set()


def test_a_tight_loop_folds_and_a_car_turning_does_not():
    assert "folds_back" in raised(poses(*circle(0.27, 2.0, 0.02), 0.02))
    assert raised(poses(*circle(4.0, 3.0, 0.05), 0.05)) == set()


@pytest.mark.parametrize("dt", [0.02, 0.1, 0.5])
def test_jumps(dt):
    way = np.arange(8) * 5.0 * dt  # 5 m/s
    excess = max(1.0, 20 * dt**2)
    for at in (1, 4, 7):  # from there on, the first step and the last one included
        moved = way.copy()
        moved[at:] += 10 * dt + excess * 1.1  # 3 times as long, and longer by the excess
        assert "teleports" in raised(poses(moved, yaw=0 * way, dt=dt))
        near = way.copy()
        near[at:] += excess * 0.9
        assert "teleports" not in raised(poses(near, yaw=0 * way, dt=dt))
    for at in range(8):  # one instant out of place
        out = np.zeros(8)
        out[at] = 15 * dt + 3 * excess
        assert "teleports" in raised(poses(way, out, yaw=0 * way, dt=dt))


def test_faster_than_100_metres_a_second():
    for speed, expected in ((99.0, set()), (101.0, {"teleports"})):
        assert raised(poses(np.arange(5) * speed * 0.1)) == expected
    assert rollkit.evaluate(poses([0.0, 9.0]), ["teleports"])["teleports"] == 0
    assert rollkit.evaluate(poses([0.0, 11.0]), ["teleports"])["teleports"] == 1


@pytest.mark.parametrize("dt", [0.02, 0.1, 0.5])
def test_a_yaw_turned_by_half_a_turn(dt):
    x, y, yaw = circle(30.0, 8.0, dt)
    assert raised(poses(x, y, yaw, dt)) == set()
    assert raised(poses(x, y, yaw + np.pi, dt)) == {"heads_against_motion"}
    assert raised(poses(x, y, yaw + np.pi / 2, dt)) == {"moves_sideways"}
    assert raised(poses(x, y, yaw + np.radians(25), dt)) == set()
    assert raised(poses(x, y, yaw + np.radians(35), dt)) == {"moves_sideways"}


def test_reverse_contradicts_a_speed_that_says_forward_only():
    x, yaw = -np.arange(30) * 0.2, np.zeros(30)  # 2 m/s
    for speed, expected in ((-2.0, set()), (2.0, {"heads_against_motion"})):
        told = Trajectory(x, yaw, yaw, np.full(30, speed), 0.1)
        assert raised(Rollout(told)) == expected


@pytest.mark.parametrize("dt", [0.02, 0.1, 0.5])
def test_a_yaw_of_the_other_hand(dt):
    x, y, yaw = circle(50.0, 4.0, dt)  # 0.24 rad
    assert raised(poses(x, y, -yaw, dt)) == {"mirrored"}
    assert raised(poses(x, -y, -yaw, dt)) == set()
    gentle = circle(50.0, 2.9, dt)  # 0.174 rad
    assert raised(poses(*gentle[:2], -gentle[2], dt)) == set()
    assert raised(poses(-x, y, -yaw, dt)) == set()  # in reverse


@pytest.mark.parametrize("dt", [0.05, 0.1])
@pytest.mark.parametrize("seed", range(5))
def test_scatter_at_a_standstill_raises_none(dt, seed):
    random = np.random.default_rng(seed)
    x, y = random.uniform(-0.01, 0.01, (2, 65))
    for yaw in (None, random.normal(0, 0.02, 65)):
        assert raised(poses(x, y, yaw, dt)) == set()


@pytest.mark.parametrize("name", FLAGS)
def test_many_rows_are_worth_what_they_are_alone(name):
    random = np.random.default_rng(2)
    x, y, yaw = (np.cumsum(random.normal(size=(200, 12)), axis=-1) for _ in range(3))
    speed = random.normal(size=(200, 12))
    speed[7, 3] = np.nan
    whole = rollkit.evaluate(Rollout(Trajectory(x, y, yaw, speed, 0.1)), [name])[name]
    assert np.isnan(whole[7])
    assert np.isnan(whole).sum() == 1
    by_instant = [np.asfortranarray(one) for one in (x, y, yaw, speed)]
    np.testing.assert_array_equal(
        whole, rollkit.evaluate(Rollout(Trajectory(*by_instant, 0.1)), [name])[name]
    )
    for row in range(0, 200, 9):
        alone = Rollout(Trajectory(x[row], y[row], yaw[row], speed[row], 0.1))
        assert rollkit.evaluate(alone, [name])[name] == whole[row]


def flag(name, rollout):
    return rollkit.evaluate(rollout, [name])[name]


@pytest.mark.parametrize(("degrees", "expected"), [(115, 0), (125, 1), (-125, 1)])
def test_a_fold_turns_by_more_than_120_degrees(degrees, expected):
    direction = np.radians(np.repeat([0, degrees], 4))  # in steps of 1 m
    path = poses(np.cumsum(np.cos(direction)), np.cumsum(np.sin(direction)))
    assert flag("folds_back", path) == expected


@pytest.mark.parametrize(("slowest", "expected"), [(0.09, 0), (0.11, 1)])
def test_a_fold_does_not_slow_down_to_what_tyres_could_turn_round(slowest, expected):
    x = np.cumsum([0, 1, 1, slowest, -1, -1])
    assert flag("folds_back", poses(x, yaw=0 * x)) == expected  # 10 m/s² dt² are 0.1 m


@pytest.mark.parametrize(
    ("step", "jump", "expected"),
    [(0.1, 1.05, 0), (0.1, 1.15, 1), (2.0, 5.9, 0), (2.0, 6.1, 1)],
)
def test_a_jump_is_longer_by_a_metre_and_three_times_as_long(step, jump, expected):
    steps = np.full(8, step)
    steps[4] = jump
    assert flag("teleports", poses(np.cumsum(steps))) == expected


@pytest.mark.parametrize(("way", "expected"), [(0.95, 0), (1.05, 1)])
def test_a_metre_must_contradict_the_yaw(way, expected):
    still = np.zeros(3)
    there = np.array([0.0, way / 2, way])
    assert flag("heads_against_motion", poses(-there, yaw=still, dt=0.05)) == expected
    assert flag("moves_sideways", poses(still, there, yaw=still, dt=0.05)) == expected


def test_steps_of_more_than_a_turn_tell_no_direction():
    """The chord of such a step may lead backwards: 8.25 rad in each of these."""
    spin = rollkit.rollout(Actions(np.zeros(8), np.full(8, 0.33), 1.0), State(speed=25.0), "exact")
    assert flag("heads_against_motion", spin) == 0
    assert flag("reverses", spin) == 0
