"""Confidence intervals of a mean: Student's t without SciPy."""

import functools
import math

_NORMAL = 1.959963984540054  # 97.5 % quantile of the standard normal
_SERIES = 400  # degrees of freedom up to which the distribution is summed term by term


def interval95(n: int, mean: float, std: float) -> tuple[float, float]:
    """95 % interval of a mean of n values: mean ± t · std/√n, t of Student with n - 1.

    It takes the values as independent draws; the rollouts of different seeds are.

    >>> low, high = interval95(4, 10.0, 2.0)
    >>> round(low, 4), round(high, 4)
    (6.8176, 13.1824)
    """
    reach = t975(n - 1) * std / math.sqrt(n)
    return mean - reach, mean + reach


@functools.lru_cache(maxsize=64)
def t975(freedom: int) -> float:
    """97.5 % quantile of Student's t, to 1e-9.

    >>> round(t975(1), 4), round(t975(10), 4), round(t975(1_000_000), 4)
    (12.7062, 2.2281, 1.96)
    """
    if freedom > _SERIES:
        return _expanded(freedom)
    low, high = _NORMAL, 13.0
    for _ in range(50):  # halving: P(|t| < x) rises with x
        middle = (low + high) / 2
        if _within(middle, freedom) < 0.95:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _within(x: float, freedom: int) -> float:
    """P(|t| < x): the finite sums of Abramowitz and Stegun (1964), 26.7.3 and 26.7.4."""
    angle = math.atan(x / math.sqrt(freedom))
    cos, sin = math.cos(angle), math.sin(angle)
    if freedom == 1:
        return 2 * angle / math.pi
    odd = freedom % 2
    term = cos if odd else 1.0
    total = term
    for k in range(3 if odd else 2, freedom - 1, 2):
        term *= cos * cos * (k - 1) / k
        total += term
    return 2 / math.pi * (angle + sin * total) if odd else sin * total


def _expanded(freedom: int) -> float:
    """The expansion about the normal quantile, Abramowitz and Stegun (1964), 26.7.5."""
    z, v = _NORMAL, freedom
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )
