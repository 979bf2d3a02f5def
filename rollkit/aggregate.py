"""Mergeable statistics of one metric over many rollouts.

Moments merge by the formulas of Chan, Golub and LeVeque (1979), in the order of the seeds, so that
a result does not depend on who computed which part. Undefined values (nan) are counted apart.
"""

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from rollkit.arrays import Array

QUANTILES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}

# What the artifact says about how its statistics are computed.
METHODS: Final = {
    "std": "sample standard deviation, n - 1 in the denominator",
    "stderr": "std / sqrt(n)",
    "quantiles": "exact, linear between order statistics (Hyndman and Fan type 7)",
    "undefined": "counted in n_undefined and left out of every other statistic",
}


@dataclass(frozen=True)
class Summary:
    """The statistics of one metric; None where there is nothing to state."""

    n: int
    n_undefined: int
    mean: float | None = None
    std: float | None = None
    stderr: float | None = None
    min: float | None = None
    max: float | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    argmin_seed: int | None = None
    argmax_seed: int | None = None


@dataclass
class Aggregate:
    """Statistics so far: add values in the order of their seeds, merge, summarise.

    Examples
    --------
    >>> whole = Aggregate()
    >>> whole.add(0, np.array([1.0, 4.0, np.nan]))
    >>> rest = Aggregate()
    >>> rest.add(3, np.array([7.0]))
    >>> whole.merge(rest)
    >>> summary = whole.summary()
    >>> summary.n, summary.n_undefined, summary.mean, summary.std, summary.argmax_seed
    (3, 1, 4.0, 3.0, 3)
    """

    n: int = 0
    n_undefined: int = 0
    mean: float = 0.0
    squares: float = 0.0  # sum of squared deviations from the mean
    min: float = math.inf
    max: float = -math.inf
    argmin_seed: int | None = None
    argmax_seed: int | None = None
    values: list[Array] = field(default_factory=list)

    def add(self, first_seed: int, values: Array) -> None:
        """Add the values of consecutive seeds, `(n,)`; nan counts as undefined."""
        values = values.astype(np.float64, copy=False)
        defined = ~np.isnan(values)
        kept = values[defined]
        part = Aggregate(n=kept.size, n_undefined=values.size - kept.size)
        if kept.size:
            seeds = np.flatnonzero(defined)
            low, high = int(np.argmin(kept)), int(np.argmax(kept))
            part.mean = float(np.mean(kept))
            with np.errstate(over="ignore"):  # the summary says so where it overflows
                part.squares = float(np.sum(np.square(kept - part.mean)))
            part.min, part.max = float(kept[low]), float(kept[high])
            part.argmin_seed = first_seed + int(seeds[low])
            part.argmax_seed = first_seed + int(seeds[high])
            part.values = [kept]
        self.merge(part)

    def merge(self, later: "Aggregate") -> None:
        """Take in the statistics of seeds that come after these."""
        self.n_undefined += later.n_undefined
        if later.n == 0:
            return
        n = self.n + later.n
        delta = later.mean - self.mean
        self.squares += later.squares + delta * delta * (self.n * later.n / n)
        self.mean += delta * (later.n / n)
        self.n = n
        # Strictly smaller or larger: of equal values the first seed is named.
        if later.min < self.min:
            self.min, self.argmin_seed = later.min, later.argmin_seed
        if later.max > self.max:
            self.max, self.argmax_seed = later.max, later.argmax_seed
        self.values += later.values

    def summary(self) -> Summary:
        """The statistics as they stand in the artifact."""
        if self.n == 0:
            return Summary(n=0, n_undefined=self.n_undefined)
        std = math.sqrt(self.squares / (self.n - 1)) if self.n > 1 else None
        ordered = np.sort(np.concatenate(self.values))
        return Summary(
            n=self.n,
            n_undefined=self.n_undefined,
            mean=self.mean,
            std=std,
            stderr=None if std is None else std / math.sqrt(self.n),
            min=self.min,
            max=self.max,
            argmin_seed=self.argmin_seed,
            argmax_seed=self.argmax_seed,
            **{name: quantile(ordered, share) for name, share in QUANTILES.items()},
        )


def quantile(ordered: Array, share: float) -> float:
    """Quantile of sorted values, linear between order statistics (Hyndman and Fan type 7).

    Equal to `np.quantile`, which would load `numpy.ma` and cost a run 7 ms.

    >>> quantile(np.array([1.0, 2.0, 4.0]), 0.75)
    3.0
    """
    place = (ordered.size - 1) * share
    below = math.floor(place)
    low, high = float(ordered[below]), float(ordered[min(below + 1, ordered.size - 1)])
    return low + (high - low) * (place - below)
