"""The corrected comfort presets against a motion whose every rate is known, and each other."""

import numpy as np
import pytest

from rollkit import Actions, Rollout, Signal, Trajectory, Vehicle, at_point
from rollkit_presets.alpamayo import alpamayo_comfort_corrected
from rollkit_presets.auto_e2e import auto_e2e_comfort, auto_e2e_comfort_corrected
from rollkit_presets.nuplan import nuplan_comfort_corrected

LEVER = 1.461  # m, rear axle to centre
FINE = 50  # nodes a step: positions are integrals of the velocity


def rates(t):
    """Speed, its first two derivatives, yaw, and its first three, of the rear axle."""
    speed = 8 + 1.2 * np.sin(0.9 * t), 1.08 * np.cos(0.9 * t), -0.972 * np.sin(0.9 * t)
    yaw = 0.25 * t + 0.3 * np.sin(0.7 * t), 0.25 + 0.21 * np.cos(0.7 * t)
    return (*speed, *yaw, -0.147 * np.sin(0.7 * t), -0.1029 * np.cos(0.7 * t))


def known(t, ahead):
    """The six signals at a point so far ahead of the rear axle, by the rules of a rigid body."""
    v, a, da, _, w, dw, ddw = rates(t)
    lon, lat = a - ahead * w**2, v * w + ahead * dw
    dlon, dlat = da - 2 * ahead * w * dw, a * w + v * dw + ahead * ddw
    return {
        "lon_accel": lon,
        "lat_accel": lat,
        "jerk": np.hypot(dlon - w * lat, dlat + w * lon),
        "lon_jerk": dlon,
        "yaw_rate": w,
        "yaw_accel": dw,
    }


def driven(dt, seconds=8.0, *, recorded=False):
    """The trajectory of the rear axle, and the actions that drive it."""
    t = np.arange(round(seconds / dt) + 1) * dt
    nodes, weights = np.polynomial.legendre.leggauss(FINE // 5)
    middle, half = (t[1:] + t[:-1]) / 2, dt / 2
    v, _, _, yaw, *_ = rates(middle[:, None] + half * nodes)
    moved = [half * (v * of(yaw)) @ weights for of in (np.cos, np.sin)]
    x, y = (np.concatenate([[0], np.cumsum(one)]) for one in moved)
    v, a, _, yaw, w, dw, _ = rates(t)
    told = {"accel": a, "lateral_accel": v * w, "yaw_rate": w, "yaw_accel": dw}
    path = Trajectory(x, y, yaw, v, dt, recorded=told if recorded else {})
    way = half * (rates(middle[:, None] + half * nodes)[0] @ weights)
    return path, Actions(np.diff(v) / dt, np.diff(yaw) / way, dt)


def errors(signals, dt, ahead, jerk_ahead=None):
    """The largest error of each signal, at the times it is told for."""
    found = {}
    for name, one in signals.items():
        one = one if isinstance(one, Signal) else Signal(one)
        t = (np.arange(len(one.values)) + one.first) * dt
        at = ahead if name != "jerk" or jerk_ahead is None else jerk_ahead
        found[name] = np.abs(one.values - known(t, at)[name]).max()
    return found


SMOOTHED = {  # what windows of 0.8, 1.4 and 0.4 s smooth away of periods of 7 s
    "lon_accel": 0.004,
    "lat_accel": 0.012,
    "jerk": 0.18,
    "lon_jerk": 0.09,
    "yaw_rate": 0.002,
    "yaw_accel": 0.001,
}


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize("point", [None, "rear_axle", "center"])
@pytest.mark.parametrize("dt", [0.1, 0.05])
def test_nuplans_at_any_reference_point(dt, point, recorded):
    """Accelerations are those at the centre, the jerk as a vector is that at the rear axle."""
    path, _ = driven(dt, recorded=recorded)
    car = None
    if point is not None:
        rear = Vehicle(4.9, 2.1, 2.9, rear_axle_to_center=LEVER)
        car = Vehicle(4.9, 2.1, 2.9, point, rear_axle_to_center=LEVER)
        path = at_point(path, rear, point)
        if not recorded:
            path = Trajectory(path.x, path.y, path.yaw, path.speed, dt)
    signals = nuplan_comfort_corrected(Rollout(path, vehicle=car))
    for name, error in errors(signals, dt, LEVER, jerk_ahead=0.0).items():
        assert error < SMOOTHED[name], name


@pytest.mark.parametrize("ahead", [0.0, LEVER])
@pytest.mark.parametrize("dt", [0.1, 0.05])
def test_alpamayos_are_of_the_point_that_the_poses_are_of(dt, ahead):
    path, _ = driven(dt)
    if ahead:
        path = at_point(path, Vehicle(4.9, 2.1, 2.9, rear_axle_to_center=ahead), "center")
    for name, error in errors(alpamayo_comfort_corrected(Rollout(path)), dt, ahead).items():
        assert error < 0.5 * dt**2, name  # of second order


@pytest.mark.parametrize("dt", [0.1, 0.05])
def test_auto_e2es_are_of_second_order(dt):
    path, actions = driven(dt)
    rollout = Rollout(path, actions=actions)
    for name, error in errors(auto_e2e_comfort_corrected(rollout), dt, 0.0).items():
        assert error < 0.5 * dt**2, name
    faithful = errors(auto_e2e_comfort(rollout), dt, 0.0)
    assert faithful["lat_accel"] > 0.2 * dt
    assert faithful["jerk"] > 1


def test_all_three_agree_on_a_smooth_drive():
    """Where they are told for the same instants, halfway between two at most."""
    dt = 0.02
    path, actions = driven(dt)
    no_lever = Vehicle(4.9, 2.1, 2.9, rear_axle_to_center=0.0)
    rollout = Rollout(path, actions=actions, vehicle=no_lever)
    found = [
        preset(rollout)
        for preset in (
            nuplan_comfort_corrected,
            alpamayo_comfort_corrected,
            auto_e2e_comfort_corrected,
        )
    ]
    at = np.arange(1.0, 7.0, 0.1)
    for name, allowed in SMOOTHED.items():
        read = []
        for one in (signals[name] for signals in found):
            one = one if isinstance(one, Signal) else Signal(one)
            read.append(np.interp(at, (np.arange(len(one.values)) + one.first) * dt, one.values))
        assert np.ptp(read, axis=0).max() < allowed, name


def test_a_circle_at_each_point():
    """20 m at the rear axle at 10 m/s, ω = 0.5: v²κ and v³κ² there and 1.461 m ahead."""
    dt, yaw = 0.1, 0.05 * np.arange(81)
    path = Trajectory(20 * np.sin(yaw), -20 * np.cos(yaw), yaw, np.full(81, 10.0), dt)
    car = Vehicle(4.9, 2.1, 2.9, rear_axle_to_center=LEVER)
    for point, radius in (("rear_axle", 20.0), ("center", np.hypot(20, LEVER))):
        speed = 0.5 * radius
        signals = alpamayo_comfort_corrected(Rollout(path, vehicle=car).at_point(point))
        whole = np.hypot(signals["lon_accel"].values, signals["lat_accel"].values)
        np.testing.assert_allclose(whole, speed**2 / radius, rtol=1e-3)
        np.testing.assert_allclose(signals["jerk"].values, speed**3 / radius**2, rtol=1e-3)
    nuplan = nuplan_comfort_corrected(Rollout(path, vehicle=car))
    np.testing.assert_allclose(nuplan["jerk"], 2.5, rtol=1e-9)
    np.testing.assert_allclose(nuplan["lon_accel"], -LEVER / 4, rtol=1e-9)
    actions = Actions(np.zeros(80), np.full(80, 0.05), dt)
    jerks = [
        preset(Rollout(path, actions=actions))["jerk"].values
        for preset in (auto_e2e_comfort, auto_e2e_comfort_corrected)
    ]
    np.testing.assert_allclose(jerks[0], 0, atol=1e-12)
    np.testing.assert_allclose(jerks[1], 2.5)
