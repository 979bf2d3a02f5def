"""Limits as they are drawn: of gates and of presets, on metrics and on signals over time."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from rollkit import EvalResult, GateResult, RunResult
from rollkit_html.words import number

# What presets call the signals that the page draws.
_MEANINGS = {
    "speed": ("speed",),
    "accel": ("accel", "longitudinal acceleration"),
    "curvature": ("curvature", "path curvature"),
    "jerk": ("longitudinal jerk",),
    "lateral_accel": ("lateral_accel", "lateral acceleration"),
}
_EVERY_INSTANT = ("every instant", "largest magnitude over time")
_OF_NO_ROLLOUT = ("std", "n", "rate")  # statistics that are no value of the metric
_AT_LEAST = (">", ">=")


class Limit(NamedTuple):
    """A limit: where it is, which side is within, what it says and whether it holds."""

    at: float
    above: bool  # whether what is within lies above it
    label: str
    holds: bool
    each: bool  # whether every rollout is held to it

    def to_dict(self) -> dict[str, Any]:
        """As it is embedded."""
        return {"at": self.at, "label": self.label, "holds": self.holds, "each": self.each}


def on_metric(result: RunResult | EvalResult, name: str) -> list[Limit]:
    """The limits that a metric has: those of gates, and of the preset that it is a check of."""
    found = [_of_gate(one) for one in result.gates if one.is_about(name) and _is_value(one)]
    for preset in result.presets:
        for check in preset.checks:
            if name == f"{preset.name}_{check['name']}":
                passing = check.get("mean_of_scores")
                found += _of_check(check, "", passing is None or passing == 1)
    return list(dict.fromkeys(found))


def on_signal(result: RunResult | EvalResult, name: str, unit: str) -> list[Limit]:
    """The limits that a signal has at every instant.

    Those of gates on its largest magnitude, its minimum and its maximum, and of the checks of
    presets that read off the same signal.
    """
    found = []
    for gate in result.gates:
        if gate.unit != unit or not _is_value(gate) or gate.statistic in ("mean", "p50"):
            continue
        limit = _of_gate(gate)._replace(label=gate.expr)
        metric = gate.key.partition("@")[0]
        if metric == f"max_abs_{name}" and not limit.above:
            found += [limit, limit._replace(at=-limit.at, above=True)]
        elif metric in (f"max_{name}", f"min_{name}"):
            found.append(limit)
    for preset in result.presets:
        for check in preset.checks:
            same = check["meaning"].lower() in _MEANINGS.get(name, ())
            if same and check["unit"] == unit and check["over"] in _EVERY_INSTANT:
                passing = check.get("mean_of_scores")
                found += _of_check(check, preset.name, passing is None or passing == 1)
    return list(dict.fromkeys(found))


def _is_value(gate: GateResult) -> bool:
    return gate.statistic not in _OF_NO_ROLLOUT


def _of_gate(gate: GateResult) -> Limit:
    sign = {"<=": "≤", ">=": "≥", "==": "="}.get(gate.comparison, gate.comparison)
    of = f"{gate.statistic} " if gate.statistic else ""
    where = f" ({gate.where['source']})" if "source" in gate.where else ""
    return Limit(
        gate.limit,
        gate.comparison in _AT_LEAST,
        f"{of}{sign} {number(gate.limit)}{where}",
        gate.passed,
        gate.statistic is None and not where,
    )


def _of_check(check: Any, whose: str, holds: bool) -> Iterator[Limit]:
    """Both limits of a check, as far as they are numbers; a project's name stands before both."""
    above, below = (">", "<") if check["strict"] else ("≥", "≤")
    for side, sign in (("low", above), ("high", below)):
        at = check[side]
        if isinstance(at, int | float):
            label = f"{sign} {number(float(at))}"
            if whose:
                label = f"{whose} {number(check['low'])} to {number(check['high'])}"
            yield Limit(float(at), side == "low", label, holds, True)
