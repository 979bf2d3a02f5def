"""The page: template, style sheet, scripts and data in one text."""

import base64
import functools
import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from rollkit import Report, RunResult, Shown, UsageError
from rollkit_html import charts
from rollkit_html.compact import embedded
from rollkit_html.data import DERIVED, ids, important, page_data
from rollkit_html.summary import comparison_rows, gate_rows, headline, subtitle
from rollkit_html.words import number, plural, setting, unit

if TYPE_CHECKING:
    from markupsafe import Markup

# In this order: each uses what stands before it.
_CARDS = 16  # distributions of no preset that are open at once
SCRIPTS = (
    *("dom", "theme", "filter", "plots", "distributions", "examples", "paths", "signals"),
    *("cursor", "table", "chosen", "filters", "page"),
)
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {style}; "
    "base-uri 'none'; form-action 'none'"
)


def page(report: Report) -> str:
    """The whole page.

    Raises
    ------
    UsageError
        A library is not installed.
    """
    try:
        import jinja2
        import vl_convert
    except ImportError as error:
        raise UsageError(
            f"the HTML report needs {error.name}, which is not installed",
            hint="pip install 'rollkit[report]'",
        ) from None
    style, own = _text("style.css"), _own_script()
    library = _library(vl_convert.javascript_bundle)
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_text),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"number": number, "unit": unit, "pretty": _pretty, "setting": setting}
    environment.filters["wrapped"] = _wrapped
    policy = _POLICY.format(scripts=f"{_hash(library)} {_hash(own)}", style=_hash(style))
    data = page_data(report) | {"charts": _compiled(vl_convert.vegalite_to_vega)}
    return environment.get_template("page.html.j2").render(
        policy=policy,
        style=style,
        library=library,
        script=own,
        data=embedded(data),
        **context(report),
    )


def context(report: Report) -> dict[str, Any]:
    """What the template shows without a script."""
    shown, base = report.shown, report.base
    own = ids(report)
    metrics = [{**vars(one), "id": own[name]} for name, one in shown.result.metrics.items()]
    return {
        "title": report.title,
        "subtitle": subtitle(shown),
        "headline": headline(report),
        "label": shown.label,
        "base": None if base is None else base.label,
        "notes": report.notes,
        "gates": gate_rows(shown),
        "failures": [one._asdict() for one in shown.result.failures],
        "metrics": metrics,
        "groups": _groups(metrics, set(important(report)[:_CARDS])),
        "comparison": report.comparison,
        "compared": [] if report.comparison is None else comparison_rows(report.comparison),
        "own": own,
        "presets": shown.result.presets,
        "count": plural(len(shown.values), "rollout" if _is_run(shown) else "case"),
        "each": "rollout" if _is_run(shown) else "case",
        "sides": [provenance(one) for one in (shown, base) if one is not None],
        "statistics": shown.result.statistics,
    }


def _groups(metrics: list[dict[str, Any]], first: set[str]) -> list[dict[str, Any]]:
    """The metrics of no preset, then those of each; of both the ones that are open at once."""
    found = []
    for preset in dict.fromkeys([None, *(one["preset"] for one in metrics)]):
        some = [one for one in metrics if one["preset"] == preset]
        if preset:
            first = {one["name"] for one in some if not one["name"].endswith(DERIVED)}
        main = [one for one in some if one["name"] in first]
        beside = [one for one in some if one["name"] not in first]
        if some:
            found.append({"preset": preset, "main": main, "beside": beside})
    return found


def provenance(shown: Shown) -> dict[str, Any]:
    """Everything needed to do a result again."""
    result = shown.result
    artifact = result.to_dict()
    said = dict(result.provenance)
    argv = said.pop("argv", None)
    inputs = said.pop("inputs", None)
    return {
        "label": shown.label,
        "commands": _commands(shown, argv),
        "spec": _pretty(artifact["run" if _is_run(shown) else "eval"]),
        "said": {name: _pretty(value) for name, value in said.items()},
        "inputs": [
            dict(one) if isinstance(one, Mapping) else {"input": one} for one in inputs or ()
        ],
        "plugins": [one._asdict() for one in result.plugins],
        "volatile": {name: _pretty(value) for name, value in result.volatile.items()},
        "cells": [
            {"source": one.source, "integrator": one.integrator, "params": setting(one.params)}
            for one in (result.cells if isinstance(result, RunResult) else ())
        ],
        "cases": None if isinstance(result, RunResult) else _pretty(dict(result.cases)),
    }


def _commands(shown: Shown, argv: list[str] | None) -> dict[str, str]:
    import shlex

    verb = "run" if _is_run(shown) else "eval"
    found = {}
    if shown.label.endswith(".json"):
        found["do it again, exactly"] = shlex.join(["rollkit", verb, "--from", shown.label])
    if argv:
        found["as it was called"] = shlex.join(["rollkit", *argv])
    return found


def _is_run(shown: Shown) -> bool:
    return isinstance(shown.result, RunResult)


def _pretty(value: Any) -> str:
    """JSON that is read, not only parsed; text as it stands."""
    if isinstance(value, str):
        return value
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def _wrapped(name: str) -> "Markup":
    """A name that may be broken after its underscores."""
    from markupsafe import Markup, escape

    return Markup("_<wbr>").join(map(escape, name.split("_")))


def _text(name: str) -> str:
    """A file of this package."""
    return files("rollkit_html").joinpath(name).read_text(encoding="utf-8")


def _own_script() -> str:
    parts = [_text(f"js/{name}.js") for name in SCRIPTS]
    return "(() => {\n'use strict';\n" + "\n".join(parts) + "})();\n"


@functools.cache
def _library(bundle: Any) -> str:
    """Vega as one script, in a scope of its own."""
    script = bundle().replace("\r\n", "\n").replace("</script", "<\\/script")
    return "(() => {" + script.replace("<!--", "\\x3C!--") + "})();"


@functools.cache
def _compiled(compile_: Any) -> dict[str, Any]:
    return {name: compile_(spec) for name, spec in charts.templates().items()}


def _hash(script: str) -> str:
    """The source that a policy lets run: this text and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
