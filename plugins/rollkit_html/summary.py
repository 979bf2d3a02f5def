"""What the page says first: the verdict in a sentence, the gates, the comparison."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from rollkit import Comparison, GateResult, Report, RunResult, Shown
from rollkit_html.table import holds
from rollkit_html.words import number, plural, setting, with_unit

_SIGNS = {"PASS": "✓", "FAIL": "✕", "WARN": "!"}
_NAMED = 3  # gates that the headline names
_BAD_FIRST = ("worse", "differs", "undecided", "better", "equal")


def headline(report: Report) -> dict[str, Any]:
    """Passes or fails, and what decided it: read in three seconds."""
    result, gates = report.shown.result, report.shown.result.gates
    failing = [one for one in gates if one.failed]
    warned = [one for one in gates if not one.passed and not one.failed]
    broken = len(result.failures)
    worse = () if report.comparison is None else report.comparison.failed
    said = []
    if broken:
        said.append(f"{plural(broken, 'failure')} while it was computed")
    if failing:
        named = ", ".join(f"{one.expr} ({_found(report.shown, one)})" for one in failing[:_NAMED])
        more = f" and {len(failing) - _NAMED} more" if len(failing) > _NAMED else ""
        of = "the gate" if len(gates) == 1 else f"{len(failing)} of {len(gates)} gates"
        said.append(f"{of} {'does' if len(failing) == 1 else 'do'} not hold: {named}{more}")
    elif gates and not warned:
        said.append("the gate holds" if len(gates) == 1 else f"all {len(gates)} gates hold")
    if warned:
        said.append(plural(len(warned), "warning"))
    if report.comparison is not None:
        said.append(_compared(report.comparison))
    judged = bool(gates) or report.comparison is not None
    state = "fail" if broken or failing or worse else "pass" if judged else "none"
    state = "warn" if state == "pass" and warned else state
    words = {"fail": "Fails", "pass": "Passes", "warn": "Passes, with warnings", "none": "Measured"}
    if not said:
        said.append("no gate was given, so nothing was judged")
    return {"state": state, "word": words[state], "said": "; ".join(said)}


def _found(shown: Shown, gate: GateResult) -> str:
    """What became of a gate that does not hold, in a few words."""
    if gate.reason:
        return gate.reason
    return with_unit(gate.value, gate.unit) if gate.statistic else _beyond(shown, gate)


def _compared(comparison: Comparison) -> str:
    counted: Counter[str] = Counter(one.verdict for one in comparison.metrics.values())
    said = [f"{counted[one]} {one}{_which(comparison, one)}" for one in _BAD_FIRST if counted[one]]
    return f"against {comparison.base}: {', '.join(said) or 'no metric in common'}"


def _which(comparison: Comparison, verdict: str) -> str:
    """The metrics with a verdict that fails, and by how much."""
    if verdict not in comparison.fail_on:
        return ""
    failed = [one for one in comparison.failed if one.verdict == verdict]
    named = [
        one.name if one.relative is None else f"{one.name} {_signed(100 * one.relative, 3)} %"
        for one in failed[:_NAMED]
    ]
    more = f" and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
    return f" ({', '.join(named)}{more})"


def subtitle(shown: Shown) -> str:
    """What was measured, in one line."""
    result = shown.result
    if isinstance(result, RunResult):
        run = result.run
        first, stop = run.seeds
        seeds = f"seed {first}" if stop == first + 1 else f"seeds {first} to {stop - 1}"
        cells = f"{plural(len(result.cells), 'cell')} of a sweep" if result.cells else ""
        said = [run.source, run.integrator, cells, seeds, setting(run.params)]
    else:
        spec, cases = result.eval, result.cases
        beside = "" if spec.reference is None else f"against {spec.reference}"
        said = [spec.predictions, beside, plural(int(cases.get("evaluated", 0)), "case")]
        said.append(f"samples: {spec.samples}")
    time = result.provenance.get("time")
    if isinstance(time, Mapping) and time.get("dt") and time.get("steps"):
        said.append(f"{time['steps']} steps of {number(time['dt'])} s")
    return " · ".join(one for one in said if one)


def gate_rows(shown: Shown) -> list[dict[str, Any]]:
    """The gates, those first that do not hold."""
    ordered = sorted(shown.result.gates, key=lambda one: (one.passed, not one.failed))
    return [_gate(shown, one) for one in ordered]


def _gate(shown: Shown, one: GateResult) -> dict[str, Any]:
    where = ", ".join(f"{name} {value}" for name, value in one.where.items())
    return {
        "verdict": one.verdict,
        "sign": _SIGNS[one.verdict],
        "expr": one.expr,
        "name": one.name,
        "why": one.why,
        "where": where,
        "value": with_unit(one.value, one.unit),
        "limit": f"{one.comparison} {number(one.limit)}",
        "reason": one.reason,
        "beyond": _beyond(shown, one),
        "worst": [
            {
                "text": str(worst),
                "value": with_unit(worst.value, one.unit),
                "keys": _of(worst),
            }
            for worst in one.worst
        ],
    }


def _of(worst: Any) -> dict[str, Any]:
    keys = {"seed": worst.seed, "case": worst.case, "cell": worst.cell}
    return {name: str(one) for name, one in keys.items() if one is not None}


def _beyond(shown: Shown, gate: GateResult) -> str:
    """How many rollouts are beyond the limit, of a gate that each is held to."""
    masks = None if gate.statistic else holds(shown, gate)
    if masks is None:
        undefined = f", {gate.n_undefined:,} undefined" if gate.n_undefined else ""
        return f"of {gate.n:,}{undefined}"
    beyond, unknown = (int(np.count_nonzero(one)) for one in masks)
    undefined = f", {unknown:,} undefined" if unknown else ""
    return f"{beyond:,} of {gate.n + gate.n_undefined:,} beyond{undefined}"


def comparison_rows(comparison: Comparison) -> list[dict[str, Any]]:
    """The metrics as they compare, what is worse first."""
    return [
        {
            "name": one.name,
            "unit": one.unit,
            "better": one.better,
            "verdict": one.verdict,
            "failed": comparison.fails(one),
            "reason": one.reason,
            "definition": one.definition,
            "base": number(one.base_mean),
            "candidate": number(one.candidate_mean),
            "difference": _signed(one.difference),
            "relative": "" if one.relative is None else f"{_signed(100 * one.relative, 3)} %",
            "interval": ""
            if one.low is None or one.high is None
            else f"{_signed(one.low, 4)} to {_signed(one.high, 4)}",
            "effect": number(one.effect, digits=3),
            "p": number(one.p, digits=2),
            "tolerance": number(one.tolerance) if one.tolerance else "",
            "method": one.method or "",
            "n": f"{one.pairs:,} pairs"
            if one.pairs is not None
            else f"{one.n_base:,} and {one.n_candidate:,}",
        }
        for one in comparison.ranked
    ]


def _signed(value: float | None, digits: int = 5) -> str:
    text = number(value, digits=digits)
    return f"+{text}" if value is not None and value > 0 else text
