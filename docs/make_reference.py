"""Makes reference.md and invariants.md from the declarations: python docs/make_reference.py"""

import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rollkit.declare import ActionSourceSpec, IntegratorSpec, MetricSpec
from rollkit.discovery import installed
from rollkit.parameters import Parameter
from rollkit.plugins import Plugins, Registered
from rollkit.testing.invariant import Invariant, Kind
from rollkit.testing.invariants import ALL, of

HERE = Path(__file__).parent

INTRODUCTION = """\
# Reference

Every metric, integrator and action source that ships with rollkit, as it is declared. This page is
made by `docs/make_reference.py`; `rollkit plugins show NAME` prints the same facts.

- [Metrics](#metrics)
- [Integrators](#integrators)
- [Action sources](#action-sources)
"""

METRICS = """\
## Metrics

One number per rollout. [Writing a plugin](writing-a-plugin.md#what-a-metric-declares) says what the
traits mean. The plugin's name is what `--plugins` takes, the metric's what `--metrics` takes; those
of the starter set are computed where nothing is named. The examples are those of the docstrings.
"""

INTEGRATORS = """\
## Integrators

From an initial state and actions to a trajectory: `--integrator NAME`.
[Concepts](concepts.md#integrators) compares their errors.
"""

SOURCES = """\
## Action sources

Where actions come from: `--scenario NAME`, their options as `--set name=value`. The limits are the
largest magnitudes that no seed and no setting exceeds.
"""

INVARIANTS = """\
# Invariants

The laws that `rollkit check` holds plugins to: {count} of them. This page is made from the laws
themselves by `docs/make_reference.py`; `rollkit check --list` prints the same. A law with nothing
under "when" applies always, the others where a function declares that trait.
[Testing your plugin](testing-your-plugin.md) says how to use them.

- [Integrators](#integrators)
- [Metrics](#metrics)
- [Action sources](#action-sources)

A tolerance is relative to the size of the numbers compared. A law without one is held to exactly,
or says in its own words how far it may be missed.
"""

KINDS: dict[Kind, str] = {
    "integrator": "Integrators",
    "metric": "Metrics",
    "action_source": "Action sources",
}

# Headings under which a docstring defines terms, one a line, each explained below it.
_DEFINING = ("Parameters", "Returns", "Raises")


def reference() -> str:
    """The text of reference.md."""
    plugins = Plugins()
    starter = plugins.load(["starter"])
    plugins.load(one.origin.plugin for one in installed() if one.origin.builtin)
    assert not plugins.failures, plugins.failures
    sections = [INTRODUCTION, METRICS, _metric_table(plugins.metrics.values(), starter)]
    sections += [_metric(one) for one in _ordered(plugins.metrics)]
    sections.append(INTEGRATORS)
    sections += [_integrator(one) for one in _ordered(plugins.integrators)]
    sections.append(SOURCES)
    sections += [_source(one) for one in _ordered(plugins.sources)]
    return "\n".join(sections)


def invariants() -> str:
    """The text of invariants.md."""
    sections = [INVARIANTS.format(count=len(ALL))]
    for kind, heading in KINDS.items():
        laws = of(kind)
        rows = [(f"[`{one.name}`](#{_anchor(one)})", one.when, one.statement) for one in laws]
        sections += [f"## {heading}\n", _table(("law", "when", "statement"), rows)]
        sections += [_law(one) for one in laws]
    return "\n".join(sections)


def _law(law: Invariant) -> str:
    drawn = ", ".join(f"`{name}`" for name in law.given)
    facts = [("when", law.when or "always"), ("drawn", drawn or "nothing: it is checked once")]
    if law.tolerance is not None:
        facts.append(("tolerance", f"{law.tolerance.value:g}: {law.tolerance.reason}"))
    parts = [f"### {_title(law)}\n", f"{law.statement}\n"]
    parts += [f"{law.about}\n"] if law.about else []
    return "\n".join([*parts, _table(("", ""), facts)])


def _title(law: Invariant) -> str:
    """With the kind, as several kinds have laws of one name."""
    return f"{law.kind.replace('_', ' ')}: {law.name}"


def _anchor(law: Invariant) -> str:
    return _title(law).replace(":", "").replace(" ", "-")


def _ordered(registered: dict) -> list[Registered]:
    return [registered[name] for name in sorted(registered)]


def _metric_table(metrics: Iterable[Registered[MetricSpec]], starter: Sequence[str]) -> str:
    rows = [
        (
            f"[`{one.spec.name}`](#{one.spec.name})",
            f"`{one.origin.plugin}`",
            "yes" if one.origin.plugin in starter else "",
            one.spec.unit,
            one.spec.definition,
        )
        for one in sorted(metrics, key=lambda one: one.spec.name)
    ]
    return _table(("metric", "plugin", "starter", "unit", "what it is"), rows)


def _metric(registered: Registered[MetricSpec]) -> str:
    spec = registered.spec
    facts = (
        ("plugin", f"`{registered.origin.plugin}`"),
        ("unit", spec.unit),
        ("better", spec.better or "neither"),
        ("bounds", ", ".join("none" if bound is None else f"{bound:g}" for bound in spec.bounds)),
        ("needs", ", ".join(spec.needs) or "the trajectory alone"),
        ("min steps", str(spec.min_steps)),
        ("invariant under", ", ".join(spec.invariant_under) or "nothing"),
        ("scales with", _powers(spec.scales_with)),
        ("version", str(spec.version)),
    )
    return _entry(spec, facts)


def _powers(scales: Mapping[str, float]) -> str:
    return ", ".join(f"{name}^{power:g}" for name, power in scales.items()) or "nothing"


def _integrator(registered: Registered[IntegratorSpec]) -> str:
    spec = registered.spec
    facts = (
        ("order", "closed form" if spec.order is None else str(spec.order)),
        ("speed never negative", "yes" if spec.speed_never_negative else "no"),
    )
    return _entry(spec, facts)


def _source(registered: Registered[ActionSourceSpec]) -> str:
    spec = registered.spec
    limits = ", ".join(f"|{name}| <= {bound:g}" for name, bound in spec.limits.items())
    facts = [("limits", limits or "none declared")]
    if spec.own_time:
        facts.append(("horizon and dt", "its own unless given"))
    rows = [
        (f"`{one.name}`", _default(one), one.about.unit, one.range, one.about.doc)
        for one in spec.parameters
    ]
    options = _table(("option", "default", "unit", "range", "meaning"), rows)
    return _entry(spec, facts, options)


def _default(parameter: Parameter) -> str:
    if parameter.required:
        return "required"
    if isinstance(parameter.default, float):
        return f"{parameter.default:g}"
    return "none" if parameter.default is None else str(parameter.default)


def _entry(
    spec: MetricSpec | IntegratorSpec | ActionSourceSpec,
    facts: Iterable[tuple[str, str]],
    options: str = "",
) -> str:
    """A heading, the definition, the facts, the options, and the rest of the docstring."""
    first, *rest = inspect.cleandoc(spec.function.__doc__ or "").split("\n\n")
    parts = [f"### {spec.name}\n", f"{' '.join(first.split())}\n", _table(("", ""), facts)]
    parts += [options] if options else []
    return "\n".join(parts + [_markdown(block) for block in rest])


def _markdown(block: str) -> str:
    """A paragraph of a NumPy docstring, or a section of it, as Markdown."""
    heading, text = "", block
    if found := re.match(r"(\w[\w ]*)\n-+\n", block):
        heading, text = found[1], block[found.end() :]
    if ">>>" in text:
        text = f"```pycon\n{text}\n```"
    elif heading in _DEFINING:
        # A term at the margin, its explanation indented below it.
        items = re.split(r"\n(?=\S)", text)
        text = "\n".join(_item(*one.partition("\n")[::2]) for one in items)
    return f"**{heading}**\n\n{text}\n" if heading else f"{text}\n"


def _item(term: str, explanation: str) -> str:
    explained = f": {' '.join(explanation.split())}" if explanation else ""
    return f"- {term}{explained}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def line(cells: Iterable[str]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"

    return line(head) + "|" + "---|" * len(head) + "\n" + "".join(map(line, rows))


if __name__ == "__main__":
    (HERE / "reference.md").write_text(reference(), encoding="utf-8")
    (HERE / "invariants.md").write_text(invariants(), encoding="utf-8")
