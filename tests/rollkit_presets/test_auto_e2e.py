"""auto_e2e's comfort: a plain loop, drives worked by hand, and the speed that is owed."""

import math
from itertools import pairwise

import numpy as np
import pytest

import rollkit
from rollkit import Actions, Rollout, State, Trajectory
from rollkit.declare import spec_of
from rollkit_presets.auto_e2e import auto_e2e_comfort, auto_e2e_comfort_corrected

PRESETS = (auto_e2e_comfort, auto_e2e_comfort_corrected)


def driven(accel, curvature, *, speed=10.0, dt=0.1):
    accel, curvature = np.broadcast_arrays(np.asarray(accel, float), np.asarray(curvature, float))
    start = State(speed=np.broadcast_to(np.asarray(speed, float), accel.shape[:-1]))
    return rollkit.rollout(Actions(accel, curvature, dt), start)


def read(rollout, preset):
    """The values of a preset's metrics, without its name."""
    values = rollkit.evaluate(rollout, [preset])
    name = preset.__name__
    return {key.removeprefix(name).removeprefix("_"): one for key, one in values.items()}


def looped(accel, curvature, speed, dt, *, total):
    """The signals of one rollout, one step after the other."""
    signals = {name: [] for name in ("lon_accel", "lat_accel", "yaw_rate")}
    owed = end = speed
    for a, kappa in zip(accel, curvature, strict=True):
        owed, before = owed + a * dt, end
        end = max(0.0, owed if total else end + a * dt)
        v = end if total else (before + end) / 2
        signals["lon_accel"].append(a)
        signals["lat_accel"].append(v * v * kappa)
        signals["yaw_rate"].append(v * kappa)
    change = {name: [(b - a) / dt for a, b in pairwise(one)] for name, one in signals.items()}
    signals["yaw_accel"], signals["lon_jerk"] = change["yaw_rate"], change["lon_accel"]
    vector = [complex(*one) for one in zip(change["lon_accel"], change["lat_accel"], strict=True)]
    if not total:  # the axes turn under the vector
        held = map(complex, signals["lon_accel"], signals["lat_accel"])
        turned = zip(pairwise(held), pairwise(signals["yaw_rate"]), strict=True)
        vector = [
            one + 1j * (w0 + w1) / 2 * (a0 + a1) / 2
            for one, ((a0, a1), (w0, w1)) in zip(vector, turned, strict=True)
        ]
    signals["jerk"] = [abs(one) for one in vector]
    return signals


LIMITS = {
    "lon_accel": (-4.05, 2.40),
    "lat_accel": (-4.89, 4.89),
    "yaw_rate": (-0.95, 0.95),
    "yaw_accel": (-1.93, 1.93),
    "lon_jerk": (-4.13, 4.13),
    "jerk": (0, 8.37),
}


@pytest.mark.parametrize("preset", PRESETS)
def test_signals_and_verdicts_are_those_of_a_plain_loop(preset):
    random = np.random.default_rng(2)
    accel = np.cumsum(random.normal(0, 0.15, (60, 64)), axis=-1) - 2.0
    accel[:, 30:] += np.linspace(0, 5, 34)  # braked to a stand, some of them, and on again
    curvature = np.cumsum(random.normal(0, 0.025, (60, 64)), axis=-1)
    curvature *= np.linspace(1, 0.3, 60)[:, np.newaxis]
    speed = random.uniform(0, 6, 60)
    rollout = driven(accel, curvature, speed=speed)
    ours, values = preset(rollout), read(rollout, preset)
    passed = {name: np.ones(60) for name in LIMITS}
    for row in range(60):
        told = looped(accel[row], curvature[row], speed[row], 0.1, total=preset is auto_e2e_comfort)
        for name, (low, high) in LIMITS.items():
            got, expected = ours[name].values[row], told[name]
            np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9, err_msg=name)
            passed[name][row] = not any(one < low or one > high for one in expected)
    for name, one in passed.items():
        np.testing.assert_array_equal(values[f"{name}_ok"], one, err_msg=name)
        assert 0 < one.mean() < 1, f"{name} tells nothing"
    np.testing.assert_array_equal(values[""], np.minimum.reduce(list(passed.values())))


def test_a_turn_by_hand():
    """11 m/s at the end of the step, 0.04 1/m: 4.84 m/s², 0.44 rad/s."""
    values = read(driven([1.0, 0.0, 0.0], [0.0, 0.04, 0.04], speed=10.0, dt=1.0), auto_e2e_comfort)
    assert values["lat_accel"] == pytest.approx(11**2 * 0.04)
    assert values["lat_accel_margin"] == pytest.approx(4.89 - 4.84)
    assert values["yaw_rate"] == pytest.approx(0.44)
    assert values["yaw_accel"] == pytest.approx(0.44)
    assert values["yaw_accel_time"] == pytest.approx(1.0)
    assert values["lon_jerk"] == pytest.approx(-1)
    assert values["jerk"] == pytest.approx(math.hypot(1, 4.84))
    assert values[""] == 1


@pytest.mark.parametrize("preset", PRESETS)
def test_a_limit_itself_is_no_violation(preset):
    at, beyond = driven([2.40] * 3, 0.0), driven([np.nextafter(2.40, 3)] * 3, 0.0)
    assert read(at, preset)[""] == 1
    assert read(beyond, preset)[""] == 0


def test_braking_that_is_owed_hides_a_turn():
    """Told to brake on for 5 s after it stands, then 2 m/s² for 10 s in a turn of 0.05 1/m.

    It drives 20 m/s in the end: 20 m/s². By the total speed, 10 - 30 + 20 = 0.
    """
    accel = np.concatenate([np.full(75, -4.0), np.full(100, 2.0)])
    curvature = np.where(np.arange(175) < 75, 0.0, 0.05)
    drive = driven(accel, curvature)
    assert drive.speed[-1] == pytest.approx(20)
    theirs = read(drive, auto_e2e_comfort)
    assert theirs["lat_accel"] == pytest.approx(0, abs=1e-9)
    assert theirs["lat_accel_ok"] == 1
    ours = read(drive, auto_e2e_comfort_corrected)
    assert ours["lat_accel"] == pytest.approx(19.9**2 * 0.05)  # in the middle of the last step
    assert ours["lat_accel_ok"] == 0
    assert ours["lat_accel_time"] == pytest.approx(17.45)


def test_reversing_from_the_start_is_standing_to_it_and_undefined_when_corrected():
    drive = rollkit.rollout(
        Actions([0.0] * 4, [0.2] * 4, 0.1), State(speed=-10.0), integrator="alpamayo"
    )
    assert read(drive, auto_e2e_comfort)["lat_accel"] == 0
    ours = read(drive, auto_e2e_comfort_corrected)
    assert ours["lon_accel_ok"] == 1
    assert np.isnan([ours["lat_accel_ok"], ours["yaw_rate_ok"], ours["jerk_ok"], ours[""]]).all()


@pytest.mark.parametrize("preset", PRESETS)
def test_one_step_has_no_jerk_and_no_verdict(preset):
    assert np.isnan(list(read(driven([0.0], [0.0]), preset).values())).all()


@pytest.mark.parametrize("preset", PRESETS)
def test_two_steps_from_a_stand_are_enough(preset):
    values = read(driven([1.0, 1.0], [0.1, 0.1], speed=0.0), preset)
    assert values[""] == 1


@pytest.mark.parametrize("preset", PRESETS)
def test_float32_stays(preset):
    one = np.ones(3, np.float32)
    path = Trajectory(one, one, one, one, 0.1)
    signals = preset(Rollout(path, actions=Actions(one[1:], one[1:], 0.1)))
    assert {signal.values.dtype for signal in signals.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("dt", "accel", "turn", "across"), [(0.1, 2.0, 0.01, 0.02), (0.5, 2.0, 0.05, 0.10)]
)
def test_what_the_quirk_of_the_speed_says(dt, accel, turn, across):
    """From 10 m/s; in braking it is too low."""
    for sign in (1, -1):
        drive = driven([sign * accel] * 2, [0.05] * 2, dt=dt)
        theirs, right = (preset(drive) for preset in PRESETS)
        for name, more in (("yaw_rate", turn), ("lat_accel", across)):
            share = theirs[name].values[0] / right[name].values[0] - 1
            assert share == pytest.approx(sign * more, abs=0.12 * more)


def test_where_the_quirks_show():
    (clamped, at_the_end, components) = spec_of(auto_e2e_comfort).quirks
    steady, turn = driven([0.0] * 4, [0.0] * 4), driven([1.0] * 4, [0.1] * 4)
    braked = driven([-4.0] * 30, [0.0] * 30)
    shown = [
        [one.shows(drive) for one in (clamped, at_the_end, components)]
        for drive in (steady, turn, braked)
    ]
    assert shown == [[False] * 3, [False, True, True], [True, True, False]]
