"""What is drawn of a result: a few rollouts, done again, and how each metric is spread."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from rollkit.discovery import normalized
from rollkit.errors import UsageError
from rollkit.examples.again import examples_of
from rollkit.examples.choosing import Result, extremes, judged, wanted_of
from rollkit.plotting.histograms import Histogram
from rollkit.plotting.limits import bounds_of, limits_of
from rollkit.plotting.shown import FIRST, Shown, shown
from rollkit.poses import Poses
from rollkit.results import MetricResult, RunResult
from rollkit.values import Values

MOST: Final = 6  # histograms
_ROWS: Final = {"sample": "samples", "case": "cases", "seed": "rollouts"}  # of values, by a key


@dataclass(frozen=True, eq=False, kw_only=True)
class Drawn:
    """All that is drawn of a result.

    Attributes
    ----------
    result : RunResult or EvalResult
    count : int
        How many rollouts, cases or samples there are; `what` says of these what they are.
    metric : MetricResult, optional
        Whose worst, median and best rollout are shown; None where no metric has a value.
    shown : list of Shown
        Those rollouts, each once.
    histograms : list of Histogram
        One for each metric, but for `left_out` of them.
    """

    result: Result
    count: int
    what: str
    metric: MetricResult | None
    shown: list[Shown]
    histograms: list[Histogram]
    left_out: int

    @property
    def title(self) -> str:
        """What the drawn rollouts are."""
        if self.count == 1:
            return self.shown[0].name
        of = f"{self.count:,} {self.what}"
        if self.metric is None:
            return f"no metric has a value: the first of {of}"
        roles = [role for one in self.shown for role in one.roles]
        if roles == [FIRST]:
            return f"{self.metric.name} is the same everywhere: the first of {of}"
        some = " and ".join(filter(None, [", ".join(roles[:-1]), roles[-1]]))
        return f"{self.metric.name}: {some} of {of}"

    def value(self, one: Shown) -> str:
        """What the metric says of a rollout, with its unit."""
        value = np.nan if self.metric is None else one.example.values.get(self.metric.name, np.nan)
        if self.metric is None or not np.isfinite(value):
            return ""
        return f"{value:.5g} {'' if self.metric.unit == '1' else self.metric.unit}".rstrip()

    @property
    def apart(self) -> bool:
        """Whether each rollout has a path panel of its own: there is a reference, or K samples."""
        return any(
            one.samples > 1 or one.example.rollout.reference is not None for one in self.shown
        )

    @cached_property
    def bounds(self) -> Mapping[str, tuple[float, ...]]:
        """The limits of each signal, by its name."""
        told = [(dict(one.example.values), one.signals) for one in self.shown]
        names = [signal.name for signal in self.shown[0].signals] if self.shown else []
        return {name: bounds_of(self.result.gates, name, told) for name in names}


def drawn(
    result: Result,
    values: Values | None = None,
    *,
    source: Callable[..., Any] | None = None,
    predictions: Iterable[Poses] | None = None,
    reference: Iterable[Poses] | None = None,
) -> Drawn:
    """Everything that is drawn of a result: `examples_of` does the rollouts again.

    Raises
    ------
    UsageError
        No result; the values of its rollouts were not kept, or there are none.
    UsageError, DataError, PluginError
        What was rolled out or evaluated is no longer there.
    """
    if not hasattr(result, "parts"):
        raise UsageError(
            f"figure: got {type(result).__name__}, expected the result of a run or an evaluation"
        )
    values = values if values is not None else result.values
    if values is None:
        raise UsageError(
            "values: the result holds statistics only, expected the value of every rollout",
            hint="do it again with keep_values=True",
        )
    if not len(values):
        raise UsageError("there is nothing to draw: nothing was rolled out")
    table = _of_the_table(result)
    metric = _deciding(result, table)
    some = [] if metric is None else extremes(result, values, [metric.name])
    wanted = some or [wanted_of(values, 0, FIRST)]
    again = examples_of(
        result,
        wanted,
        values=values,
        source=source,
        predictions=predictions,
        reference=reference,
    )
    telling = _telling(result, table)
    return Drawn(
        result=result,
        count=len(values),
        what=next(what for key, what in _ROWS.items() if key in values.keys),
        metric=metric,
        shown=[shown(one, result, metric, alone=len(values) == 1) for one in again],
        histograms=[_histogram(one, result, values) for one in telling],
        left_out=len(table) - len(telling),
    )


def _of_the_table(result: Result) -> list[MetricResult]:
    """The metrics that the table of statistics shows; those of presets where it shows no others."""
    metrics = [one for one in result.metrics.values() if getattr(one, "at", None) is None]
    spec = result.run if isinstance(result, RunResult) else result.eval
    if spec.metrics is not None:
        return metrics
    return [one for one in metrics if one.preset is None] or metrics


def _deciding(result: Result, table: Sequence[MetricResult]) -> MetricResult | None:
    """The metric of the first gate that does not hold; else the first that rollouts are judged by.

    One that is the same everywhere tells no best from no worst: only where there is no other.
    None where no metric has a value.
    """
    broken = [gate.key for gate in result.gates if not gate.passed]
    defined = {normalized(one.name): one for one in result.metrics.values() if one.n}
    some = sorted(judged(table), key=lambda one: result.metrics[one].min == result.metrics[one].max)
    named = [*broken, *map(normalized, some)]
    return next((defined[one] for one in named if one in defined), None)


def _telling(result: Result, table: Sequence[MetricResult]) -> list[MetricResult]:
    """The metrics to draw histograms of: those that have a better side or a gate; not too many."""
    gated = {gate.key for gate in result.gates}
    telling = [one for one in table if one.better or normalized(one.name) in gated] or list(table)
    # Those with gates first, where not all have room.
    first = sorted(telling, key=lambda one: normalized(one.name) not in gated)[:MOST]
    return [one for one in telling if one in first]


def _histogram(metric: MetricResult, result: Result, values: Values) -> Histogram:
    column = values[metric.name] if metric.name in values.columns else np.array([])
    finite = column[np.isfinite(column)]
    return Histogram(metric, finite, limits_of(result.gates, metric.name))
