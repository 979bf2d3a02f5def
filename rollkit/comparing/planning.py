"""How many seeds or cases it takes to see a difference, from values that are there already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rollkit.comparing.alone import Alone, alone, load
from rollkit.comparing.definitions import differences, refuse
from rollkit.comparing.door import check_alpha, chosen_metrics
from rollkit.comparing.knowing import known_metrics
from rollkit.comparing.matching import refuse_other_kind
from rollkit.comparing.measuring import together
from rollkit.comparing.needing import Known, Planned
from rollkit.comparing.reading import Given, side_of
from rollkit.comparing.sides import Side
from rollkit.comparing.tolerances import NOTHING, Amounts, Sizes, sizes
from rollkit.comparing.weighing import Weighed
from rollkit.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many seeds or cases it takes. `names` are what the sides are called."""

    names: tuple[str, ...]
    key: str | None  # seed or case
    metrics: Mapping[str, Planned]
    power: float
    alpha: float
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
    tolerance: Amounts | None = None,
    metrics: Sequence[str] | None = None,
    power: float = 0.9,
    alpha: float = 0.05,
    correlation: float = 0.0,
) -> Plan:
    """How many seeds or cases show a difference: what `rollkit compare --plan` does.

    The test is that of `worse`: one-sided, at alpha / (number of metrics with a better side), which
    is Holm's first step, whatever the other metrics say. Of a metric without a better side it is
    that of `differs`: two-sided, at alpha / 2 / (number of those). Of pairs, what counts is how
    much their differences vary: std √(2 (1 - correlation)) where only one side is there, or as
    measured over the pairs of a pilot. What has to be seen is the difference less the tolerance.

    Parameters
    ----------
    base : path, RunResult, EvalResult or mapping
        What there is: as for `compare`.
    candidate : likewise, optional
        A pilot: a few seeds or cases of what is to be compared with the base.
    difference : number, str or mapping
        The smallest difference that matters: a number in each metric's own unit, `"5%"` of the
        magnitude of the base's mean, or by name, `"max_abs_jerk=5%,min_speed=0.1"`.
    tolerance : number, str or mapping, optional
        As of `compare`: the difference, which has to be larger, is to be seen to lie beyond it.
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
    wanted, allowed = sizes("difference", difference), sizes("tolerance", tolerance)
    if not wanted.every() or any(one.value == 0 for one in wanted.every()):
        raise UsageError(
            f"difference: got {difference!r}, expected the smallest that matters, more than 0",
            hint="5% of the base's mean, or a number in the metric's unit",
        )
    if metrics is None and wanted.others is None:
        metrics = list(wanted.by_name)
    sides = [side_of(base, "base")]
    if candidate is not None:
        sides.append(side_of(candidate, "candidate"))
        refuse_other_kind(*sides)
    chosen = chosen_metrics(sides, metrics)
    wanted.check("the plan", chosen)
    allowed.check("the plan", chosen)
    if candidate is not None:
        refuse(sides[0], sides[1], differences(sides[0], sides[1], chosen))
    both = [name for name in chosen if all(name in side.metrics for side in sides)]
    paired = _pilot(sides, both, allowed)
    measured = [_alone(side, both) for side in sides]
    notes = [note for side, _ in measured for note in side.notes]
    known, assumed = known_metrics(chosen, *sides)
    rows = [
        Known(
            known[name].better,
            [found[name] for _, found in measured if name in found],
            paired.get(name),
            allowed.of(name) or NOTHING,
        )
        for name in chosen
    ]
    tested = [one.better is None for one in rows if one.tested]
    planned = {}
    for name, row in zip(chosen, rows, strict=True):
        count = tested.count(row.better is None)
        planned[name] = row.planned(
            Planned(name=name, unit=known[name].unit or ""),
            wanted.of(name),
            correlation,
            alpha / max(1, count) / (2 if row.better is None else 1),
            power,
        )
    return Plan(
        names=tuple(side.name for side in sides),
        key=sides[0].key,
        metrics=planned,
        power=power,
        alpha=alpha,
        correlation=None if paired else correlation,
        notes=(*dict.fromkeys(notes), *assumed),
    )


def _pilot(sides: Sequence[Side], metrics: Sequence[str], allowed: Sizes) -> dict[str, Weighed]:
    """The paired differences of a pilot that has pairs, as far as they are known to vary."""
    if len(sides) < 2:
        return {}
    joined = together(sides[0], sides[1], metrics, allowed)
    if joined.pairing is None:
        return {}
    weighed = {name: one.weighed for name, one in joined.found.items()}
    return {
        name: one
        for name, one in weighed.items()
        if one is not None and one.estimate.std is not None
    }


def _alone(side: Side, metrics: Sequence[str]) -> tuple[Side, dict[str, Alone]]:
    told = side.told and side.together is None
    side, loaded = (side, None) if told else load(side, metrics)
    return side, alone(side, loaded, metrics)


def _check(name: str, value: float, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value < high:
        raise UsageError(f"{name}: got {value!r}, expected a number from {low:g} to below {high:g}")
