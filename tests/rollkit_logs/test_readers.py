"""Every reader against one known left turn, and telling the formats apart."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from rollkit import DataError
from rollkit_logs.readers import READERS, Format, detect, read

FORMATS = ("kitti", "tum", "csv", "parquet")


@pytest.fixture
def logs(left_turn, write, tmp_path) -> dict[str, Path]:
    left_turn.parquet(tmp_path / "drive.parquet")
    return {
        "kitti": write("kitti.txt", left_turn.kitti()),
        "tum": write("tum.txt", left_turn.tum()),
        "csv": write("drive.csv", left_turn.csv()),
        "parquet": tmp_path / "drive.parquet",
    }


@pytest.mark.parametrize("name", FORMATS)
def test_reads_the_left_turn(name, logs, left_turn):
    detected, log = read(logs[name])
    assert detected == name
    np.testing.assert_allclose(log.x, left_turn.x, atol=1e-12)
    np.testing.assert_allclose(log.y, left_turn.y, atol=1e-12)
    np.testing.assert_allclose(np.unwrap(log.yaw), left_turn.yaw, atol=1e-12)
    if name == "kitti":
        assert log.time is None
    else:
        np.testing.assert_array_equal(log.time, left_turn.t)


def test_kitti_by_hand(write):
    """1 m forward is +z of the camera, 2 m left is -x of it; a quarter turn left is about -y."""
    ahead = "1 0 0 0  0 1 0 0  0 0 1 0\n"
    left = "0 0 -1 -2  0 1 0 0  1 0 0 1\n"
    _, log = read(write("poses.txt", ahead + left + left))
    assert (log.x[1], log.y[1]) == (1, 2)
    np.testing.assert_allclose(log.yaw, [0, np.pi / 2, np.pi / 2])


def test_tum_by_hand(write):
    """A quarter turn left is (0, 0, sin 45 deg, cos 45 deg), qw last."""
    half = np.sqrt(0.5)
    text = f"0 0 0 0 0 0 0 1\n1 1 2 9 0 0 {half} {half}\n2 1 2 9 0 0 {-half} {-half}\n"
    _, log = read(write("poses.txt", text))
    assert (log.x[1], log.y[1]) == (1, 2)
    np.testing.assert_allclose(log.yaw, [0, np.pi / 2, np.pi / 2])


def test_csv_as_spreadsheets_write_it(write):
    """A byte order mark, CRLF, quotes, spaces, another order, more columns, blank lines."""
    text = '\ufeff"y", x,speed,t\r\n\r\n1,"2",,0\r\n# gap\r\n3, 4 ,x,1\r\n5,6,,2\r\n\r\n'
    name, log = read(write("poses.txt", text))
    assert name == "csv"
    assert log.yaw is None
    np.testing.assert_array_equal([log.time, log.x, log.y], [[0, 1, 2], [2, 4, 6], [1, 3, 5]])


@pytest.mark.parametrize("name", FORMATS)
def test_naming_the_format_reads_the_same(name, logs):
    _, log = read(logs[name], name)
    np.testing.assert_array_equal(log.x, read(logs[name])[1].x)


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("a.csv", "0 1 2 3 0 0 0 1\n", "tum"),  # what it holds outweighs what it is called
        ("a.csv", "time,east,north\n", "csv"),
        ("a.TUM", "0 1\n", "tum"),
        ("a.txt", "# a comment\n\n 1 0 0 0 0 1 0 0 0 0 1 0\n", "kitti"),
    ],
)
def test_detection(file, text, expected):
    assert detect(Path(file), text.encode()) == expected


def test_detection_says_what_it_saw(write):
    path = write("drive.log", "0 0 0 1 0 0 0\n")
    with pytest.raises(DataError) as error:
        read(path)
    assert error.value.message == (
        f"{path}: cannot tell the format: the first line has 7 fields, '0 0 0 1 0 0 0'; "
        "expected 12 (kitti), 8 (tum), a header with t,x,y (csv) or Parquet"
    )
    assert "--set format=NAME" in error.value.hint
    assert all(name in error.value.hint for name in FORMATS)


def test_every_reader_can_be_named():
    assert get_args(Format) == ("auto", *READERS)
