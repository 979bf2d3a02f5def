"""TUM trajectories: `t x y z qx qy qz qw` a line, z up, `#` for comments."""

from pathlib import Path

import numpy as np

from rollkit import DataError
from rollkit_logs.heading import heading
from rollkit_logs.poses import PoseLog, check_numbers
from rollkit_logs.text import fields, numbers

SUFFIXES = (".tum",)
_NAMES = ("t", "x", "y", "z", "qx", "qy", "qz", "qw")
# Four decimals, as the format's own files have, are good to 1e-4.
_UNIT = 1e-3


def recognises(line: str) -> bool:
    """Whether a log's first line looks like a TUM pose."""
    return len(line.split()) == len(_NAMES) and "," not in line


def read(path: Path, content: bytes) -> PoseLog:
    """The poses of a TUM file."""
    rows, table = fields(path, content)
    values = numbers(rows, table, _NAMES)
    for index, name in enumerate(_NAMES[1:], 1):
        check_numbers(rows, name, values[:, index])
    time, x, y, _, qx, qy, qz, qw = values.T
    norm = np.sqrt(qx * qx + qy * qy + qz * qz + qw * qw)
    wrong = np.abs(norm - 1) > _UNIT
    if wrong.any():
        first = int(np.argmax(wrong))
        raise DataError(
            f"{rows.at(first)}: got a quaternion of length {norm[first]:.4g}, expected 1; "
            f"the order is {' '.join(_NAMES)}"
        )
    return PoseLog(
        rows=rows,
        frame="x, y of a z-up frame; yaw of the body's x axis",
        x=x,
        y=y,
        # The body's x axis is the first column of the rotation.
        yaw=heading(rows, norm * norm - 2 * (qy * qy + qz * qz), 2 * (qx * qy + qw * qz)),
        time=time,
    )
