"""Which rollouts are worth looking at: the best, the median and the worst of each metric."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from rollkit.examples.example import Wanted
from rollkit.gates.results import GateResult
from rollkit.layout import Array
from rollkit.predictions.results import EvalResult
from rollkit.results import MetricResult, RunResult
from rollkit.values import Values

Result = RunResult | EvalResult


def extremes(result: Result, values: Values, metrics: Sequence[str]) -> list[Wanted]:
    """The best, the median and the worst rollout of each of these metrics; each rollout once.

    Of a metric that has no better side, the smallest, the median and the largest. The median is the
    rollout whose value is nearest to it; of equals, the first.

    Examples
    --------
    >>> import rollkit
    >>> result = rollkit.run("left", metrics=["max_abs_jerk"], seeds=100, keep_values=True)
    >>> for one in extremes(result, result.values, ["max_abs_jerk"]):
    ...     print(one.name, one.why)
    seed 80 ('worst max_abs_jerk',)
    seed 13 ('median max_abs_jerk',)
    seed 41 ('best max_abs_jerk',)
    """
    found: list[Wanted] = []
    for name in metrics:
        column = values[name]
        if np.isnan(column).all():
            continue
        better = result.metrics[name].better
        for word, row in zip(_words(better), _rows(column, better), strict=True):
            found.append(_wanted(values, row, f"{word} {name}"))
    return merged(found)


def deciding(gates: Iterable[GateResult]) -> list[Wanted]:
    """The worst rollouts of gates, of those that do not hold first."""
    found = [
        Wanted(one.seed, one.cell, one.case, (f"{gate.verdict} {gate.expr}",))
        for gate in sorted(gates, key=lambda gate: gate.passed)
        for one in gate.worst
    ]
    return merged(found)


def merged(wanted: Iterable[Wanted]) -> list[Wanted]:
    """Each rollout once, with all reasons, in the order in which they were first named."""
    reasons: dict[Wanted, dict[str, None]] = {}
    for one in wanted:
        reasons.setdefault(one._replace(why=()), {}).update(dict.fromkeys(one.why))
    return [one._replace(why=tuple(why)) for one, why in reasons.items()]


def judged(metrics: Iterable[MetricResult]) -> list[str]:
    """The names of the metrics that have values and a better side; of all, where none has one."""
    defined = [one for one in metrics if one.status == "ok"]
    return [one.name for one in defined if one.better] or [one.name for one in defined]


def rows_of(values: Values, wanted: Wanted) -> npt.NDArray[np.intp]:
    """The rows of a rollout: one, or one for each sample of a case."""
    if wanted.case is not None:
        return np.flatnonzero(values.keys["case"] == wanted.case)
    here = values.keys["seed"] == np.uint64(wanted.seed or 0)
    if "cell" in values.keys:
        here &= values.keys["cell"] == (wanted.cell or 0)
    return np.flatnonzero(here)


def _words(better: str | None) -> tuple[str, str, str]:
    return ("worst", "median", "best") if better else ("largest", "median", "smallest")


def _rows(column: Array, better: str | None) -> tuple[int, int, int]:
    low, high = int(np.nanargmin(column)), int(np.nanargmax(column))
    median = int(np.nanargmin(np.abs(column - np.nanmedian(column))))
    return (low, median, high) if better == "higher" else (high, median, low)


def _wanted(values: Values, row: int, why: str) -> Wanted:
    keys = values.keys
    if "case" in keys:
        return Wanted(case=str(keys["case"][row]), why=(why,))
    cell = int(keys["cell"][row]) if "cell" in keys else None
    return Wanted(seed=int(keys["seed"][row]), cell=cell, why=(why,))
