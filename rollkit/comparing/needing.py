"""What it takes to see a difference of one metric, from what is known of it."""

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

from rollkit.comparing.alone import Alone
from rollkit.comparing.statistics.power import cases_needed_unpaired, pairs_needed
from rollkit.comparing.tolerances import Size
from rollkit.comparing.weighing import Weighed


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What it takes to see a difference of one metric; None is not known, for `reason`.

    `std` is the standard deviation of the `n` values (of the base), `std_difference` that of paired
    differences, from the edge of a tolerance that is a share of the base's mean. `pairs` are needed
    where both sides have the same seeds or cases; `unpaired` on each side where they have not.
    """

    name: str
    unit: str
    n: int = 0
    mean: float | None = None
    std: float | None = None
    std_difference: float | None = None
    difference: float | None = None
    tolerance: float = 0.0
    alpha: float | None = None  # of its one-sided test, by the first step of Holm's method
    pairs: int | None = None
    unpaired: int | None = None
    reason: str | None = None


class Known(NamedTuple):
    """What is known of a metric; `sides` are those that have it, `pilot` their pairs."""

    better: str | None
    sides: list[Alone]
    pilot: Weighed | None
    tolerance: Size

    @property
    def tested(self) -> bool:
        """Whether there is anything that could be called worse."""
        return bool(self.sides) and self.sides[0].moments.n >= 2

    def planned(
        self, blank: Planned, size: Size | None, correlation: float, alpha: float, power: float
    ) -> Planned:
        """The blank with the numbers of pairs, or of values on each side; or with a reason."""
        if not self.sides:
            return replace(blank, reason="missing on one side")
        n, mean, std = self.sides[0].moments
        row = replace(blank, n=n, mean=mean, std=std, tolerance=self.tolerance.of(mean))
        reason = self._reason(size)
        if reason is not None or size is None:
            return replace(row, reason=reason)
        wanted = size.of(mean)
        there, here = (self.sides[i].moments.std or 0.0 for i in (0, -1))
        # The tests are of candidate - factor base, at the edge to the bad side, or at either.
        factors = self.tolerance.factors(mean)
        edges = {"lower": [1], "higher": [0]}.get(self.better or "", [0, 1])
        stds = [_std(factors[i] * there, here, correlation) for i in edges]
        if self.pilot is not None:
            stds = [(self.pilot.lower, self.pilot.upper)[i].std or 0.0 for i in edges]
        scaled = max(factors[i] * there for i in edges)
        asked = {"alpha": alpha, "power": power}
        return replace(
            row,
            difference=wanted,
            std_difference=max(stds),
            alpha=alpha,
            pairs=pairs_needed(max(stds), wanted - row.tolerance, **asked),
            unpaired=cases_needed_unpaired(abs(scaled), here, wanted - row.tolerance, **asked),
        )

    def _reason(self, size: Size | None) -> str | None:
        """Why nothing can be planned."""
        known = next((one.reason for one in self.sides if one.reason), None)
        n, mean, _ = self.sides[0].moments
        stds = [one.moments.std for one in self.sides]
        if known is not None:
            return known
        if any(one is None for one in stds):
            return f"too few values to see how they vary: {n}"
        if not any(stds):
            return f"all {n:,} values are the same: nothing to plan by"
        if size is None:
            return "no difference is given"
        if size.of(mean) == 0:
            return f"{size} of a mean of 0 is no difference" if size.value else "a difference of 0"
        if size.of(mean) <= self.tolerance.of(mean):
            return f"a difference of {size} is not beyond the tolerance, {self.tolerance}"
        return None


def _std(there: float, here: float, correlation: float) -> float:
    """The standard deviation of a difference of correlated values."""
    return math.sqrt(max(0.0, there**2 + here**2 - 2 * correlation * there * here))
