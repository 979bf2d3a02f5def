"""What real drives are said to do: all can be true, and the shares are those of a town."""

import numpy as np
import pyarrow.feather
import pyarrow.parquet
import pytest

import rollkit
from rollkit import Rollout, Trajectory
from rollkit.plugins import Plugins

DT, STEPS = 0.1, 64


def windows(time, x, y, yaw, steps=STEPS, stride=32):
    """Windows of a drive, resampled to an even time step."""
    grid = np.arange(time[0], time[-1], DT)
    even = [np.interp(grid, time, one) for one in (x, y, np.unwrap(yaw))]
    at = np.arange(0, grid.size - steps, stride)[:, None] + np.arange(steps + 1)
    return [one[at] for one in even]


def shares(x, y, yaw):
    """Mean of every label and flag, each defined."""
    plugins = Plugins()
    plugins.load(["behaviour"])
    rollout = Rollout(Trajectory.through(x, y, DT, yaw=yaw))
    values = rollkit.evaluate(rollout, plugins.metrics)
    flags = [name for name, one in plugins.metrics.items() if one.spec.better == "lower"]
    return {name: value.mean() for name, value in values.items()}, flags


@pytest.fixture
def kitti(shared):
    poses = shared / "data" / "KITTI_00_gt.txt"
    times = shared / "data" / "KITTI_00_gt_times.txt"
    if not (poses.exists() and times.exists()):
        pytest.skip("KITTI odometry 00 (CC BY-NC-SA) is not here")
    pose = np.loadtxt(poses).reshape(-1, 3, 4)
    yaw = np.arctan2(-pose[:, 0, 2], pose[:, 2, 2])
    return np.loadtxt(times), pose[:, 2, 3], -pose[:, 0, 3], yaw


def test_a_drive_through_a_town(kitti):
    """KITTI 00, 146 windows of 6.4 s: corners, few lane changes, nothing that cannot be."""
    got, flags = shares(*windows(*kitti))
    assert len(flags) == 5
    assert not any(got[name] for name in flags)
    assert got["reverses"] == 0
    assert round(got["steady"] * 146) == 83
    assert round(got["accelerates"] * 146) == round(got["brakes"] * 146) == 31
    assert round(got["turns_left"] * 146) == 37
    assert round(got["turns_right"] * 146) == 29
    assert round((got["changes_lane_left"] + got["changes_lane_right"]) * 146) == 11


def test_the_direction_of_the_path_does_for_a_yaw(kitti):
    x, y, yaw = windows(*kitti)
    recorded, _ = shares(x, y, yaw)
    course, _ = shares(x, y, None)
    for name, share in recorded.items():
        assert course[name] == pytest.approx(share, abs=0.03), name


def test_a_wrong_frame_is_noticed(kitti):
    x, y, yaw = windows(*kitti)
    assert shares(x, y, yaw + np.pi)[0]["heads_against_motion"] > 0.99
    assert shares(x, y, yaw + np.pi / 2)[0]["moves_sideways"] > 0.99
    recorded, mirrored = shares(x, y, yaw)[0], shares(x, y, -yaw)[0]
    assert mirrored["mirrored"] > 0.9 * (recorded["turns_left"] + recorded["turns_right"])


def test_the_ego_vehicle_of_another_data_set(shared):
    for path in (shared / "data").glob("av2_*egovehicle.feather"):
        table = pyarrow.feather.read_table(path)
        t, w, i, j, k, x, y = (
            table[name].to_numpy()
            for name in ("timestamp_ns", "qw", "qx", "qy", "qz", "tx_m", "ty_m")
        )
        order = np.argsort(t)
        yaw = np.arctan2(2 * (w * k + i * j), 1 - 2 * (j * j + k * k))
        signals = [one[order] for one in ((t - t.min()) * 1e-9, x, y, yaw)]
        got, flags = shares(*windows(*signals, stride=8))
        assert not any(got[name] for name in flags)
        assert got["accelerates"] == got["reverses"] == 0
        assert got["turns_left"] == pytest.approx(3 / 12)
        assert got["goes_straight"] == pytest.approx(9 / 12)
        return
    pytest.skip("the poses of Argoverse 2 (CC BY-NC-SA) are not here")


def test_tracked_vehicles_raise_no_flag(shared):
    for path in (shared / "data").glob("av2_scenario_*.parquet"):
        table = pyarrow.parquet.read_table(path)
        names = ("track_id", "position_x", "position_y", "heading")
        track, *signals = (table[name].to_numpy() for name in names)
        whole = [track == one for one in np.unique(track) if (track == one).sum() == 110]
        x, y, yaw = (np.stack([one[rows] for rows in whole]) for one in signals)
        got, flags = shares(x, y, yaw)
        assert len(x) == 7
        assert not any(got[name] for name in flags)
        assert got["stops"] == pytest.approx(5 / 7)
        assert got["goes_straight"] == 1
        return
    pytest.skip("the scenario of Argoverse 2 (CC BY-NC-SA) is not here")


def test_baselines_of_a_real_drive(kitti):
    """Every baseline that moves beats standing still; none is near."""
    x, y, yaw = windows(*kitti, steps=80, stride=40)
    whole = Trajectory.through(x, y, DT, yaw=yaw)
    signals = (getattr(whole, name)[:, :17] for name in ("x", "y", "yaw", "speed"))
    history, error = Trajectory(*signals, DT), {}
    for name in ("stationary", "constant_velocity", "constant_yaw_rate", "hold_last_action"):
        got = Plugins().baseline(name).spec.function(history, STEPS)
        error[name] = np.hypot(got.x - x[:, 16:], got.y - y[:, 16:]).mean(axis=0)[30]  # at 3 s
    assert error.pop("stationary") == pytest.approx(23.5, abs=0.1)
    assert all(4 < one < 6 for one in error.values()), error
