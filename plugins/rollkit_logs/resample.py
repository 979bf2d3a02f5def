"""Bringing irregular samples to uniform instants, by a named method."""

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np

from rollkit.arrays import Array

Method = Literal["cubic", "linear"]


def linear(at: Array, time: Array, values: Array) -> Array:
    """Straight lines between the samples.

    >>> linear(np.array([0.5]), np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 9.0]))
    array([0.5])
    """
    return np.interp(at, time, values)


def cubic(at: Array, time: Array, values: Array) -> Array:
    """Cubic Hermite pieces whose slope at a sample is that of the parabola through its neighbours.

    Exact for parabolas, so a constant acceleration stays one. An outlier reaches two samples far.

    >>> cubic(np.array([0.5, 2.0]), np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 9.0]))
    array([0.25, 4.  ])
    """
    step = np.diff(time)
    slope = np.diff(values) / step
    tangent = np.empty_like(values)
    tangent[1:-1] = (step[1:] * slope[:-1] + step[:-1] * slope[1:]) / (step[1:] + step[:-1])
    # The parabola through the outermost three samples.
    tangent[0], tangent[-1] = 2 * slope[0] - tangent[1], 2 * slope[-1] - tangent[-2]
    piece = np.clip(np.searchsorted(time, at, side="right") - 1, 0, len(step) - 1)
    width = step[piece]
    u = np.clip((at - time[piece]) / width, 0, 1)
    bend_start = tangent[piece] - slope[piece]
    bend_end = tangent[piece + 1] - slope[piece]
    bend = u * (1 - u) * ((1 - u) * bend_start - u * bend_end)
    return values[piece] + width * (u * slope[piece] + bend)


METHODS: Mapping[Method, Callable[[Array, Array, Array], Array]] = {
    "cubic": cubic,
    "linear": linear,
}
