"""KITTI odometry poses: 12 numbers a line, a 3x4 matrix, row-major, of the camera."""

from pathlib import Path

import numpy as np

from rollkit import DataError
from rollkit_logs.heading import heading
from rollkit_logs.poses import PoseLog, check_numbers
from rollkit_logs.text import fields, numbers

SUFFIXES = (".kitti",)
_NAMES = ("r00", "r01", "r02", "tx", "r10", "r11", "r12", "ty", "r20", "r21", "r22", "tz")
# Files carry 6 or 7 digits; what is further off is no rotation but another layout.
_RIGID = 1e-3


def recognises(line: str) -> bool:
    """Whether a log's first line looks like a KITTI pose."""
    return len(line.split()) == 12 and "," not in line


def read(path: Path, content: bytes) -> PoseLog:
    """The poses of a KITTI file, without times: KITTI keeps those in a file of their own."""
    rows, table = fields(path, content)
    pose = numbers(rows, table, _NAMES).reshape(-1, 3, 4)
    for index, name in enumerate(_NAMES):
        check_numbers(rows, name, pose.reshape(-1, 12)[:, index])
    rotation = pose[:, :, :3]
    error = np.abs(np.swapaxes(rotation, 1, 2) @ rotation - np.eye(3)).max(axis=(1, 2), initial=0)
    wrong = (error > _RIGID) | (np.linalg.det(rotation) < 0)
    if wrong.any():
        first = int(np.argmax(wrong))
        raise DataError(
            f"{rows.at(first)}: the 3x3 part is no rotation: R'R differs from the identity by "
            f"{error[first]:.3g}, det R = {np.linalg.det(rotation[first]):.3g}; expected a rigid "
            f"pose, {' '.join(_NAMES[:4])} ..."
        )
    return PoseLog(
        rows=rows,
        frame="camera (x right, y down, z forward) to plane: x = z, y = -x",
        x=pose[:, 2, 3],
        y=-pose[:, 0, 3],
        # The camera's forward axis is the third column of R, brought into the plane.
        yaw=heading(rows, pose[:, 2, 2], -pose[:, 0, 2]),
    )
