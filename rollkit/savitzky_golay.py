"""Savitzky-Golay: each sample becomes the local polynomial's value, or derivative, at its place."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.polynomial import legendre

from rollkit import layout
from rollkit.arrays import Array
from rollkit.errors import DataError, UsageError

_TILE = 256  # rows that are filtered at once: so many of 80 samples stay in the cache
_EPS = np.finfo(np.float64).eps
_SMALL_POWER = 100  # up to which powers of a sample's number cost no more than two digits


def savgol(
    values: npt.ArrayLike, window: int, order: int, derivative: int = 0, dt: float = 1.0
) -> Array:
    """Values smoothed along time, or a derivative of them, `(..., T)`.

    A polynomial of the given order is fitted to the window around each sample by least squares, and
    read off in the middle of the window. The first and last `window // 2` samples are read off the
    polynomials of the first and last window, each at its own place.

    Parameters
    ----------
    values : array_like, `(..., T)`
        Uniformly sampled, T >= window. float32 stays float32, and is summed in float64.
    window : int
        Samples. The middle of an odd window is a sample. That of an even one lies halfway between
        two: all but the samples at the ends are then read off half a step after their place.
    order : int
        Of the polynomial, less than the window.
    derivative : int
        0 smooths.
    dt : float
        Time step, s; of no effect on the values themselves.

    Returns
    -------
    array, `(..., T)`
        In the unit of the values over s to the power of the derivative. nan wherever the window
        holds one; SciPy refuses nan at the ends. A row is the same, to the last bit, alone and in
        any batch.

    Raises
    ------
    UsageError
        A window, order, derivative or dt that cannot be.
    DataError
        Fewer samples than the window.

    References
    ----------
    A. Savitzky, M. J. E. Golay: Smoothing and differentiation of data by simplified least squares
    procedures. Analytical Chemistry 36 (1964). Equals `scipy.signal.savgol_filter(values, window,
    order, derivative, dt, mode="interp")`.

    Examples
    --------
    >>> squares = np.arange(6.0) ** 2
    >>> savgol(squares, 5, 2, derivative=1, dt=0.5).round(9)
    array([ 0.,  4.,  8., 12., 16., 20.])
    >>> savgol(squares + 1, 4, 2).round(9)  # half a step on, between the ends
    array([ 1.  ,  2.  ,  7.25, 13.25, 17.  , 26.  ])
    """
    filtered = _filter(window, order, derivative, dt)
    given = np.asarray(values)
    if given.dtype != np.float32:
        given = given.astype(np.float64, copy=False)
    count = given.shape[-1] if given.ndim else 0
    if count < window:
        raise DataError(
            f"savgol: got {count} samples, expected at least {window}, the window",
            hint="a window of at most as many samples as there are",
        )
    if not layout.settled(given):
        given = np.ascontiguousarray(given)
    answer = np.empty_like(given)  # in the same layout
    rows, out = given.reshape(-1, count), answer.reshape(-1, count)
    for start in range(0, len(rows), _TILE):
        some = slice(start, start + _TILE)
        _apply(filtered, rows[some], out[some])
    return answer


class _Filter(NamedTuple):
    """What each sample of a window is weighed with."""

    first: Array  # at each of the first samples, (half, window)
    middle: Array  # in the middle, (window,)
    last: Array  # at each of the last samples, (half, window)
    mirrored: int  # 1 or -1 where the second half of the middle's is the first mirrored; else 0


def _apply(of: _Filter, values: Array, out: Array) -> None:
    """Filter the rows `(n, T)`."""
    window, half = len(of.middle), len(of.first)
    count = values.shape[-1]
    inner = count - 2 * half
    if inner:
        begin = half - (window - 1) // 2  # an even window reaches one sample further on than back
        out[:, half : half + inner] = _moving(of, values[:, begin:], inner)
    if half:
        out[:, :half] = _weighed(of.first.T, values, 1)
        out[:, -half:] = _weighed(of.last.T, values[:, count - window :], 1)


def _moving(of: _Filter, values: Array, width: int) -> Array:
    """The weighed sum of each of so many windows, the first of which begins the values.

    In the order in which SciPy sums: alike ends of a window are taken together.
    """
    weights = of.middle
    if not of.mirrored:
        return _weighed(weights[:, np.newaxis], values, width)
    together = np.add if of.mirrored > 0 else np.subtract
    half, final = len(weights) // 2, len(weights) - 1
    total = np.multiply(values[:, half : half + width], weights[half], dtype=np.float64)
    term = np.empty_like(total)
    for at in range(half):
        far = values[:, final - at : final - at + width]
        together(values[:, at : at + width], far, out=term, dtype=np.float64)
        term *= weights[at]
        total += term
    return total


def _weighed(weights: Array, values: Array, width: int) -> Array:
    """Weights `(window, 1)` of each of so many windows, or `(window, m)` of the first, summed."""
    final = len(weights) - 1
    total = np.multiply(values[:, final : final + width], weights[final], dtype=np.float64)
    term = np.empty_like(total)
    for at in range(final):
        np.multiply(values[:, at : at + width], weights[at], out=term)
        total += term
    return total


def _mirrored(weights: Array) -> int:
    """1 or -1 where an odd number of weights is symmetric or antisymmetric, to rounding; else 0."""
    back = weights[::-1]
    if len(weights) % 2 == 0:
        return 0
    if (np.abs(weights - back) <= _EPS).all():
        return 1
    others = np.arange(len(weights)) != len(weights) // 2
    return -1 if (np.abs(weights + back) <= _EPS)[others].all() else 0


def _filter(window: int, order: int, derivative: int, dt: float) -> _Filter:
    for name, value, least in (
        ("window", window, 1),
        ("order", order, 0),
        ("derivative", derivative, 0),
    ):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise UsageError(f"savgol: {name}: got {value!r}, expected a whole number >= {least}")
    if order >= window:
        raise UsageError(
            f"savgol: order: got {order}, expected less than {window}, the samples of the window"
        )
    if not (math.isfinite(dt) and dt > 0):
        raise UsageError(f"savgol: dt: got {dt!r}, expected a positive number of seconds")
    return _weights(int(window), int(order), int(derivative), float(dt))


@lru_cache(maxsize=256)
def _weights(window: int, order: int, derivative: int, dt: float) -> _Filter:
    """The fit is linear in the samples: what it weighs each of them with, at each place."""
    half, reach = window // 2, (window - 1) / 2
    scale = max(reach, 0.5)
    places = (np.arange(window) - reach) / scale  # from -1 to 1, where Legendre's are tame
    basis, factor = np.linalg.qr(legendre.legvander(places, order))
    derived = legendre.legder(np.eye(order + 1), derivative)
    read = legendre.legval(np.append(places, 0.0), derived).T / (scale * dt) ** derivative
    weights = np.linalg.solve(factor.T, read.T).T @ basis.T
    middle = weights[window]
    if derivative <= order and reach**order <= _SMALL_POWER:
        middle = _by_powers(window, order, derivative, dt)
    weights.flags.writeable = middle.flags.writeable = False
    return _Filter(weights[:half], middle, weights[window - half : window], _mirrored(middle))


def _by_powers(window: int, order: int, derivative: int, dt: float) -> Array:
    """The weights in the middle as SciPy solves for them, in powers of the sample's number.

    To the last bit: where results are rounded to some decimals, what is halfway between two goes
    the same way.
    """
    places = np.arange(window - 1, -window, -2) / 2.0
    powers = places ** np.arange(order + 1.0)[:, np.newaxis]
    wanted = np.zeros(order + 1)
    wanted[derivative] = math.factorial(derivative) / dt**derivative
    return np.linalg.lstsq(powers, wanted, rcond=None)[0][::-1].copy()
