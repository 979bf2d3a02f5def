"""Where a path is seen from, and a scale on which a metre is as long in both directions."""

from typing import NamedTuple

import numpy as np

from rollkit.arrays import Array
from rollkit.model import Trajectory

_LEAST = 2.0  # m that a picture shows at least: of what stands still, a scale is still to be seen


class Seen(NamedTuple):
    """A path: x ahead and y to the left of where it is seen from, and the yaw from there."""

    x: Array
    y: Array
    yaw: Array


class Span(NamedTuple):
    """From where to where an axis goes."""

    low: float
    high: float


def from_start(one: Trajectory, start: Trajectory) -> Seen:
    """A trajectory `(..., T+1)` as it is seen from where another, `(T+1,)`, begins.

    >>> from rollkit import Trajectory
    >>> north = Trajectory([5.0, 5.0], [1.0, 4.0], [np.pi / 2] * 2, [3.0, 3.0], dt=1.0)
    >>> seen = from_start(north, north)
    >>> print(seen.x.round(9), seen.y.round(9), seen.yaw)
    [0. 3.] [0. 0.] [0. 0.]
    """
    first = int(np.argmax(np.isfinite(start.x + start.y + start.yaw)))
    x, y, yaw = one.x - start.x[first], one.y - start.y[first], start.yaw[first]
    cosine, sine = np.cos(yaw), np.sin(yaw)
    return Seen(cosine * x + sine * y, cosine * y - sine * x, one.yaw - yaw)


def to_scale(wide: Span, high: Span, shape: float) -> tuple[Span, Span]:
    """Both spans, widened so that a metre is as long in both directions.

    `shape` is how many times as wide as high the picture is.

    >>> to_scale(Span(0, 10), Span(0, 1), 2.0)
    (Span(low=0.0, high=10.0), Span(low=-2.0, high=3.0))
    """
    height = max(high.high - high.low, (wide.high - wide.low) / shape, _LEAST)
    return _widened(wide, height * shape), _widened(high, height)


def _widened(one: Span, length: float) -> Span:
    return Span((one.low + one.high - length) / 2, (one.low + one.high + length) / 2)
