"""TUM trajectories: `t x y z qx qy qz qw` a line, `#` for comments."""

from collections.abc import Iterator
from typing import Annotated

from rollkit import File, Param, Poses, reader
from rollkit_logs.attitude import from_quaternions
from rollkit_logs.lines import first_line
from rollkit_logs.recording import Axes, recording
from rollkit_logs.rows import check_numbers, check_times
from rollkit_logs.text import are_numbers, table

_NAMES = ("t", "x", "y", "z", "qx", "qy", "qz", "qw")


def _recognises(head: bytes) -> bool:
    return are_numbers(first_line(head).split(), len(_NAMES))


@reader(suffixes=(".tum",), recognises=_recognises)
def tum(
    file: File,
    *,
    axes: Annotated[
        Axes, Param(doc="z up and x forward, or a camera's: x right, y down, z forward")
    ] = "vehicle",
) -> Iterator[Poses]:
    """TUM trajectories: a time in s, a position in m and a quaternion, qw last, on each line.

    Raises
    ------
    DataError
        A line that is no pose, or times that do not grow.
    """
    rows, values = table(file, None, _NAMES)
    for name, column in zip(_NAMES[1:], values.T[1:], strict=True):
        check_numbers(rows, name, column)
    check_times(rows, values[:, 0])
    yield recording(
        rows,
        position=values[:, 1:4],
        rotation=from_quaternions(rows, *values.T[4:], order=" ".join(_NAMES)),
        time=values[:, 0],
        axes=axes,
        origin=f"timestamps in {file.path.name}",
    )
