"""Rotations: quaternions and matrices, how far off they are, and the yaw in them.

Right-handed frames, z up: a rotation takes the body's axes (x forward, y left, z up) to the
world's. Quaternions are Hamilton's, unit, named by their parts, so that no order is assumed.
"""

import numpy as np

from rollkit.arrays import Array

# Files carry four to seven digits: what is further off is no rotation but another layout.
UNIT = 1e-3
RIGID = 1e-3


def from_quaternion(qx: Array, qy: Array, qz: Array, qw: Array) -> Array:
    """Matrices `(..., 3, 3)` of quaternions `(...)`, of any length but 0.

    >>> from_quaternion(*np.array([0.0, 0.0, 1.0, 1.0]))[:, 0]  # a quarter turn left
    array([0., 1., 0.])
    """
    norm = qx * qx + qy * qy + qz * qz + qw * qw
    x, y, z = (2 * q / norm for q in (qx, qy, qz))
    rows = [
        [1 - (y * qy + z * qz), x * qy - z * qw, x * qz + y * qw],
        [x * qy + z * qw, 1 - (x * qx + z * qz), y * qz - x * qw],
        [x * qz - y * qw, y * qz + x * qw, 1 - (x * qx + y * qy)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def yaw(rotation: Array) -> Array:
    """Direction of the body's x axis in the plane, `(...)`, rad.

    >>> float(yaw(np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]))) / np.pi
    0.5
    """
    return np.arctan2(rotation[..., 1, 0], rotation[..., 0, 0])


def off_unit(qx: Array, qy: Array, qz: Array, qw: Array) -> Array:
    """How far the length of a quaternion is from 1, `(...)`."""
    return np.abs(np.sqrt(qx * qx + qy * qy + qz * qz + qw * qw) - 1)


def off_rigid(rotation: Array) -> Array:
    """Largest entry of R'R - 1, `(...)`; infinite where the matrix is left-handed."""
    product = np.swapaxes(rotation, -1, -2) @ rotation
    error = np.abs(product - np.eye(3)).max(axis=(-1, -2))
    return np.where(determinant(rotation) < 0, np.inf, error)


def determinant(rotation: Array) -> Array:
    """Of matrices `(..., 3, 3)`, `(...)`; unlike NumPy's it does not warn of nan.

    >>> determinant(np.diag([1.0, 1.0, -1.0]))
    array(-1.)
    """
    first, second, third = np.moveaxis(rotation, -2, 0)
    return np.asarray((first * np.cross(second, third)).sum(axis=-1))


# Camera axes (x right, y down, z forward) to vehicle axes (x forward, y left, z up).
_VEHICLE_FROM_CAMERA = np.array([[0.0, 0, 1], [-1, 0, 0], [0, -1, 0]])


def positions_from_camera(position: Array) -> Array:
    """Positions `(..., 3)` in a camera's axes, in a vehicle's: forward, left, up.

    >>> positions_from_camera(np.array([1.0, 2.0, 3.0]))  # right, down, forward
    array([ 3., -1., -2.])
    """
    return position @ _VEHICLE_FROM_CAMERA.T


def rotations_from_camera(rotation: Array) -> Array:
    """Rotations `(..., 3, 3)` between camera frames as rotations between vehicle frames."""
    return _VEHICLE_FROM_CAMERA @ rotation @ _VEHICLE_FROM_CAMERA.T


_POSES_AT_ONCE = 1 << 14  # nine rows of them fill the second-level cache


def departure(rotation: Array) -> Array:
    """How far matrices `(..., 3, 3)` are from a rotation, `(...)`: 1.15 to 2 if left-handed.

    The largest departure of the first two columns from unit length and a right angle, and of the
    third from their cross product. As `off_rigid`, but without a matrix product for each.

    >>> departure(np.stack([np.eye(3), np.diag([1.0, 1.0, -1.0]), np.diag([1.0, 1.1, 1.0])]))
    array([0.  , 2.  , 0.21])
    """
    matrices = rotation.reshape(-1, 9)
    result = np.empty(len(matrices))
    for first in range(0, len(matrices), _POSES_AT_ONCE):
        part = slice(first, first + _POSES_AT_ONCE)
        ax, bx, cx, ay, by, cy, az, bz, cz = np.ascontiguousarray(matrices[part].T)
        largest = np.abs(ax * ax + ay * ay + az * az - 1)
        for error in (
            bx * bx + by * by + bz * bz - 1,
            ax * bx + ay * by + az * bz,
            ay * bz - az * by - cx,
            az * bx - ax * bz - cy,
            ax * by - ay * bx - cz,
        ):
            np.maximum(largest, np.abs(error), out=largest)
        result[part] = largest
    return result.reshape(rotation.shape[:-2])
