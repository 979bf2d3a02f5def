"""The baselines: exact where what they hold was constant, and their limits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rollkit
from rollkit import Actions, DataError, State, Trajectory, UsageError
from rollkit.plugins import Plugins
from rollkit.testing import reference

NAMES = ("constant_velocity", "constant_yaw_rate", "hold_last_action", "stationary")
MOVING = NAMES[:3]
FIELDS = ("x", "y", "yaw", "speed")
CURVATURES = st.integers(-1000, 1000).map(lambda drawn: drawn / 10_000)


def predicted(name, history, steps=20):
    got = Plugins().baseline(name).spec.function(history, steps)
    assert got.dt == history.dt
    assert got.x.shape == (*history.batch, steps + 1)
    for field in FIELDS[:3]:
        start = getattr(history, field)[..., -1]
        np.testing.assert_array_equal(getattr(got, field)[..., 0], start)
    return got


def split(accel, curvature, speed, dt, instants=16, steps=20, yaw=0.3):
    """One drive with constant actions, as history and future; speeds from the kit's own loop."""
    total = instants - 1 + steps
    actions = Actions(np.full(total, accel), np.full(total, curvature), dt)
    whole = reference.drive(State(3.0, -4.0, yaw, speed), actions)
    history = Trajectory(*(getattr(whole, one)[:instants] for one in FIELDS), dt)
    future = Trajectory(*(getattr(whole, one)[instants - 1 :] for one in FIELDS), dt)
    return history, future


def without_speed(history):
    return Trajectory(
        history.x, history.y, history.yaw, np.full_like(history.x, np.nan), history.dt
    )


def same(got, expected, atol=1e-9):
    for field in FIELDS:
        np.testing.assert_allclose(
            getattr(got, field), getattr(expected, field), rtol=0, atol=atol, err_msg=field
        )


def test_asked_for_by_name_only_its_own_plugin_is_loaded():
    plugins = Plugins()
    for count, name in enumerate(NAMES, 1):
        assert plugins.baseline(name.replace("_", "-")).spec.name == name
        assert len(plugins.origins) == count


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("dt", [0.02, 0.1, 0.5])
@given(st.floats(0.0, 40.0), st.floats(-3, 3))
def test_exact_after_driving_straight_on(dt, known, speed, yaw):
    history, future = split(0.0, 0.0, speed, dt, yaw=yaw)
    history = history if known else without_speed(history)
    for name in MOVING:
        same(predicted(name, history), future)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("dt", [0.02, 0.1, 0.5])
@given(st.floats(0.6, 30.0), CURVATURES)
def test_exact_after_a_steady_turn(dt, known, speed, curvature):
    history, future = split(0.0, curvature, speed, dt)
    history = history if known else without_speed(history)
    for name in ("constant_yaw_rate", "hold_last_action"):
        same(predicted(name, history), future)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("dt", [0.05, 0.1])
@given(st.floats(5.0, 20.0), st.floats(-2.5, 3.0), CURVATURES)
def test_exact_after_a_constant_acceleration_and_curvature(dt, known, speed, accel, curvature):
    """Some of these come to a stop inside a step of the future."""
    history, future = split(accel, curvature, speed, dt, steps=60)
    history = history if known else without_speed(history)
    same(predicted("hold_last_action", history, 60), future, atol=1e-8 if not known else 1e-9)


def test_by_hand():
    yaw = np.array([-0.2, -0.1, 0.0])
    history = Trajectory([-2.0, -1, 0], [0.0, 0, 0], yaw, [3.0, 4, 5], 1.0)
    straight = predicted("constant_velocity", history, 2)
    np.testing.assert_allclose(straight.x, [0, 5, 10], atol=1e-12)
    np.testing.assert_allclose(straight.speed, [5, 5, 5], atol=1e-12)
    arc = predicted("constant_yaw_rate", history, 2)
    np.testing.assert_allclose(arc.yaw, [0, 0.1, 0.2], atol=1e-12)
    np.testing.assert_allclose(arc.x, 50 * np.sin([0, 0.1, 0.2]), atol=1e-12)
    np.testing.assert_allclose(arc.y, 50 - 50 * np.cos([0, 0.1, 0.2]), atol=1e-12)
    held = predicted("hold_last_action", history, 2)
    np.testing.assert_allclose(held.speed, [5, 6, 7], atol=1e-12)
    # In the 2 s before, 8 m: 3.5 m and 4.5 m. The line through yaw over way has the slope 0.02484.
    way = np.array([-8.0, -4.5, 0.0])
    slope = np.polyfit(way, yaw, 1)[0]
    np.testing.assert_allclose(held.yaw, np.array([0, 5.5, 12.0]) * slope, atol=1e-12)
    still = predicted("stationary", history, 2)
    assert (still.x == 0).all()
    assert (still.speed == 0).all()


@pytest.mark.parametrize("dt", [0.1, 0.3])
def test_noise_is_smoothed_by_a_line_through_half_a_second(dt):
    random = np.random.default_rng(5)
    time = np.arange(-15, 1) * dt
    speed = 8 + random.normal(0, 0.2, (50, 16))
    history = Trajectory(8 * time + 0 * speed, 0 * speed, 0 * speed, speed, dt)
    got = predicted("hold_last_action", history, 1)
    last = max(3, round(0.5 / dt) + 1)
    for row in range(50):
        slope, value = np.polyfit(time[-last:], speed[row, -last:], 1)
        assert got.speed[row, 0] == pytest.approx(value)
        assert got.speed[row, 1] == pytest.approx(value + slope * dt)


def test_braking_ends_inside_a_step_and_stays():
    history, _ = split(-3.0, 0.05, 10.0, 0.1, instants=21, steps=1)  # at 4 m/s
    got = predicted("hold_last_action", history, 40)
    way = np.hypot(*(np.diff(one) for one in (got.x, got.y)))
    assert got.speed[13] == pytest.approx(0.1)
    assert (got.speed[14:] == 0).all()
    assert way[:14].sum() == pytest.approx(16 / 6, rel=1e-3)  # v²/2a, chords a little shorter
    assert (way[14:] == 0).all()
    assert got.yaw[-1] - got.yaw[0] == pytest.approx(0.05 * 16 / 6)


def test_in_reverse_braking_ends_at_standstill_too():
    time = np.arange(-10, 1) * 0.1
    history = Trajectory(-2 * time + time**2 / 2, 0 * time, 0 * time, -2 + time, 0.1)
    faster = predicted("hold_last_action", history, 30)
    assert faster.speed[-1] == pytest.approx(1.0 * 0 - 2 + 3.0) or faster.speed[-1] == 0
    assert faster.speed.max() == 0
    assert faster.x[-1] == pytest.approx(-2.0)


@pytest.mark.parametrize("name", MOVING)
@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("brake", "dt"), [(4.0, 0.1), (9.8, 0.1), (20.0, 0.1), (4.0, 0.5), (4.0, 1.0)]
)
def test_one_that_came_to_a_stop_stands(name, way, known, brake, dt):
    """The line through braking and standing goes on below 0; the vehicle does not reverse."""
    speed = way * np.maximum(0, brake * dt * np.arange(4, -3, -1))
    x = np.concatenate([[0.0], np.cumsum((speed[1:] + speed[:-1]) / 2 * dt)])
    history = Trajectory(x, 0 * x, 0 * x, speed, dt)
    got = predicted(name, history if known else without_speed(history), 50)
    assert (got.speed == 0).all()
    assert (got.x == x[-1]).all()


@pytest.mark.parametrize("accel", [-6.0, -1.5, 6.0])
def test_one_that_changed_into_reverse_goes_on_in_reverse(accel):
    """Through 0 in the middle of the half second: it ends where it began, and has not stood."""
    time = np.arange(-8, 1) * 0.1
    speed = accel * (time + 0.4)
    x = accel * (time + 0.4) ** 2 / 2
    yaw = 0.3 + 0.2 * time
    got = predicted("constant_yaw_rate", Trajectory(x, 0 * x, yaw, speed, 0.1), 10)
    np.testing.assert_allclose(got.speed, accel * 0.4)
    if abs(accel) > 2:  # else it is slower than 0.5 m/s on average
        np.testing.assert_allclose(got.yaw, 0.3 + 0.02 * np.arange(11))


def test_where_forward_and_back_cancel_it_has_not_stood():
    speed = np.array([2.0, 1.2, 0.4, -0.4, -1.2, -2.0])
    x = np.concatenate([[0.0], np.cumsum((speed[1:] + speed[:-1]) / 2 * 0.1)])
    history = Trajectory(x, 0 * x, 0.1 * np.arange(6), speed, 0.1)
    got = predicted("constant_yaw_rate", history, 5)
    np.testing.assert_allclose(got.yaw, 0.5 + 0.1 * np.arange(6))


@pytest.mark.parametrize("name", ["constant_yaw_rate", "hold_last_action"])
def test_a_standing_vehicle_does_not_turn_on_the_spot(name):
    random = np.random.default_rng(1)
    noise = random.normal(0, 0.02, 16)
    history = Trajectory(np.zeros(16), np.zeros(16), noise, np.zeros(16), 0.1)
    got = predicted(name, history)
    assert (got.yaw == noise[-1]).all()
    assert (got.x == 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_how_little_history_is_enough(name):
    enough = dict(zip(NAMES, (2, 2, 3, 1), strict=True))[name]
    for instants in (1, 2, 3):
        unknown = np.full(instants, np.nan)
        x = np.arange(instants, dtype=float)
        history = Trajectory(x, 0 * x, 0 * x, unknown, 0.1)
        if instants >= enough:
            assert np.isfinite(predicted(name, history, 3).x).all()
            continue
        with pytest.raises(DataError, match=f"{name}.*{instants} instants, expected {enough}"):
            predicted(name, history, 3)


def test_one_instant_with_its_speed_is_enough_for_a_constant_velocity():
    history = Trajectory([1.0], [2.0], [np.pi / 2], [4.0], 0.5)
    got = predicted("constant_velocity", history, 2)
    np.testing.assert_allclose(got.y, [2, 4, 6])
    for name in ("constant_yaw_rate", "hold_last_action"):
        with pytest.raises(DataError, match="expected"):
            predicted(name, history, 2)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("steps", [0, -1, 1.5, True, None])
def test_steps_that_are_none(name, steps):
    history, _ = split(0.0, 0.0, 5.0, 0.1)
    with pytest.raises(UsageError, match="expected a whole number >= 1"):
        Plugins().baseline(name).spec.function(history, steps)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_missing_stays_in_its_row(name):
    history, _ = split(0.0, 0.02, 8.0, 0.1)
    signals = [np.stack([getattr(history, one)] * 4) for one in FIELDS]
    signals[0][1, -1] = signals[1][1, -1] = np.nan  # no last position
    for one in signals:
        one[2, :-1] = np.nan  # nothing but the last instant
        one[3, -3] = np.nan  # a gap
    rows = predicted(name, Trajectory(*signals, 0.1))
    alone = predicted(name, history)
    np.testing.assert_allclose(rows.x[0], alone.x, atol=1e-12)
    np.testing.assert_allclose(rows.x[3], alone.x, atol=1e-9)
    assert np.isnan(rows.x[1, 1:]).all()
    told = {"constant_velocity", "stationary"}
    assert np.isfinite(rows.x[2, 1:]).all() == (name in told)


@pytest.mark.parametrize("name", NAMES)
def test_any_batch_and_any_layout(name):
    random = np.random.default_rng(3)
    x, y, yaw = (np.cumsum(random.normal(0.3, 0.1, (100, 2, 12)), axis=-1) for _ in range(3))
    speed = random.uniform(2, 9, (100, 2, 12))
    whole = predicted(name, Trajectory(x, y, yaw, speed, 0.1), 5)
    turned = [np.asfortranarray(one) for one in (x, y, yaw, speed)]
    other = predicted(name, Trajectory(*turned, 0.1), 5)
    row = predicted(name, Trajectory(x[7, 1], y[7, 1], yaw[7, 1], speed[7, 1], 0.1), 5)
    for field in FIELDS:
        np.testing.assert_allclose(getattr(other, field), getattr(whole, field), rtol=1e-12)
        np.testing.assert_allclose(getattr(row, field), getattr(whole, field)[7, 1], rtol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_single_precision_comes_out_as_it_goes_in(name):
    history, _ = split(0.5, 0.02, 8.0, 0.1)
    single = Trajectory(*(np.float32(getattr(history, one)) for one in FIELDS), 0.1)
    got = predicted(name, single)
    assert {getattr(got, one).dtype for one in FIELDS} == {np.dtype(np.float32)}
    same(got, predicted(name, history), atol=1e-3)


def test_the_metrics_take_what_they_predict():
    history, future = split(0.0, 0.05, 8.0, 0.1)
    got = predicted("constant_velocity", history)
    rollout = rollkit.Rollout(got, reference=future)
    assert rollkit.evaluate(rollout, ["path_length"])["path_length"] == pytest.approx(16.0)
    assert math.isclose(rollout.deviation[-1], np.hypot(*(rollout.error_x, rollout.error_y))[-1])
