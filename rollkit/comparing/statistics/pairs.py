"""The pairs of one metric: which there are, their differences, and how these vary."""

import math
from typing import NamedTuple

import numpy as np

from rollkit.comparing.statistics.estimate import TIE, Estimate, Law, effect_of
from rollkit.comparing.statistics.scaling import (
    exponent_of,
    largest,
    mean_and_std,
    scaled,
    unscaled,
)
from rollkit.errors import DataError
from rollkit.layout import Array


class Pairs(NamedTuple):
    """What both sides have, `(n,)` each, in units of 2^exponent."""

    n_base: int
    n_candidate: int
    base: Array
    candidate: Array
    differences: Array
    tie: float  # a difference that is no more than the rounding of the largest values
    exponent: int

    @property
    def n(self) -> int:
        """How many."""
        return self.differences.size

    def moments(self) -> tuple[float, float]:
        """Mean and standard deviation of two or more differences.

        Differences that are equal up to the rounding of the values do not vary.
        """
        mean, std = mean_and_std(self.differences)
        if 0.0 < std <= self.tie:
            sizes = np.abs(self.base) + np.abs(self.candidate)
            if np.all(np.abs(self.differences - mean) <= TIE * sizes):
                std = 0.0
        return mean, std

    @property
    def identical(self) -> bool:
        """Whether there are pairs, all of them equal but for the rounding of the values."""
        if self.n == 0 or largest(self.differences) > self.tie:
            return False
        sizes = np.abs(self.base) + np.abs(self.candidate)
        return bool(np.all(np.abs(self.differences) <= TIE * sizes))

    def unit(self, value: float) -> float:
        """A number of these units in the unit of the values."""
        return unscaled(value, self.exponent)

    def estimate(
        self,
        method: str,
        law: Law | None,
        low: float | None = None,
        high: float | None = None,
    ) -> Estimate:
        """The estimate of the difference, by a law and an interval in the unit of the values."""
        difference = std = effect = None
        if self.n == 1:
            difference = self.unit(float(self.differences[0]))
        elif self.n > 1:
            mean, deviation = self.moments()
            difference, std = self.unit(mean), self.unit(deviation)
            effect = effect_of(mean, deviation)
        if difference is not None and low is not None and high is not None:
            # Where all differences are the same the last digit is a matter of rounding.
            low, high = min(low, difference), max(high, difference)
        return Estimate(
            n_base=self.n_base,
            n_candidate=self.n_candidate,
            pairs=self.n,
            base_mean=self.unit(float(np.mean(self.base))) if self.n else None,
            candidate_mean=self.unit(float(np.mean(self.candidate))) if self.n else None,
            difference=difference,
            low=low,
            high=high,
            std=std,
            effect=effect,
            rose=int(np.count_nonzero(self.differences > self.tie)),
            fell=int(np.count_nonzero(self.differences < -self.tie)),
            identical=self.identical,
            method=method,
            law=law,
        )


def pairs_of(base: Array, candidate: Array) -> Pairs:
    """The pairs of two columns, `(n,)`, row by row; nan on either side is no pair.

    Raises
    ------
    DataError
        Columns that do not go together, or an infinite value.
    """
    base, candidate = np.asarray(base, dtype=np.float64), np.asarray(candidate, dtype=np.float64)
    if base.ndim != 1 or base.shape != candidate.shape:
        raise DataError(
            f"pairs: got values of shapes {base.shape} and {candidate.shape}, expected two "
            "columns of one length"
        )
    has_base, has_candidate = ~np.isnan(base), ~np.isnan(candidate)
    counts = int(np.count_nonzero(has_base)), int(np.count_nonzero(has_candidate))
    if counts != (base.size, base.size):
        both = has_base & has_candidate
        base, candidate = base[both], candidate[both]
    tops = largest(base), largest(candidate)
    if not math.isfinite(max(tops)):
        raise DataError("pairs: got an infinite value, expected finite numbers or nan")
    exponent = exponent_of(max(tops))
    base, candidate = scaled(base, -exponent), scaled(candidate, -exponent)
    tie = TIE * sum(unscaled(top, -exponent) for top in tops)
    return Pairs(*counts, base, candidate, candidate - base, tie, exponent)
