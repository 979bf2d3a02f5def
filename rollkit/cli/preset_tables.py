"""Verdicts of presets side by side: a row for each check, a column for each preset."""

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from rollkit.cli.output import on_terminal
from rollkit.cli.preset_views import ALL, Declared, Metrics, View, judged
from rollkit.cli.tables import Row, print_in_parts
from rollkit.declare import OVER, interval

if TYPE_CHECKING:
    from rollkit.presets.results import PresetResult
    from rollkit.results import MetricResult

_NARROW = 10  # characters of a column's head on one line


def print_side_by_side(about: str, view: View) -> None:
    """Print the table, then why a number is missing; `about` is what was measured."""
    rows = [*_scores(view), *_checks(view), *_own(view)]
    heads = [folded(one.name) for one in view.presets]
    title = f"presets: share of {view.rows} that pass, or mean value"
    if view.single:
        title = "presets: worst value, when, and how far from its limit"
    if rows:
        print_in_parts(
            f"{about}\n{title}" if about else title,
            ["check", "unit", "judged by", *heads],
            rows,
            keys=3,
            numbers=set() if view.single else set(heads),
            sparse=True,
        )
    for line in _remarks(view):
        click.echo(line)


def folded(name: str) -> str:
    """A long name in several lines, where columns are short of room."""
    if not on_terminal():
        return name
    lines = [""]
    for part in name.replace("_", "_\n").split("\n"):
        if lines[-1] and len(lines[-1] + part) > _NARROW:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def verdict(one: "MetricResult | None", *, single: bool = False) -> str:
    """Whether it passes, or the share of those that do."""
    if one is None or one.mean is None:
        return _missing(one)
    if single:
        return "ok" if one.mean == 1 else "FAIL"
    share = f"{one.mean:.2f}"
    if 0 < one.mean < 1:  # all and none are said of all and none only
        share = {"0.00": "<0.01", "1.00": ">0.99"}.get(share, share)
    return share + _of_fewer(one)


def _number(one: "MetricResult | None") -> str:
    if one is None or one.mean is None:
        return _missing(one)
    return f"{one.mean:.5g}{_of_fewer(one)}"


def _of_fewer(one: "MetricResult") -> str:
    """Of how many it is the share or the mean, where it is undefined in some."""
    return f" of {one.n}" if one.n_undefined else ""


def _missing(one: "MetricResult | None") -> str:
    if one is None:
        return ""
    return "failed" if one.status == "failed" else "-"


def _scores(view: View) -> Iterator[Row]:
    """Whether all checks pass: by both rules, up to each horizon, of each baseline."""
    many = [one for one in view.presets if one.scores and one.name not in view.single]
    rule = "mean of scores" if many else ""

    for at in ("", *view.horizons):
        for beside, among in {"": view.metrics, **view.beside}.items():
            cells = [
                verdict(view.verdict(one, at, among), single=one.name in view.single)
                for one in view.presets
            ]
            if any(cells):
                yield [_label(ALL, at, beside), "", rule, *cells]
    means = [_of_means(view, one) for one in view.presets]
    if any(means):
        yield [ALL, "", "score of means", *means]


def _of_means(view: View, preset: "PresetResult") -> str:
    limited = [check["name"] for check in preset.checks if judged(check)]
    margins = [view.found(preset, f"{preset.name}_{name}_margin") for name in limited]
    if not preset.scores or preset.name in view.single or None in margins:
        return ""  # nothing to judge, or not asked for
    score = preset.scores["score_of_means"]
    if score is None:
        return _missing(view.verdict(preset))
    return "ok" if score == 1 else "FAIL"


def _checks(view: View) -> Iterator[Row]:
    """Each check, of whichever presets have it; those with other limits are in rows below."""
    checks: dict[tuple[str, str], dict[str, dict[str, Declared]]] = {}
    for preset in view.presets:
        for check in preset.checks:
            same = checks.setdefault((check["name"], check["unit"]), {})
            same.setdefault(_judged_by(check), {})[preset.name] = check
    for (name, unit), kinds in checks.items():
        for at, (limits, of) in itertools.product(("", *view.horizons), kinds.items()):
            # Of baselines it is enough whether all checks pass.
            others = {} if limits else view.beside
            for beside, among in {"": view.metrics, **others}.items():
                cells = [
                    _cell(view, preset, of[preset.name], at, among) if preset.name in of else ""
                    for preset in view.presets
                ]
                if any(cells):
                    yield [_label(name, at, beside), unit, limits, *cells]


def _judged_by(check: Declared) -> str:
    """The limits of a check, and what is held to them where that is not every instant."""
    if not judged(check):
        return ""
    low, high = check["low"], check["high"]
    text = interval(low, high, strict=check["strict"])
    if low is None or high is None:
        sign = ("<" if low is None else ">") + ("" if check["strict"] else "=")
        text = f"{sign} {text[1:-1].split(', ')[low is None]}"
    over = next(name for name, words in OVER.items() if words == check["over"])
    return text if over == "time" else f"{over} {text}"


def _cell(view: View, preset: "PresetResult", check: Declared, at: str, among: Metrics) -> str:
    """The share that passes; of a single trajectory the worst value, when, and how far."""
    name = f"{preset.name}_{check['name']}"
    value, margin, time, ok = (
        view.found(preset, f"{name}{part}{at}", among) for part in ("", "_margin", "_time", "_ok")
    )
    if not judged(check):
        return _number(value)
    if ok is None or ok.mean is None:
        return _missing(ok)
    if preset.name not in view.single:
        return verdict(ok)
    worst = [_said("", value, 4), _said("at ", time, 4, " s")]
    how_far = [verdict(ok, single=True), _said("by ", margin, 3)]
    return _lines([" ".join(filter(None, part)) for part in (worst, how_far)])


def _said(before: str, one: "MetricResult | None", digits: int, after: str = "") -> str:
    if one is None or one.mean is None:
        return ""
    size = abs(one.mean) if before == "by " else one.mean
    return f"{before}{size:.{digits}g}{after}"


def _own(view: View) -> Iterator[Row]:
    """Each metric that a preset declares itself; those of several called alike in one row."""
    metrics: dict[tuple[str, str], dict[str, str]] = {}
    for preset in view.presets:
        for called, one in view.own(preset):
            metrics.setdefault((called, one.unit), {})[preset.name] = one.name

    for (called, unit), of in metrics.items():
        for at in ("", *view.horizons):
            names = {preset: f"{name}{at}" for preset, name in of.items()}
            for beside, among in {"": view.metrics, **view.beside}.items():
                cells = [
                    _number(view.found(one, names.get(one.name, ""), among)) for one in view.presets
                ]
                if any(cells):
                    yield [_label(called, at, beside), unit, "", *cells]


def _remarks(view: View) -> Iterator[str]:
    """On what presets disagree, why numbers are missing, and whose rules are not the asked ones."""
    if differing := view.differing():
        yield f"judged differently: {', '.join(differing)}"
    why: dict[str, list[str]] = {}
    for preset in view.presets:
        lacks = {label: _lack(one) for label, one in view.shown(preset).items()}
        if len(set(lacks.values())) == 1:
            lacks = {ALL: next(iter(lacks.values()))}
        for label, reason in lacks.items():
            if label == ALL or reason != lacks.get(ALL):  # what holds of all is said once
                name = f"{preset.name} {label}"
                if label == ALL:
                    name = f"{preset.name}{_because_of(preset, lacks)}"
                why.setdefault(reason, []).append(name)
    why.pop("", None)
    for reason, names in why.items():
        yield f"{reason}: {', '.join(names)}"
    for preset in view.presets:
        if preset.rule.startswith("score_of_means") and preset.name not in view.single:
            yield f"{preset.name}: its project reports the score of means"
        if view.samples not in (None, preset.samples):
            yield f"{preset.name}: {preset.samples} of the samples, as its project has it"


def _because_of(preset: "PresetResult", lacks: dict[str, str]) -> str:
    """The checks that leave all of them undefined, where some are not."""
    checks = [check["name"] for check in preset.checks if check["name"] in lacks]
    lacking = [name for name in checks if lacks[name] == lacks[ALL]]
    return f" ({', '.join(lacking)})" if 0 < len(lacking) < len(checks) else ""


def _lack(one: "MetricResult") -> str:
    if one.status == "undefined":
        return f"undefined, {one.error}"
    return f"undefined in {one.n_undefined} of {one.n + one.n_undefined}" if one.n_undefined else ""


def _lines(parts: Sequence[str]) -> str:
    return ("\n" if on_terminal() else " ").join(part for part in parts if part)


def _label(name: str, at: str, beside: str) -> str:
    """What a row is called; that of a baseline stands under what the model has."""
    return f"  {beside}" if beside else f"{name} {at}".strip()
