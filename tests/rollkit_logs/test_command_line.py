"""`rollkit run --source recorded`, from file to artifact."""

import os

import pytest


@pytest.fixture
def turn(left_turn, write):
    return write("drive.csv", left_turn.csv())


def test_run(cli, turn):
    ran = cli("run", "--source", "recorded", "--set", f"path={turn}", "--integrator", "exact")
    assert ran.code == 0, ran.err
    assert ran.means["max_deviation"] < 1e-3
    assert "the median step of 63 instants (column t of drive.csv)" in str(ran.artifact)


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


@pytest.mark.parametrize("option", ["path", "times"])
def test_missing_file_is_named_with_its_neighbours(cli, write, left_turn, option):
    write("drive.txt", left_turn.kitti())
    paths = {"path": "drive.txt", option: "drvie.txt"}
    ran = cli("run", "--source", "recorded", *[f"--set={key}={at}" for key, at in paths.items()])
    assert ran.code == 2
    expected = "error: drvie.txt: no such file\n       nearest in that folder: drive.txt\n"
    assert ran.err == expected
    assert ran.wrote == ["drive.txt"]


def test_a_log_from_a_pipe(cli, left_turn):
    """It can be read only once."""
    receiver, sender = os.pipe()
    os.write(sender, left_turn.csv().encode())
    os.close(sender)
    ran = cli("run", "--source", "recorded", "--set", f"path=/dev/fd/{receiver}")
    os.close(receiver)
    assert ran.code == 0, ran.err
    assert ran.artifact["provenance"]["source"]["format"] == "csv"
