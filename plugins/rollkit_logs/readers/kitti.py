"""KITTI odometry poses: 12 numbers a line, a 3x4 matrix, row-major, of the camera."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np

from rollkit import DataError, File, Param, Poses, reader
from rollkit.arrays import Array
from rollkit_logs.attitude import check_rigid
from rollkit_logs.lines import first_line
from rollkit_logs.recording import recording
from rollkit_logs.rows import check_numbers, check_times
from rollkit_logs.text import are_numbers, table

_NAMES = ("r00", "r01", "r02", "tx", "r10", "r11", "r12", "ty", "r20", "r21", "r22", "tz")


def _recognises(head: bytes) -> bool:
    return are_numbers(first_line(head).split(), len(_NAMES))


@reader(suffixes=(".kitti",), recognises=_recognises)
def kitti(
    file: File,
    *,
    times: Annotated[Path | None, Param(doc="file of times in s, one a line, one a pose")] = None,
) -> Iterator[Poses]:
    """KITTI odometry poses, one 3x4 matrix a line, of the camera; times are in a file of their own.

    Raises
    ------
    DataError
        A line that is no rigid pose, or times of another number or that do not grow.
    """
    rows, values = table(file, None, _NAMES)
    for name, column in zip(_NAMES, values.T, strict=True):
        check_numbers(rows, name, column)
    pose = values.reshape(-1, 3, 4)
    check_rigid(rows, pose[:, :, :3], layout=f"{' '.join(_NAMES[:4])} ...")
    named = f"{file.path.name} has no timestamps" if times is None else f"times in {times.name}"
    yield recording(
        rows,
        position=pose[:, :, 3],
        rotation=pose[:, :, :3],
        time=None if times is None else _times(times, file, len(pose)),
        axes="camera",
        origin=named,
    )


def _times(path: Path, poses: File, count: int) -> Array:
    rows, values = table(File(path), None, ["time"])
    if len(values) != count:
        raise DataError(
            f"{path}: got {len(values)} times, expected {count}, one for each pose of {poses.path}"
        )
    time: Array = np.ascontiguousarray(values[:, 0])
    check_times(rows, time)
    return time
