"""Huge and tiny numbers: counted in a power of two, so that squares and sums stay finite."""

import math

import numpy as np

from rollkit.layout import Array

_FAR = 400  # powers of two beyond which a sum of squares could leave the range of float64


def largest(values: Array) -> float:
    """The largest magnitude; 0 of no values."""
    return max(float(np.max(values)), -float(np.min(values))) if values.size else 0.0


def exponent_of(top: float) -> int:
    """The power of two to count in, by the largest magnitude: 0 unless that is huge or tiny."""
    exponent = math.frexp(top)[1]
    return exponent if abs(exponent) > _FAR else 0


def scaled(values: Array, exponent: int) -> Array:
    """Times 2^exponent: exact within the range of float64, inf beyond it. No copy for 0."""
    if exponent == 0:
        return values
    with np.errstate(over="ignore", under="ignore"):
        return np.ldexp(values, exponent)


def unscaled(value: float, exponent: int) -> float:
    """One number, times 2^exponent; inf beyond the range of float64, and never -0."""
    try:
        return math.ldexp(value, exponent) + 0.0
    except OverflowError:
        return math.copysign(math.inf, value)


def mean_and_std(values: Array) -> tuple[float, float]:
    """Of two or more values in a range where squares are finite; std is that of a sample, n - 1.

    Equal values have no spread, though their mean may be off by a rounding.
    """
    if np.all(values == values[0]):
        return float(values[0]), 0.0
    mean = float(np.mean(values))
    return mean, math.sqrt(float(np.sum(np.square(values - mean))) / (values.size - 1))
