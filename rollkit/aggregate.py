"""Mergeable statistics of one metric over many rollouts.

Moments merge by the formulas of Chan, Golub and LeVeque (1979). Undefined values (nan) are counted
apart. Sums of floats depend on their order, so parts are merged along one binary tree, whoever
computes them: see `Tree`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, Generic, TypeVar

import numpy as np

from rollkit.intervals import interval95
from rollkit.layout import Array
from rollkit.quantiles import Exact, Quantiles, Sketch, method

QUANTILES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def methods(kind: type[Exact] | type[Sketch]) -> dict[str, str]:
    """What the artifact says about how its statistics are computed."""
    return {
        "std": "sample standard deviation, n - 1 in the denominator",
        "stderr": "std / sqrt(n); null over the cells of a sweep, which share their seeds",
        "ci95": "95 % interval of the mean: mean -/+ t stderr, t of Student with n - 1",
        "quantiles": method(kind),
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
    ci95_low: float | None = None
    ci95_high: float | None = None
    min: float | None = None
    max: float | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    argmin_seed: int | None = None
    argmax_seed: int | None = None
    argmin_cell: int | None = None  # of a sweep: which of its cells
    argmax_cell: int | None = None


NOTHING: Final = Summary(n=0, n_undefined=0)


@dataclass
class Aggregate:
    """Statistics so far: add values in the order of their seeds, merge, sum up.

    Examples
    --------
    >>> whole = Aggregate()
    >>> whole.add(0, np.array([1.0, 4.0, np.nan]))
    >>> rest = Aggregate()
    >>> rest.add(3, np.array([7.0]))
    >>> summary = whole.merged(rest).summary()
    >>> summary.n, summary.n_undefined, summary.mean, summary.std, summary.argmax_seed
    (3, 1, 4.0, 3.0, 3)
    """

    quantiles: Quantiles = field(default_factory=Exact)
    cell: int | None = None  # of a sweep: the cell that the values added belong to
    n: int = 0
    n_undefined: int = 0
    mean: float = 0.0
    squares: float = 0.0  # sum of squared deviations from the mean
    min: float = math.inf
    max: float = -math.inf
    argmin: tuple[int | None, int | None] = (None, None)  # cell and seed
    argmax: tuple[int | None, int | None] = (None, None)

    def add(self, first_seed: int, values: Array) -> None:
        """Add the values of consecutive seeds, `(n,)`; nan counts as undefined."""
        values = values.astype(np.float64, copy=False)
        undefined = np.isnan(values)
        missing = int(np.count_nonzero(undefined))
        kept = values[~undefined] if missing else values
        part = Aggregate(self.quantiles, n=kept.size, n_undefined=missing)
        if kept.size:
            seeds = np.flatnonzero(~undefined) if missing else range(kept.size)
            low, high = int(np.argmin(kept)), int(np.argmax(kept))
            part.mean = float(np.mean(kept))
            with np.errstate(over="ignore"):  # the summary says so where it overflows
                part.squares = float(np.sum(np.square(kept - part.mean)))
            part.min, part.max = float(kept[low]), float(kept[high])
            part.argmin = (self.cell, first_seed + int(seeds[low]))
            part.argmax = (self.cell, first_seed + int(seeds[high]))
            self.quantiles.add(kept)
        self._merge_moments(part)

    def merged(self, later: "Aggregate") -> "Aggregate":
        """These statistics and those of seeds that come after; neither is changed.

        Whoever merges may have to do it again, when the machine that did it is lost.
        """
        both = replace(self, quantiles=self.quantiles.merged(later.quantiles))
        both._merge_moments(later)
        return both

    def _merge_moments(self, later: "Aggregate") -> None:
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
            self.min, self.argmin = later.min, later.argmin
        if later.max > self.max:
            self.max, self.argmax = later.max, later.argmax

    def summary(self) -> Summary:
        """The statistics as they stand in the artifact."""
        if self.n == 0:
            return Summary(n=0, n_undefined=self.n_undefined)
        std = math.sqrt(self.squares / (self.n - 1)) if self.n > 1 else None
        low, high = (None, None) if std is None else interval95(self.n, self.mean, std)
        quantiles = self.quantiles.at(tuple(QUANTILES.values()))
        return Summary(
            n=self.n,
            n_undefined=self.n_undefined,
            mean=self.mean,
            std=std,
            stderr=None if std is None else std / math.sqrt(self.n),
            ci95_low=low,
            ci95_high=high,
            min=self.min,
            max=self.max,
            argmin_seed=self.argmin[1],
            argmax_seed=self.argmax[1],
            argmin_cell=self.argmin[0],
            argmax_cell=self.argmax[0],
            **dict(zip(QUANTILES, quantiles, strict=True)),
        )


NodeT = TypeVar("NodeT")


class Tree(Generic[NodeT]):
    """Merges parts that come in order along a binary tree over their numbers.

    Parts 0 and 1 are merged, parts 2 and 3, then both pairs, and so on. Which parts meet depends
    on their numbers alone, so that 2ᵏ neighbours may have been merged elsewhere: they enter as one
    part of level k.

    >>> tree = Tree(lambda left, right: f"({left}{right})")
    >>> for part in "abcde":
    ...     tree.add(part)
    >>> tree.root()
    '(((ab)(cd))e)'
    """

    def __init__(self, merge: Callable[[NodeT, NodeT], NodeT]) -> None:
        self._merge = merge
        self._stack: list[tuple[int, NodeT]] = []  # of falling levels

    def add(self, part: NodeT, level: int = 0) -> None:
        """Take in the next part, or the next 2^level of them merged."""
        while self._stack and self._stack[-1][0] == level:
            part = self._merge(self._stack.pop()[1], part)
            level += 1
        self._stack.append((level, part))

    def nodes(self) -> list[tuple[int, NodeT]]:
        """What has been merged so far, as (level, node)."""
        return list(self._stack)

    def root(self) -> NodeT | None:
        """All parts merged into one; None if there were none."""
        node: NodeT | None = None
        for _, earlier in reversed(self._stack):
            node = earlier if node is None else self._merge(earlier, node)
        return node
