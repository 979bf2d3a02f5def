"""What holds of the comfort of nuPlan and NAVSIM, and what only of the corrected one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rollkit
from rollkit import Rollout, Trajectory, Vehicle
from rollkit_presets import _nuplan_signals as theirs
from rollkit_presets import _odd_windows as right

BOTH = pytest.mark.parametrize("module", [theirs, right], ids=["faithful", "corrected"])
DT, COUNT, LEVER = 0.1, 60, 1.461
TIME = np.arange(COUNT) * DT
STILL = np.zeros(COUNT)


def signals(module, *, accel=STILL, lateral=STILL, yaw=STILL, rate=STILL, turning=STILL, dt=DT):
    return module.comfort_signals(accel, lateral, yaw, rate, turning, dt, LEVER)


def circle(speed=10.0, radius=20.0):
    """A steady circle to the left, of the rear axle."""
    rate = np.full(COUNT, speed / radius)
    return signals, {"lateral": rate * speed, "yaw": rate * TIME, "rate": rate}


@BOTH
def test_a_steady_circle(module):
    """Radius 20 m at 10 m/s: ω = 0.5, a = 5 across, |da/dt| = ω a = 2.5."""
    _, state = circle()
    found = signals(module, **state)
    centripetal = LEVER * 0.25
    ahead, jerk = (centripetal, 0.0) if module is theirs else (-centripetal, 2.5)
    for name, value in {
        "lon_accel": ahead,
        "lat_accel": 5.0,
        "jerk": jerk,
        "lon_jerk": 0.0,
        "yaw_accel": 0.0,
        "yaw_rate": 0.5,
    }.items():
        np.testing.assert_allclose(found[name], value, atol=1e-8, err_msg=name)


@BOTH
def test_winding_into_a_turn(module):
    """ω = 0.1 t, so α = 0.1: it is across at the centre, and theirs puts it ahead."""
    state = {"yaw": 0.05 * TIME**2, "rate": 0.1 * TIME, "turning": STILL + 0.1}
    found = signals(module, **state)
    ahead, across = (0.1, 0.0) if module is theirs else (0.0, 0.1)
    sign = 1 if module is theirs else -1
    # A parabola is kept; read half a step on by the even window, but for the ends.
    at = TIME + (DT / 2 if module is theirs else 0.0)
    inner = slice(4, -4)
    expected = LEVER * (ahead + sign * (0.1 * at) ** 2)
    np.testing.assert_allclose(found["lon_accel"][inner], expected[inner], atol=1e-8)
    np.testing.assert_allclose(found["lat_accel"], LEVER * across, atol=1e-8)
    np.testing.assert_allclose(found["yaw_accel"], 0.1, atol=1e-8)


@BOTH
def test_an_even_window_is_half_a_step_early(module):
    accel = 0.3 * TIME
    found = signals(module, accel=accel)["lon_accel"]
    early = 0.3 * DT / 2 if module is theirs else 0.0
    np.testing.assert_allclose(found[4:-4], accel[4:-4] + early, atol=1e-8)
    np.testing.assert_allclose(found[[0, 3, -1]], accel[[0, 3, -1]], atol=1e-8)


@BOTH
def test_a_vector_that_turns_against_the_body(module):
    """Straight on, 2 m/s² that swing from ahead to the left: |da/dt| is 2 φ', the length stays."""
    angle = 0.4 * TIME
    found = signals(module, accel=2 * np.cos(angle), lateral=2 * np.sin(angle))["jerk"]
    np.testing.assert_allclose(found[10:-10], 0.0 if module is theirs else 0.8, atol=0.01)


@BOTH
@given(seed=st.integers(0, 10_000), slope=st.floats(-1, 1))
def test_jumps_of_whole_turns_change_nothing(module, seed, slope):
    yaw = slope * TIME
    jumping = yaw + 2 * np.pi * np.random.default_rng(seed).integers(-2, 3, COUNT)
    plain, jumped = (signals(module, yaw=one) for one in (yaw, jumping))
    for name in ("yaw_rate", "yaw_accel"):
        np.testing.assert_allclose(jumped[name], plain[name], atol=1e-8)


@BOTH
@pytest.mark.parametrize("speed", [0.0, -5.0])
def test_standing_and_reversing_are_defined(module, speed):
    preset = "nuplan_comfort" if module is theirs else "nuplan_comfort_corrected"
    path = Trajectory(speed * TIME, STILL, STILL, STILL + speed, DT)
    found = rollkit.evaluate(Rollout(path), presets=[preset])
    assert found[preset] == 1
    assert not any(np.isnan(one) for one in found.values())


@pytest.mark.parametrize(
    "preset", ["nuplan_comfort", "nuplan_comfort_corrected", "navsim_comfort_corrected"]
)
@pytest.mark.parametrize("at", [0, 30, COUNT - 1])
def test_an_instant_that_nobody_saw_makes_it_undefined(preset, at):
    x, speed = 5 * TIME, STILL + 5
    x[at] = speed[at] = np.nan
    yaw = np.where(np.arange(COUNT) == at, np.nan, 0.0)
    found = rollkit.evaluate(Rollout(Trajectory(x, STILL, yaw, speed, DT)), presets=[preset])
    assert np.isnan(found[preset])
    assert np.isnan(found[f"{preset}_jerk_ok"])


@pytest.mark.parametrize(
    ("preset", "least"),
    [
        ("nuplan_comfort", 4),
        ("navsim_comfort", 4),
        ("nuplan_comfort_corrected", 5),
        ("navsim_comfort_corrected", 5),
    ],
)
def test_the_fewest_samples(preset, least):
    """Below, a cubic does not fit: SciPy refuses, and so would the project."""
    for count in (1, least - 1, least):
        some = slice(0, count)
        path = Trajectory(5 * TIME[some], STILL[some], STILL[some], STILL[some] + 5, DT)
        found = rollkit.evaluate(Rollout(path), presets=[preset])
        assert np.isnan(found[preset]) == (count < least)


def test_the_lever_is_the_vehicles_own():
    _, state = circle()
    recorded = {"accel": STILL, "lateral_accel": state["lateral"], "yaw_rate": state["rate"]}
    x, y = 20 * np.sin(state["yaw"]), -20 * np.cos(state["yaw"])
    path = Trajectory(x, y, state["yaw"], STILL + 10, DT, recorded=recorded)
    car = Vehicle(4.9, 2.1, 2.9, rear_axle_to_center=2.0)
    for vehicle, lever in ((None, 1.461), (car, 2.0)):
        found = rollkit.evaluate(
            Rollout(path, vehicle=vehicle), presets=["nuplan_comfort", "nuplan_comfort_corrected"]
        )
        assert found["nuplan_comfort_lon_accel"] == pytest.approx(lever * 0.25, abs=1e-8)
        corrected = found["nuplan_comfort_corrected_lon_accel"]
        assert corrected == pytest.approx(-lever * 0.25, abs=1e-8)
    at_center = rollkit.evaluate(
        Rollout(path, vehicle=car).at_point("center"), presets=["nuplan_comfort"]
    )
    plain = rollkit.evaluate(Rollout(path, vehicle=car), presets=["nuplan_comfort"])
    for name, value in plain.items():
        np.testing.assert_allclose(at_center[name], value, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("seed", range(3))
def test_the_corrected_acceleration_does_not_depend_on_the_rate(seed):
    """A parabola of time at 10, 20 and 50 Hz reads the same; theirs smooths another length."""
    slope, bend = np.random.default_rng(seed).uniform(-1, 1, 2)
    for dt in (0.1, 0.05, 0.02):
        time = np.arange(round(6 / dt) + 1) * dt
        still = 0 * time
        parabola = slope * time + bend * time**2
        found = right.comfort_signals(parabola, still, still, still, still, dt, LEVER)
        np.testing.assert_allclose(found["lon_accel"], parabola, atol=1e-9)
        np.testing.assert_allclose(found["lon_jerk"], slope + 2 * bend * time, atol=1e-7)


@pytest.mark.parametrize(
    ("seconds", "order", "dt", "count", "window"),
    [
        (0.8, 2, 0.1, 80, 9),
        (1.4, 2, 0.1, 80, 15),
        (0.4, 3, 0.1, 80, 5),
        (0.4, 3, 0.5, 80, 5),  # a cubic through five
        (0.4, 2, 0.5, 80, 3),
        (0.8, 2, 0.05, 80, 17),
        (1.4, 2, 0.1, 9, 9),
        (1.4, 2, 0.1, 8, 7),
    ],
)
def test_odd_windows(seconds, order, dt, count, window):
    assert right.odd_window(seconds, order, dt, count) == window


def test_float32_stays():
    state = [one.astype(np.float32) for one in (TIME, STILL, STILL, STILL, STILL)]
    for module in (theirs, right):
        found = module.comfort_signals(*state, DT, LEVER)
        assert {one.dtype for one in found.values()} == {np.dtype(np.float32)}


def test_windows_last_as_long_as_theirs_do_at_10_hz():
    lasting = (right.ACCEL_SECONDS, right.JERK_SECONDS, right.YAW_SECONDS)
    assert [right.odd_window(one, 2, 0.1, 80) for one in lasting] == [9, 15, 5]


@BOTH
def test_a_cubic_of_the_yaw_is_kept_to_its_ends(module):
    found = signals(module, yaw=0.05 * TIME**3)
    np.testing.assert_allclose(found["yaw_accel"], 0.3 * TIME, atol=1e-8)


def test_the_corrected_jerk_turns_as_the_yaw_does():
    """A recorded yaw rate carries to the centre; what is judged is made of the yaw."""
    _, state = circle()
    found = signals(right, **{**state, "rate": STILL})
    np.testing.assert_allclose(found["jerk"], 2.5, atol=1e-9)
