"""Sign flips of paired differences, inverted into an interval: Hartigan's typical values.

If the two sides were the same but for a constant tau, each difference were as likely to lie above
tau as mirrored below it. Flipping the signs of the differences of a subset S from tau leaves their
sum at least as large as it is exactly where the mean of S is at most tau. So the means of all
subsets hold the p-values of every tau at once, and their quantiles are the interval.

References
----------
J. A. Hartigan, Using subsample values as typical values. Journal of the American Statistical
Association 64 (1969). E. S. Edgington, P. Onghena, Randomization tests, 4th edition (2007).
B. Phipson, G. K. Smyth, Permutation p-values should never be zero. Statistical Applications in
Genetics and Molecular Biology 9 (2010): why the data as they are count among the flips.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from rollkit.comparing.statistics.estimate import TAIL, TIE, Estimate
from rollkit.comparing.statistics.pairs import Pairs
from rollkit.comparing.statistics.scaling import largest, scaled
from rollkit.layout import Array

SUBSETS: Final = 9_999
MOST: Final = 2_000  # pairs; sums of their parts below are exact for up to 2,048
EXACT: Final = 13  # pairs that have fewer subsets than that: all are taken
_SEED: Final = 1969
_BITS: Final = 41
_ROWS: Final = 256  # pairs whose masks are held at once: 20 MB
_METRICS: Final = 32  # metrics whose subset means are held at once


class Typical(NamedTuple):
    """The law of sign flips: the means of subsets, sorted, each less and plus what is a tie."""

    lower: Array
    upper: Array

    @property
    def floor(self) -> float:
        """The smallest p-value: of the data as they are, alone."""
        return 1.0 / (1 + self.lower.size)

    def above(self, tau: float) -> float:
        """The one-sided p-value of "at most tau"."""
        count = int(np.searchsorted(self.lower, tau, side="right"))
        return (1 + count) / (1 + self.lower.size)

    def below(self, tau: float) -> float:
        """The one-sided p-value of "at least tau"."""
        count = self.upper.size - int(np.searchsorted(self.upper, tau, side="left"))
        return (1 + count) / (1 + self.upper.size)


def randomised(metrics: Sequence[Pairs]) -> list[Estimate]:
    """The estimates of metrics with at most 2,000 pairs each, by sign flips.

    Of up to 13 pairs all subsets are taken, and the p-values are exact; of more, 9,999 random ones.
    These are the same for every metric: its k-th pair is in the same subsets whatever else there
    is, and sums are exact. So a result depends, to the last bit, on the metric's own pairs and
    their order alone. What is held at once does not grow with the pairs.
    """
    estimates: dict[int, Estimate] = {}
    groups: dict[int, list[int]] = {}
    for index, pairs in enumerate(metrics):
        groups.setdefault(min(pairs.n, EXACT + 1), []).append(index)
    for n, indices in groups.items():
        for start in range(0, len(indices), _METRICS):
            part = indices[start : start + _METRICS]
            group = [metrics[index] for index in part]
            masks = _all_subsets(n) if n <= EXACT else _random_subsets(max(one.n for one in group))
            sums = _subset_sums(group, masks) if n > 1 else [None] * len(group)
            for index, pairs, each in zip(part, group, sums, strict=True):
                estimates[index] = _estimate(pairs, each)
    return [estimates[index] for index in range(len(metrics))]


class _Sums(NamedTuple):
    """Over each subset, `(subsets,)`: of differences and of magnitudes, and how many these are."""

    differences: Array
    magnitudes: Array
    sizes: Array


def _estimate(pairs: Pairs, sums: _Sums | None) -> Estimate:
    """The estimate by the sums over subsets of the pairs; None for fewer than two pairs."""
    if sums is None:
        return pairs.estimate(f"none, for want of pairs: {pairs.n}", None)
    # No subset is empty: of the random ones of 14 pairs and more, by what the seed happens to be.
    means, ties = sums.differences / sums.sizes, TIE * sums.magnitudes / sums.sizes
    lower = scaled(np.sort(means - ties), pairs.exponent)
    upper = scaled(np.sort(means + ties), pairs.exponent)
    outside = math.floor(TAIL * (1 + means.size))
    low = high = None
    if outside > 0:
        inner = np.sort(means)
        low, high = pairs.unit(float(inner[outside - 1])), pairs.unit(float(inner[-outside]))
    which = f"all {means.size + 1:,}" if pairs.n <= EXACT else f"{means.size:,} random ones"
    few = "" if outside > 0 else "; too few for an interval of 95 %"
    return pairs.estimate(
        f"sign flips of {pairs.n:,} pairs, {which}{few}", Typical(lower, upper), low, high
    )


def _subset_sums(group: Sequence[Pairs], masks: Iterable[Array]) -> list[_Sums]:
    """Sums over subsets, as one matrix product for all metrics.

    A difference is split into two whole numbers of 41 bits, in units that depend on the largest:
    whole numbers below 2^53 add up exactly, in whatever order. What is less than 2^-82 of the
    largest difference is lost.
    """
    rows = max(pairs.n for pairs in group)
    counts = sorted({pairs.n for pairs in group})
    parts = np.zeros((3 * len(group) + len(counts), rows))
    units = []
    for index, pairs in enumerate(group):
        magnitudes = np.abs(pairs.base) + np.abs(pairs.candidate)
        units.append([_unit(pairs.differences), _unit(magnitudes)])
        differences = np.ldexp(pairs.differences, -units[-1][0])
        high = np.rint(differences)
        parts[3 * index, : pairs.n] = high
        parts[3 * index + 1, : pairs.n] = np.rint(np.ldexp(differences - high, _BITS))
        parts[3 * index + 2, : pairs.n] = np.rint(np.ldexp(magnitudes, -units[-1][1]))
    for index, count in enumerate(counts):
        parts[3 * len(group) + index, :count] = 1.0
    totals: Array | None = None
    start = 0
    for mask in masks:
        part = parts[:, start : start + len(mask)] @ mask
        totals = part if totals is None else np.add(totals, part, out=totals)
        start += len(mask)
    assert totals is not None
    return [
        _Sums(
            np.ldexp(totals[3 * index] + np.ldexp(totals[3 * index + 1], -_BITS), unit[0]),
            np.ldexp(totals[3 * index + 2], unit[1]),
            totals[3 * len(group) + counts.index(pairs.n)],
        )
        for index, (pairs, unit) in enumerate(zip(group, units, strict=True))
    ]


def _unit(values: Array) -> int:
    """The power of two in which the largest magnitude is a number of 41 bits."""
    return math.frexp(largest(values))[1] - _BITS


def _all_subsets(n: int) -> Iterator[Array]:
    """Of n pairs, all but the empty one, `(n, 2ⁿ - 1)`: 1 where a pair is in."""
    yield ((np.arange(1, 2**n) >> np.arange(n)[:, np.newaxis]) & 1).astype(np.float64)


def _random_subsets(n: int) -> Iterator[Array]:
    """Of n pairs, 9,999 random ones, some rows `(rows, 9,999)` at a time.

    From the bits of the generator itself: NumPy promises that they stay the same.
    """
    bits = np.random.PCG64(_SEED)
    words = -(-SUBSETS // 64)
    for start in range(0, n, _ROWS):
        raw = bits.random_raw((min(_ROWS, n - start), words)).astype("<u8")
        yield np.unpackbits(raw.view(np.uint8), axis=1, count=SUBSETS).astype(np.float64)
