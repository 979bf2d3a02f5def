"""EuRoC (ASL) ground truth: CSV of nanoseconds, position and quaternion, its real part first."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import numpy as np

from rollkit import DataError, File, Param, Poses, reader
from rollkit.arrays import Array
from rollkit_logs.attitude import from_quaternions
from rollkit_logs.lines import first_line
from rollkit_logs.recording import Axes, recording
from rollkit_logs.rows import Rows, check_numbers, check_times
from rollkit_logs.text import are_numbers, columns, numbers, shown

_NAMES = ("timestamp", "x", "y", "z", "qw", "qx", "qy", "qz")
# Velocity and two biases follow, in the files of the data set itself.
_LENGTHS = (len(_NAMES), len(_NAMES) + 9)
_LEAST_DIGITS = 15  # of nanoseconds since 1970, whereas seconds have a point
_MOST_DIGITS = 19


def _recognises(head: bytes) -> bool:
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"#timestamp", b"# timestamp")):
        return b"p_RS_R_x" in head
    row = first_line(head).split(",")
    stamp = row[0].strip()
    return any(are_numbers(row, one) for one in _LENGTHS) and (
        stamp.isdigit() and len(stamp) >= _LEAST_DIGITS
    )


@reader(suffixes=(), recognises=_recognises)
def euroc(
    file: File,
    *,
    axes: Annotated[
        Axes, Param(doc="z up and x forward, or a camera's: x right, y down, z forward")
    ] = "vehicle",
) -> Iterator[Poses]:
    """EuRoC (ASL) ground truth: time in ns, position in m, a quaternion, qw first, on each line.

    Velocity and biases, where they follow, are not read. Times count from the first one.

    Raises
    ------
    DataError
        A line that is no pose, or times that do not grow.
    """
    rows, text = columns(file, ",", _LENGTHS, " ".join(_NAMES))
    named = list(zip(_NAMES, text[: len(_NAMES)], strict=True))[1:]
    values = np.stack([numbers(rows, name, column) for name, column in named], axis=-1)
    for (name, _), column in zip(named, values.T, strict=True):
        check_numbers(rows, name, column)
    qw, qx, qy, qz = values.T[3:]
    yield recording(
        rows,
        position=values[:, :3],
        rotation=from_quaternions(rows, qx, qy, qz, qw, order=" ".join(_NAMES)),
        time=_seconds(rows, text[0]),
        axes=axes,
        origin=f"timestamps in {file.path.name}, ns",
    )


def _seconds(rows: Rows, column: Sequence[str]) -> Array:
    """Seconds since the first; as whole numbers till then, as a float holds no ns since 1970."""
    stamps = [one.strip() for one in column]
    for index, one in enumerate(stamps):
        if not (one.isascii() and one.isdigit() and len(one) <= _MOST_DIGITS):
            raise DataError(
                f"{rows.at(index)}: timestamp: got {shown(one)}, expected whole nanoseconds"
            )
    whole = [int(one) for one in stamps]
    time = np.array([one - whole[0] for one in whole], dtype=np.float64) / 1e9
    check_times(rows, time)
    return time
