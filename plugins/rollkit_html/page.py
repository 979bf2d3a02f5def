"""The page: template, style sheet, scripts and data in one text."""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from rollkit import Report, UsageError
from rollkit_html import assets
from rollkit_html.compact import embedded
from rollkit_html.data import DERIVED, ids, important, page_data
from rollkit_html.provenance import is_run, pretty, provenance
from rollkit_html.summary import comparison_rows, gate_rows, headline, subtitle
from rollkit_html.words import number, plural, unit

if TYPE_CHECKING:
    from markupsafe import Markup

_LIBRARIES = {"jinja2": "jinja2", "vl_convert": "vl-convert-python"}
_CARDS = 16  # distributions of no preset that are open at once


def page(report: Report) -> str:
    """The whole page.

    Raises
    ------
    UsageError
        A library is not installed.
    """
    missing = [name for module, name in _LIBRARIES.items() if find_spec(module) is None]
    if missing:
        raise UsageError(
            f"the HTML report needs {' and '.join(missing)}, not installed here",
            hint="pip install 'rollkit[report]'",
        )
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(assets.text),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"number": number, "unit": unit, "pretty": pretty, "wrapped": _wrapped}
    style, library, script = assets.style(), assets.library(), assets.script()
    return environment.get_template("page.html.j2").render(
        policy=assets.policy(library, script, style=style),
        style=style,
        library=library,
        script=script,
        data=embedded(page_data(report) | {"charts": assets.compiled()}),
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
        "count": plural(len(shown.values), "rollout" if is_run(shown) else "case"),
        "each": "rollout" if is_run(shown) else "case",
        "sides": [provenance(one) for one in (shown, base) if one is not None],
        "statistics": shown.result.statistics,
    }


def _groups(metrics: list[dict[str, Any]], first: set[str]) -> list[dict[str, Any]]:
    """The metrics of no preset, then those of each; of both the ones that are open at once."""
    found = []
    for preset in dict.fromkeys([None, *(one["preset"] for one in metrics)]):
        some = [one for one in metrics if one["preset"] == preset]
        at_once = first
        if preset:
            at_once = {one["name"] for one in some if not one["name"].endswith(DERIVED)}
        main = [one for one in some if one["name"] in at_once]
        beside = [one for one in some if one["name"] not in at_once]
        if some:
            found.append({"preset": preset, "main": main, "beside": beside})
    return found


def _wrapped(name: str) -> "Markup":
    """A name that may be broken after its underscores."""
    from markupsafe import Markup, escape

    return Markup("_<wbr>").join(map(escape, name.split("_")))
