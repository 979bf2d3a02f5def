"""A difference, weighed against what does not matter: how surely it is beyond either edge of that.

A share of the base's mean is as uncertain as that mean is, and in the same pairs. So "the
difference is above 5 % of the base's mean" is tested as it stands: the mean of candidate - 1.05
base, pair by pair, is above 0.
"""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from rollkit.comparing.statistics.estimate import Estimate
from rollkit.comparing.statistics.events import at_most
from rollkit.comparing.statistics.paired import paired
from rollkit.comparing.statistics.unpaired import Moments, moments, unpaired
from rollkit.comparing.tolerances import Size
from rollkit.layout import Array

_FEW = 30  # pairs that differ, from which on their spread is known


class Edge(NamedTuple):
    """The tolerance to one side of 0: where the difference lies, as seen from there.

    `above` is the p-value of "at most this", `below` that of "at least this"; `std` is what one
    pair adds to the distance, as `Estimate.std`.
    """

    above: float
    below: float
    std: float | None

    @property
    def probability_above(self) -> float:
        """The confidence, 0 to 1, that the difference is above it: as of `Estimate`."""
        return (1.0 - self.above + self.below) / 2.0


class Weighed(NamedTuple):
    """An estimate, the tolerance in the unit of the values, and the edges -tolerance, tolerance."""

    estimate: Estimate
    tolerance: float
    lower: Edge
    upper: Edge

    def p_equal(self, span: float | None = None) -> float:
        """The p-value of "not within the tolerance": the larger of both sides (TOST).

        `span` is that of the metric's bounds, where it has both. Then a difference of τ takes at
        least a share τ/span of pairs that go that way, however far they go. Where most pairs are
        equal and fewer than 30 differ, their spread is not known, and such a share is to be
        unlikely, too.
        """
        above, below = self.lower.above, self.upper.below
        if span is not None and span > 0.0:
            exact = self._by_pairs if self.estimate.pairs is not None else self._by_values
            return max(above, below, exact(span))
        return max(above, below)

    def _by_pairs(self, span: float) -> float:
        """The p-value of "that share of pairs rise, or fall", where few did; else 0."""
        one = self.estimate
        if one.pairs is None or one.rose + one.fell >= min(_FEW, one.pairs / 2):
            return 0.0
        return at_most(max(one.rose, one.fell), one.pairs, min(1.0, self.tolerance / span))

    def _by_values(self, span: float) -> float:
        """Likewise without pairs: of values that are not what all are here, on either side; else 0.

        With shares x and y of them, the means are up to (x + y) span further apart, or closer; and
        (1 - x)^n (1 - y)^m <= exp(-min(n, m) (x + y)).
        """
        one = self.estimate
        if one.std != 0.0 or one.difference is None:
            return 0.0
        shares = max(0.0, self.tolerance - abs(one.difference)) / span
        return math.exp(-min(one.n_base, one.n_candidate) * shares)


def weighed_pairs(columns: Iterable[tuple[Array, Array, Size]]) -> list[Weighed]:
    """The differences of paired columns, each with its tolerance: see `paired`.

    Parameters
    ----------
    columns : iterable of (base, candidate, tolerance)
        Two arrays `(n,)` and a size for each metric.

    Examples
    --------
    >>> base = np.array([4.1, 3.9, 5.0, 4.4, 4.7, 4.0, 5.2])
    >>> (one,) = weighed_pairs([(base, 1.05 * base, Size(0.05, relative=True))])
    >>> print(f"{one.tolerance:.3f}, {one.upper.above:g}, {one.lower.above:g}")
    0.224, 1, 0.0078125
    """
    sizes: list[Size] = []

    def each() -> Iterator[tuple[Array, Array]]:
        for base, candidate, size in columns:
            sizes.append(size)
            yield base, candidate
            if size.relative:
                mean = moments(np.where(np.isnan(candidate), np.nan, base)).mean
                for factor in size.factors(mean):
                    yield _times(factor, base), candidate

    estimates = iter(paired(each()))
    return [_weighed(next(estimates), size, estimates) for size in sizes]


def weighed_apart(base: Moments, candidate: Moments, size: Size) -> Weighed:
    """The difference of two sides that are not paired, with its tolerance: see `unpaired`."""
    edges = (unpaired(_scaled(base, one), candidate) for one in size.factors(base.mean))
    return _weighed(unpaired(base, candidate), size, edges)


def _weighed(estimate: Estimate, size: Size, edges: Iterator[Estimate]) -> Weighed:
    """With the estimates of candidate - factor base at both edges, if the size is relative."""
    tolerance = size.of(estimate.base_mean)
    if size.relative:
        lower, upper = (_edge(one, 0.0) for one in (next(edges), next(edges)))
    else:
        lower, upper = _edge(estimate, -tolerance), _edge(estimate, tolerance)
    return Weighed(estimate, tolerance, lower, upper)


def _edge(estimate: Estimate, at: float) -> Edge:
    return Edge(estimate.p_above(at), estimate.p_below(at), estimate.std)


def _times(factor: float, values: Array) -> Array:
    with np.errstate(over="ignore"):  # and then refused, as an infinite value
        return factor * values


def _scaled(side: Moments, factor: float) -> Moments:
    mean = None if side.mean is None else factor * side.mean
    return Moments(side.n, mean, None if side.std is None else abs(factor) * side.std)
