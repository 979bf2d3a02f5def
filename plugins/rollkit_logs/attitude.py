"""Attitudes as files give them, checked row by row: rotations, and the headings in them."""

import numpy as np

from rollkit import DataError
from rollkit.arrays import Array
from rollkit_logs import rotation
from rollkit_logs.rows import Rows

# Steeper than 89.9 degrees there is no heading to speak of.
_LEAST = 1e-3


def from_quaternions(
    rows: Rows, qx: Array, qy: Array, qz: Array, qw: Array, *, order: str
) -> Array:
    """Rotation matrices `(n, 3, 3)` of a file's quaternions; nan where one was not observed.

    Raises
    ------
    DataError
        One that is not of length 1: another order, or another column.
    """
    wrong = rotation.off_unit(qx, qy, qz, qw) > rotation.UNIT  # false for nan
    if wrong.any():
        first = int(np.argmax(wrong))
        length = np.sqrt(sum(float(q[first]) ** 2 for q in (qx, qy, qz, qw)))
        raise DataError(
            f"{rows.at(first)}: got a quaternion of length {length:.4g}, expected 1; "
            f"the order is {order}"
        )
    return rotation.from_quaternion(qx, qy, qz, qw)


def check_rigid(rows: Rows, matrix: Array, *, layout: str) -> None:
    """Refuse matrices `(n, 3, 3)` that are no rotation: stretched, or left-handed.

    Raises
    ------
    DataError
    """
    wrong = rotation.off_rigid(matrix) > rotation.RIGID
    if wrong.any():
        first = int(np.argmax(wrong))
        error = np.abs(matrix[first].T @ matrix[first] - np.eye(3)).max()
        sign = rotation.determinant(matrix[first])
        raise DataError(
            f"{rows.at(first)}: the 3x3 part is no rotation: R'R differs from the identity by "
            f"{error:.3g}, det R = {sign:.3g}; expected a rigid pose, {layout}"
        )


def heading(rows: Rows, matrix: Array) -> Array:
    """Yaw of bodies whose x axis points forward, `(n,)`, rad.

    Raises
    ------
    DataError
        The axis points straight up or down: the log is in another frame.
    """
    steep = np.hypot(matrix[:, 0, 0], matrix[:, 1, 0]) < _LEAST
    if steep.any():
        raise DataError(
            f"{rows.at(int(np.argmax(steep)))}: the forward axis points straight up or down, "
            "which has no heading; expected a vehicle's pose"
        )
    return rotation.yaw(matrix)
