"""What a reader of a comparison may not expect, and what would settle what is undecided."""

from statistics import NormalDist

from rollkit.comparing import words
from rollkit.comparing.results import Comparison, MetricComparison

_POWER = 0.9
_TINY = 1e-12
_IN_REACH = 100  # times as many as there are


def settling(comparison: Comparison, one: MetricComparison) -> int | None:
    """About how many pairs would settle an undecided metric, were its difference the true one.

    The interval narrows with the root of their number, until its distance d from the tolerance
    takes the sum of both normal quantiles: n ((z_α + z_power) h / (1.96 d))², h half its width now.
    None where that is a hundred times as many or more, or nothing is known.
    """
    if one.difference is None or one.low is None or one.high is None:
        return None
    if one.difference and words.rounding(one.difference, one):
        return None
    now = one.pairs if one.pairs is not None else min(one.n_base, one.n_candidate)
    distance = abs(abs(one.difference) - one.tolerance)
    normal = NormalDist()
    # Holm's method holds the first of its family to this; without a better side both tails count.
    metrics = comparison.metrics.values()
    family = sum((other.better is None) == (one.better is None) for other in metrics)
    tails = family * (2 if one.better is None else 1)
    z = normal.inv_cdf(1 - comparison.alpha / tails) + normal.inv_cdf(_POWER)
    errors = z * (one.high - one.low) / 2 / normal.inv_cdf(0.975)
    if errors >= distance * _IN_REACH**0.5:
        return None
    needed = now * (errors / distance) ** 2
    return max(now + 1, int(float(f"{needed:.1e}")))


def notes(comparison: Comparison) -> list[str]:
    """What a reader may not expect: other definitions, what only one side has."""
    found = [f"definitions differ: {one}" for one in comparison.definitions]
    found += comparison.notes
    if comparison.paired_by is None and not comparison.notes:
        found.append("pairs see smaller differences: --save FILE.parquet on both sides makes them")
    if comparison.paired_by is not None:
        key = comparison.paired_by
        sides = [
            f"{words.many(count, key)} of {side} alone"
            for side, count in (
                (comparison.base, comparison.only_base),
                (comparison.candidate, comparison.only_candidate),
            )
            if count
        ]
        if sides:
            found.append(f"left out: {' and '.join(sides)}")
    return [*found, *_undefined(comparison), *_tiny(comparison)]


def _tiny(comparison: Comparison) -> list[str]:
    """Metrics whose values are so small that they may be nothing but rounding.

    What is rounding depends on the numbers that a metric computes with, which nobody knows here.
    """
    names = [
        one.name
        for one in comparison.metrics.values()
        if one.difference
        and one.verdict != "equal"
        and all(
            abs(value or 0.0) < _TINY
            for value in (one.base_mean, one.candidate_mean, one.low, one.high)
        )
    ]
    if not names:
        return []
    return [
        f"{words.listed(names)}: numbers below {_TINY:g} are usually rounding; "
        f"--tolerance {names[0]}=1e-9 leaves them out"
    ]


def _undefined(comparison: Comparison) -> list[str]:
    """Metrics that one side alone has values of, by how many; those alike in one line."""
    alike: dict[tuple[int, int], list[str]] = {}
    for one in comparison.metrics.values():
        alone = (one.only_base, one.only_candidate)
        if comparison.paired_by is not None and any(alone) and one.reason is None:
            alike.setdefault(alone, []).append(one.name)
    sides = (comparison.candidate, comparison.base)
    return [
        f"{words.listed(names)}: undefined in "
        + " and ".join(
            f"{words.many(n, 'pair')} by {side}" for n, side in zip(counts, sides, strict=True) if n
        )
        for counts, names in alike.items()
    ]
