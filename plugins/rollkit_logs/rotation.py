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
    return np.where(np.linalg.det(rotation) < 0, np.inf, error)
