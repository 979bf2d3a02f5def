"""What table, comment and JUnit XML say alike of a comparison: numbers, intervals, the tally."""

import math
from decimal import Decimal

from rollkit.comparing.results import VERDICTS, Comparison, MetricComparison

UNKNOWN = "-"
BROKEN = "broken"
_LEAST_PERCENT = 0.001
_DECIMALS = 6  # more are written with an exponent
_ROUNDING = 1e-12
_HUGE = 1e9  # from here on with an exponent, too
_MANY_PERCENT = 1e6
_DIGITS = 9
_LONGEST = 120  # letters of a name or a reason


def short(said: str, most: int = _LONGEST) -> str:
    """A name or a reason in one line that is not too long, without what a terminal would obey.

    >>> short("a\\x1b[2J\\nb"), len(short("long" * 1000))
    ('a [2J b', 120)
    """
    said = " ".join("".join(one if one.isprintable() else " " for one in said).split())
    return said if len(said) <= most else f"{said[: most - 1]}…"


def number(value: float | None) -> str:
    """A mean."""
    return UNKNOWN if value is None else f"{value:.5g}"


def difference(one: MetricComparison) -> str:
    """The difference, to as many decimals as its interval bears."""
    return _signed(one.difference, one)


def interval(one: MetricComparison) -> str:
    """The 95 % interval of the difference, to two digits of its width."""
    if one.low is None or one.high is None:
        return UNKNOWN
    return f"{_signed(one.low, one)} to {_signed(one.high, one)}"


def percent(one: MetricComparison) -> str:
    """The difference as a share of the base's mean, in %."""
    if one.relative is None:
        return UNKNOWN
    size = abs(100 * one.relative)
    if size < _LEAST_PERCENT:
        return "~0%" if size and not rounding(one.difference, one) else "0%"
    if size >= _MANY_PERCENT and one.difference is not None and one.base_mean:
        # Which may be more than a float holds.
        share = 100 * Decimal(one.difference) / abs(Decimal(one.base_mean))
        return f"{share:+.3g}%" if share.is_finite() else UNKNOWN
    digits = ",.0f" if size >= 99.95 else ".1f" if size >= 0.95 else ".2g"
    return f"{100 * one.relative:+{digits}}%"


def effect(one: MetricComparison) -> str:
    """The difference in standard deviations."""
    if not one.effect:
        return UNKNOWN if one.effect is None else "0"
    text = f"{one.effect:+.2f}" if abs(one.effect) < 10 else f"{one.effect:+.3g}"
    return text if float(text) else "0"


def _signed(value: float | None, one: MetricComparison) -> str:
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if rounding(value, one):
        return "0"
    half = one.high / 2 - one.low / 2 if one.low is not None and one.high is not None else 0.0
    known = 0.0 < half < math.inf
    decimals = 1 - math.floor(math.log10(half)) if known else _DECIMALS + 1
    if abs(value) >= _HUGE:
        digits = math.floor(math.log10(abs(value))) + 1 + decimals
        return f"{value:+.{min(max(3, digits), _DIGITS)}g}"
    text = f"{value:+.{max(0, decimals)}f}" if decimals <= _DECIMALS else f"{value:+.3g}"
    return text if float(text) else "0"


def rounding(value: float | None, one: MetricComparison) -> bool:
    """Whether it is no more than what computing the means leaves."""
    scale = max(abs(one.base_mean or 0.0), abs(one.candidate_mean or 0.0))
    return value is not None and abs(value) <= _ROUNDING * scale


def probability(value: float | None) -> str:
    """A probability, which is never quite 0 or 1.

    >>> probability(0.93), probability(0.9999), probability(0.0)
    ('0.93', '>0.99', '<0.01')
    """
    if value is None:
        return UNKNOWN
    return ">0.99" if value > 0.99 else "<0.01" if value < 0.01 else f"{value:.2f}"


def p_value(value: float | None) -> str:
    """A p-value.

    >>> p_value(0.0312), p_value(0.00001)
    ('0.031', '<0.001')
    """
    if value is None:
        return UNKNOWN
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def title(comparison: Comparison) -> str:
    """What is compared: the sides, and how many values of each."""
    return f"{short(comparison.base)} -> {short(comparison.candidate)}, {counted(comparison)}"


def counted(comparison: Comparison) -> str:
    """How many pairs, or values on either side.

    Of a comparison of 200 seeds: `200 pairs by seed`.
    """
    if comparison.paired_by is not None:
        return f"{many(comparison.pairs, 'pair')} by {comparison.paired_by}"
    some = comparison.metrics.values()
    base = max((one.n_base for one in some), default=0)
    candidate = max((one.n_candidate for one in some), default=0)
    return f"unpaired, {base} and {candidate} values"


def verdict(one: MetricComparison) -> str:
    """The verdict in a word; a metric that the candidate broke is called that."""
    return BROKEN if one.broken else one.verdict


def tally(comparison: Comparison) -> str:
    """How many metrics have which verdict.

    Of four metrics: `1 of 4 metrics worse, 3 equal`.
    """
    words = [verdict(one) for one in comparison.metrics.values()]
    given = [(words.count(word), word) for word in (BROKEN, *VERDICTS) if word in words]
    if not given:
        return "no metric was compared"
    said = [(n, "differ" if word == "differs" and n > 1 else word) for n, word in given]
    (first, what), *others = said
    whole = f"{first} of {many(len(comparison.metrics), 'metric')} {what}"
    return ", ".join([whole, *(f"{n} {word}" for n, word in others)])


def sentence(one: MetricComparison) -> str:
    """A metric's verdict with its numbers, in one line."""
    if one.reason is not None and one.difference is None:
        return f"{verdict(one)}: {one.reason}"
    unit = "" if one.unit == "1" else f" {one.unit}"
    change = f"{number(one.base_mean)} -> {number(one.candidate_mean)}{unit}"
    shift = f"{difference(one)} ({percent(one)})"
    line = f"{verdict(one)}: {change}, {shift}, 95% interval {interval(one)}"
    return line if one.reason is None else f"{line}; {one.reason}"


def listed(names: list[str], most: int = 3) -> str:
    """The first of some names.

    >>> listed(["a", "b", "c", "d"])
    'a, b, c and 1 more'
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(short, names[:most])) + more


def many(count: int, word: str) -> str:
    """So many of them.

    >>> many(1, "pair"), many(1000, "pair")
    ('1 pair', '1,000 pairs')
    """
    return f"{count:,} {word}{'s' * (count != 1)}"
