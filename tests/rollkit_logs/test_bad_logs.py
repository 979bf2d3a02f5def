"""Bad input: one line that says which file, which line, what was got and what was expected."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit import DataError, Draws, UsageError
from rollkit_logs.recorded import recorded

POSE = "1 0 0 0 0 1 0 0 0 0 1 {z}\n"
KITTI = "".join(POSE.format(z=z) for z in range(20))
TUM = "".join(f"{t / 10} {t} 0 0 0 0 0 1\n" for t in range(20))
CSV = "t,x,y,yaw\n" + "".join(f"{t / 10},{t},0,0\n" for t in range(20))


def with_line(text: str, number: int, line: str) -> str:
    """The text with one line, counted from 1, replaced."""
    every = text.splitlines()
    every[number - 1] = line
    return "\n".join(every) + "\n"


def complaint(path, **options) -> DataError:
    with pytest.raises(DataError) as error:
        recorded(Draws(0, 1), path=path, **{"dt": 0.1, **options})
    assert "\n" not in error.value.message
    return error.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# only a comment\n", "{path}: cannot tell the format: expected one of "),
        (with_line(KITTI, 3, "1 0 0 0 0 1 0 0 0 0 1"), "{path}:3: got 11 fields, expected 12: r00"),
        (with_line(KITTI, 3, POSE.format(z="3.o")), "{path}:3: tz: got '3.o', expected a number"),
        (with_line(KITTI, 4, POSE.format(z="-inf")), "{path}:4: tz: got -inf, expected a finite"),
        (with_line(KITTI, 4, POSE.format(z="1e99")), "{path}:4: tz: got 1e+99, expected a finite"),
        (
            with_line(KITTI, 5, "1 0 0 0 0 2 0 0 0 0 1 4"),
            "{path}:5: the 3x3 part is no rotation: R'R differs from the identity by 3, det R = 2;",
        ),
        (
            with_line(KITTI, 5, "1 0 0 0 0 1 0 0 0 0 -1 4"),
            "{path}:5: the 3x3 part is no rotation: R'R differs from the identity by 0, det R = -1",
        ),
        (
            with_line(KITTI, 5, "1 0 0 0 0 0 1 0 0 -1 0 4"),
            "{path}:5: the forward axis points straight up or down, which has no heading;",
        ),
        (KITTI.splitlines()[0], "{path}: got 1 poses, expected at least 3"),
        (with_line(TUM, 3, "0.2 2 0 0 0 0 0"), "{path}:3: got 7 fields, expected 8: t x y z qx"),
        (with_line(TUM, 3, "0.2 2 0 0 0 0 0 1.5"), "{path}:3: got a quaternion of length 1.5,"),
        (with_line(TUM, 3, "0.2 2 0 0 0 0 x 1"), "{path}:3: qz: got 'x', expected a number"),
        (with_line(TUM, 3, "0.1 2 0 0 0 0 0 1"), "{path}:3: time repeats: got 0.1 s, expected mor"),
        (
            with_line(TUM, 3, "0.05 2 0 0 0 0 0 1"),
            "{path}:3: time runs backwards from 0.1 s: got 0",
        ),
        (
            with_line(TUM, 3, "nan 2 0 0 0 0 0 1"),
            "{path}:3: time: got nan, expected a finite numbe",
        ),
        (
            with_line(CSV, 1, "time,x,y,yaw"),
            "{path}: no column 't': got 'time, x, y, yaw', nearest",
        ),
        (
            with_line(CSV, 1, "t,x,north,yaw"),
            "{path}: no column 'y': got 't, x, north, yaw', neare",
        ),
        (with_line(CSV, 1, "t,x,y,y"), "{path}: column 'y' is there twice; expected it once"),
        (with_line(CSV, 4, "0.2,2"), "{path}:4: got 2 fields, expected 4 as in the header"),
        (with_line(CSV, 4, ",2,0,0"), "{path}:4: t: got '', expected a number"),
        (with_line(CSV, 4, "0.2,2,0,1_0"), "{path}:4: yaw: got '1_0', expected a number"),
        (with_line(CSV, 4, "0.2,2,0,-inf"), "{path}:4: yaw: got -inf, expected a finite number"),
        (with_line(CSV, 4, "0.1,2,0,0"), "{path}:4: time repeats: got 0.1 s"),
        (with_line(CSV, 21, "1e9,2,0,0"), "{path}: 1e+09 s in steps of 0.1 s are 1e+10 instants"),
        ("t,x,y\n", "{path}: holds no poses, expected at least one case"),
        ("t,x,y\n0,0,0\n1,1,1\n", "{path}: got 2 poses, expected at least 3"),
        ("t,x,y\n0,0,0\n1e-9,1,1\n10,1,1\n", "{path}: got 2 poses at distinct times, expected at"),
        (
            "t,x,y\n0,0,0\n1e-9,1,1\n2e-9,1,1\n",
            "{path}: got a time step of 1e-09 s, expected 1e-06",
        ),
    ],
)
def test_text(text, expected, write):
    path = write("drive.txt", text)
    dt = None if "time step" in expected else 0.1
    assert complaint(path, dt=dt).message.startswith(expected.format(path=path))


def test_comments_and_blank_lines_count_as_lines(write):
    path = write("drive.txt", "# a\n\n" + with_line(TUM, 3, "0.2 2 0 0 0 0 0"))
    assert complaint(path).message.startswith(f"{path}:5: got 7 fields")


def test_missing_file(write, tmp_path):
    write("drive.csv", CSV)
    error = complaint(tmp_path / "drvie.csv")
    assert error.message == f"{tmp_path / 'drvie.csv'}: no such file"
    assert error.hint == "nearest in that folder: drive.csv"


def test_missing_folder(tmp_path):
    error = complaint(tmp_path / "none" / "drive.csv")
    assert error.hint == f"there is no folder {tmp_path / 'none'} either"


def test_folder(tmp_path):
    assert complaint(tmp_path).message == f"{tmp_path}: got a folder, expected a file"


def test_path_that_cannot_be():
    assert "cannot be read" in complaint(Path("a\0b")).message


def test_binary(tmp_path):
    path = tmp_path / "drive.csv"
    path.write_bytes(b"t,x,y\n0,0,0\n\xff\xfe\x00")
    assert complaint(path).message == f"{path}:3: got byte 0xff, expected UTF-8 text"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('"1,0,0', "{path}:2: is no CSV: unexpected end of data"),
        ('"' + "1" * 200_000 + '",0,0', "{path}:2: is no CSV: field larger than"),
        ("1" * 2_000_000, "{path}:2: got a line of more than 1048576 characters, expected a text"),
        ("1" * 900_000 + ",0,0", "{path}:2: time: got inf, expected a finite number"),
        ("," * 900_000, "{path}:2: got 900001 fields, expected 3 as in the header"),
    ],
)
def test_csv_that_is_none(line, expected, write):
    path = write("drive.csv", f"t,x,y\n{line}\n")
    assert complaint(path).message.startswith(expected.format(path=path))


def test_neither_times_nor_dt(write):
    error = complaint(write("drive.txt", KITTI), dt=None)
    assert "got neither timestamps nor a time step" in error.message
    assert "--dt 0.1" in error.hint


def test_times_of_another_length(write):
    path, times = write("drive.txt", KITTI), write("times.txt", "0\n1\n2\n")
    expected = f"{times}: got 3 times, expected 20, one for each pose of {path}"
    assert complaint(path, times=times).message == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("0.05", "time runs backwards from 0.1 s"),
        ("x", "time: got 'x'"),
        ("1 2", "got 2 fields, expected one"),
    ],
)
def test_bad_times(line, expected, write):
    path = write("drive.txt", KITTI)
    every = "\n".join(str(t / 10) for t in range(20))
    times = write("times.txt", with_line(every, 3, line))
    assert complaint(path, times=times).message.startswith(f"{times}:3: {expected}")


def test_times_twice(write):
    path, times = write("drive.txt", TUM), write("times.txt", "0\n1\n")
    with pytest.raises(UsageError, match="unknown option 'times' of format 'tum'"):
        recorded(Draws(0, 1), path=path, times=times)


def test_recorded_heading_without_yaw(write):
    error = complaint(write("drive.csv", "t,x,y\n0,0,0\n1,1,0\n2,2,0\n"), heading="recorded")
    assert "got no yaw, expected one for heading=recorded" in error.message
    assert "heading=path" in error.hint


def test_shorter_than_the_smoothing_window(write):
    path = write("drive.csv", CSV)
    error = complaint(path, smooth=5.0)
    assert error.message == (
        f"{path}: got 20 instants 0.1 s apart, expected at least 51, the smoothing window of 5 s"
    )
    assert "smooth=0" in error.hint


def test_dt_as_long_as_the_drive(write):
    path = write("drive.csv", CSV)
    assert complaint(path, dt=1.0).message == (
        f"{path}: got 2 instants 1 s apart, expected at least 3, two steps"
    )


@pytest.mark.parametrize("dt", [1e-300, 1e300])
@pytest.mark.parametrize("text", [KITTI, TUM])
def test_absurd_dt(dt, text, write):
    assert "got a time step of" in complaint(write("drive.txt", text), dt=dt).message


def is_refused_or_drives(path, **options) -> None:
    """A DataError that says which file, in one line, or finite actions; nothing else."""
    try:
        episodes = recorded(Draws(0, 1), path=path, dt=0.1, **options)
    except DataError as error:
        refusal = error.message
    else:
        assert np.isfinite([episodes.actions.accel, episodes.actions.curvature]).all()
        assert np.isfinite(episodes.reference.speed).all()
        return
    assert str(path) in refusal
    assert "\n" not in refusal


JUNK = st.one_of(
    st.floats().map(repr),
    st.integers(-10, 10).map(str),
    st.sampled_from(["", "x", "nan", "-inf", "1e999", "1e9", "-1e9", "1 2", "1,2", "#", '"', "\0"]),
    st.text(max_size=5),
)


@pytest.mark.parametrize("log", [KITTI, TUM, CSV], ids=["kitti", "tum", "csv"])
@pytest.mark.parametrize("options", [{}, {"smooth": 0.0, "heading": "recorded"}])
@given(data=st.data())
def test_one_bad_cell(log, options, data, tmp_path_factory):
    every = log.splitlines()
    separator = "," if "," in log else " "
    line = data.draw(st.integers(0, len(every) - 1))
    cells = every[line].split(separator)
    cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(JUNK)
    every[line] = separator.join(cells)
    path = tmp_path_factory.getbasetemp() / "one_bad_cell.txt"
    path.write_text("\n".join(every), encoding="utf-8", errors="surrogatepass")
    is_refused_or_drives(path, **options)


@given(content=st.binary(max_size=200), suffix=st.sampled_from(["txt", "csv", "parquet", "tum"]))
def test_any_bytes(content, suffix, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / f"bytes.{suffix}"
    path.write_bytes(content)
    is_refused_or_drives(path)
