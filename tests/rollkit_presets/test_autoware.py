"""Autoware's checks: curvatures of circles and spirals, points a metre apart, limits."""

import math

import numpy as np
import pytest

from rollkit import Rollout, Trajectory, evaluate
from rollkit_presets._sparse_path import sparse_path
from rollkit_presets.autoware import autoware_validator, autoware_validator_corrected


def circle(radius, speed, dt=0.1, steps=60, sign=1):
    """A steady circle, through its poses and speeds."""
    turned = np.arange(steps + 1) * speed * dt / radius
    x, y = radius * np.sin(turned), sign * radius * (1 - np.cos(turned))
    return Trajectory.through(x, y, dt, yaw=sign * turned, speed=np.full(steps + 1, speed))


def measured(drive):
    found = evaluate(Rollout(drive), [autoware_validator])
    return {name.removeprefix("autoware_validator_"): value for name, value in found.items()}


def points_in_a_loop(x, y, least):
    """Which poses are a metre from the one kept before, and the circles through three of them."""
    kept = [0]
    for at in range(1, len(x)):
        if math.dist((x[at], y[at]), (x[kept[-1]], y[kept[-1]])) >= least - 1e-4:
            kept.append(at)
    curvature = {}
    for before, at, after in zip(kept, kept[1:], kept[2:], strict=False):
        a, b, c = ((x[one], y[one]) for one in (before, at, after))
        area = ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) / 2
        curvature[at] = 4 * area / (math.dist(a, b) * math.dist(b, c) * math.dist(a, c))
    return curvature


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("speed", [0.5, 3.0, 10.0, 14.9])
def test_a_circle_has_its_curvature_and_no_jerk(speed, sign):
    found = measured(circle(20, speed, steps=120, sign=sign))
    assert found["curvature"] == pytest.approx(sign / 20, rel=1e-9)
    assert found["lat_accel"] == pytest.approx(sign * speed**2 / 20, rel=1e-9)
    assert found["lat_jerk"] == pytest.approx(0, abs=1e-6)
    assert found["interval"] == pytest.approx(40 * math.sin(speed * 0.1 / 40))


def test_points_and_curvatures_against_a_loop():
    random = np.random.default_rng(8)
    heading = np.cumsum(random.normal(0, 0.1, (4, 50)), axis=-1)
    steps = random.uniform(0, 0.9, (4, 50)) * (random.uniform(size=(4, 50)) < 0.8)
    x, y = (np.cumsum(steps * of(heading), axis=-1) for of in (np.cos, np.sin))
    found = sparse_path(x, y, 1.0)
    for row in range(4):
        expected = points_in_a_loop(x[row], y[row], 1.0)
        assert set(found.instant[row]) == set(expected)
        for at, curvature in expected.items():
            assert found.instant[row, at] == at
            assert found.curvature[row, at] == pytest.approx(curvature, rel=1e-9, abs=1e-12)
        # In between it is that of the point passed last, and before the first, of the first.
        first = min(expected)
        for at in range(50):
            last = max((one for one in expected if one <= at), default=first)
            assert found.instant[row, at] == last
            assert found.curvature[row, at] == found.curvature[row, last]


def test_the_angle_is_that_between_successive_segments():
    x, y = np.array([0.0, 2, 2, 4, 2]), np.array([0.0, 0, 2, 2, 2])
    angle = sparse_path(x, y, 1.0).angle
    np.testing.assert_allclose(angle[1:4], [np.pi / 2, -np.pi / 2, np.pi])


def spiral(speed, rate, accel=0.0, dt=0.01, steps=400):
    """Curvature growing with the way, κ = rate s, by fine steps."""
    time = np.arange(steps * 100 + 1) * dt / 100
    way = speed * time + accel * time**2 / 2
    yaw = rate * way**2 / 2
    moved = np.diff(way)
    middle = (yaw[1:] + yaw[:-1]) / 2
    x, y = (np.concatenate([[0], np.cumsum(moved * of(middle))]) for of in (np.cos, np.sin))
    some = slice(None, None, 100)
    drive = Trajectory.through(
        x[some], y[some], dt, yaw=yaw[some], speed=speed + accel * time[some]
    )
    return drive, way[some]


@pytest.mark.parametrize("accel", [0.0, 2.0])
def test_jerk_in_a_spiral(accel):
    drive, way = spiral(8.0, 0.004, accel)
    signals = {name: one.values for name, one in autoware_validator(Rollout(drive)).items()}
    path = sparse_path(drive.x, drive.y, 1.0)
    at = np.unique(path.instant)[1:-1]
    speed, kappa = drive.speed[at], 0.004 * way[at]
    np.testing.assert_allclose(signals["curvature"][at], kappa, rtol=0.01)
    np.testing.assert_allclose(signals["lat_accel"][at], speed**2 * kappa, rtol=0.01)
    of_accel = 3 * speed**2 * accel * kappa
    np.testing.assert_allclose(signals["lat_jerk_of_accel"][at], of_accel, rtol=0.02, atol=1e-9)
    np.testing.assert_allclose(signals["lat_jerk"][at], speed**3 * 0.004 + of_accel, rtol=0.02)


@pytest.mark.parametrize("accel", [0.0, 2.0])
def test_the_corrected_jerk_is_the_third_derivative_across_the_path(accel):
    drive, _ = spiral(8.0, 0.004, accel)
    jerk_x, jerk_y = (np.diff(one, 3) / drive.dt**3 for one in (drive.x, drive.y))
    at = np.unique(sparse_path(drive.x, drive.y, 1.0).instant)[2:-2]
    # A third difference is centred halfway between two instants.
    jerk_x, jerk_y = ((one[at - 1] + one[at - 2]) / 2 for one in (jerk_x, jerk_y))
    across = jerk_y * np.cos(drive.yaw[at]) - jerk_x * np.sin(drive.yaw[at])
    got = autoware_validator_corrected(Rollout(drive))["lat_jerk"].values[at]
    np.testing.assert_allclose(got, across, rtol=0.02)
    theirs = autoware_validator(Rollout(drive))["lat_jerk"].values[at]
    assert np.allclose(theirs, across, rtol=0.02) == (accel == 0)


@pytest.mark.parametrize(("share", "passes"), [(0.999, 1), (1.001, 0)])
def test_limits_of_a_circle(share, passes):
    fast = measured(circle(50, math.sqrt(share * 9.8 * 50)))
    assert (fast["lat_accel_ok"], fast["autoware_validator"]) == (passes, passes)
    tight = measured(circle(1 / share, 1.0, dt=0.5))
    assert tight["curvature_ok"] == passes
    far = measured(circle(1e9, 100 * share, dt=1.0, steps=3))
    assert far["interval_ok"] == passes


@pytest.mark.parametrize(("accel", "passes"), [(9.8, 1), (-9.8, 1), (9.81, 0), (-9.81, 0)])
def test_the_limit_of_acceleration_itself_passes(accel, passes):
    time = np.arange(20.0)  # in whole seconds and halves all of it is exact
    still = np.zeros(20)
    accels = np.full(20, accel)
    drive = Trajectory(time * 20, still, still, np.full(20, 20.0), 1.0, recorded={"accel": accels})
    assert measured(drive)["lon_accel_ok"] == passes


def test_noise_of_a_vehicle_that_creeps_is_no_curvature():
    noise = np.random.default_rng(1).normal(0, 0.002, (2, 200))
    x, y = np.array([np.arange(200) * 0.02, np.zeros(200)]) + noise
    found = measured(Trajectory.through(x, y, 0.1, yaw=np.zeros(200)))
    assert abs(found["curvature"]) < 0.02
    successive = sparse_path(x, y, 0.0).curvature
    assert np.nanmax(np.abs(successive)) > 10


def test_a_path_of_two_points_is_no_pass():
    found = measured(circle(20, 1.0, steps=19))  # 1.9 m
    assert np.isnan(found["curvature_ok"])
    assert np.isnan(found["autoware_validator"])
    assert found["interval_ok"] == 1


def test_standing_still_and_one_pose_are_undefined():
    still = np.zeros(10)
    for count in (1, 2, 10):
        drive = Trajectory(*[still[:count]] * 4, 0.1)
        assert np.isnan(measured(drive)["autoware_validator"])


@pytest.mark.parametrize("name", ["x", "y", "speed"])
def test_an_instant_that_was_not_observed_is_no_pass(name):
    path = circle(20, 5.0)
    given = {one: np.array(getattr(path, one)) for one in ("x", "y", "yaw", "speed")}
    given[name][30] = np.nan
    found = measured(Trajectory(**given, dt=0.1))
    assert np.isnan(found["autoware_validator"])
    assert np.isnan(found["curvature_ok"]) == (name != "speed")


def test_points_that_are_a_metre_apart_but_for_rounding():
    x = np.cumsum(np.full(40, 0.1))
    found = sparse_path(x, np.zeros(40), 1.0)
    assert set(found.instant) == {10, 20}


def test_three_poses_are_enough_and_two_are_not():
    for steps, known in ((1, False), (2, True)):
        found = measured(circle(20, 20.0, steps=steps, dt=0.1))
        assert np.isnan(found["interval_ok"]) == (not known)
        assert np.isnan(found["curvature_ok"]) == (not known)
    assert np.isnan(sparse_path(np.array([0.0, 2.0]), np.zeros(2), 1.0).curvature).all()
    assert autoware_validator(Rollout(circle(20, 5.0)))["interval"].first == 0.5
