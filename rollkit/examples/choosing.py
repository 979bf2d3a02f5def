"""Which rollouts are worth looking at: the best, the median and the worst of each metric."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rollkit.examples.example import Wanted
from rollkit.gates.results import GateResult, Worst
from rollkit.layout import Array
from rollkit.predictions.results import EvalResult
from rollkit.results import MetricResult, RunResult
from rollkit.values import Values

Result = RunResult | EvalResult


def extremes(result: Result, values: Values, metrics: Sequence[str]) -> list[Wanted]:
    """The worst rollout of each of these metrics, the median ones, the best ones; each once.

    Of a metric that has no better side, the largest, the median and the smallest; of one that is
    the same everywhere, the first. The median is the rollout whose value is nearest to it; of
    equals, the first.

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
    picked = [_picked(values[name], name, result.metrics[name].better) for name in metrics]
    most = max(map(len, picked), default=0)
    in_turn = [some[place] for place in range(most) for some in picked if place < len(some)]
    return merged(wanted_of(values, one.row, one.why) for one in in_turn)


def deciding(result: Result) -> list[Wanted]:
    """The worst rollouts of gates, of those that do not hold first."""
    gates = sorted(result.gates, key=lambda gate: gate.passed)
    return merged(
        _of_gate(result, one, f"gate {gate.expr}: {gate.verdict}")
        for gate in gates
        for one in gate.worst
    )


def merged(wanted: Iterable[Wanted]) -> list[Wanted]:
    """Each rollout once, with all reasons, in the order in which they were first named."""
    reasons: dict[Wanted, dict[str, None]] = {}
    for one in wanted:
        reasons.setdefault(one._replace(why=()), {}).update(dict.fromkeys(one.why))
    return [one._replace(why=tuple(why)) for one, why in reasons.items()]


def judged(metrics: Iterable[MetricResult]) -> list[str]:
    """The names of the metrics that rollouts are judged by: those that have a better side.

    Of a preset that judges, its verdict and how far within its limits rollouts are, but not again
    for each of its checks whether they are. Of a metric at several horizons, the whole alone. Of
    metrics without a better side, all, where none has one.
    """
    defined = [one for one in metrics if one.status == "ok"]
    whole = [one for one in defined if getattr(one, "at", None) is None] or defined
    verdicts = {one.preset for one in whole if one.preset is not None and one.name == one.preset}
    few = [
        one
        for one in whole
        if one.preset not in verdicts or one.name == one.preset or tuple(one.bounds) != (0, 1)
    ]
    return [one.name for one in few if one.better] or [one.name for one in few]


def metric_of(gate: GateResult, names: Iterable[str]) -> str | None:
    """Which of these metrics a gate is about, in upper or lower case; None of a missing one."""
    return next((one for one in names if gate.is_about(one)), None)


def rows_of(values: Values, wanted: Wanted) -> npt.NDArray[np.intp]:
    """The rows of a rollout: one, or one for each sample of a case."""
    keys = values.keys
    if wanted.case is not None:
        here = np.asarray(keys["case"] == wanted.case)
        if wanted.sample is not None and "sample" in keys:
            here = here & (keys["sample"] == wanted.sample)
        return np.flatnonzero(here)
    here = keys["seed"] == np.uint64(wanted.seed or 0)
    if "cell" in keys:
        here &= keys["cell"] == (wanted.cell or 0)
    return np.flatnonzero(here)


def wanted_of(values: Values, row: int, *why: str) -> Wanted:
    """What a row of the values belongs to."""
    keys = {name: column[row] for name, column in values.keys.items()}
    if "case" in keys:
        sample = int(keys["sample"]) if "sample" in keys else None
        return Wanted(case=str(keys["case"]), sample=sample, why=why)
    cell = int(keys["cell"]) if "cell" in keys else None
    return Wanted(seed=int(keys["seed"]), cell=cell, why=why)


class _Picked(NamedTuple):
    row: int
    why: str


def _picked(column: Array, name: str, better: str | None) -> list[_Picked]:
    """The worst, the median and the best; nothing of a column without values."""
    if np.isnan(column).all():
        return []
    low, high = int(np.nanargmin(column)), int(np.nanargmax(column))
    if column[low] == column[high]:
        return [_Picked(low, f"{name} is the same everywhere")]
    median = int(np.nanargmin(np.abs(column - np.nanmedian(column))))
    rows = (low, median, high) if better == "higher" else (high, median, low)
    words = ("worst", "median", "best") if better else ("largest", "median", "smallest")
    return [_Picked(row, f"{word} {name}") for word, row in zip(words, rows, strict=True)]


def _of_gate(result: Result, worst: Worst, why: str) -> Wanted:
    """The rollout; an evaluation of all samples names its cases `ID#K`."""
    case, sample = worst.case, None
    if case is not None and isinstance(result, EvalResult) and _by_sample(result):
        case, _, number = case.rpartition("#")
        sample = int(number)
    return Wanted(worst.seed, worst.cell, case, (why,), sample)


def _by_sample(result: EvalResult) -> bool:
    """Whether each sample counts by itself; of single ones the artifact names the case alone."""
    return result.eval.samples == "all" and min(result.cases["samples"]) > 1
