"""Labels of what a vehicle does: by hand, against a loop, one of a kind, sides, edges."""

import gc
import math
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rollkit
from rollkit import Actions, Rollout, State, Trajectory
from rollkit.plugins import Plugins
from rollkit.testing import plugin_checks, transforms
from rollkit.testing.strategies import rollouts

LONGITUDINAL = ("accelerates", "brakes", "steady", "stops", "reverses")
LATERAL = (
    "turns_left", "turns_right", "goes_straight", "changes_lane_left", "changes_lane_right",
)  # fmt: skip
SIDES = {
    "turns_left": "turns_right", "turns_right": "turns_left", "goes_straight": "goes_straight",
    "changes_lane_left": "changes_lane_right", "changes_lane_right": "changes_lane_left",
}  # fmt: skip


def told(rollout, kind):
    """The one label of a single rollout."""
    values = rollkit.evaluate(rollout, kind)
    (label,) = [name for name, value in values.items() if value == 1]
    assert all(value in (0, 1) for value in values.values())
    return label


def driven(accel, curvature=0.0, speed=8.0, seconds=4.0, dt=0.1, **pose):
    steps = round(seconds / dt)
    time = (np.arange(steps) + 0.5) * dt / seconds
    held = [one(time) if callable(one) else np.full(steps, one) for one in (accel, curvature)]
    return rollkit.rollout(Actions(*held, dt), State(speed=speed, **pose), "exact")


def swing(height):
    """Curvature to one side and back as long to the other, its place in time from 0 to 1."""
    return lambda time: np.where(time < 0.5, height, -height)


def poses(x, y=None, yaw=None, dt=0.1):
    x = np.asarray(x, dtype=float)
    y = np.zeros_like(x) if y is None else np.asarray(y, dtype=float)
    return Rollout(Trajectory.through(x, y, dt, yaw=yaw))


@pytest.mark.parametrize("plugin", ["longitudinal_action", "lateral_action"])
def test_conformance(plugin):
    for check in plugin_checks(plugin, max_examples=8, seed=1):
        check()


def test_the_bundle_brings_all_of_them():
    plugins = Plugins()
    plugins.load(["behaviour"])
    assert not plugins.failures
    assert set(plugins.metrics) > {*LONGITUDINAL, *LATERAL}
    for name, one in plugins.metrics.items():
        assert one.spec.unit == "1"
        assert one.spec.bounds == (0, 1)
        assert (one.spec.better is None) == (name in LONGITUDINAL + LATERAL)
        assert ("mirror" in one.spec.invariant_under) == (SIDES.get(name, name) == name)


@pytest.mark.parametrize("dt", [0.02, 0.05, 0.1, 0.2])
@pytest.mark.parametrize(
    ("rollout", "label"),
    [  # over 4 s, 0.5 m/s² are 2 m/s
        ({"accel": 0.5}, "accelerates"),
        ({"accel": 0.49}, "steady"),
        ({"accel": -0.49}, "steady"),
        ({"accel": -0.5}, "brakes"),
        ({"accel": -1.8}, "brakes"),  # ends at 0.8 m/s
        ({"accel": -1.9}, "stops"),  # ends at 0.4 m/s
        ({"accel": -5.0}, "stops"),
        ({"accel": 0.0, "speed": 0.0}, "stops"),
        ({"accel": 1.0, "speed": 0.0}, "accelerates"),
        ({"accel": 0.4, "speed": 0.0}, "steady"),
        ({"accel": lambda time: np.where(time < 0.5, 2.0, -2.0)}, "steady"),
    ],
)
def test_longitudinal_by_hand_at_any_time_step(rollout, label, dt):
    assert told(driven(**rollout, dt=dt), LONGITUDINAL) == label


def test_a_speed_change_must_be_one_within_a_short_horizon_too():
    assert told(driven(accel=2.0, seconds=0.2), LONGITUDINAL) == "steady"  # 0.4 m/s in all
    assert told(driven(accel=3.0, seconds=0.2), LONGITUDINAL) == "accelerates"  # 0.6 m/s


def test_never_away_from_its_place_is_a_stop_whatever_the_speeds_say():
    for way, longitudinal, lateral in ((0.29, "stops", "goes_straight"),
                                       (0.31, "steady", "turns_left")):  # fmt: skip
        angle = np.linspace(0, 0.5, 6)  # at 0.6 m/s
        x, y = way * np.sin(angle) / 0.5, way * (1 - np.cos(angle)) / 0.5
        rollout = poses(x / 0.99, y / 0.99, yaw=angle)
        assert told(rollout, LONGITUDINAL) == longitudinal
        assert told(rollout, LATERAL) == lateral


@pytest.mark.parametrize("dt", [0.05, 0.1, 0.5])
def test_reverse_is_a_net_way_of_a_metre(dt):
    time = np.arange(0, 4 + dt / 2, dt)
    yaw = np.full_like(time, 0.7)
    for way, label in ((-0.9, "steady"), (-1.1, "reverses"), (-8.0, "reverses")):
        # At an even speed, so that it neither stops nor changes its speed.
        x, y = way * time / 4 * np.cos(0.7), way * time / 4 * np.sin(0.7)
        speed = np.full_like(time, -0.6 if way > -1 else way / 4)
        rollout = Rollout(Trajectory(x, y, yaw, speed, dt))
        assert told(rollout, LONGITUDINAL) == label
    there_and_back = np.concatenate([np.linspace(0, 3, 20), np.linspace(2.9, 0, 20)])
    back_and_there = poses(-there_and_back, yaw=np.zeros(40), dt=dt)
    assert told(back_and_there, LONGITUDINAL) != "reverses"


@pytest.mark.parametrize("dt", [0.02, 0.05, 0.1, 0.2])
@pytest.mark.parametrize(
    ("rollout", "label"),
    [  # 8 m/s for 4 s are 32 m; 20° are 0.349 rad, 0.01091 1/m over that
        ({"curvature": 0.0}, "goes_straight"),
        ({"curvature": 0.0110}, "turns_left"),
        ({"curvature": 0.0108}, "goes_straight"),  # a bend, though it ends 5.4 m aside
        ({"curvature": -0.05}, "turns_right"),
        # Two arcs of 16 m: aside by nearly κ 16² = 3.07 m and 1.8 m
        ({"curvature": swing(0.012)}, "changes_lane_left"),
        ({"curvature": swing(-0.012)}, "changes_lane_right"),
        ({"curvature": swing(0.007)}, "goes_straight"),
        ({"curvature": swing(0.025)}, "goes_straight"),  # 6.4 m: where the road leads
        # a lane change in a steady bend, a bend that begins late
        ({"curvature": lambda time: swing(0.012)(time) + 0.003}, "changes_lane_left"),
        ({"curvature": lambda time: np.where(time < 0.5, 0, 0.02)}, "goes_straight"),
        ({"curvature": 0.2, "speed": 0.0}, "goes_straight"),
        ({"curvature": 0.1, "accel": -2.0}, "turns_left"),
    ],
)
def test_lateral_by_hand_at_any_time_step(rollout, label, dt):
    rollout = {"accel": 0.0} | rollout
    assert told(driven(**rollout, dt=dt), LATERAL) == label


def test_a_late_bend_ends_far_aside_and_is_no_lane_change():
    """The example above is one: 16 m straight on, then 16 m of bend, 2 m aside of the middle."""
    late = driven(0.0, lambda time: np.where(time < 0.5, 0, 0.02)).trajectory
    middle = late.yaw[-1] / 2
    offset = late.y[-1] * math.cos(middle) - late.x[-1] * math.sin(middle)
    assert offset < -2


def test_countersteering_into_a_bend_is_no_lane_change():
    def curvature(time):
        return np.select([time < 0.2, time < 0.4, time < 0.6], [0.005, -0.005, 0.0], -0.02)

    late = driven(0.0, curvature, seconds=5.0)
    assert np.degrees(late.trajectory.yaw.max()) > 2
    assert told(late, LATERAL) == "goes_straight"


def test_a_swing_of_less_than_a_degree_is_scatter_of_the_yaw():
    for degrees, label in ((0.9, "goes_straight"), (1.1, "changes_lane_left")):
        slow_change = swing(np.radians(degrees) / 135)  # two arcs of 135 m, 2.1 and 2.6 m aside
        assert told(driven(0.0, slow_change, speed=45.0, seconds=6.0), LATERAL) == label


def test_a_turn_in_reverse_is_a_turn_of_the_yaw():
    angle = np.linspace(0, np.pi / 2, 41)
    back = poses(-6 * np.sin(angle), 6 * np.cos(angle), yaw=angle)
    assert told(back, LATERAL) == "turns_left"
    assert told(back, LONGITUDINAL) == "reverses"


@pytest.mark.parametrize("dt", [0.05, 0.1])
@pytest.mark.parametrize("given_yaw", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_scatter_at_a_standstill_is_a_stop_and_straight(dt, given_yaw, seed):
    random = np.random.default_rng(seed)
    x, y = random.uniform(-0.01, 0.01, (2, 65)) + np.array([[431200.0], [3700.0]])
    yaw = 2.0 + random.normal(0, 0.02, 65) if given_yaw else None
    rollout = poses(x, y, yaw, dt)
    assert told(rollout, LONGITUDINAL) == "stops"
    assert told(rollout, LATERAL) == "goes_straight"


@pytest.mark.parametrize("seed", range(5))
def test_scatter_before_and_after_driving_is_no_turn(seed):
    random = np.random.default_rng(seed)
    clean = driven(lambda time: np.where(time < 0.5, 2.0, -2.0), speed=0.0, seconds=6.0)
    still = np.zeros(20)
    x = np.concatenate([still, clean.trajectory.x, still + clean.trajectory.x[-1]])
    scattered = poses(*(random.uniform(-0.01, 0.01, (2, x.size)) + np.stack([x, 0 * x])))
    assert told(scattered, LONGITUDINAL) == "stops"
    assert told(scattered, LATERAL) == "goes_straight"


def test_the_heading_halfway_is_that_of_the_drive_not_of_the_stand_before():
    """A yaw that jumps by 1.5 rad while the vehicle stands is no part of the way that follows."""
    drive = driven(0.0, swing(0.012)).trajectory
    still = np.ones(10)
    x, y, yaw, speed = (
        np.concatenate([start * still, one])
        for start, one in ((0, drive.x), (0, drive.y), (-1.5, drive.yaw), (0, drive.speed))
    )
    speed[10] = 0.0
    rollout = Rollout(Trajectory(x, y, yaw, speed, 0.1))
    assert told(rollout, LATERAL) == "changes_lane_left"


@given(rollouts(min_steps=2))
def test_exactly_one_label_of_each_kind(rollout):
    for kind in (LONGITUDINAL, LATERAL):
        values = rollkit.evaluate(rollout, kind)
        np.testing.assert_array_equal(sum(values.values()), np.ones(rollout.batch))


@given(rollouts(min_steps=2))
def test_the_mirror_image_swaps_left_and_right(rollout):
    plain = rollkit.evaluate(rollout, LATERAL)
    image = rollkit.evaluate(transforms.mirror(rollout), LATERAL)
    for name, other in SIDES.items():
        np.testing.assert_array_equal(image[other], plain[name])


@given(
    st.floats(0.0, 30.0), st.floats(-4, 4), st.floats(-0.03, 0.03), st.floats(-0.03, 0.03),
    st.floats(-3, 3),
)  # fmt: skip
def test_against_a_plain_loop(speed, accel, first, second, angle):
    rollout = driven(
        accel, lambda time: np.where(time < 0.5, first, second), speed=speed, yaw=angle, x=9.0
    )
    assert told(rollout, LONGITUDINAL) == longitudinal_loop(rollout)
    assert told(rollout, LATERAL) == lateral_loop(rollout)


def far(trajectory):
    start = trajectory.x[0], trajectory.y[0]
    return max(math.dist(start, at) for at in zip(trajectory.x, trajectory.y, strict=True))


def longitudinal_loop(rollout):
    t = rollout.trajectory
    way = 0.0
    for i in range(rollout.steps):
        middle = (t.yaw[i] + t.yaw[i + 1]) / 2
        if abs(t.yaw[i + 1] - t.yaw[i]) < math.pi:
            dx, dy = t.x[i + 1] - t.x[i], t.y[i + 1] - t.y[i]
            way += dx * math.cos(middle) + dy * math.sin(middle)
    change, least = t.speed[-1] - t.speed[0], 0.4995 * max(1, rollout.steps * rollout.dt)
    if way <= -0.999:
        return "reverses"
    if abs(t.speed[-1]) < 0.4995 or far(t) < 0.2997:
        return "stops"
    if abs(change) < least:
        return "steady"
    return "accelerates" if change > 0 else "brakes"


def lateral_loop(rollout):
    t = rollout.trajectory
    heading, start = [0.0], None
    for i in range(rollout.steps):
        moves = (abs(t.speed[i]) + abs(t.speed[i + 1])) / 2 >= 0.4995 and far(t) >= 0.2997
        start = t.yaw[i] if moves and start is None else start
        heading.append(heading[-1] + (t.yaw[i + 1] - t.yaw[i] if moves else 0))
    if start is None:
        return "goes_straight"
    if abs(heading[-1]) >= 0.999 * math.radians(20):
        return "turns_left" if heading[-1] > 0 else "turns_right"
    middle = start + heading[-1] / 2
    aside = (t.y[-1] - t.y[0]) * math.cos(middle) - (t.x[-1] - t.x[0]) * math.sin(middle)
    left, right = max(heading) - max(heading[-1], 0), min(heading[-1], 0) - min(heading)
    seen = abs(aside) / math.dist((t.x[0], t.y[0]), (t.x[-1], t.y[-1]))
    least = 0.999 * max(math.radians(1), seen / 2)
    if 1.998 <= aside < 5.994 and left >= least:
        return "changes_lane_left"
    if 1.998 <= -aside < 5.994 and right >= least:
        return "changes_lane_right"
    return "goes_straight"


@pytest.mark.parametrize("signal", range(4))
@pytest.mark.parametrize("at", [0, 20, 40])
def test_an_instant_that_is_missing_leaves_its_row_untold(signal, at):
    whole = driven(0.0, 0.02).trajectory
    signals = [np.stack([one, one]) for one in (whole.x, whole.y, whole.yaw, whole.speed)]
    signals[signal][0, at] = np.nan
    values = rollkit.evaluate(Rollout(Trajectory(*signals, 0.1)), [*LONGITUDINAL, *LATERAL])
    for name, value in values.items():
        assert np.isnan(value[0]), name
        assert value[1] == (name in ("steady", "turns_left"))


def test_what_is_remembered_belongs_to_its_trajectory():
    turn, straight = driven(0.0, 0.05), driven(0.0)
    for _ in range(2):
        assert told(turn, LATERAL) == "turns_left"
        assert told(straight, LATERAL) == "goes_straight"
        assert told(turn.until(5), LATERAL) == "goes_straight"


def test_nothing_that_is_remembered_keeps_a_trajectory():
    rollout = driven(0.0, 0.05)
    rollkit.evaluate(rollout, [*LONGITUDINAL, *LATERAL])
    gone = weakref.ref(rollout.trajectory)
    del rollout
    gc.collect()
    assert gone() is None
