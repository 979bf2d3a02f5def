"""The few array primitives that integrators and metrics are written in.

Leading axes are batch, the last is time; the dtype that comes in goes out. NaN in, NaN out: no
reduction here drops one.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]


def cumulative(start: Array, increments: Array) -> Array:
    """Running sum from a start: `(...)` and `(..., T)` give `(..., T+1)`, start first.

    >>> cumulative(np.float64(1.0), np.array([2.0, 3.0]))
    array([1., 3., 6.])
    """
    first = np.expand_dims(np.asarray(start), -1)
    return np.cumsum(np.concatenate([first, increments], axis=-1), axis=-1)


def cumulative_clamped(start: Array, increments: Array) -> Array:
    """Running sum held at or above 0 after every step: c[t+1] = max(0, c[t] + i[t]).

    The start must not be negative; it is returned as it came.

    >>> cumulative_clamped(np.float64(1.0), np.array([-3.0, 2.0, 1.0]))
    array([1., 0., 2., 3.])
    """
    total = cumulative(start, increments)
    below = (total < 0).any(axis=-1)
    if not below.any():
        return total
    # Only rows that reach 0 are done again step by step. The closed form, S - min(0, running
    # minimum of S), would carry the rounding of every metre per second braked away while standing.
    rows = increments[below]
    clamped = np.empty((*rows.shape[:-1], rows.shape[-1] + 1), dtype=total.dtype)
    clamped[..., 0] = total[below][..., 0]
    for step in range(rows.shape[-1]):
        clamped[..., step + 1] = np.maximum(clamped[..., step] + rows[..., step], 0)
    total[below] = clamped
    return total


def cos_sin(angle: Array) -> tuple[Array, Array]:
    """Cosine and sine of one angle."""
    return np.cos(angle), np.sin(angle)


def sinc(angle: Array) -> Array:
    """sin(angle) / angle, and 1 at 0.

    >>> sinc(np.array([0.0, np.pi / 2])) * np.pi
    array([3.14159265, 2.        ])
    """
    return np.sinc(angle / np.pi)


def differences(values: Array, dt: float = 1.0) -> Array:
    """Forward differences over dt along time, one sample fewer: (f[t+1] - f[t]) / dt.

    >>> differences(np.array([1.0, 1.5, 3.0]), 0.5)
    array([1., 3.])
    """
    return np.diff(values, axis=-1) / dt


def max_abs(values: Array) -> Array:
    """Largest magnitude over time."""
    return np.max(np.abs(values), axis=-1)


def minimum(values: Array) -> Array:
    """Smallest value over time."""
    return np.min(values, axis=-1)


def maximum(values: Array) -> Array:
    """Largest value over time."""
    return np.max(values, axis=-1)


def mean(values: Array) -> Array:
    """Mean over time."""
    return np.mean(values, axis=-1)


def rms(values: Array) -> Array:
    """Root of the mean square over time.

    >>> rms(np.array([3.0, 4.0, 0.0, 0.0]))
    np.float64(2.5)
    """
    return np.sqrt(np.mean(np.square(values), axis=-1))


def total(values: Array) -> Array:
    """Sum over time."""
    return np.sum(values, axis=-1)


def last(values: Array) -> Array:
    """Value at the last instant."""
    return values[..., -1]


def time_moving(speed: Array, accel: Array, dt: float) -> Array:
    """Time of each step until braking has brought the speed to 0, at most dt.

    >>> time_moving(np.array([2.0, 0.0, 2.0]), np.array([-4.0, -4.0, 1.0]), 1.0)
    array([0.5, 0. , 1. ])
    """
    stops = speed + accel * dt < 0  # false for nan, which then stays nan in the speed itself
    braking = np.where(stops, -accel, speed.dtype.type(1))
    return np.where(stops, speed / braking, speed.dtype.type(dt))
