"""Values and rotations between samples, by a named method: arrays in, arrays out."""

from collections.abc import Callable, Mapping

import numpy as np

from rollkit.arrays import Array

# Each pass squares how far a matrix is from a rotation; files carry four digits or more.
_PASSES = 4


def linear(at: Array, time: Array, values: Array) -> Array:
    """Straight lines between the samples, `(..., m)`.

    >>> linear(np.array([0.5]), np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 9.0]))
    array([0.5])
    """
    if len(time) == 1:
        return np.repeat(values, len(at), axis=-1)
    piece, u = _pieces(at, time)
    start, end = values[..., piece], values[..., piece + 1]
    return np.where(u < 1, start + u * (end - start), end)


def cubic(at: Array, time: Array, values: Array) -> Array:
    """Cubic Hermite pieces, `(..., m)`; the slope at a sample is that of the parabola through its
    neighbours.

    Exact for parabolas, so a constant acceleration stays one. An outlier reaches two samples far.
    Of two samples it is the line, of one the sample.

    >>> cubic(np.array([0.5, 2.0]), np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 9.0]))
    array([0.25, 4.  ])
    """
    if len(time) < 3:
        return linear(at, time, values)
    step = np.diff(time)
    slope = np.diff(values, axis=-1) / step
    tangent = np.empty_like(slope, shape=values.shape)
    before, after = slope[..., :-1], slope[..., 1:]
    tangent[..., 1:-1] = (step[1:] * before + step[:-1] * after) / (step[1:] + step[:-1])
    # The parabola through the outermost three samples.
    tangent[..., 0] = 2 * slope[..., 0] - tangent[..., 1]
    tangent[..., -1] = 2 * slope[..., -1] - tangent[..., -2]
    piece, u = _pieces(at, time)
    rise = slope[..., piece]
    bend = (1 - u) * (tangent[..., piece] - rise) - u * (tangent[..., piece + 1] - rise)
    inside = values[..., piece] + step[piece] * (u * rise + u * (1 - u) * bend)
    return np.where(u < 1, inside, values[..., piece + 1])


METHODS: Mapping[str, Callable[[Array, Array, Array], Array]] = {"cubic": cubic, "linear": linear}


def slerp(at: Array, time: Array, rotation: Array) -> Array:
    """The shortest turn from one rotation to the next at a constant rate, `(..., m, 3, 3)`.

    What comes out between the samples is a rotation to rounding, even where the samples carry few
    digits; at a sample it is the sample.

    Notes
    -----
    R0 exp(u log(R0' R1)), with the turn R0' R1 as a unit quaternion.

    References
    ----------
    K. Shoemake: Animating rotation with quaternion curves. SIGGRAPH 1985.

    >>> back = np.diag([-1.0, -1.0, 1.0])
    >>> half = slerp(np.array([0.5]), np.array([0.0, 1.0]), np.array([np.eye(3), back]))
    >>> np.abs(half[0]).round(12).tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    if len(time) == 1:
        return np.repeat(rotation, len(at), axis=-3)
    piece, u = _pieces(at, time)
    start, end = rotation[..., piece, :, :], rotation[..., piece + 1, :, :]
    turn = _quaternion(np.swapaxes(start, -1, -2) @ end)
    length = np.sqrt(np.square(turn[..., 1:]).sum(axis=-1))
    half = u * np.arctan2(length, turn[..., 0])
    scale = np.where(length > 0, np.sin(half) / np.where(length > 0, length, 1), u)
    turned = _matrix(np.cos(half), np.moveaxis(scale[..., None] * turn[..., 1:], -1, 0))
    inside = _nearest_rotation(start @ turned)
    share = u[:, None, None]
    return np.where(share == 0, start, np.where(share == 1, end, inside))


def _pieces(at: Array, time: Array) -> tuple[np.ndarray, Array]:
    """The piece between two samples that each instant is in, and how far along, from 0 to 1."""
    piece = np.clip(np.searchsorted(time, at, side="right") - 1, 0, len(time) - 2)
    start, end = time[piece], time[piece + 1]
    return piece, np.clip((at - start) / (end - start), 0, 1)


def _quaternion(rotation: Array) -> Array:
    """Unit quaternions, real part first and not negative, `(..., 4)`."""
    r = rotation
    trace = np.trace(r, axis1=-2, axis2=-1)
    skew = [r[..., 2, 1] - r[..., 1, 2], r[..., 0, 2] - r[..., 2, 0], r[..., 1, 0] - r[..., 0, 1]]
    # Four times the outer product of the quaternion with itself: its largest row is the best one.
    outer = np.empty((*trace.shape, 4, 4), dtype=r.dtype)
    outer[..., 0, 0] = 1 + trace
    outer[..., 1:, 1:] = r + np.swapaxes(r, -1, -2)
    for axis in range(3):
        outer[..., 0, axis + 1] = outer[..., axis + 1, 0] = skew[axis]
        outer[..., axis + 1, axis + 1] += 1 - trace
    best = np.argmax(np.diagonal(outer, axis1=-2, axis2=-1), axis=-1)
    row = np.take_along_axis(outer, best[..., None, None], axis=-2)[..., 0, :]
    row = row / np.sqrt(np.square(row).sum(axis=-1, keepdims=True))
    return np.where(row[..., :1] < 0, -row, row)


def _matrix(w: Array, xyz: Array) -> Array:
    """The rotation of a unit quaternion, `(..., 3, 3)`."""
    x, y, z = xyz
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def _nearest_rotation(matrix: Array) -> Array:
    """The rotation nearest to what almost is one, by Newton's iteration for the polar factor."""
    for _ in range(_PASSES):
        matrix = 1.5 * matrix - 0.5 * (matrix @ (np.swapaxes(matrix, -1, -2) @ matrix))
    return matrix
