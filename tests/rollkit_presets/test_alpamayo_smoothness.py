"""Smoothness: Alpamayo's signals, without limits."""

import math

import numpy as np
import pytest

import rollkit
from rollkit import Rollout, Trajectory
from rollkit_presets.alpamayo_smoothness import SIGNALS, smoothness, smoothness_corrected

THEIRS = {
    "lon_accel": "dv_lon",
    "lat_accel": "dv_lat",
    "lon_jerk": "jerk_lon",
    "yaw_accel": "yaw_accel",
    "yaw_rate": "yaw_rate",
}


def test_both_numbers_are_those_of_alpamayos_signals(golden):
    theirs = golden("alpamayo_metrics")
    xy, yaw = theirs["real_future_in_xy"], theirs["real_future_in_yaw"]
    poses = Trajectory.through(xy[..., 0], xy[..., 1], 0.1, yaw=yaw)
    ours = rollkit.evaluate(Rollout(poses, given=0), [smoothness])
    for signal in SIGNALS:
        told = theirs[f"real_future_dyn_ego_{THEIRS[signal]}"]
        rms = [math.sqrt(math.fsum(one * one for one in row) / len(row)) for row in told.tolist()]
        largest = [max(abs(one) for one in row) for row in told.tolist()]
        np.testing.assert_allclose(ours[f"smoothness_{signal}_rms"], rms, rtol=1e-9)
        np.testing.assert_allclose(ours[f"smoothness_{signal}_max"], largest, rtol=1e-9, atol=1e-9)


def test_it_is_reported_and_judged_by_nobody():
    t = np.arange(21) * 0.1
    poses = Trajectory(5 * t + t**2 / 2, 0 * t, 0 * t, 5 + t, dt=0.1)
    values = rollkit.evaluate(Rollout(poses), [smoothness, smoothness_corrected])
    assert set(values) == {
        f"{preset}_{signal}_{part}"
        for preset in ("smoothness", "smoothness_corrected")
        for signal in SIGNALS
        for part in ("rms", "max")
    }
    # 1 m/s² at 18 of 20 poses, and at all of them.
    assert values["smoothness_lon_accel_rms"] == pytest.approx(math.sqrt(18 / 20))
    assert values["smoothness_corrected_lon_accel_rms"] == pytest.approx(1)
    assert values["smoothness_lon_jerk_max"] == pytest.approx(10)
    assert values["smoothness_corrected_lon_jerk_max"] == pytest.approx(0, abs=1e-9)


def test_the_mean_over_samples_is_taken_of_values():
    """Two samples, standing and at 2 m/s²: 1 m/s² on average."""
    t = np.arange(21) * 0.1
    x = np.stack([0 * t, t**2])[np.newaxis]
    flat = np.zeros_like(x)
    poses = rollkit.Poses(
        ids=("a",), x=x, y=flat, yaw=flat, dt=0.1, frame="plane", origin="by hand"
    )
    result = rollkit.evaluate_predictions(poses, presets=["smoothness_corrected"])
    assert result.metrics["smoothness_corrected_lon_accel_rms"].mean == pytest.approx(1)


@pytest.mark.parametrize(("preset", "least"), [(smoothness, 4), (smoothness_corrected, 3)])
def test_the_fewest_poses(preset, least):
    for steps in (least - 1, least):
        t = np.arange(steps + 1) * 0.1
        values = rollkit.evaluate(
            Rollout(Trajectory(5 * t, 0 * t, 0 * t, 5 + 0 * t, 0.1)), [preset]
        )
        assert np.isnan(list(values.values())).all() == (steps < least)
