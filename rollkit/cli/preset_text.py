"""All that a preset says of itself, as plain values and as text."""

import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from rollkit.cli.output import print_wrapped
from rollkit.cli.tables import print_table
from rollkit.declare import OVER, SCORES
from rollkit.predictions.samples import RULES
from rollkit.presets import metrics_of

if TYPE_CHECKING:
    from rollkit.declare import Check, MetricSpec, PresetSpec
    from rollkit.plugins import Plugins, Registered

_SHOWN = ("name", "unit", "limits", "over", "meaning", "source")  # of each check


def described(one: "Registered[PresetSpec]", loaded: "Plugins") -> dict[str, Any]:
    """Everything a preset declares, as plain values; its twins are those of the loaded presets."""
    spec = one.spec
    every = [other.spec for other in loaded.presets.values()]
    return {
        "name": spec.name,
        "plugin": one.origin.plugin,
        "distribution": one.origin.distribution,
        "version": spec.version,
        "project": spec.project,
        "commit": spec.commit,
        "file": spec.file,
        "definition": spec.definition,
        "documentation": inspect.cleandoc(spec.function.__doc__ or ""),
        "corrects": spec.corrects,
        "corrected_by": [other.name for other in every if other.corrects == spec.name],
        "needs": list(spec.needs),
        "min_steps": spec.min_steps,
        "samples": spec.samples,
        "score": spec.score,
        "invariant_under": list(spec.invariant_under),
        "notes": spec.notes,
        "checks": [_check(check) for check in spec.checks],
        "metrics": [metric.name for metric in metrics_of(spec)],
        "own_metrics": [_metric(metric) for metric in spec.metrics],
        "quirks": [
            {
                "name": quirk.name,
                "text": quirk.text,
                "signals": list(quirk.signals),
                "breaks": list(quirk.breaks),
            }
            for quirk in spec.quirks
        ],
    }


def print_preset(facts: dict[str, Any]) -> None:
    """What a reader wants to know before quoting a number of it."""
    click.echo(f"preset {facts['name']}: {_source(facts)}\n")
    click.echo(facts["documentation"])
    click.echo()
    for name, text in _rules(facts):
        print_wrapped(f"{name}: {text}")
    _print_checks(facts["checks"])
    if facts["own_metrics"]:
        rows = [(one["name"], one["unit"], one["definition"]) for one in facts["own_metrics"]]
        click.echo()
        print_table("metrics of its own", ("metric", "unit", "meaning"), rows, numbers=set())
    for quirk in facts["quirks"]:
        _print_quirk(quirk)


def _check(check: "Check") -> dict[str, Any]:
    return {
        "name": check.name,
        "meaning": check.meaning,
        "signal": check.signal,
        "unit": check.unit,
        "low": check.low,
        "high": check.high,
        "strict": check.strict,
        "limits": check.limits if check.judged else None,
        "over": OVER[check.over],
        "source": check.source,
    }


def _metric(metric: "MetricSpec") -> dict[str, Any]:
    return {
        "name": metric.name,
        "unit": metric.unit,
        "better": metric.better,
        "needs": list(metric.needs),
        "compares_samples": metric.compares_samples is True,
        "definition": metric.definition,
    }


def _source(facts: dict[str, Any]) -> str:
    at = f" @{facts['commit']}" if facts["commit"] else ""
    return f"{facts['project']}{at} {facts['file']}".strip()


def _rules(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """What holds of the whole of it."""
    least = facts["min_steps"]
    steps = f"at least {least} step{'s' * (least > 1)}" if least else ""
    rule, names = facts["samples"], facts["metrics"]
    judges = any(one["limits"] for one in facts["checks"])
    compared = [one["name"] for one in facts["own_metrics"] if one["compares_samples"]]
    by_rule = [f"{rule}: {RULES[rule]}" if rule else "as --samples says"]
    comparing = [f"{', '.join(compared)} compare all of them"] if compared else []
    found = [
        ("corrects", facts["corrects"]),
        ("corrected by", ", ".join(facts["corrected_by"])),
        ("needs", ", ".join(one for one in [*facts["needs"], steps] if one)),
        ("of K samples", "; ".join([*by_rule, *comparing])),
        (
            "score",
            f"{facts['score'].replace('_', ' ')}: {SCORES[facts['score']]}" if judges else "",
        ),
        ("metrics", f"{len(names)}: {', '.join(names[:3])}{' ...' if names[3:] else ''}"),
        ("note", facts["notes"]),
    ]
    return [(name, text) for name, text in found if text]


def _print_checks(checks: Sequence[dict[str, Any]]) -> None:
    if not checks:
        return
    columns = ["check", *_SHOWN[1:]]
    rows = [
        [one[key] or "none" if key == "limits" else one[key] for key in _SHOWN] for one in checks
    ]
    if not any(one["source"] for one in checks):  # all come from where the preset does
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    click.echo()
    print_table("checks", columns, rows, numbers=set())


def _print_quirk(quirk: dict[str, Any]) -> None:
    click.echo()
    print_wrapped(f"quirk: {quirk['name']}")
    print_wrapped(quirk["text"], before="  ", hanging="")
    if quirk["signals"]:
        print_wrapped(f"changes: {', '.join(quirk['signals'])}", before="  ", hanging="")
    if quirk["breaks"]:
        print_wrapped(f"breaks: {', '.join(quirk['breaks'])}", before="  ", hanging="")
