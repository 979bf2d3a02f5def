"""What is embedded in the page for its plots and its table: plain values, no more than is drawn."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rollkit import Example, Report, RunResult
from rollkit_html import limits
from rollkit_html.compact import short
from rollkit_html.histogram import histogram
from rollkit_html.pieces import STYLES, style
from rollkit_html.table import table
from rollkit_html.traces import traces
from rollkit_html.words import unit

# As `signals_of` calls them, in the order in which they are drawn.
SIGNALS = {
    "speed": ("speed", "m/s"),
    "accel": ("acceleration", "m/s^2"),
    "curvature": ("curvature", "1/m"),
    "jerk": ("jerk", "m/s^3"),
    "lateral_accel": ("lateral acceleration", "m/s^2"),
    "deviation": ("distance to the reference", "m"),
}
_COLUMNS = 8  # of the table that are shown at first
DERIVED = ("_margin", "_time", "_ok")  # of a preset's check: beside its value


def page_data(report: Report) -> dict[str, Any]:
    """All of it."""
    shown, base = report.shown, report.base
    names = ids(report)
    return {
        "metrics": [_metric(report, name, one) for name, one in names.items()],
        "columns": [names[one] for one in _visible(report, names)],
        "table": table(shown, {one: names[one] for one in important(report)}),
        "examples": [
            {**trace, **_keys(one), "values": _values(one, names)}
            for trace, one in zip(traces(shown.examples), shown.examples, strict=True)
        ],
        "base": None
        if base is None
        else [
            {**trace, **_keys(one)}
            for trace, one in zip(traces(base.examples), base.examples, strict=True)
        ],
        "first": _first(report),
        "signals": [
            {
                "id": name,
                "title": title,
                "unit": unit(of),
                "limits": [one.to_dict() for one in limits.on_signal(shown.result, name, of)],
            }
            for name, (title, of) in SIGNALS.items()
        ],
        "intervals": {} if report.comparison is None else _intervals(report, names),
        "styles": [style(one) for one in range(STYLES)],
        "run": isinstance(shown.result, RunResult),
    }


def ids(report: Report) -> dict[str, str]:
    """The metrics of both sides and the page's own names of them."""
    both = [report.shown, *([report.base] if report.base else [])]
    names = dict.fromkeys(name for side in both for name in side.result.metrics)
    return {name: f"m{number}" for number, name in enumerate(names)}


def important(report: Report) -> list[str]:
    """The metrics, those first that gates are about, last what only stands beside a check."""
    result = report.shown.result

    def rank(name: str) -> int:
        if any(gate.is_about(name) for gate in result.gates):
            return 0
        one = result.metrics.get(name)
        if one is None or one.preset is None:
            return 1 if one is not None and one.better else 2
        return 4 if name.endswith(DERIVED) else 1 if name == one.preset else 3

    return sorted(result.metrics, key=rank)


def _visible(report: Report, names: dict[str, str]) -> list[str]:
    """The columns that are shown at first, in the order of the metrics."""
    defined = [one for one in important(report) if report.shown.result.metrics[one].status == "ok"]
    kept = set(defined[:_COLUMNS])
    return [one for one in names if one in kept]


def _metric(report: Report, name: str, own: str) -> dict[str, Any]:
    """A metric with its distribution."""
    shown, base = report.shown, report.base
    one = shown.result.metrics.get(name)
    known = one or (base.result.metrics[name] if base else None)
    assert known is not None
    columns = [
        side.values.columns.get(name, np.empty(0)) for side in (shown, base) if side is not None
    ]
    bins = histogram(*columns)
    bounds = limits.on_metric(shown.result, name)
    found: dict[str, Any] = {
        "id": own,
        "name": name,
        "unit": unit(known.unit),
        "better": known.better,
        "limits": [one.to_dict() for one in bounds],
        "marks": [] if one is None else short([m for m in (one.p50, one.p95) if m is not None]),
    }
    if bins is not None:
        found["edges"] = short(bins.edges, 7)
        found["single"] = bins.single
        found["infinite"] = sum(bins.infinite)
        found["counts"] = [one.tolist() for one in bins.counts]
        each = [one for one in bounds if one.each]
        found["low"] = max((one.at for one in each if one.above), default=None)
        found["high"] = min((one.at for one in each if not one.above), default=None)
    return found


def _values(example: Example, names: dict[str, str]) -> dict[str, Any]:
    known = [one for one in example.values if one in names]
    return dict(
        zip(
            [names[one] for one in known],
            short([example.values[one] for one in known]),
            strict=True,
        )
    )


def _keys(example: Example) -> dict[str, Any]:
    """What the rows of an example have as keys, as text."""
    wanted = example.wanted
    keys = {"case": wanted.case, "seed": wanted.seed, "cell": wanted.cell, "sample": wanted.sample}
    return {"keys": {name: str(one) for name, one in keys.items() if one is not None}}


def _first(report: Report) -> list[int]:
    """The examples that are drawn at first: best, median and worst of the first metric."""
    examples: Sequence[Example] = report.shown.examples
    for example in examples:
        for why in example.wanted.why:
            word, _, metric = why.partition(" ")
            if word in ("worst", "largest"):
                wanted = {f"{one} {metric}" for one in (word, "median", "best", "smallest")}
                return [
                    number
                    for number, one in enumerate(examples)
                    if wanted.intersection(one.wanted.why)
                ]
    return list(range(min(3, len(examples))))


def _intervals(report: Report, names: dict[str, str]) -> dict[str, Any]:
    """What the comparison says of each metric, as it is drawn."""
    assert report.comparison is not None
    return {
        names[name]: {
            "difference": _finite(one.difference),
            "low": _finite(one.low),
            "high": _finite(one.high),
            "tolerance": one.tolerance,
            "verdict": one.verdict,
        }
        for name, one in report.comparison.metrics.items()
        if name in names
    }


def _finite(value: float | None) -> Any:
    return None if value is None else short([value])[0]
