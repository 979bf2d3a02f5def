"""Alpamayo's comfort: its own numbers, drives worked by hand, and what the quirks make of them."""

import math
from itertools import pairwise

import numpy as np
import pytest

import rollkit
from rollkit import Poses, Rollout, Trajectory
from rollkit_presets import _comfort_limits as limits
from rollkit_presets._alpamayo_signals import _rate, dynamics
from rollkit_presets._pose_motion import motion
from rollkit_presets.alpamayo import SIGNALS, alpamayo_comfort, alpamayo_comfort_corrected

THEIRS = {  # our name: the golden signal
    "lon_accel": "dv_lon",
    "lat_accel": "dv_lat",
    "jerk": "jerk",
    "lon_jerk": "jerk_lon",
    "yaw_accel": "yaw_accel",
    "yaw_rate": "yaw_rate",
}
every_set = pytest.mark.parametrize("name", ["real_future", "syn", "probe"])


def of_poses(xy, yaw, *, dt=0.1, given=0, sampled=False):
    """A rollout of poses that were all predicted."""
    poses = Trajectory.through(xy[..., 0], xy[..., 1], dt, yaw=yaw)
    return Rollout(poses, given=given, sampled=sampled)


def straight(accel, *, speed=5.0, steps=20, dt=0.1, given=1):
    """Poses along x at an acceleration that holds throughout."""
    t = np.arange(steps + 1) * dt
    x = speed * t + accel * t * t / 2
    return of_poses(np.stack([x, 0 * x], axis=-1), 0 * x, dt=dt, given=given)


def circle(*, speed=10.0, radius=20.0, steps=20, dt=0.1, given=1):
    """Poses around a circle to the left."""
    yaw = np.arange(steps + 1) * dt * speed / radius
    xy = np.stack([radius * np.sin(yaw), -radius * np.cos(yaw)], axis=-1)
    return of_poses(xy, yaw, dt=dt, given=given)


def read(rollout, preset):
    """The values of a preset's metrics, without its name."""
    values = rollkit.evaluate(rollout, [preset])
    name = preset.__name__
    return {key.removeprefix(name).removeprefix("_"): one for key, one in values.items()}


# --- against Alpamayo's own numbers ---------------------------------------------------------------


@every_set
def test_signals_are_alpamayos(golden, name):
    theirs = golden("alpamayo_metrics")
    xy, yaw = theirs[f"{name}_in_xy"], theirs[f"{name}_in_yaw"]
    ours = dynamics(xy[..., 0], xy[..., 1], yaw)
    along, across = (_rate(xy[..., axis]) for axis in (0, 1))
    expected = theirs[f"{name}_dyn_ego_dv"]  # the jerk is made of it
    np.testing.assert_allclose(_rate(np.hypot(along, across)), expected, rtol=1e-12, atol=1e-9)
    for signal, told in THEIRS.items():
        expected = theirs[f"{name}_dyn_ego_{told}"]
        np.testing.assert_allclose(ours[signal], expected, rtol=1e-12, atol=1e-9, err_msg=signal)


@every_set
def test_verdicts_are_alpamayos(golden, name):
    theirs = golden("alpamayo_metrics")
    ours = read(of_poses(theirs[f"{name}_in_xy"], theirs[f"{name}_in_yaw"]), alpamayo_comfort)
    told = {signal: theirs[f"{name}_comfort_{signal}"] for signal in SIGNALS}
    for signal, expected in told.items():
        np.testing.assert_array_equal(ours[f"{signal}_ok"], expected, err_msg=signal)
    np.testing.assert_array_equal(ours[""], np.minimum.reduce(list(told.values())))


def test_scores_of_groups_are_the_mean_over_samples_then_groups(golden):
    theirs = golden("alpamayo_metrics")
    ours = read(of_poses(theirs["grp_pred_xy"], theirs["grp_pred_yaw"]), alpamayo_comfort)
    for signal in SIGNALS:
        score = ours[f"{signal}_ok"].mean(axis=-1).mean(axis=-1)
        np.testing.assert_allclose(score, theirs[f"grp_comfort_{signal}"], rtol=1e-5)


def test_an_evaluation_scores_as_alpamayo_does(golden):
    theirs = golden("alpamayo_metrics")
    xy, yaw = (theirs[f"grp_pred_{one}"] for one in ("xy", "yaw"))
    groups = xy.reshape(-1, *xy.shape[2:])  # a group of three samples is a case
    poses = Poses(
        ids=tuple(f"group {one}" for one in range(len(groups))),
        x=groups[..., 0],
        y=groups[..., 1],
        yaw=yaw.reshape(-1, *yaw.shape[2:]),
        dt=0.1,
        given=0,
        frame="plane",
        origin="golden",
    )
    result = rollkit.evaluate_predictions(poses, presets=["alpamayo_comfort"])
    for signal in SIGNALS:
        expected = float(theirs[f"grp_comfort_{signal}"].mean(dtype=np.float64))
        assert result.metrics[f"alpamayo_comfort_{signal}_ok"].mean == pytest.approx(expected)


def test_thresholds_are_alpamayos(golden):
    theirs = golden("alpamayo_metrics")
    for ours, told in {
        limits.MIN_LON_ACCEL: "MIN_LON_ACCEL",
        limits.MAX_LON_ACCEL: "MAX_LON_ACCEL",
        limits.MAX_LAT_ACCEL: "MAX_ABS_LAT_ACCEL",
        limits.MAX_YAW_RATE: "MAX_ABS_YAW_RATE",
        limits.MAX_YAW_ACCEL: "MAX_ABS_YAW_ACCEL",
        limits.MAX_LON_JERK: "MAX_ABS_LON_JERK",
        limits.MAX_JERK: "MAX_ABS_MAG_JERK",
    }.items():
        assert ours == theirs[f"thr_{told}"]


# --- by hand --------------------------------------------------------------------------------------


def test_a_steady_acceleration_seems_to_end_at_once():
    """From 1 to 0 m/s² in a tenth of a second is 10 m/s³, over both limits."""
    theirs = read(straight(1.0), alpamayo_comfort)
    assert (theirs["jerk"], theirs["lon_jerk"]) == pytest.approx((-10, -10))
    assert theirs["jerk_margin"] == pytest.approx(8.37 - 10)
    # Of 20 predicted poses the accelerations of 18 are real: the fall is from the 18th of them.
    assert theirs["jerk_time"] == pytest.approx(1.8)
    assert (theirs["jerk_ok"], theirs["lon_jerk_ok"], theirs[""]) == (0, 0, 0)
    ours = read(straight(1.0), alpamayo_comfort_corrected)
    assert (ours["jerk"], ours["lon_jerk"]) == pytest.approx((0, 0), abs=1e-9)
    assert ours["lon_accel"] == pytest.approx(1)
    assert ours[""] == 1


def test_a_steady_circle_has_no_lateral_acceleration_but_at_its_end():
    signals = alpamayo_comfort(circle())
    lateral = signals["lat_accel"].values
    assert lateral.shape == (20,)
    np.testing.assert_allclose(lateral[:-2], 0, atol=1e-9)
    # The velocity stays, the body turns on by 0.05 rad: 10 v_chord 2 sin(0.025), to the right.
    outside = -10 * (400 * math.sin(0.025)) * 2 * math.sin(0.025)
    np.testing.assert_allclose(lateral[-2:], outside, rtol=1e-9)
    assert read(circle(), alpamayo_comfort)["lat_accel"] == pytest.approx(-5, abs=2e-3)
    corrected = alpamayo_comfort_corrected(circle())
    np.testing.assert_allclose(corrected["lat_accel"].values, 5, atol=2e-3)
    ours = read(circle(), alpamayo_comfort_corrected)
    assert ours["lat_accel_margin"] == pytest.approx(4.89 - 5, abs=2e-3)
    assert ours["lat_accel_ok"] == 0
    # The acceleration of 5 m/s² turns by 0.5 rad/s; along the body nothing changes.
    np.testing.assert_allclose(corrected["jerk"].values, 2.5, atol=2e-3)
    np.testing.assert_allclose(corrected["lon_jerk"].values, 0, atol=1e-9)
    np.testing.assert_allclose(corrected["lon_accel"].values, 0, atol=1e-9)


def test_10_hz_is_taken_for_granted():
    """2 m/s² at 2 Hz reads 25 times too large."""
    drive = straight(2.0, dt=0.5)
    assert alpamayo_comfort(drive)["lon_accel"].values[0] == pytest.approx(50)
    assert read(drive, alpamayo_comfort_corrected)["lon_accel"] == pytest.approx(2)


def test_the_start_counts_for_the_corrected_one_only():
    """The prediction begins 1 m beside where the vehicle is."""
    poses = straight(0.0).trajectory
    jump = np.array(poses.y)
    jump[1:] += 1
    jumping = of_poses(np.stack([poses.x, jump], axis=-1), poses.yaw, given=1)
    assert read(jumping, alpamayo_comfort)[""] == 1
    assert read(jumping, alpamayo_comfort_corrected)["lat_accel_ok"] == 0
    # All of them were predicted: the first is no start, and the jump is a part of it.
    assert read(Rollout(jumping.trajectory, given=0), alpamayo_comfort)["lat_accel_ok"] == 0


def test_a_turn_of_the_yaw_by_2_pi_is_none_and_one_wrap_is_enough():
    still = np.zeros(8)
    yaw = np.where(np.arange(8) < 4, 3.1, 3.1 - 2 * np.pi)
    assert np.abs(dynamics(still, still, yaw)["yaw_rate"]).max() < 1e-12
    # A change by 4 rad is taken for one by 4 - 2π.
    rate = dynamics(still, still, 4.0 * np.arange(8))["yaw_rate"]
    np.testing.assert_allclose(rate, 10 * (4 - 2 * np.pi))


def test_standing_still_and_reversing():
    for preset in (alpamayo_comfort, alpamayo_comfort_corrected):
        assert read(straight(0.0, speed=0.0), preset)[""] == 1
    # Backwards and faster and faster: a braking of the body's forward motion.
    back = straight(-2.0, speed=-3.0)
    assert read(back, alpamayo_comfort_corrected)["lon_accel"] == pytest.approx(-2)


# --- against a plain loop -------------------------------------------------------------------------


def test_the_corrected_signals_are_those_of_a_plain_loop():
    random = np.random.default_rng(3)
    x, y, yaw = np.cumsum(random.normal(size=(3, 4, 9)), axis=-1)
    dt = 0.25
    ours = motion(x, y, yaw, dt)
    for row in range(4):
        lon, lat, jerk = [], [], []
        p = x[row] + 1j * y[row]  # turning by the yaw is a product
        for t in range(1, 8):
            accel = ((p[t + 1] - p[t]) / dt - (p[t] - p[t - 1]) / dt) / dt
            seen = accel * np.exp(-1j * yaw[row, t])
            lon.append(seen.real)
            lat.append(seen.imag)
        for t in range(6):
            jerk.append(abs(p[t + 3] - 3 * p[t + 2] + 3 * p[t + 1] - p[t]) / dt**3)
        rate = [(b - a) / dt for a, b in pairwise(yaw[row])]
        expected = {
            "lon_accel": lon,
            "lat_accel": lat,
            "jerk": jerk,
            "lon_jerk": [(b - a) / dt for a, b in pairwise(lon)],
            "yaw_rate": rate,
            "yaw_accel": [(b - a) / dt for a, b in pairwise(rate)],
        }
        for signal, one in expected.items():
            np.testing.assert_allclose(ours[signal].values[row], one, rtol=1e-10, atol=1e-9)


# --- never a silent pass --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preset", "least"), [(alpamayo_comfort, 4), (alpamayo_comfort_corrected, 3)]
)
def test_too_few_poses_are_undefined(preset, least):
    assert np.isnan(list(read(straight(1.0, steps=least - 1), preset).values())).all()
    assert not np.isnan(list(read(straight(1.0, steps=least), preset).values())).any()


@pytest.mark.parametrize("preset", [alpamayo_comfort, alpamayo_comfort_corrected])
@pytest.mark.parametrize("signal", ["x", "y", "yaw"])
def test_a_pose_that_was_not_observed_makes_it_undefined(preset, signal):
    path = circle().trajectory
    signals = {name: np.array(getattr(path, name)) for name in ("x", "y", "yaw", "speed")}
    signals[signal][7] = np.nan
    values = read(Rollout(Trajectory(**signals, dt=0.1)), preset)
    assert np.isnan(values[""])
    touched = {"yaw": ("yaw_rate", "lat_accel")}.get(signal, ("lat_accel", "jerk"))
    for name in touched:
        assert np.isnan([values[name], values[f"{name}_margin"], values[f"{name}_ok"]]).all()
