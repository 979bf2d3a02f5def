"""How the values of a metric are spread: what a histogram and a sparkline are drawn from."""

from typing import Final, NamedTuple

import numpy as np

from rollkit.arrays import Array
from rollkit.plotting.limits import Limit
from rollkit.results import MetricResult

_APART: Final = 1e-9  # of the largest: values nearer than that are the same
_FAR: Final = 1.0  # of their span
_FEWEST: Final = 8  # bins


class Histogram(NamedTuple):
    """A metric's values, and what they are held to."""

    metric: MetricResult
    values: Array  # those that are finite
    limits: tuple[Limit, ...]

    @property
    def span(self) -> tuple[float, float] | None:
        """From where to where the values go; None where they are all the same, or none."""
        return span_of(self.values)

    @property
    def why_not(self) -> str:
        """Why there is nothing to draw, where `span` is None."""
        count = len(self.values)
        if not count:
            return "failed" if self.metric.status == "failed" else "undefined"
        same = f"{self.values[0]:.5g} {self.metric.unit}"
        return f"one value, {same}" if count == 1 else f"all {count} values are {same}"


def span_of(values: Array) -> tuple[float, float] | None:
    """From where to where finite values go; None where they are all the same, or none.

    >>> span_of(np.array([1.0, 3.0])), span_of(np.array([2.0, 2.0])), span_of(np.array([]))
    ((1.0, 3.0), None, None)
    """
    if not len(values):
        return None
    low, high = float(values.min()), float(values.max())
    with np.errstate(over="ignore"):
        wide = np.subtract(high, low)
    return (low, high) if wide > _APART * max(abs(low), abs(high)) and np.isfinite(wide) else None


def near(limit: float, span: tuple[float, float]) -> bool:
    """Whether a limit is worth drawing beside values of that span, which it would make shorter."""
    far = _FAR * (span[1] - span[0])
    return span[0] - far <= limit <= span[1] + far


def told(limit: Limit, span: tuple[float, float]) -> str:
    """A limit in words, and where it is if it is too far away to be drawn.

    >>> told(Limit(9.0, "<= 9", True), (1.0, 2.0))
    'gate <= 9 (off to the right)'
    """
    if near(limit.value, span):
        return f"gate {limit.text}"
    return f"gate {limit.text} (off to the {'left)' if limit.value < span[0] else 'right)'}"


def bins_of(count: int, most: int) -> int:
    """How many bins so many values are told in: twice their root, where there is room.

    >>> bins_of(20, 40), bins_of(100, 40), bins_of(1_000_000, 40)
    (9, 20, 40)
    """
    return min(most, max(_FEWEST, round(2 * count**0.5)))


def counted(values: Array, span: tuple[float, float], bins: int) -> tuple[Array, Array]:
    """How many values are in each of so many bins `(bins,)`, and their edges `(bins+1,)`."""
    counts, edges = np.histogram(values, bins=bins, range=span)
    return counts, edges
