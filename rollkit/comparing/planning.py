"""How many seeds or cases it takes to see a difference, from values that are there already."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rollkit.comparing.alone import Alone, alone, load
from rollkit.comparing.definitions import differences, refuse
from rollkit.comparing.door import check_alpha, chosen_metrics
from rollkit.comparing.knowing import known_metrics
from rollkit.comparing.matching import refuse_other_kind
from rollkit.comparing.measuring import together
from rollkit.comparing.reading import Given, side_of
from rollkit.comparing.sides import Side
from rollkit.comparing.statistics.power import cases_needed_unpaired, pairs_needed
from rollkit.comparing.tolerances import Amounts, Size, sizes
from rollkit.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What it takes to see a difference of one metric; None is not known, for `reason`.

    `std` is the standard deviation of the `n` values (of the base), `std_difference` that of paired
    differences. `pairs` are needed where both sides have the same seeds or cases; `unpaired` on
    each side where they have not.
    """

    name: str
    unit: str
    n: int = 0
    mean: float | None = None
    std: float | None = None
    std_difference: float | None = None
    difference: float | None = None
    pairs: int | None = None
    unpaired: int | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many seeds or cases it takes. `names` are what the sides are called."""

    names: tuple[str, ...]
    key: str | None  # seed or case
    metrics: Mapping[str, Planned]
    power: float
    alpha: float
    alpha_each: float  # of each metric, by the first step of Holm's method
    correlation: float | None  # that was assumed of pairs; None where pairs were measured
    notes: tuple[str, ...] = ()

    @property
    def pairs(self) -> int | None:
        """Pairs that are enough for every metric that can be planned."""
        return max((one.pairs for one in self.metrics.values() if one.pairs), default=None)

    @property
    def unpaired(self) -> int | None:
        """Likewise values on each side, where these are not paired."""
        return max((one.unpaired for one in self.metrics.values() if one.unpaired), default=None)

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        metrics = [dict(vars(one)) for one in self.metrics.values()]
        lists = {"names": list(self.names), "notes": list(self.notes), "metrics": metrics}
        return {**vars(self), **lists, "pairs": self.pairs, "unpaired": self.unpaired}


def plan(
    base: Given,
    candidate: Given | None = None,
    *,
    difference: Amounts,
    metrics: Sequence[str] | None = None,
    power: float = 0.9,
    alpha: float = 0.05,
    correlation: float = 0.0,
) -> Plan:
    """How many seeds or cases show a difference: what `rollkit compare --plan` does.

    The test is that of `worse`: one-sided, at alpha / (number of metrics), which is Holm's first
    step, whatever the other metrics say. Of pairs, what counts is how much their differences vary:
    std √(2 (1 - correlation)) where only one side is there, or as measured over the pairs of a
    pilot.

    Parameters
    ----------
    base : path, RunResult, EvalResult or mapping
        What there is: as for `compare`.
    candidate : likewise, optional
        A pilot: a few seeds or cases of what is to be compared with the base.
    difference : number, str or mapping
        The smallest difference that matters: a number in each metric's own unit, `"5%"` of the
        magnitude of the base's mean, or by name, `"max_abs_jerk=5%,min_speed=0.1"`.
    metrics : sequence of str, optional
        Those that will be compared; all, or those that `difference` names.
    power : float
        How surely the difference is to be seen if it is there.
    alpha : float
        The chance of a false `worse` among all metrics.
    correlation : float
        That of the two values of a pair, where no pilot has pairs. At 0 pairs are no help.

    Returns
    -------
    Plan
        `.metrics["max_abs_jerk"].pairs`, `.unpaired`, `.pairs` for all metrics.

    Raises
    ------
    UsageError, DataError
        A wrong call or wrong data.

    Examples
    --------
    >>> import rollkit
    >>> base = rollkit.run("left", metrics=["max_abs_jerk"], seeds=30)
    >>> unrelated, alike = plan(base, difference="5%"), plan(base, difference="5%", correlation=0.9)
    >>> alike.pairs < unrelated.pairs, alike.unpaired == unrelated.unpaired
    (True, True)
    """
    check_alpha(alpha)
    _check("power", power, alpha, 1.0)
    _check("correlation", correlation, -1.0, 1.0)
    wanted = sizes("difference", difference)
    if metrics is None and wanted.others is None:
        metrics = list(wanted.by_name)
    sides = [side_of(base, "base")]
    if candidate is not None:
        sides.append(side_of(candidate, "candidate"))
        refuse_other_kind(*sides)
    chosen = chosen_metrics(sides, metrics)
    wanted.check("the plan", chosen)
    if candidate is not None:
        refuse(sides[0], sides[1], differences(sides[0], sides[1], chosen))
    both = [name for name in chosen if all(name in side.metrics for side in sides)]
    paired = _stds_of_pairs(sides, both)
    measured = [_alone(side, both) for side in sides]
    notes = [note for side, _ in measured for note in side.notes]
    known, assumed = known_metrics(chosen, *sides)
    rows = [
        _row(
            Planned(name=name, unit=known[name].unit or ""),
            wanted.of(name),
            [found.get(name) for _, found in measured],
            paired.get(name),
            correlation,
        )
        for name in chosen
    ]
    tested = sum(1 for one in rows if one.n >= 2)
    each = alpha / max(1, tested)
    return Plan(
        names=tuple(side.name for side in sides),
        key=sides[0].key,
        metrics={
            one.name: _needed(one, [f.get(one.name) for _, f in measured], power, each)
            for one in rows
        },
        power=power,
        alpha=alpha,
        alpha_each=each,
        correlation=None if paired else correlation,
        notes=(*dict.fromkeys(notes), *assumed),
    )


def _stds_of_pairs(sides: Sequence[Side], metrics: Sequence[str]) -> dict[str, float]:
    """The standard deviations of paired differences, of a pilot that has pairs."""
    if len(sides) < 2:
        return {}
    joined = together(sides[0], sides[1], metrics)
    if joined.pairing is None:
        return {}
    estimates = {name: one.estimate for name, one in joined.found.items()}
    return {
        name: one.std for name, one in estimates.items() if one is not None and one.std is not None
    }


def _alone(side: Side, metrics: Sequence[str]) -> tuple[Side, dict[str, Alone]]:
    told = side.told and side.together is None
    side, loaded = (side, None) if told else load(side, metrics)
    return side, alone(side, loaded, metrics)


def _row(
    blank: Planned,
    size: Size | None,
    sides: Sequence[Alone | None],
    paired: float | None,
    correlation: float,
) -> Planned:
    """What is known of a metric, or why nothing can be planned."""
    base = sides[0]
    if base is None or sides[-1] is None:
        return replace(blank, reason="missing on one side")
    n, mean, std = base.moments
    row = replace(blank, n=n, mean=mean, std=std)
    stds = [one.moments.std for one in sides if one is not None]
    reason = next((one.reason for one in sides if one is not None and one.reason), None)
    if reason is None and any(one is None for one in stds):
        reason = f"too few values to see how they vary: {n}"
    if reason is None and not any(stds):
        reason = f"all {n:,} values are the same: nothing to plan by"
    if reason is None and size is None:
        reason = "no difference is given"
    if reason is not None or size is None:
        return replace(row, reason=reason)
    wanted = size.of(mean)
    if wanted == 0:
        reason = f"{size} of a mean of 0 is no difference" if size.relative else "a difference of 0"
        return replace(row, reason=reason)
    if paired is None:
        there, here = stds[0] or 0.0, stds[-1] or 0.0
        paired = math.sqrt(max(0.0, there**2 + here**2 - 2 * correlation * there * here))
    return replace(row, difference=wanted, std_difference=paired)


def _needed(row: Planned, sides: Sequence[Alone | None], power: float, alpha: float) -> Planned:
    """The row with the numbers of pairs, or of values on each side."""
    if row.difference is None or row.std_difference is None:
        return row
    stds = [one.moments.std or 0.0 for one in sides if one is not None]
    asked = {"alpha": alpha, "power": power}
    return replace(
        row,
        pairs=pairs_needed(row.std_difference, row.difference, **asked),
        unpaired=cases_needed_unpaired(stds[0], stds[-1], row.difference, **asked),
    )


def _check(name: str, value: float, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value < high:
        raise UsageError(f"{name}: got {value!r}, expected a number from {low:g} to below {high:g}")
