"""The comfort of nuPlan and NAVSIM against the numbers of their own code."""

import numpy as np
import pytest

import rollkit
from rollkit import Poses, Rollout, Trajectory
from rollkit_presets import _comfort_limits as limits
from rollkit_presets import _nuplan_signals as signals

DT = 0.1
KINDS = ("real", "real_T41", "real_T9", "syn", "probe")
STATE = ("x", "y", "yaw", "vx", "vy", "accel", "lateral_accel", "steer", "steer_rate")
STATE = (*STATE, "yaw_rate", "yaw_accel")
# In the order of the columns of `within` and of the statistics.
NAMES = {
    "lon_accel": "lon_accel",
    "lat_accel": "lat_accel",
    "jerk": "mag_jerk",
    "lon_jerk": "lon_jerk",
    "yaw_accel": "yaw_accel",
    "yaw_rate": "yaw_rate",
}


def states(numbers, kind):
    """The recorded states of a kind by name; `real_T9` are the first 9 of each."""
    name, _, count = kind.partition("_T")
    columns = np.moveaxis(numbers[f"{name}_states"], -1, 0)
    return {
        one: column[..., : int(count) if count else None]
        for one, column in zip(STATE, columns, strict=True)
    }


def of(state):
    return [state[name] for name in ("accel", "lateral_accel", "yaw", "yaw_rate", "yaw_accel")]


def equal_to_the_last_digit(got, expected):
    """Within 1e-9; in a few of ten thousand, within rounding of halfway between two digits.

    There the last bits of SciPy's own weights decide, and SciPy itself does not come out alike on
    every machine.
    """
    far = np.abs(got - expected) > 1e-9
    assert far.mean() < 1e-3
    np.testing.assert_allclose(got, expected, rtol=0, atol=1.0001e-8)


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


def test_every_signal(golden, kind):
    numbers = golden("nuplan_comfort")
    state = states(numbers, kind)
    got = signals.comfort_signals(*of(state), DT)
    for name, theirs in NAMES.items():
        equal_to_the_last_digit(got[name], numbers[f"{kind}_{theirs}"])
    equal_to_the_last_digit(signals.jerk(got["lat_accel"], DT), numbers[f"{kind}_lat_jerk"])
    speed = np.hypot(state["vx"], state["vy"])
    np.testing.assert_array_equal(speed, numbers[f"{kind}_velocity"])
    length = np.hypot(state["accel"], state["lateral_accel"])
    equal_to_the_last_digit(signals.acceleration(length), numbers[f"{kind}_mag_accel"])
    accel, lateral, _, yaw_rate, yaw_accel = of(state)
    center = signals.at_center(accel, lateral, yaw_rate, yaw_accel, signals.PACIFICA_LEVER)
    np.testing.assert_allclose(
        np.stack(center, axis=-1), numbers[f"{kind}_center_accel"], rtol=1e-14, atol=1e-14
    )


def test_every_statistic(golden, kind):
    numbers = golden("nuplan_comfort")
    for index, theirs in enumerate(NAMES.values()):
        np.testing.assert_allclose(
            signals.statistics(numbers[f"{kind}_{theirs}"]),
            numbers[f"{kind}_stats_max_min_mean_p90"][:, index],
            rtol=1e-12,
            atol=1e-12,
        )


def test_every_signal_of_navsim(golden, kind):
    numbers = golden("navsim_comfort")
    state = states(numbers, kind)
    got = signals.comfort_signals(*of(state), DT)
    for name, theirs in (NAMES | {"yaw_accel": "yaw_accel_p3"}).items():
        equal_to_the_last_digit(got[name], numbers[f"{kind}_{theirs}"])
    length = np.hypot(state["accel"], state["lateral_accel"])
    equal_to_the_last_digit(signals.acceleration(length), numbers[f"{kind}_mag_accel"])
    second = signals.acceleration_of_yaw(state["yaw"], DT, order=2)
    equal_to_the_last_digit(second, numbers[f"{kind}_yaw_accel_p2_extended"])


def poses(state):
    """What a file would hold of these states."""
    cases = len(state["x"])
    named = {
        name: state[name][:, np.newaxis]
        for name in ("x", "y", "yaw", "accel", "lateral_accel", "yaw_rate", "yaw_accel")
    }
    return Poses(ids=tuple(map(str, range(cases))), **named, dt=DT, frame="body", origin="given")


def rollout(state):
    rates = ("accel", "lateral_accel", "yaw_rate", "yaw_accel")
    recorded = {name: state[name] for name in rates}
    return Rollout(
        Trajectory.through(state["x"], state["y"], DT, yaw=state["yaw"], recorded=recorded)
    )


@pytest.mark.parametrize("project", ["nuplan", "navsim"])
def test_every_flag_through_the_public_door(golden, project, kind):
    numbers = golden(f"{project}_comfort")
    state = states(numbers, kind)
    preset = f"{project}_comfort"
    found = rollkit.evaluate(rollout(state), presets=[preset])
    within = numbers[f"{kind}_within"]
    for index, name in enumerate(NAMES):
        np.testing.assert_array_equal(found[f"{preset}_{name}_ok"], within[:, index])
    np.testing.assert_array_equal(found[preset], within[:, :6].all(axis=-1))
    if project == "nuplan":
        np.testing.assert_array_equal(found[preset], within[:, 6])


def test_the_worst_value_is_one_of_theirs(golden):
    numbers = golden("nuplan_comfort")
    found = rollkit.evaluate(rollout(states(numbers, "real")), presets=["nuplan_comfort"])
    for index, name in enumerate(NAMES):
        worst, ends = found[f"nuplan_comfort_{name}"], numbers["real_stats_max_min_mean_p90"]
        np.testing.assert_allclose(
            np.abs(worst[:, np.newaxis] - ends[:, index, :2]).min(axis=-1), 0, atol=1e-9
        )
    np.testing.assert_allclose(
        found["nuplan_comfort_yaw_rate_margin"],
        limits.MAX_YAW_RATE - np.abs(numbers["real_yaw_rate"]).max(axis=-1),
        atol=1e-9,
    )


@pytest.mark.parametrize("kind", ["real", "syn", "probe"])
def test_files_of_these_windows_give_the_same_shares(golden, kind):
    numbers = golden("nuplan_comfort")
    state = states(numbers, kind)
    result = rollkit.evaluate_predictions([poses(state)], presets=["nuplan_comfort"])
    share = numbers[f"{kind}_within"].mean(axis=0)
    for index, name in enumerate(NAMES):
        mean = result.metrics[f"nuplan_comfort_{name}_ok"].mean
        assert mean == pytest.approx(share[index], abs=1e-12)
    (preset,) = result.presets
    assert preset.scores["mean_of_scores"] == pytest.approx(share[6], abs=1e-12)
    assert (preset.commit, preset.rule[:14]) == (str(numbers["commit"])[:8], "mean_of_scores")


@pytest.mark.parametrize("dt", [0.05, 0.5])
def test_at_other_rates_it_is_scipys_filter(dt):
    """The reference numbers are all at 10 Hz."""
    savgol = pytest.importorskip("scipy.signal").savgol_filter
    accel, lateral, rate, turning, yaw = np.random.default_rng(1).normal(size=(5, 3, 40))
    yaw = np.cumsum(yaw / 10, axis=-1)
    got = signals.comfort_signals(accel, lateral, yaw, rate, turning, dt)
    ahead = savgol(accel + 1.461 * (rate**2 + turning), 8, 2)
    length = savgol(np.hypot(accel, lateral), 8, 2)
    for name, expected in {
        "lon_accel": ahead,
        "lat_accel": savgol(lateral, 8, 2),
        "jerk": savgol(length, 15, 2, deriv=1, delta=dt),
        "lon_jerk": savgol(ahead, 15, 2, deriv=1, delta=dt),
        "yaw_rate": savgol(yaw, 5, 2, deriv=1, delta=dt),
        "yaw_accel": savgol(yaw, 5, 3, deriv=2, delta=dt),
    }.items():
        np.testing.assert_allclose(got[name], expected, atol=5e-8, err_msg=name)
