"""Rotation matrices `(..., d, d)` of the plane (d = 2) and of space (d = 3)."""

import numpy as np

from rollkit.arrays import Array

_POLISHES = 3  # each squares what is left of a deviation


def transposed(rotation: Array) -> Array:
    """The rotation back."""
    return np.swapaxes(rotation, -1, -2)


def turned(rotation: Array, vector: Array) -> Array:
    """Vectors `(..., d)` turned."""
    return (rotation @ vector[..., None])[..., 0]


def angle(rotation: Array) -> Array:
    """The angle of each rotation, 0 to π, of the one nearest to the matrix.

    Matrices read from a file are rotations but for their last digits, which would show in the
    angle of space: X (3 - XᵀX) / 2 takes one to the nearest rotation.
    """
    if rotation.shape[-1] == 2:
        sine = rotation[..., 1, 0] - rotation[..., 0, 1]
        return np.abs(np.arctan2(sine, rotation[..., 0, 0] + rotation[..., 1, 1]))
    whole = np.eye(rotation.shape[-1], dtype=rotation.dtype)
    for _ in range(_POLISHES):
        rotation = 0.5 * rotation @ (3 * whole - transposed(rotation) @ rotation)
    trace = np.trace(rotation, axis1=-2, axis2=-1)
    axis = [rotation[..., i, j] - rotation[..., j, i] for i, j in ((2, 1), (0, 2), (1, 0))]
    return np.arctan2(np.sqrt(sum(np.square(one) for one in axis)), trace - 1)
