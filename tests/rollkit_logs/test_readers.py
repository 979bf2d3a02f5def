"""Text readers against one known drive, written by hand, and telling the formats apart.

10 m ahead, a quarter turn to the left on the spot, 10 m ahead while climbing 2 m.
"""

from pathlib import Path

import numpy as np
import pytest

from rollkit import DataError, File, Poses, read_poses
from rollkit.formats import detect_format

T = [0.0, 1.0, 2.0, 3.0]
X = [0.0, 10.0, 10.0, 10.0]
Y = [0.0, 0.0, 0.0, 10.0]
Z = [0.0, 0.0, 0.0, 2.0]
YAW = [0.0, 0.0, np.pi / 2, np.pi / 2]
# Columns: where the body's forward, left and up point, in terms of the world's x, y, z.
ROTATION = [np.eye(3)] * 2 + [np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])] * 2

# A camera looks forward along its z; left is -x, up is -y. A turn to the left is about -y.
KITTI = """1 0 0 0  0 1 0 0  0 0 1 0
1 0 0 0  0 1 0 0  0 0 1 10
0 0 -1 0  0 1 0 0  1 0 0 10
0 0 -1 -10  0 1 0 -2  1 0 0 10
"""
TUM = """# timestamp tx ty tz qx qy qz qw
0 0 0 0 0 0 0 1
1 10 0 0 0 0 0 1
2 10 0 0 0 0 0.70710678118654752 0.70710678118654752
3 10 10 2 0 0 -0.70710678118654752 -0.70710678118654752
"""
# The same as a SLAM tool writes it, in its camera's axes.
TUM_CAMERA = """0 0 0 0 0 0 0 1
1 0 0 10 0 0 0 1
2 0 0 10 0 -0.70710678118654752 0 0.70710678118654752
3 -10 -2 10 0 -0.70710678118654752 0 0.70710678118654752
"""
EUROC = """#timestamp [ns], p_RS_R_x [m], p_RS_R_y [m], p_RS_R_z [m], q_RS_w [], q_RS_x []
1403636580838555648,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0
1403636581838555648,10,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0
1403636582838555648,10,0,0,0.70710678118654752,0,0,0.70710678118654752,0,0,0,0,0,0,0,0,0
1403636583838555648,10,10,2,0.70710678118654752,0,0,0.70710678118654752,0,0,0,0,0,0,0,0,0
"""
CSV = """t,x,y,z,qx,qy,qz,qw
0,0,0,0,0,0,0,1
1,10,0,0,0,0,0,1
2,10,0,0,0,0,0.70710678118654752,0.70710678118654752
3,10,10,2,0,0,0.70710678118654752,0.70710678118654752
"""
JSONL = """{"t": 0, "x": 0, "y": 0, "z": 0, "yaw": 0}
{"t": 1, "x": 10, "y": 0, "z": 0, "yaw": 0}
{"t": 2, "x": 10, "y": 0, "z": 0, "yaw": 1.5707963267948966}
{"t": 3, "x": 10, "y": 10, "z": 2, "yaw": 1.5707963267948966}
"""
JSON_CASE = """{"t": [0, 1, 2, 3], "x": [0, 10, 10, 10], "y": [0, 0, 0, 10], "z": [0, 0, 0, 2], \
"qx": [0, 0, 0, 0], "qy": [0, 0, 0, 0], "qz": [0, 0, 0.70710678118654752, 0.70710678118654752], \
"qw": [1, 1, 0.70710678118654752, 0.70710678118654752]}"""


def read(text: str | bytes, name: str = "drive.txt", **options) -> list[Poses]:
    content = text.encode() if isinstance(text, str) else text
    return list(read_poses(File(Path(name), content), **options))


@pytest.mark.parametrize(
    ("format", "text", "options"),
    [
        ("kitti", KITTI, {}),
        ("tum", TUM, {}),
        ("tum", TUM_CAMERA, {"axes": "camera"}),
        ("euroc", EUROC, {}),
        ("csv", CSV, {}),
        ("jsonl", JSONL, {}),
        ("jsonl", JSON_CASE, {}),
    ],
)
def test_a_known_turn(format, text, options):
    (drive,) = read(text, **options)
    assert detect_format(File(Path("drive.txt"), text.encode())) == format
    assert (drive.ids, drive.whole, drive.given) == (("drive",), True, 1)
    for name, expected in (("x", X), ("y", Y), ("z", Z), ("yaw", YAW)):
        np.testing.assert_allclose(getattr(drive, name), [[expected]], atol=1e-12, err_msg=name)
    if drive.rotation is not None:
        np.testing.assert_allclose(drive.rotation[0, 0], ROTATION, atol=1e-12)
    if format == "kitti":
        assert drive.time is None
        assert drive.dt is None
    else:
        np.testing.assert_array_equal(drive.time, T)


def test_kitti_with_times(tmp_path):
    times = tmp_path / "times.txt"
    times.write_text("".join(f"{one}\n" for one in T))
    (drive,) = read(KITTI, times=times)
    np.testing.assert_array_equal(drive.time, T)
    assert drive.origin == "times in times.txt"


def test_euroc_keeps_nanoseconds():
    """A float of the whole stamp is good to 256 ns only."""
    rows = [f"{1403636580838555648 + step},0,0,0,1,0,0,0\n" for step in (0, 1, 12)]
    (drive,) = read("".join(rows))
    np.testing.assert_array_equal(drive.time, np.array([0, 1, 12]) / 1e9)


def test_csv_as_spreadsheets_write_it():
    """A byte order mark, CRLF, quotes, spaces, another order, more columns, blank lines."""
    text = '\ufeff"y", x,speed,t\r\n\r\n1,"2",,0\r\n# gap\r\n3, 4 ,,1\r\n5,6,,2\r\n\r\n'
    (drive,) = read(text)
    np.testing.assert_array_equal(drive.x, [[[2, 4, 6]]])
    np.testing.assert_array_equal(drive.y, [[[1, 3, 5]]])
    np.testing.assert_array_equal(drive.speed, [[[np.nan] * 3]])
    assert drive.yaw is None


def test_what_is_missing_was_not_observed():
    for text in ("t,x,y\n0,0,0\n1,,nan\n", '{"t":0,"x":0,"y":0}\n{"t":1,"x":null,"y":NaN}\n'):
        (drive,) = read(text)
        np.testing.assert_array_equal([drive.x[0, 0], drive.y[0, 0]], [[0, np.nan]] * 2)
    (drive,) = read(KITTI.replace("1 0 0 0  0 1 0 0  0 0 1 10", " ".join(["nan"] * 12)))
    assert np.isnan(drive.yaw[0, 0]).tolist() == [False, True, False, False]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines(end):
    (drive,) = read(TUM.replace("\n", end))
    assert drive.instants == 4


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.csv", "0 1 2 3 0 0 0 1\n", "tum"),  # what it holds outweighs what it is called
        ("a.csv", "time,east,north\n", "csv"),
        ("a.TUM", "0 1\n", "tum"),
        ("a.txt", "# a comment\n\n 1 0 0 0 0 1 0 0 0 0 1 0\n", "kitti"),
        ("a.txt", "1403636580838555648,0,0,0,1,0,0,0\n", "euroc"),
        ("a.ndjson", "{}\n", "jsonl"),
        ("a.txt", '{"case": "a", "dt": 0.1, "x": [', "jsonl"),
    ],
)
def test_detection(name, text, expected):
    assert detect_format(File(Path(name), text.encode())) == expected


def test_detection_says_what_it_saw():
    with pytest.raises(
        DataError, match=r"cannot tell the format: .* it starts with b'0 0 0"
    ) as error:
        read("0 0 0 1 0 0 0\n", "drive.log")
    assert "--format NAME" in error.value.hint
