"""Flags of what cannot be true: by hand, at any time step, silent on what can be driven."""

import math

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
    # Of a step that turns further than half a turn nobody can tell which way it went.
    if not (np.abs(rollout.yaw_change) > np.pi / 2).any():
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


def test_a_fold_looks_for_a_slow_step_on_both_sides_of_the_corner():
    for steps in ([1, 0.45, 0.05, -1, -1], [1, 1, -0.05, -0.45, -1]):
        x = np.cumsum([0, *steps])
        assert flag("folds_back", poses(x, yaw=0 * x)) == 0


@pytest.mark.parametrize(("slowest", "expected"), [(0.009, 0), (0.011, 1)])
def test_at_a_high_rate_slow_is_half_a_metre_a_second(slowest, expected):
    x = np.cumsum([0, 0.6, 0.6, slowest, -0.6, -0.6])
    assert flag("folds_back", poses(x, yaw=0 * x, dt=0.02)) == expected


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


@pytest.mark.parametrize(("speed", "expected"), [(0.49, 0), (0.51, 1)])
def test_what_moves_slower_than_half_a_metre_a_second_contradicts_no_yaw(speed, expected):
    way, still = np.arange(40) * speed * 0.1, np.zeros(40)
    assert flag("moves_sideways", poses(still, way, yaw=still)) == expected
    told = Trajectory(-way, still, still, still + 1.0, 0.1)  # though the speed says forward
    assert flag("heads_against_motion", Rollout(told)) == expected


def zigzag(first, second, by, count=12):
    """A path of steps that turn left and right by an angle in turn; its yaw turns steadily left."""
    direction = np.cumsum(np.resize([by, -by], count))
    step = np.resize([first, second], count)
    x, y = np.cumsum(step * np.cos(direction)), np.cumsum(step * np.sin(direction))
    return poses(np.append(0, x), np.append(0, y), yaw=0.05 * np.arange(count + 1))


def test_slow_steps_do_not_tell_which_way_a_path_turns():
    """Fast after slow turns right, slow after fast left: half of the pairs must not count alone."""
    for slow, fast in ((0.03, 0.5), (0.5, 0.03)):
        for by in (0.3, -0.3):
            assert flag("mirrored", zigzag(slow, fast, by)) == 0


def test_a_path_that_folds_does_not_tell_which_way_it_turns():
    """Six corners of 130° to the right, six of 10° to the left: what counts turns left."""
    corners = np.radians(np.resize([-130.0, 10.0], 12))
    direction = np.cumsum(corners)
    x, y = np.cumsum(np.cos(direction)), np.cumsum(np.sin(direction))
    yaw = np.cumsum(np.full(12, 0.1))
    assert flag("mirrored", poses(x, y, yaw=yaw)) == 0
    assert flag("mirrored", poses(x, y, yaw=-yaw)) == 1


def test_steps_of_more_than_a_turn_tell_no_direction():
    """The chord of such a step may lead backwards: 8.25 rad in each of these."""
    spin = rollkit.rollout(Actions(np.zeros(8), np.full(8, 0.33), 1.0), State(speed=25.0), "exact")
    assert flag("heads_against_motion", spin) == 0
    assert flag("reverses", spin) == 0


def loop(trajectory):
    """The same flags by plain loops, written from their definitions."""
    t, steps = trajectory, range(trajectory.steps)
    chord = [math.dist((t.x[i], t.y[i]), (t.x[i + 1], t.y[i + 1])) for i in steps]
    way = [math.atan2(t.y[i + 1] - t.y[i], t.x[i + 1] - t.x[i]) for i in steps]
    middle = [(t.yaw[i] + t.yaw[i + 1]) / 2 for i in steps]
    off = [abs(math.remainder(way[i] - middle[i], 2 * math.pi)) for i in steps]
    driven = [least(chord[i], 0.5 * t.dt) for i in steps]
    counts = [driven[i] and abs(t.yaw[i + 1] - t.yaw[i]) < math.pi for i in steps]
    against = sideways = path = yaw = 0.0
    for i in steps:
        forward = least((t.speed[i] + t.speed[i + 1]) / 2, 0.5)
        if counts[i] and math.cos(off[i]) < -1e-3 and (forward or least(chord[i], 5 * t.dt)):
            against += chord[i]
        if counts[i] and least(math.sin(off[i]), 0.5):
            sideways += chord[i]
    for i in range(t.steps - 1):
        turn = math.remainder(way[i + 1] - way[i], 2 * math.pi)
        if driven[i] and driven[i + 1] and max(abs(turn), abs(middle[i + 1] - middle[i])) < FOLD:
            path, yaw = path + turn, yaw + middle[i + 1] - middle[i]
    return {
        "folds_back": folds(t, chord),
        "teleports": jumps(t, chord),
        "heads_against_motion": least(against, 1.0),
        "moves_sideways": least(sideways, 1.0),
        "mirrored": least(min(abs(path), abs(yaw)), 0.2) and path * yaw < 0,
    }


FOLD = math.radians(120)


def least(value, threshold):
    return value >= 0.999 * threshold


def folds(t, chord):
    at, points = [*zip(t.x, t.y, strict=True)], [0]
    for i in range(1, len(at)):
        if least(math.dist(at[i], at[points[-1]]), 0.5):
            points.append(i)
    for a, b, c in zip(points, points[1:], points[2:], strict=False):
        ways = [math.atan2(at[j][1] - at[i][1], at[j][0] - at[i][0]) for i, j in ((a, b), (b, c))]
        turned = abs(math.remainder(ways[1] - ways[0], 2 * math.pi))
        if turned > FOLD and least(min(chord[a:c]), max(0.5 * t.dt, 10 * t.dt**2)):
            return True
    return False


def jumps(t, chord):
    for i, step in enumerate(chord):
        before, after = chord[max(0, i - 2) : i], chord[i + 1 : i + 3]
        explained = max(min(before, default=0.0), min(after, default=0.0))
        alone = len(chord) == 1
        longer = least(step - explained, max(1.0, 20 * t.dt**2)) and least(step, 3 * explained)
        if least(step, 100 * t.dt) or (longer and not alone):
            return True
    return False


@pytest.mark.parametrize("dt", [0.005, 0.02, 0.1, 0.5, 1.0])
@pytest.mark.parametrize("steps", [1, 2, 3, 30])
def test_against_plain_loops(dt, steps):
    """Walks at random, and lines with stops, jumps and turns back; all a million metres away."""
    random = np.random.default_rng([int(1000 * dt), steps])
    for size in (0.3, 3.0, 30.0) * 8:
        step = random.normal(0, size * dt, (2, steps + 1))
        if random.random() < 0.5:
            step[0] = size * dt * random.choice([0, 0.1, 1, 1, 1, -1, 5], steps + 1)
            step[1] *= 0.05
        yaw = np.cumsum(random.normal(0, 0.3, steps + 1)) * random.choice([0.1, 1, 10])
        x, y = 1e6 + np.cumsum(step, axis=-1)
        trajectory = Trajectory(x, y, yaw, random.normal(0, 2, steps + 1), dt)
        got = rollkit.evaluate(Rollout(trajectory), FLAGS)
        for name, expected in loop(trajectory).items():
            if np.isfinite(got[name]):
                assert got[name] == expected, name
            else:
                assert steps == 1
                assert name in ("folds_back", "mirrored")
