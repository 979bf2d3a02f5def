"""What two sets of values say about a difference: how large it is, and how sure that is."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

TAIL: Final = 0.025  # what a 95 % interval leaves out on either side
# Numbers that differ by no more than this, relative to the values they come from, are the same:
# 0.3 - 0.1 is 0.2 up to rounding.
TIE: Final = 2.0**-48


class Law(Protocol):
    """How the p-values depend on the difference that is asked about."""

    @property
    def floor(self) -> float:
        """The smallest that these p-values can be, whatever the values."""

    def above(self, tau: float) -> float:
        """The one-sided p-value of "at most tau"."""

    def below(self, tau: float) -> float:
        """The one-sided p-value of "at least tau"."""


class Constant(NamedTuple):
    """The law of values that do not vary: sure but for how few they are.

    `floor` is the smallest p-value that exchanging as many values can give.
    """

    difference: float
    tie: float
    floor: float

    def above(self, tau: float) -> float:
        """The one-sided p-value of "at most tau"."""
        return self.floor if self.difference - tau > self.tie else 1.0

    def below(self, tau: float) -> float:
        """The one-sided p-value of "at least tau"."""
        return self.floor if tau - self.difference > self.tie else 1.0

    def interval(self) -> tuple[float | None, float | None]:
        """The interval of 95 %: the difference alone, or none where the values are too few."""
        return (self.difference, self.difference) if self.floor <= TAIL else (None, None)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """The difference of two means, candidate minus base, in the unit of the values.

    Parameters
    ----------
    n_base, n_candidate : int
        Defined values on either side.
    pairs : int or None
        Pairs with a value on both sides; None where the sides are not paired.
    base_mean, candidate_mean : float or None
        Of the pairs, where there are some; None of no value.
    difference : float or None
        candidate_mean - base_mean; None where one of them is.
    low, high : float or None
        The interval of 95 %: what p-values of 2.5 % to either side do not exclude. None where so
        few values allow none: fewer than 6 pairs, fewer than 2 values on a side.
    std : float or None
        What one pair adds: the standard error of the difference of n pairs (of n values on either
        side) is std/√n. Paired: the sample standard deviation of the differences; else
        √(std_base² + std_candidate²). None where there are fewer than 2.
    effect : float or None
        The difference in standard deviations. Paired: Cohen's d_z = difference / std. Else:
        Hedges' g, (1 - 3/(4ν - 1)) difference / pooled std, with ν = n_base + n_candidate - 2.
        None where nothing varies and the difference is not 0.
    rose, fell : int
        Pairs whose candidate is larger, or smaller, by more than rounding.
    identical : bool
        Whether all pairs are equal but for rounding, 2⁻⁴⁸ of the values (all values, where not
        paired). It is a fact about these values; what they say about others is in the p-values.
    method : str
        How the p-values and the interval were found.
    law : Law or None
        Where they come from; None where there is too little to say anything.
    """

    n_base: int
    n_candidate: int
    pairs: int | None
    base_mean: float | None
    candidate_mean: float | None
    difference: float | None
    low: float | None
    high: float | None
    std: float | None
    effect: float | None
    rose: int
    fell: int
    identical: bool
    method: str
    law: Law | None = field(repr=False, compare=False)

    def p_above(self, tau: float = 0.0) -> float:
        """The p-value of "at most tau": small where the difference is above it; 1 if unknown."""
        return 1.0 if self.law is None else self.law.above(tau)

    def p_below(self, tau: float = 0.0) -> float:
        """The p-value of "at least tau": small where the difference is below it; 1 if unknown."""
        return 1.0 if self.law is None else self.law.below(tau)

    def probability_above(self, tau: float = 0.0) -> float | None:
        """The confidence, 0 to 1, that the difference is above tau; None if nothing is known.

        (1 - p_above(tau) + p_below(tau)) / 2: what speaks for neither side counts half for each.
        """
        if self.law is None:
            return None
        return (1.0 - self.law.above(tau) + self.law.below(tau)) / 2.0


def effect_of(difference: float, std: float) -> float | None:
    """The difference in standard deviations; 0 of none, None where nothing varies."""
    if difference == 0.0:
        return 0.0
    return None if std == 0.0 else difference / std
