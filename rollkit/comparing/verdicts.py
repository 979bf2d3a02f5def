"""From what values say to a verdict on each metric."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rollkit.comparing.results import MetricComparison, Verdict
from rollkit.comparing.statistics.estimate import Estimate
from rollkit.comparing.statistics.holm import holm
from rollkit.comparing.weighing import Weighed


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One metric as it was measured on both sides.

    `weighed` is None where nothing can be said, for `reason`; `held` is why neither better nor
    equal can be said.
    """

    name: str
    unit: str
    better: str | None
    definition: str
    n_base: int = 0
    n_candidate: int = 0
    weighed: Weighed | None = None
    bounds: tuple[float | None, float | None] | None = None
    only_base: int = 0
    only_candidate: int = 0
    reason: str | None = None
    held: str | None = None
    broken: bool = False

    @property
    def estimate(self) -> Estimate | None:
        """The difference, if anything can be said."""
        return None if self.weighed is None else self.weighed.estimate

    @property
    def span(self) -> float | None:
        """How far two values can be apart, where that is bounded."""
        low, high = self.bounds or (None, None)
        return None if low is None or high is None else high - low


def verdicts(
    metrics: Sequence[Measured], *, alpha: float, equivalence: bool = False
) -> dict[str, MetricComparison]:
    """The verdict on each metric.

    `worse` and `better` are one-sided tests of a difference beyond the tolerance, each corrected
    by Holm's method over the metrics that have a better side: the chance of any false `worse` is
    at most alpha, and so is that of any false `better`. `differs` is two-sided, of those without a
    better side, corrected over these. `equal` takes both one-sided tests against the tolerance,
    uncorrected, as each metric has to pass; or pairs that are all identical, but that is no claim
    of equivalence, which is about more than these pairs.
    """
    raw = [_p_values(one) for one in metrics]
    corrected = {kind: holm([one[kind] for one in raw]) for kind in ("worse", "better", "differs")}
    return {
        one.name: _judged(
            one,
            {kind: values[index] for kind, values in corrected.items()},
            raw[index]["equal"],
            alpha,
            equivalence,
        )
        for index, one in enumerate(metrics)
    }


def _p_values(one: Measured) -> dict[str, float | None]:
    found: dict[str, float | None] = dict.fromkeys(("worse", "better", "differs", "equal"))
    if one.weighed is None or one.weighed.estimate.law is None:
        return found
    above, below = one.weighed.upper.above, one.weighed.lower.below
    if one.better is None:
        found["differs"] = min(1.0, 2 * min(above, below))
    else:
        lower = one.better == "lower"
        found["worse"], found["better"] = (above, below) if lower else (below, above)
    if one.weighed.tolerance > 0:
        found["equal"] = one.weighed.p_equal(one.span)
    return found


def _judged(
    one: Measured,
    corrected: dict[str, float | None],
    p_equal: float | None,
    alpha: float,
    equivalence: bool,
) -> MetricComparison:
    estimate = one.estimate
    verdict, reason = _verdict(one, corrected, p_equal, alpha, equivalence)
    numbers: dict[str, Any] = {
        name: None if estimate is None else getattr(estimate, name)
        for name in (
            *("method", "pairs", "base_mean", "candidate_mean"),
            *("difference", "low", "high", "effect"),
        )
    }
    return MetricComparison(
        name=one.name,
        unit=one.unit,
        better=one.better,
        definition=one.definition,
        verdict=verdict,
        reason=reason,
        n_base=one.n_base,
        n_candidate=one.n_candidate,
        only_base=one.only_base,
        only_candidate=one.only_candidate,
        tolerance=0.0 if one.weighed is None else one.weighed.tolerance,
        probability_worse=_probability_worse(one),
        p_worse=corrected["worse"],
        p_better=corrected["better"],
        p_differs=corrected["differs"],
        p_equal=p_equal,
        broken=one.broken,
        **numbers,
    )


def _verdict(
    one: Measured,
    corrected: dict[str, float | None],
    p_equal: float | None,
    alpha: float,
    equivalence: bool,
) -> tuple[Verdict, str | None]:
    """The verdict, and what there is to be said about it."""

    def sure(p: float | None) -> bool:
        return p is not None and p <= alpha

    if one.estimate is None or one.broken:
        return "undecided", one.reason
    if sure(corrected["worse"]):
        return "worse", None
    if sure(corrected["differs"]):
        return "differs", None
    better = sure(corrected["better"])
    equal = sure(p_equal) or (one.estimate.identical and not equivalence)
    if one.held is not None and (better or equal):
        return "undecided", f"{one.held}: neither better nor equal can be said"
    if better:
        return "better", None
    if equal:
        return "equal", None
    return "undecided", one.reason or one.held


def _probability_worse(one: Measured) -> float | None:
    """How probable it is that the candidate is worse by more than the tolerance."""
    if one.weighed is None or one.weighed.estimate.law is None or one.better is None:
        return None
    if one.better == "lower":
        return one.weighed.upper.probability_above
    return 1.0 - one.weighed.lower.probability_above
