"""The few array primitives that integrators and metrics are written in.

Leading axes are batch, the last is time; the dtype that comes in goes out. NaN in, NaN out: no
reduction here drops one. Sums are taken in the order of time, so that a row's value is the same,
to the last bit, alone and in any batch.

A definition written in these primitives and in arithmetic serves every engine: a first argument
that brings `__rollkit_primitive__(name, arguments)` answers the call itself.
"""

import functools
import itertools
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from rollkit import layout
from rollkit.layout import Array as Array  # public here

_FEW = 8  # rows

_FunctionT = TypeVar("_FunctionT", bound=Callable[..., Any])


def _primitive(function: _FunctionT) -> _FunctionT:
    """Let a first argument that is no array of numbers answer the call itself."""
    name = function.__name__

    @functools.wraps(function)
    def called(*arguments: Any, **named: Any) -> Any:
        first: Any = arguments[0] if arguments else None
        if type(first) is np.ndarray or not hasattr(first, "__rollkit_primitive__"):
            return function(*arguments, **named)
        import inspect  # deferred: numbers never come here

        bound = inspect.signature(function).bind(*arguments, **named)
        return first.__rollkit_primitive__(name, bound.args)

    return called  # type: ignore[return-value]


def empty(batch: tuple[int, ...], length: int) -> Array:
    """Room for `(*batch, length)` numbers, laid out in memory as is fastest for this batch.

    What is computed into it and from it keeps the layout; see `rollkit.layout`.
    """
    return layout.empty(batch, length)


@_primitive
def cumulative(start: Array, increments: Array) -> Array:
    """Running sum from a start: `(...)` and `(..., T)` give `(..., T+1)`, start first.

    >>> cumulative(np.float64(1.0), np.array([2.0, 3.0]))
    array([1., 3., 6.])
    """
    return _scan(start, increments, clamped=False)


@_primitive
def cumulative_clamped(start: Array, increments: Array) -> Array:
    """Running sum held at or above 0 after every step: c[t+1] = max(0, c[t] + i[t]).

    The start must not be negative; it is returned as it came.

    >>> cumulative_clamped(np.float64(1.0), np.array([-3.0, 2.0, 1.0]))
    array([1., 0., 2., 3.])
    """
    return _scan(start, increments, clamped=True)


@_primitive
def cumulative_unsigned(start: Array, increments: Array) -> Array:
    """Running sum whose sign is lost before every step: c[t+1] = |c[t]| + i[t].

    >>> cumulative_unsigned(np.float64(1.0), np.array([-3.0, 0.5]))
    array([ 1. , -2. ,  2.5])
    """
    start, increments = np.asarray(start), np.asarray(increments)
    dtype = np.result_type(start, increments)
    sums = layout.empty(increments.shape[:-1], increments.shape[-1] + 1, dtype)
    sums[..., 0] = start
    rows, size = layout.instants(sums), np.empty(increments.shape[:-1], dtype)
    for step, increment in enumerate(layout.instants(increments)):
        np.abs(rows[step, ...], out=size)
        np.add(size, increment, out=rows[step + 1, ...])
    return sums


def _scan(start: Array, increments: Array, *, clamped: bool) -> Array:
    start, increments = np.asarray(start), np.asarray(increments)  # bare numbers, too
    same = start.dtype == increments.dtype
    dtype = start.dtype if same else np.result_type(start, increments)
    batch = increments.shape[:-1]
    if not layout.many(batch):
        return _scan_few(start, increments, dtype, clamped)
    sums = layout.empty(batch, increments.shape[-1] + 1, dtype)
    row = layout.instants(sums)
    row[0] = start
    rows, least = list(row), np.zeros(batch, dtype)
    for before, increment, after in zip(rows, layout.instants(increments), rows[1:], strict=False):
        np.add(before, increment, out=after)
        if clamped:
            np.maximum(after, least, out=after)
    return sums


def _scan_few(start: Array, increments: Array, dtype: np.dtype[Any], clamped: bool) -> Array:
    first = np.empty((*increments.shape[:-1], increments.shape[-1] + 1), dtype)
    first[..., 0] = start
    first[..., 1:] = increments
    sums = np.cumsum(first, axis=-1)
    if not clamped:
        return sums
    if sums.size and not sums.min() >= 0:  # nan may hide what is below
        below = (sums < 0).any(axis=-1)
        sums[below] = _held(first[below])
    return sums


def _held(rows: Array) -> Array:
    """Rows of a start and its increments, as sums held at or above 0 after every step.

    The closed form, S - min(0, running minimum of S), would carry the rounding of every metre per
    second braked away while standing.
    """
    if len(rows) <= _FEW and rows.dtype == np.float64:  # Python adds the same numbers sooner
        held = [list(itertools.accumulate(row, _held_sum)) for row in rows.tolist()]
        return np.array(held).reshape(rows.shape)
    for step in range(1, rows.shape[-1]):
        rows[..., step] += rows[..., step - 1]
        np.maximum(rows[..., step], 0, out=rows[..., step])
    return rows


def _held_sum(before: float, increment: float) -> float:
    after = before + increment
    return 0.0 if after < 0 else after  # nan stays nan


@_primitive
def cos_sin(angle: Array) -> tuple[Array, Array]:
    """Cosine and sine of one angle, both from t = tan(angle / 2), within 2.5e-16.

    cos = (1 - t²) / (1 + t²) and sin = 2 t / (1 + t²): NumPy computes many tangents at once, but
    one cosine and one sine after the other.

    >>> cos_sin(np.array([0.0, np.pi]))[0]
    array([ 1., -1.])
    """
    tangent = np.multiply(angle, 0.5)
    tangent = np.tan(tangent, out=_reused(tangent))
    square = np.square(tangent)
    share = np.add(square, 1.0)
    tangent *= 2.0
    tangent /= share
    square = np.subtract(1.0, square, out=_reused(square))
    square /= share
    return square, tangent


def _real(values: Array) -> np.dtype[Any]:
    """float32 where the values are, float64 where they are anything else."""
    kind = np.asarray(values).dtype
    return kind if kind == np.float32 else np.dtype(np.float64)


def _reused(array: Array) -> Array | None:
    """The array to write into; None for a bare number."""
    return array if isinstance(array, np.ndarray) else None


@_primitive
def sinc(angle: Array) -> Array:
    """sin(angle) / angle, and 1 at 0.

    >>> sinc(np.array([0.0, np.pi / 2])) * np.pi
    array([3.14159265, 2.        ])
    """
    angle = np.asarray(angle)
    _, sine = cos_sin(angle)
    # Below, angle / 2 may already be 0, in float32 too; nan is none of these.
    return np.divide(sine, angle, out=np.ones_like(angle), where=~(np.abs(angle) < 1e-30))


@_primitive
def differences(values: Array, dt: float = 1.0) -> Array:
    """Forward differences over dt along time, one sample fewer: (f[t+1] - f[t]) / dt.

    >>> differences(np.array([1.0, 1.5, 3.0]), 0.5)
    array([1., 3.])
    """
    change = np.subtract(values[..., 1:], values[..., :-1], dtype=_real(values))
    if type(dt) is not float or dt != 1.0:
        change /= dt
    return change


@_primitive
def distance(x: Array, y: Array) -> Array:
    """Length of the vector (x, y), sqrt(x² + y²), for lengths between 1e-150 and 1e150.

    >>> distance(np.array([3.0]), np.array([4.0]))
    array([5.])
    """
    square = np.add(np.square(x, dtype=_real(x)), np.square(y, dtype=_real(y)))
    return np.sqrt(square, out=_reused(square))


@_primitive
def max_abs(values: Array) -> Array:
    """Largest magnitude over time."""
    if values.dtype.kind != "f" or not layout.by_instant(values):
        return np.maximum.reduce(np.abs(values), axis=-1)
    # The larger of both ends: no array of magnitudes is made on the way.
    return np.abs(np.maximum(maximum(values), -minimum(values)))


@_primitive
def minimum(values: Array) -> Array:
    """Smallest value over time."""
    return np.minimum.reduce(values, axis=-1)


@_primitive
def maximum(values: Array) -> Array:
    """Largest value over time."""
    return np.maximum.reduce(values, axis=-1)


@_primitive
def mean(values: Array) -> Array:
    """Mean over time."""
    return _sum(values) / values.shape[-1]


@_primitive
def rms(values: Array) -> Array:
    """Root of the mean square over time.

    >>> rms(np.array([3.0, 4.0, 0.0, 0.0]))
    np.float64(2.5)
    """
    return np.sqrt(_sum(np.square(values)) / values.shape[-1])


@_primitive
def total(values: Array) -> Array:
    """Sum over time."""
    return _sum(values)


def _sum(values: Array) -> Array:
    """The sum in the order of time; NumPy's own order depends on how the values lie in memory."""
    if values.shape[-1] == 0:
        return np.sum(values, axis=-1)
    if layout.by_instant(values):
        return np.add.reduce(layout.instants(values), axis=0)
    return np.cumsum(values, axis=-1)[..., -1]


@_primitive
def last(values: Array) -> Array:
    """Value at the last instant."""
    return values[..., -1]


@_primitive
def time_moving(speed: Array, accel: Array, dt: float) -> Array:
    """Time of each step until braking has brought the speed to 0, at most dt.

    >>> time_moving(np.array([2.0, 0.0, 2.0]), np.array([-4.0, -4.0, 1.0]), 1.0)
    array([0.5, 0. , 1. ])
    """
    stops = speed + accel * dt < 0  # false for nan, which then stays nan in the speed itself
    braking = np.where(stops, -accel, speed.dtype.type(1))
    return np.where(stops, speed / braking, speed.dtype.type(dt))
