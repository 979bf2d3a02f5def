"""Symmetric banded systems of many cases at once: LDLᵀ along time, never a dense matrix.

Elimination starts at both ends and meets in the middle: the two ends lie side by side in memory, so
that one step is a few operations on whole rows of both. Time comes first and cases last,
`(n, cases)`. A band is the list of the diagonals of the matrix, the main one first:
`bands[k][i] = A[i, i + k]`, each `(n, cases)` or `(n, 1)` where it is the same for all.

A case's solution is the same, to the last bit, alone and among others: nothing here adds up along
an axis or calls BLAS, whose order of operations depends on how much there is.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from rollkit.arrays import Array
from rollkit_std.inverses import one_case

_FEW = 6  # cases up to which Python's own numbers are faster than NumPy's calls
_CHUNK = 1024  # cases: what is in work at once stays in the caches


class Sweep(NamedTuple):
    """An elimination of n rows: 1 / pivots `(n, ...)`, and L beside the main diagonal.

    `below[i, k - 1] = L[i + k, i]`, and `above[i, j] = L[i, i - p + j]` for p rows more: the same
    numbers, seen by row, and zeros where there are none.
    """

    inverse: Array
    below: Array
    above: Array


class Factors(NamedTuple):
    """A = L D Lᵀ from both ends, which are the last axis but one, and of the middle."""

    ends: Sweep
    middle: Sweep
    one: one_case.Eliminated | None  # of a matrix that is the same for all


def penalty(points: int, order: int) -> Array:
    """Bands `(order + 1, points)` of DᵀD, where D takes differences of that order.

    >>> penalty(3, 1)
    array([[ 1.,  2.,  1.],
           [-1., -1.,  0.]])
    """
    row = np.array([1.0])
    for _ in range(order):
        row = np.convolve(row, [-1.0, 1.0])
    bands = np.zeros((order + 1, points))
    for k in range(order + 1):
        for j in range(order + 1 - k):
            bands[k, j : max(points - order + j, j)] += row[j] * row[j + k]
    return bands


def solve(bands: Sequence[Array], right: Array) -> Array:
    """The solutions `(n, cases)` of A x = right, A positive definite, two bands or more.

    >>> solve([np.array([[2.0], [2.0]]), np.array([[1.0], [0.0]])], np.array([[3.0], [3.0]]))
    array([[1.],
           [1.]])
    """
    cases = right.shape[1]
    if cases <= _FEW and len(bands) - 1 in one_case.HALF_WIDTHS:
        lists = [band.T.tolist() for band in bands]
        each = ([band[case if len(band) > 1 else 0] for band in lists] for case in range(cases))
        columns = zip(each, right.T.tolist(), strict=True)
        return np.array([one_case.solution(one_case.eliminated(*one)) for one in columns]).T
    return _substituted(_factors(bands, cases), right)


def factorised(bands: Array) -> Factors:
    """The factors of one matrix, for any number of right-hand sides; bands `(p + 1, n)`."""
    factors = _factors([band[:, None] for band in bands], 1)
    if len(bands) - 1 in one_case.HALF_WIDTHS:
        return factors._replace(one=one_case.eliminated(bands.tolist(), [0.0] * bands.shape[1]))
    return factors


def substituted(factors: Factors, right: Array) -> Array:
    """The solutions `(n, cases)` of A x = right for a matrix that has its factors already."""
    if factors.one is not None and right.shape[1] <= _FEW:
        columns = right.T.tolist()
        return np.array([one_case.substituted(factors.one, column) for column in columns]).T
    return _substituted(factors, right)


def in_chunks(
    function: Callable[..., tuple[Array, ...]], *arrays: Array, at_once: int = _CHUNK
) -> tuple[Array, ...]:
    """The function's arrays `(..., cases)` for a limited number of cases at a time."""
    cases = arrays[0].shape[-1]
    if cases <= at_once:
        return function(*arrays)
    starts = range(0, cases, at_once)
    parts = [function(*(one[..., at : at + at_once] for one in arrays)) for at in starts]
    return tuple(np.concatenate(some, axis=-1) for some in zip(*parts, strict=True))


def _factors(bands: Sequence[Array], cases: int) -> Factors:
    size, half_width = len(bands[0]), len(bands) - 1
    count = one_case.from_each_end(size, half_width)
    ends = _room(count, half_width, 2, cases)
    for k, band in enumerate(bands):
        ends[:count, k, 0] = band[:count]
        ends[:count, k, 1] = band[size - k - count : size - k][::-1]
    swept = _eliminated(ends)
    between = size - 2 * count
    middle = _room(between, half_width, cases)
    for k, band in enumerate(bands[:between]):
        touched = half_width - k
        middle[: between - k, k] = band[count : count + between - k]
        if count and touched:  # what the ends have taken from the middle
            middle[:touched, k] += ends[count : count + touched, k, 0]
            middle[between - half_width : between - k, k] += ends[count:, k, 1][:touched][::-1]
    return Factors(swept, _eliminated(middle), None)


def _room(size: int, half_width: int, *columns: int) -> Array:
    """Rows of a band for `_eliminated`: p more of them, each with p - 1 numbers that nobody reads.

    All but these, and the last p rows, has to be filled in.
    """
    rows = np.empty((size + half_width, 2 * half_width, *columns))
    rows[:, half_width + 1 :] = 0.0
    rows[max(size - half_width, 0) :] = 0.0
    return rows


def _eliminated(rows: Array) -> Sweep:
    """The factors of a band `(n + p, 2 p, ...)`; in its last p rows is what is taken from there."""
    half_width, columns = rows.shape[1] // 2, rows.shape[2:]
    size = len(rows) - half_width
    lower = np.zeros((size + 2 * half_width, half_width, *columns))
    below = lower[half_width : half_width + size]
    square = np.empty((half_width, half_width, *columns))
    divide, multiply, subtract = np.divide, np.multiply, np.subtract
    steps = zip(
        *(rows[:, 0], rows[:, 1 : half_width + 1], below, below[:, :, None], _squares(rows)),
        strict=False,
    )
    for pivot, beside, share, column, rest in steps:
        divide(beside, pivot, share)
        subtract(rest, multiply(column, beside, square), rest)
    return Sweep(1.0 / rows[:size, 0], below, _by_row(lower))


def _squares(rows: Array) -> Array:
    """What each pivot changes, `(n, p, p, ...)`, so that one operation changes it all.

    Stored as a band, the square is one number to the left for each row down. Half of it lies left
    of the main diagonal and falls on the numbers that nobody reads.
    """
    half_width = rows.shape[1] // 2
    down, right, *others = rows.strides
    return np.ndarray(
        (len(rows) - half_width, half_width, half_width, *rows.shape[2:]),
        buffer=rows,
        offset=down,
        strides=(down, down - right, right, *others),
    )


def _by_row(lower: Array) -> Array:
    """`above` of a `Sweep`: each row of L is a diagonal of `below`, p rows of 0 around it."""
    half_width = lower.shape[1]
    down, right, *others = lower.strides
    return np.ndarray(
        (len(lower) - half_width, *lower.shape[1:]),
        buffer=lower,
        offset=(half_width - 1) * right,
        strides=(down, down - right, *others),
    )


def _substituted(factors: Factors, right: Array) -> Array:
    (size, cases), half_width = right.shape, factors.ends.below.shape[1]
    count = len(factors.ends.below)
    between = size - 2 * count
    # Rows before the first and after the last one, so that every step is the same.
    ends = np.zeros((half_width + count + half_width, 2, cases))
    middle = np.zeros((half_width + between + half_width, cases))
    first, last = ends[half_width : half_width + count].transpose(1, 0, 2)
    at_first, at_last = ends[half_width + count :].transpose(1, 0, 2)
    centre = middle[half_width : half_width + between]
    first[:], last[:] = right[:count], right[size - count :][::-1]
    centre[:] = right[count : count + between]
    if count:
        _downwards(factors.ends, ends)
        centre[:half_width] += at_first
        centre[between - half_width :] += at_last[::-1]
    _downwards(factors.middle, middle)
    middle[half_width + between :] = 0.0
    _upwards(factors.middle, middle)
    if not count:
        return centre
    at_first[:], at_last[:] = centre[:half_width], centre[between - half_width :][::-1]
    _upwards(factors.ends, ends)
    return np.concatenate([first, centre, last[::-1]])


def _downwards(sweep: Sweep, answer: Array) -> None:
    """Forward substitution in place; the first p rows of `answer` are no part of it."""
    size, half_width = sweep.below.shape[:2]
    product = np.empty((half_width, *answer.shape[1:]))
    rows = answer[half_width:]
    multiply, subtract = np.multiply, np.subtract
    for i, (share, row) in enumerate(zip(sweep.below, rows, strict=False), 1):
        rest = rows[i : i + half_width]
        subtract(rest, multiply(share, row, product), rest)
    done = rows[:size]
    multiply(done, sweep.inverse, done)


def _upwards(sweep: Sweep, answer: Array) -> None:
    """Back substitution in place, from the p rows that are known at the end of `answer`."""
    size, half_width = sweep.above.shape[:2]
    product = np.empty((half_width, *answer.shape[1:]))
    multiply, subtract = np.multiply, np.subtract
    shares, rows = list(sweep.above), list(answer[half_width:])
    for i in range(size - 1, -1, -1):
        rest = answer[i : i + half_width]
        subtract(rest, multiply(shares[i], rows[i], product), rest)
