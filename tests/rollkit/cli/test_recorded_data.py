"""`rollkit eval` on the recorded drives of ../shared/data."""

import json
from pathlib import Path

import numpy as np
import pytest

DATA = Path(__file__).parents[4] / "shared" / "data"
TIMES = f"times={DATA / 'KITTI_00_gt_times.txt'}"
FILES = {
    # Coarser than they are: the spline takes seconds for one drive of thousands of steps.
    "KITTI_00_gt.txt": ["--set", TIMES, "--dt", "0.5", "--max-gap", "1"],
    "KITTI_00_ORB.txt": ["--set", TIMES, "--dt", "0.5", "--max-gap", "1"],
    "av2_7fab2350_city_SE3_egovehicle.feather": ["--dt", "0.1"],
    "av2_scenario_0a1e6f0a-1817-4a98-b02e-db8c9327d151.parquet": [],
}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no recorded drives in {DATA}")


def values(data):
    return {one["name"]: one for one in data["metrics"]}


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_evaluated(cli, name):
    ran = cli("eval", DATA / name, *FILES[name], "--json")
    assert ran.code == 0, ran.err
    data = json.loads(ran.out)
    assert data["cases"]["evaluated"] == data["cases"]["predicted"]
    assert data["eval"]["fit"] == "spline"
    found = values(data)
    assert {one["status"] for one in found.values()} == {"ok"}
    assert 0.01 < found["max_abs_accel"]["max"] < 15
    assert 0.001 < found["max_abs_curvature"]["max"] < 1
    assert found["max_abs_jerk"]["max"] < 60
    assert -2 < found["min_speed"]["min"] <= found["final_speed"]["max"] < 30


def test_the_estimate_of_kitti_00_against_the_truth(cli):
    """The figures of evo, by evo_ape and evo_rpe."""
    ran = cli(
        "eval", DATA / "KITTI_00_ORB.txt", "--reference", DATA / "KITTI_00_gt.txt",
        "--set", TIMES, "--resample", "none", "--plugins", "odometry", "--json",
    )  # fmt: skip
    found = values(json.loads(ran.out))
    assert found["ape"]["mean"] == pytest.approx(7.79029, abs=5e-6)
    assert found["ape_aligned"]["mean"] == pytest.approx(1.30345, abs=5e-6)
    assert found["rpe"]["mean"] == pytest.approx(0.0281204, abs=5e-8)


def test_baselines_on_windows_of_kitti_00(cli):
    ran = cli(
        "eval", DATA / "KITTI_00_gt.txt", "--reference", DATA / "KITTI_00_gt.txt", "--set", TIMES,
        "--dt", "0.1", "--horizon", "6.4", "--history", "1.6", "--metrics", "ade", "--json",
        "--baseline", "constant-velocity,constant-yaw-rate,hold-last-action,stationary",
    )  # fmt: skip
    data = json.loads(ran.out)
    assert data["cases"]["evaluated"] == 73
    assert values(data)["ade"]["max"] == 0
    means = {one["name"]: values(one)["ade"]["mean"] for one in data["baselines"]}
    assert 5 < means["constant_yaw_rate"] < means["stationary"] < 30
    assert 5 < means["constant_velocity"] < 10


def test_argoverse_tracks_with_five_seconds_of_history(cli):
    name = "av2_scenario_0a1e6f0a-1817-4a98-b02e-db8c9327d151.parquet"
    ran = cli(
        "eval", DATA / name, "--reference", DATA / name, "--history", "5", "--metrics", "fde",
        "--baseline", "constant-velocity", "--json",
    )  # fmt: skip
    data = json.loads(ran.out)
    assert data["cases"]["predicted"] == 32
    short = [one for one in data["cases"]["listed"] if "at least one window" in one["reason"]]
    assert len(short) == data["cases"]["left_out"]["invalid"] == 32 - data["cases"]["evaluated"]
    assert np.isfinite(values(data["baselines"][0])["fde"]["mean"])
