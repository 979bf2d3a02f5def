"""Banded systems of one case in Python's own numbers, which are faster there than NumPy's calls.

The same operations in the same order as in `banded`, unrolled for half-widths 2 and 3. What is
left of the rows from the pivot's on is held in variables: `p, q, r, s` of the band, `t` of the
right-hand side, then `p1`, `q1` and so on of the next row. A number of the matrix comes in when a
pivot first changes it.
"""

from collections.abc import Sequence
from typing import NamedTuple

HALF_WIDTHS = (2, 3)

Row = tuple[float, ...]
_NONE = [0.0] * 3


class Eliminated(NamedTuple):
    """For each row 1 / pivot, what L has below it, and the right-hand side divided by the pivot.

    Of the first rows, of the last ones from the end on, and of those between.
    """

    half_width: int
    first: list[Row]
    last: list[Row]
    middle: list[Row]


def from_each_end(size: int, half_width: int) -> int:
    """How many rows are eliminated from either end: what is between holds the ends apart."""
    return max(size - half_width, 0) // 2


def eliminated(bands: Sequence[list[float]], right: list[float]) -> Eliminated:
    """A matrix and its right-hand side."""
    half_width, size = len(bands) - 1, len(right)
    sweep = _eliminate_3 if half_width == 3 else _eliminate_2
    count = from_each_end(size, half_width)
    stop = size - count
    middle = [band[count : max(stop - k, 0)] + _NONE for k, band in enumerate(bands)]
    centre = right[count:stop]
    if not count:
        return Eliminated(half_width, [], [], sweep(middle, centre)[0])
    first, left = sweep([band[:count] for band in bands], right[:count])
    from_end = [band[stop - k : size - k][::-1] for k, band in enumerate(bands)]
    last, left_there = sweep(from_end, right[: stop - 1 : -1])
    for i, (*row, t) in enumerate(left):
        centre[i] += t
        for k, value in enumerate(row):
            middle[k][i] += value
    end = stop - count - 1
    for i, (*row, t) in enumerate(left_there):
        centre[end - i] += t
        for k, value in enumerate(row):
            middle[k][end - i - k] += value
    return Eliminated(half_width, first, last, sweep(middle, centre)[0])


def substituted(of: Eliminated, right: list[float]) -> list[float]:
    """The solution for another right-hand side."""
    downwards = _downwards_3 if of.half_width == 3 else _downwards_2
    count = len(of.first)
    stop = len(right) - count
    first, left = downwards(of.first, right[:count])
    last, left_there = downwards(of.last, right[: stop - 1 : -1])
    centre = right[count:stop]
    if count:
        for i, t in enumerate(left):
            centre[i] += t
        for i, t in enumerate(left_there, 1):
            centre[-i] += t
    return solution(Eliminated(of.half_width, first, last, downwards(of.middle, centre)[0]))


def solution(of: Eliminated) -> list[float]:
    """Back substitution, from the middle to both ends."""
    upwards = _upwards_3 if of.half_width == 3 else _upwards_2
    middle = upwards(of.middle, _NONE)[::-1]
    if not of.first:
        return middle
    return upwards(of.first, middle)[::-1] + middle + upwards(of.last, middle[::-1])


def _eliminate_3(
    bands: Sequence[list[float]], right: list[float]
) -> tuple[list[Row], list[tuple[float, ...]]]:
    """The rows, and what is left of the band and the right-hand side of the three after them."""
    main, one, two, three = (band + _NONE for band in bands)
    t, t1, t2, *later = right + _NONE
    p, p1, p2, q, q1, r = *main[:3], *one[:2], two[0]
    rows: list[Row] = []
    for p3, q2, r1, s, t3 in zip(main[3:], one[2:], two[1:], three, later, strict=False):
        m1, m2, m3, d = q / p, r / p, s / p, 1.0 / p
        rows.append((d, m1, m2, m3, t * d))
        p, p1, p2 = p1 - m1 * q, p2 - m2 * r, p3 - m3 * s
        q, q1 = q1 - m1 * r, q2 - m2 * s
        r = r1 - m1 * s
        t, t1, t2 = t1 - m1 * t, t2 - m2 * t, t3 - m3 * t
    return rows, [(p, q, r, t), (p1, q1, t1), (p2, t2)]


def _eliminate_2(
    bands: Sequence[list[float]], right: list[float]
) -> tuple[list[Row], list[tuple[float, ...]]]:
    main, one, two = (band + _NONE for band in bands)
    t, t1, *later = right + _NONE[:2]
    p, p1, q = *main[:2], one[0]
    rows: list[Row] = []
    for p2, q1, r, t2 in zip(main[2:], one[1:], two, later, strict=False):
        m1, m2, d = q / p, r / p, 1.0 / p
        rows.append((d, m1, m2, t * d))
        p, p1 = p1 - m1 * q, p2 - m2 * r
        q = q1 - m1 * r
        t, t1 = t1 - m1 * t, t2 - m2 * t
    return rows, [(p, q, t), (p1, t1)]


def _downwards_3(rows: list[Row], right: list[float]) -> tuple[list[Row], list[float]]:
    """The rows with another right-hand side, and what is left of it in the three after them."""
    t, t1, t2, *later = right + _NONE
    done: list[Row] = []
    for (d, m1, m2, m3, _), t3 in zip(rows, later, strict=True):
        done.append((d, m1, m2, m3, t * d))
        t, t1, t2 = t1 - m1 * t, t2 - m2 * t, t3 - m3 * t
    return done, [t, t1, t2]


def _downwards_2(rows: list[Row], right: list[float]) -> tuple[list[Row], list[float]]:
    t, t1, *later = right + _NONE[:2]
    done: list[Row] = []
    for (d, m1, m2, _), t2 in zip(rows, later, strict=True):
        done.append((d, m1, m2, t * d))
        t, t1 = t1 - m1 * t, t2 - m2 * t
    return done, [t, t1]


def _upwards_3(rows: list[Row], below: list[float]) -> list[float]:
    """The solution, the last row first, from that of the three rows below."""
    x1, x2, x3 = (below + _NONE)[:3]
    found = []
    for _, m1, m2, m3, z in reversed(rows):
        x1, x2, x3 = z - m3 * x3 - m2 * x2 - m1 * x1, x1, x2
        found.append(x1)
    return found


def _upwards_2(rows: list[Row], below: list[float]) -> list[float]:
    x1, x2 = (below + _NONE)[:2]
    found = []
    for _, m1, m2, z in reversed(rows):
        x1, x2 = z - m2 * x2 - m1 * x1, x1
        found.append(x1)
    return found
