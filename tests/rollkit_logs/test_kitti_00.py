"""A real drive: KITTI odometry 00, 3.7 km through a town, with the figures that the docs state."""

import numpy as np
import pytest

SEEDS = (0, 73)


@pytest.fixture
def kitti(shared, drive):
    """Drive the ground truth, or another estimate of it, with given options."""
    times = shared / "data" / "KITTI_00_gt_times.txt"

    def driven(name="KITTI_00_gt.txt", **options):
        path = shared / "data" / name
        for file in (path, times):
            if not file.exists():
                pytest.skip(f"KITTI odometry 00 (CC BY-NC-SA) is not here: no {file.name}")
        return drive(path, times=times, **options)

    return driven


def test_a_real_car(kitti):
    episodes, rollout = kitti()
    assert episodes.notes["samples"] == 4541
    assert episodes.notes["dt"].startswith("0.10361 s, the median step of 4541 instants")
    assert episodes.notes["recorded_step_jitter_s"] == pytest.approx(0.00199, abs=1e-5)
    assert episodes.notes["reverse_steps"] == 0
    assert rollout.speed.min() >= 0
    assert 12 < rollout.speed.max() < 15
    assert np.abs(rollout.accel).max() < 5.5
    assert np.abs(rollout.jerk).max() < 20
    assert np.percentile(np.abs(rollout.jerk), 99) < 8
    assert np.abs(rollout.curvature).max() < 0.5


def test_the_whole_drive_is_followed(kitti):
    _, rollout = kitti()
    assert rollout.step_length.sum() == pytest.approx(3721, abs=3)
    assert rollout.deviation[0, -1] < 0.02
    assert rollout.deviation.max() < 0.2


def test_windows(kitti):
    episodes, rollout = kitti(horizon=6.4, seeds=SEEDS)
    assert episodes.notes["windows"] == 73
    assert episodes.notes["window_steps"] == 62
    assert rollout.deviation[:, -1].mean() < 0.02
    assert rollout.deviation[:, -1].max() < 0.05


def test_why_smooth(kitti):
    _, rough = kitti(smooth=0.0)
    assert np.abs(rough.jerk).max() > 80


def test_why_the_direction_of_the_path(kitti):
    """The camera is ahead of the rear axle: it does not go where it looks in a turn."""
    _, rollout = kitti(heading="recorded", horizon=6.4, seeds=SEEDS)
    assert rollout.deviation[:, -1].mean() > 0.5
    assert np.abs(rollout.curvature).max() < 0.21


@pytest.mark.parametrize("smooth", [0.0, 1.0])
def test_positions_alone_drive_alike(kitti, shared, log, drive, smooth):
    """Without a yaw no gear is mistaken."""
    with_yaw, _ = kitti(smooth=smooth)
    pose = np.loadtxt(shared / "data" / "KITTI_00_gt.txt")
    time = np.loadtxt(shared / "data" / "KITTI_00_gt_times.txt")
    alone, _ = drive(log(time, pose[:, 11], -pose[:, 3]), smooth=smooth)
    assert alone.notes["reverse_steps"] == 0
    np.testing.assert_array_equal(alone.actions.accel, with_yaw.actions.accel)
    np.testing.assert_array_equal(alone.actions.curvature, with_yaw.actions.curvature)


def test_an_estimate_of_the_same_drive(kitti):
    """Another recording, the same times, its own noise."""
    _, rollout = kitti("KITTI_00_ORB.txt")
    assert np.abs(rollout.jerk).max() < 15
    assert rollout.deviation.max() < 0.2
