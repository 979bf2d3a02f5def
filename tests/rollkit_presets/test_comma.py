"""comma.ai's costs against plain loops, and what is made of other rates and shorter drives."""

import math

import numpy as np
import pytest

from rollkit import Rollout, Trajectory, Vehicle, evaluate
from rollkit.declare import spec_of
from rollkit_presets.comma import comma_controls, comma_controls_corrected, cost

BOTH = [comma_controls, comma_controls_corrected]


def drive(lateral_accel, dt=0.1):
    """A straight drive with a recorded lateral acceleration."""
    still = np.zeros_like(lateral_accel)
    return Trajectory(still, still, still, still, dt, recorded={"lateral_accel": lateral_accel})


def measured(target, actual, dt=0.1):
    return evaluate(Rollout(drive(actual, dt), reference=drive(target, dt)), BOTH)


def costs(found, preset="comma_controls"):
    return [found[f"{preset}_{name}_cost"] for name in ("lataccel", "jerk", "total")]


def in_a_loop(target, actual):
    """Straight from the README, sample by sample."""
    used = range(100, min(500, len(actual)))
    errors = [(target[i] - actual[i]) ** 2 for i in used]
    jerks = [((actual[i] - actual[i - 1]) / 0.1) ** 2 for i in used if i > 100]
    lataccel = 100 * sum(errors) / len(errors) if errors else math.nan
    jerk = 100 * sum(jerks) / len(jerks) if jerks else math.nan
    return [lataccel, jerk, 50 * lataccel + jerk]


@pytest.fixture
def signals():
    random = np.random.default_rng(6)
    return random.normal(0, 1, (2, 600))


@pytest.mark.parametrize("count", [600, 500, 499, 103, 102, 101, 100, 1])
def test_against_a_loop(signals, count):
    target, actual = signals[:, :count]
    expected = in_a_loop(target, actual)
    np.testing.assert_allclose(costs(measured(target, actual)), expected, rtol=1e-12)


def test_a_slice_of_the_samples_counts(signals):
    target, actual = signals
    plain = costs(measured(target, actual))
    for at in (*range(100), *range(500, 600)):
        actual[at] += 9
    assert costs(measured(target, actual)) == plain
    for at in (100, 499):
        changed = actual.copy()
        changed[at] += 9
        assert all(
            one > before
            for one, before in zip(costs(measured(target, changed)), plain, strict=True)
        )


def test_by_hand():
    actual = np.arange(600) * 0.02  # 0.2 m/s³
    found = measured(actual + 0.5, actual)
    np.testing.assert_allclose(costs(found), [25, 4, 1254], rtol=1e-9)
    np.testing.assert_allclose(found["comma_controls_lat_accel_error"], 0.5)
    np.testing.assert_allclose(found["comma_controls_lat_jerk"], 0.2)


def test_at_ten_hertz_both_agree(signals):
    found = measured(*signals)
    assert costs(found) == costs(found, "comma_controls_corrected")


def test_at_another_rate_the_corrected_one_is_the_same_drive():
    dt = 0.05
    time = np.arange(1200) * dt
    target, actual = np.sin(time), 0.9 * np.sin(time - 0.1)
    found = measured(target, actual, dt)
    half = slice(None, None, 2)
    at_ten = measured(target[half], actual[half])
    right, theirs = costs(found, "comma_controls_corrected"), costs(found)
    np.testing.assert_allclose(right, costs(at_ten), rtol=0.01)
    whole = slice(100, 500)
    jerk = np.diff(actual[whole]) / dt
    np.testing.assert_allclose(theirs[1], 100 * np.mean(jerk**2) / 4)  # half the jerk
    assert theirs[0] != pytest.approx(right[0], rel=0.01)  # from 5 s to 25 s, not 10 s to 50 s


def test_the_corrected_one_looks_from_ten_to_fifty_seconds():
    for dt, first, end in ((0.1, 100, 500), (0.02, 500, 2500), (1.0, 10, 50)):
        still = np.zeros(end + 20)
        rollout = Rollout(drive(still, dt), reference=drive(still, dt))
        error, jerk = comma_controls_corrected(rollout).values()
        assert (error.first, jerk.first) == (first, first + 0.5)
        assert (error.values.size, jerk.values.size) == (end - first, end - first - 1)


def test_too_short_for_the_corrected_one(signals):
    target, actual = signals[:, :100]
    assert np.isnan(costs(measured(target, actual), "comma_controls_corrected")).all()


def test_the_lateral_acceleration_of_a_circle():
    """Without a recorded one it is v ψ', of the target too; K samples share a target."""
    yaw = np.arange(200) * 0.05
    x, y = 20 * np.sin(yaw), 20 - 20 * np.cos(yaw)
    circle = Trajectory.through(x, y, 0.1, yaw=yaw)  # 10 m/s, 5 m/s²
    both = Trajectory.through(np.stack([x, x])[None], np.stack([y, -y])[None], 0.1)
    target = Trajectory.through(x[None], y[None], 0.1, yaw=yaw[None])
    found = evaluate(Rollout(both, reference=target), BOTH)
    expected = np.array([[0.0, 100 * 10.0**2]])
    np.testing.assert_allclose(found["comma_controls_lataccel_cost"], expected, atol=1e-9)
    same = evaluate(Rollout(circle, reference=circle), BOTH)
    assert same["comma_controls_total_cost"] == pytest.approx(0, abs=1e-12)


def test_what_was_not_observed_is_undefined(signals):
    target, actual = signals
    actual[300] = np.nan
    assert np.isnan(costs(measured(target, actual))).all()
    assert np.isnan(costs(measured(actual, target))[0])


def test_a_cost_of_nothing_is_undefined():
    assert np.isnan(cost(np.empty((2, 0)))).all()


def test_when_the_signals_begin_and_what_is_left_of_101_samples(signals):
    target, actual = signals[:, :101]
    rollout = Rollout(drive(actual), reference=drive(target))
    error, jerk = comma_controls(rollout).values()
    assert (error.first, jerk.first) == (100, 100.5)
    found = measured(target, actual)
    assert found["comma_controls_lat_accel_error"] == pytest.approx(abs(target[100] - actual[100]))
    assert np.isnan(found["comma_controls_lat_jerk"])
    assert np.isnan(measured(target[:100], actual[:100])["comma_controls_lat_accel_error"])


def test_the_target_is_of_the_same_point_of_the_vehicle():
    """Both are of the centre, which swings out: the drive itself is without error."""
    yaw = 0.3 * np.sin(np.arange(150) * 0.1)
    x = np.cumsum(np.full(150, 0.8))
    path = Trajectory(x, np.zeros(150), yaw, np.full(150, 8.0), 0.1)
    car = Vehicle(4.9, 2.1, 2.9, "center", rear_axle_to_center=2.0)
    found = evaluate(Rollout(path, reference=path, vehicle=car), BOTH)
    assert found["comma_controls_lataccel_cost"] == 0


@pytest.mark.parametrize(
    ("count", "dt", "shown"),
    [
        (600, 0.1, [False, False, False]),
        (300, 0.1, [False, False, True]),
        (600, 0.05, [True, True, False]),
    ],
)
def test_where_its_quirks_show(count, dt, shown):
    rollout = Rollout(drive(np.zeros(count), dt), reference=drive(np.zeros(count), dt))
    quirks = spec_of(comma_controls).quirks
    assert [one.shows(rollout) for one in quirks if one.shows] == shown
