"""Makes reference.md and invariants.md from the declarations: python docs/make_reference.py"""

import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rollkit.declare import (
    ActionSourceSpec,
    BaselineSpec,
    IntegratorSpec,
    InverseSpec,
    MetricSpec,
    ReaderSpec,
    ReporterSpec,
)
from rollkit.discovery import installed
from rollkit.parameters import Parameter
from rollkit.plugins import Plugins, Registered
from rollkit.testing.invariant import Invariant, Kind
from rollkit.testing.invariants import ALL, of

HERE = Path(__file__).parent

INTRODUCTION = """\
# Reference

Every metric, integrator, action source, reader, inverse, baseline and reporter that ships with
rollkit, as it is declared. This page is made by `docs/make_reference.py`; `rollkit plugins show
NAME` prints the same facts.

- [Metrics](#metrics)
- [Integrators](#integrators)
- [Action sources](#action-sources)
- [Readers](#readers)
- [Inverses](#inverses)
- [Baselines](#baselines)
- [Reporters](#reporters)
"""

METRICS = """\
## Metrics

One number per rollout. [Writing a plugin](writing-a-plugin.md#what-a-metric-declares) says what the
traits mean. The plugin's name is what `--plugins` takes, and so is that of a set of plugins; the
metric's name is what `--metrics` takes. Where nothing is named, the set `starter` is computed, and
by `rollkit eval` with a reference `displacement_starter` too. The examples are those of the
docstrings. The metrics of [presets](presets/README.md) stand on their pages.
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

READERS = """\
## Readers

How poses come out of a file, for `rollkit eval`, `rollkit fit` and `rollkit.read_trajectory`. The
format is recognised by what the file holds, then by its suffix; `--format NAME` says which it is.
Options are set by `--set name=value`. The plugin `formats` has all of them; [the
formats](formats/README.md) says what each looks like.
"""

INVERSES = """\
## Inverses

From poses to actions: `rollkit fit --method NAME`, `rollkit eval --fit NAME`, `rollkit.fit`.
Options are set by `--set name=value`. The plugin `inverses` has all of them.
"""

BASELINES = """\
## Baselines

What would have been predicted from the history alone: `rollkit eval --baseline NAME`, where `-` may
stand for `_`.
"""

REPORTERS = """\
## Reporters

How a report becomes a file: `rollkit report -o FILE`, chosen by the file's suffix, or `--reporter
NAME`.
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
    names = [one.origin.plugin for one in installed() if one.origin.builtin]
    members = {name: plugins.load([name]) for name in names}
    assert not plugins.failures, plugins.failures
    sets = {name: keys for name, keys in members.items() if len(keys) > 1}
    # The metrics of presets have pages of their own.
    metrics = {name: one for name, one in plugins.metrics.items() if one.spec.preset is None}
    sections = [INTRODUCTION, METRICS, _metric_table(metrics.values(), sets)]
    sections += [_metric(one) for one in _ordered(metrics)]
    sections.append(INTEGRATORS)
    sections += [_integrator(one) for one in _ordered(plugins.integrators)]
    sections.append(SOURCES)
    sections += [_source(one) for one in _ordered(plugins.sources)]
    sections.append(READERS)
    sections += [_reader(one) for one in _ordered(plugins.readers)]
    sections.append(INVERSES)
    sections += [_inverse(one) for one in _ordered(plugins.inverses)]
    sections.append(BASELINES)
    sections += [_baseline(one) for one in _ordered(plugins.baselines)]
    sections.append(REPORTERS)
    sections += [_reporter(one) for one in _ordered(plugins.reporters)]
    return "\n".join(sections)


def invariants() -> str:
    """The text of invariants.md."""
    sections = [INVARIANTS.format(count=len(ALL))]
    for kind, heading in KINDS.items():
        laws = of(kind)
        rows = [(f"[`{one.name}`](#{_anchor(one)})", one.when, one.statement) for one in laws]
        sections += [f"## {heading}\n", table(("law", "when", "statement"), rows)]
        sections += [_law(one) for one in laws]
    return "\n".join(sections)


def _law(law: Invariant) -> str:
    drawn = ", ".join(f"`{name}`" for name in law.given)
    facts = [("when", law.when or "always"), ("drawn", drawn or "nothing: it is checked once")]
    if law.tolerance is not None:
        facts.append(("tolerance", f"{law.tolerance.value:g}: {law.tolerance.reason}"))
    parts = [f"### {_title(law)}\n", f"{law.statement}\n"]
    parts += [f"{law.about}\n"] if law.about else []
    return "\n".join([*parts, table(("", ""), facts)])


def _title(law: Invariant) -> str:
    """With the kind, as several kinds have laws of one name."""
    return f"{law.kind.replace('_', ' ')}: {law.name}"


def _anchor(law: Invariant) -> str:
    return _title(law).replace(":", "").replace(" ", "-")


def _ordered(registered: dict) -> list[Registered]:
    return [registered[name] for name in sorted(registered)]


def _metric_table(
    metrics: Iterable[Registered[MetricSpec]], sets: Mapping[str, Sequence[str]]
) -> str:
    rows = [
        (
            f"[`{one.spec.name}`](#{one.spec.name})",
            f"`{one.origin.plugin}`",
            ", ".join(f"`{name}`" for name, keys in sets.items() if one.origin.key in keys),
            one.spec.unit,
            one.spec.definition,
        )
        for one in sorted(metrics, key=lambda one: one.spec.name)
    ]
    return table(("metric", "plugin", "set", "unit", "what it is"), rows)


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
        ("compares samples", "yes" if spec.compares_samples else "no"),
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
        ("time reversible", "yes" if spec.time_reversible else "no"),
        ("forgets direction", "yes" if spec.forgets_direction else "no"),
        ("clips", _limits(spec.clips) or "nothing"),
    )
    return _entry(spec, facts, _options(spec.parameters))


def _source(registered: Registered[ActionSourceSpec]) -> str:
    spec = registered.spec
    facts = [("limits", _limits(spec.limits) or "none declared")]
    if spec.own_time:
        facts.append(("horizon and dt", "its own unless given"))
    return _entry(spec, facts, _options(spec.parameters))


def _reader(registered: Registered[ReaderSpec]) -> str:
    spec = registered.spec
    facts = [("suffixes", ", ".join(f"`{one}`" for one in spec.suffixes) or "none")]
    return _entry(spec, facts, _options(spec.parameters))


def _inverse(registered: Registered[InverseSpec]) -> str:
    spec = registered.spec
    facts = (
        ("plugin", f"`{registered.origin.plugin}`"),
        ("integrator", f"`{spec.integrator}`"),
        ("min steps", str(spec.min_steps)),
    )
    # Some are called like the integrator that they are meant for.
    return _entry(spec, facts, _options(spec.parameters), title=f"inverse: {spec.name}")


def _baseline(registered: Registered[BaselineSpec]) -> str:
    return _entry(registered.spec, [("plugin", f"`{registered.origin.plugin}`")])


def _reporter(registered: Registered[ReporterSpec]) -> str:
    facts = [
        ("plugin", f"`{registered.origin.plugin}`"),
        ("suffixes", ", ".join(f"`{one}`" for one in registered.spec.suffixes)),
    ]
    return _entry(registered.spec, facts)


def _limits(limits: Mapping[str, float]) -> str:
    return ", ".join(f"|{name}| <= {bound:g}" for name, bound in limits.items())


def _options(parameters: Sequence[Parameter]) -> str:
    rows = [
        (f"`{one.name}`", _default(one), one.about.unit, one.range, one.about.doc)
        for one in parameters
    ]
    return table(("option", "default", "unit", "range", "meaning"), rows) if rows else ""


def _default(parameter: Parameter) -> str:
    if parameter.required:
        return "required"
    if isinstance(parameter.default, float):
        return f"{parameter.default:g}"
    return "none" if parameter.default is None else str(parameter.default)


def _entry(
    spec: MetricSpec
    | IntegratorSpec
    | ActionSourceSpec
    | ReaderSpec
    | InverseSpec
    | BaselineSpec
    | ReporterSpec,
    facts: Iterable[tuple[str, str]],
    options: str = "",
    title: str | None = None,
) -> str:
    """A heading, the definition, the facts, the options, and the rest of the docstring."""
    first, *rest = inspect.cleandoc(spec.function.__doc__ or "").split("\n\n")
    parts = [f"### {title or spec.name}\n", f"{' '.join(first.split())}\n", table(("", ""), facts)]
    parts += [options] if options else []
    return "\n".join(parts + [markdown(block) for block in rest])


def markdown(block: str) -> str:
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


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""

    def line(cells: Iterable[str]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"

    return line(head) + "|" + "---|" * len(head) + "\n" + "".join(map(line, rows))


if __name__ == "__main__":
    (HERE / "reference.md").write_text(reference(), encoding="utf-8")
    (HERE / "invariants.md").write_text(invariants(), encoding="utf-8")
