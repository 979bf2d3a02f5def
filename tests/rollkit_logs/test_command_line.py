"""`rollkit run --source recorded`, from file to artifact."""

import pytest


@pytest.fixture
def turn(left_turn, write):
    return write("drive.csv", left_turn.csv())


def test_run(cli, turn):
    ran = cli("run", "--source", "recorded", "--set", f"path={turn}", "--integrator", "exact")
    assert ran.code == 0, ran.err
    assert ran.means["max_deviation"] < 1e-3
    assert "the median step of the 63 timestamps in drive.csv" in str(ran.artifact)


def test_windows(cli, turn):
    options = ["--set", f"path={turn}", "--horizon", "2", "--seeds"]
    assert cli("run", "--source", "recorded", *options, "3").code == 0
    ran = cli("run", "--source", "recorded", *options, "4")
    assert ran.code == 2
    assert "got seeds 0:4, expected 0:3, as the drive holds 3 windows of 2 s" in ran.err


def test_bad_log(cli, write, left_turn):
    path = write("poses.txt", left_turn.kitti())
    ran = cli("run", "--source", "recorded", "--set", f"path={path}")
    assert ran.code == 2
    assert "got neither timestamps nor a time step" in ran.err
    assert "Traceback" not in ran.err
