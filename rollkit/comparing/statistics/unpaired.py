"""Two sides that are not paired: Welch's t, from nothing but how many, their mean and spread."""

import math
from typing import NamedTuple

import numpy as np

from rollkit.comparing.statistics.estimate import TIE, Constant, Estimate, Law, effect_of
from rollkit.comparing.statistics.scaling import (
    exponent_of,
    largest,
    mean_and_std,
    scaled,
    unscaled,
)
from rollkit.comparing.statistics.student import Student
from rollkit.errors import DataError
from rollkit.layout import Array


class Moments(NamedTuple):
    """Values in three numbers: how many, their mean, their sample standard deviation (n - 1).

    None is what there is not: the mean of no value, the deviation of fewer than two.
    """

    n: int
    mean: float | None
    std: float | None


def moments(values: Array) -> Moments:
    """The moments of a column, `(n,)`; nan is left out.

    Raises
    ------
    DataError
        An infinite value.

    Examples
    --------
    >>> moments(np.array([1.0, np.nan, 3.0]))
    Moments(n=2, mean=2.0, std=1.4142135623730951)
    """
    values = np.asarray(values, dtype=np.float64)
    undefined = np.isnan(values)
    if undefined.any():
        values = values[~undefined]
    if values.size == 0:
        return Moments(0, None, None)
    top = largest(values)
    if not math.isfinite(top):
        raise DataError("moments: got an infinite value, expected finite numbers or nan")
    if values.size == 1:
        return Moments(1, float(values[0]), None)
    exponent = exponent_of(top)
    mean, std = mean_and_std(scaled(values, -exponent))
    return Moments(values.size, unscaled(mean, exponent), unscaled(std, exponent))


def unpaired(base: Moments, candidate: Moments) -> Estimate:
    """Welch's t of two means, each of its own values.

    t = (difference - tau) / s, s² = s_a²/n_a + s_b²/n_b, with
    s⁴ / ((s_a²/n_a)²/(n_a - 1) + (s_b²/n_b)²/(n_b - 1)) degrees of freedom. Where neither side
    varies, t is infinite, however few values there are; the p-value is then the smallest that
    exchanging values between the sides can give, n_a! n_b! / (n_a + n_b)!

    Parameters
    ----------
    base, candidate : Moments
        Number of values, mean, sample standard deviation.

    Returns
    -------
    Estimate
        Of candidate - base. Fewer than two values on a side: p-values of 1 and no interval.

    Raises
    ------
    UsageError
        SciPy is not installed.

    References
    ----------
    B. L. Welch, The generalization of "Student's" problem when several different population
    variances are involved. Biometrika 34 (1947). L. V. Hedges, Distribution theory for Glass's
    estimator of effect size and related estimators. Journal of Educational Statistics 6 (1981).

    Examples
    --------
    >>> answer = unpaired(Moments(30, 1.0, 0.5), Moments(40, 1.3, 0.6))
    >>> print(f"{answer.difference:.2f} [{answer.low:.2f}, {answer.high:.2f}]")
    0.30 [0.04, 0.56]
    >>> print(f"p = {answer.p_above(0.0):.4f}, g = {answer.effect:.2f}")
    p = 0.0129, g = 0.53
    """
    law: Law | None = None
    low = high = difference = std = effect = None
    identical = False
    method = f"none, for want of values: {base.n:,} and {candidate.n:,}"
    if base.mean is not None and candidate.mean is not None:
        difference = candidate.mean - base.mean
        if base.std is not None and candidate.std is not None:
            tie = TIE * (abs(base.mean) + abs(candidate.mean))
            a, b = base.std, candidate.std
            if max(a, b) <= tie:  # what varies is the rounding
                a = b = 0.0
            std, identical = math.hypot(a, b), a == b == 0.0 and abs(difference) <= tie
            effect = _hedges(base.n, a, candidate.n, b, difference)
            if std == 0.0:
                constant = Constant(difference, tie, smallest_of_exchanges(base.n, candidate.n))
                law, (low, high) = constant, constant.interval()
            else:
                welch = _welch(base.n, a, candidate.n, b, difference)
                law, (low, high) = welch, welch.interval()
            method = f"Welch's t of {base.n:,} and {candidate.n:,} values"
    return Estimate(
        n_base=base.n,
        n_candidate=candidate.n,
        pairs=None,
        base_mean=base.mean,
        candidate_mean=candidate.mean,
        difference=difference,
        low=low,
        high=high,
        std=std,
        effect=effect,
        rose=0,
        fell=0,
        identical=identical,
        method=method,
        law=law,
    )


def _welch(n_a: int, std_a: float, n_b: int, std_b: float, difference: float) -> Student:
    a, b = std_a / math.sqrt(n_a), std_b / math.sqrt(n_b)
    stderr = math.hypot(a, b)
    # As shares of the whole, which no square of a huge number enters.
    freedom = 1.0 / ((a / stderr) ** 4 / (n_a - 1) + (b / stderr) ** 4 / (n_b - 1))
    return Student(difference, stderr, freedom)


def _hedges(n_a: int, std_a: float, n_b: int, std_b: float, difference: float) -> float | None:
    freedom = n_a + n_b - 2
    pooled = math.hypot(
        std_a * math.sqrt((n_a - 1) / freedom), std_b * math.sqrt((n_b - 1) / freedom)
    )
    effect = effect_of(difference, pooled)
    return None if effect is None else effect * (1.0 - 3.0 / (4.0 * freedom - 1.0))


def smallest_of_exchanges(n_a: int, n_b: int) -> float:
    """The smallest p-value that exchanging values between two sides can give."""
    return math.exp(math.lgamma(n_a + 1) + math.lgamma(n_b + 1) - math.lgamma(n_a + n_b + 1))
