"""The corners of a box around the vehicle, and how far they are from where they should be."""

import math
from functools import reduce

import numpy as np

from rollkit import Rollout, arrays
from rollkit.arrays import Array
from rollkit_std.displacement._samples import least_at_instants

_AT_ONCE = 1 << 14  # poses whose intermediate numbers stay in the cache


def least_corner_distance(rollout: Rollout, length: float, width: float) -> Array:
    """Mean over instants and corners of the least distance over the samples of a case, m."""
    along, across = (rollout.predicted(one) for one in (rollout.along_track, rollout.cross_track))
    turn = rollout.predicted(rollout.heading_error)
    instants = turn.shape[-1]
    case = rollout.batch[: len(rollout.batch) - len(rollout.samples)]
    near = arrays.empty(case, instants)
    some = max(1, _AT_ONCE // max(1, math.prod(rollout.batch)))
    for start in range(0, instants, some):
        at = (..., slice(start, start + some))
        squares = _squares(along[at], across[at], turn[at], length / 2, width / 2)
        near[at] = reduce(np.add, (np.sqrt(least_at_instants(rollout, one)) for one in squares))
    mean = (arrays.mean(near) / 4).astype(turn.dtype, copy=False)
    return np.broadcast_to(np.expand_dims(mean, rollout.samples), rollout.batch)


def _squares(along: Array, across: Array, turn: Array, ahead: float, left: float) -> list[Array]:
    """Squares of the distances of the four corners, all `(..., T)`.

    In the frame of the reference, whose box stands still there: a corner o is off by the
    displacement and by what the turn δ does to it, (R(δ) - 1) o.
    """
    # cos δ - 1 and sin δ by t = tan(δ / 2): small turns lose no digits.
    tangent = np.tan(turn * 0.5)
    sine = 2 * tangent / (1 + np.square(tangent))
    fall = -sine * tangent
    squares = []
    for side in (left, -left):  # the corner across is off by the opposite
        x, y = fall * ahead - sine * side, sine * ahead + fall * side
        squares.append(np.square(along + x) + np.square(across + y))
        squares.append(np.square(along - x) + np.square(across - y))
    return squares
