"""Makes the pages and plots of presets from their declarations: python docs/make_presets.py

`--check` writes nothing and says which of them are not what the declarations say.
"""

import ast
import contextlib
import inspect
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from make_reference import markdown, table
from preset_examples import EXAMPLES, Example
from preset_plots import Panel, digest, digest_of, of_some_instants, over_horizons, panels, svg

from rollkit import Signal
from rollkit.declare import OVER, SCORES, Check, MetricSpec, PresetSpec, Quirk
from rollkit.plugins import PRESETS, Plugins
from rollkit.predictions.samples import RULES

FOLDER = Path(__file__).parent / "presets"

INDEX = """\
# Presets

What other projects measure, under their names: `--preset NAME` on `rollkit run` and `rollkit eval`,
`presets=[...]` in Python. A preset named after a project is faithful, its quirks included; one with
the suffix `_corrected` is what the definition would be without them. These pages are made from the
declarations by `docs/make_presets.py`; `rollkit presets` prints the same.

For each check of a preset there are four metrics: `PRESET_CHECK`, the value that is nearest to its
limit or beyond it; `PRESET_CHECK_margin`, how far within the limit that is, negative beyond;
`PRESET_CHECK_time`, when, in s; `PRESET_CHECK_ok`, 1 where it passes. A check of one number made of
all instants has no time, and one without a limit is its value alone. `PRESET` is 1 where every
check with a limit passes. What is undefined is never a pass.

"""


class Page(NamedTuple):
    """A preset and what corrects it."""

    spec: PresetSpec
    corrected: PresetSpec | None

    @property
    def name(self) -> str:
        """Of its files, and of the preset."""
        return self.spec.name

    @property
    def specs(self) -> list[PresetSpec]:
        """The preset and what it is compared with."""
        return [self.spec, *([self.corrected] if self.corrected else [])]


def pages() -> list[Page]:
    """A page for each preset that corrects no other."""
    plugins = Plugins()
    plugins.load([PRESETS])
    assert not plugins.failures, plugins.failures
    specs = [one.spec for one in plugins.presets.values()]
    corrects = {one.corrects: one for one in specs if one.corrects}
    return [Page(one, corrects.get(one.name)) for one in specs if one.corrects is None]


def index(all_pages: Iterable[Page]) -> str:
    """The text of README.md."""
    rows = []
    for page in sorted(all_pages, key=lambda one: one.name):
        link = f"[`{page.name}`]({page.name}.md)"
        twin = page.corrected and f"[`{page.corrected.name}`]({page.name}.md#{page.corrected.name})"
        rows.append((link, twin or "", page.spec.project, page.spec.definition))
    return INDEX + table(("preset", "corrected", "project", "what it is"), rows)


def text_of(page: Page) -> str:
    """The text of a preset's page."""
    spec = page.spec
    parts = [f"# {spec.name}\n", *_described(spec), "## Checks\n", _checks(spec)]
    if spec.metrics:
        parts += ["## Metrics of its own\n", _metrics(spec.metrics)]
    if spec.quirks:
        parts += ["## Quirks\n", *(_quirk(one) for one in spec.quirks)]
    if page.corrected is not None:
        parts += [f"## {page.corrected.name}\n", *_described(page.corrected, beside=spec)]
        parts += [_checks(page.corrected)] if _checks(page.corrected) != _checks(spec) else []
    if spec.name in EXAMPLES:
        parts += ["## Example\n", *_example(page, EXAMPLES[spec.name])]
    return "\n".join(parts)


def _described(spec: PresetSpec, beside: PresetSpec | None = None) -> Iterator[str]:
    """The definition, the rest of the docstring, and the facts, those of another one left out."""
    _, *rest = inspect.cleandoc(spec.function.__doc__ or "").split("\n\n")
    yield f"{spec.definition}\n"
    if spec.notes:
        yield f"{spec.notes}\n"
    known = {} if beside is None else dict(_facts(beside))
    facts = [(name, said) for name, said in _facts(spec) if known.get(name) != said]
    if facts:
        yield table(("", ""), facts)
    yield from map(markdown, _sections(rest))


def _sections(blocks: list[str]) -> Iterator[str]:
    """Those that say something of this preset: not what every preset is called with."""
    left_out = False
    for block in blocks:
        if re.match(r"\w[\w ]*\n-+\n", block):
            left_out = block.startswith(("Parameters", "Returns", "Raises", "Examples"))
        if not left_out:
            yield block


def _facts(spec: PresetSpec) -> Iterator[tuple[str, str]]:
    yield "project", f"{spec.project}{f' @{spec.commit}' if spec.commit else ''}"
    yield "file", spec.file or "none"
    yield "needs", ", ".join(spec.needs) or "the trajectory alone"
    yield "min steps", str(spec.min_steps)
    yield "K samples", RULES[spec.samples] if spec.samples else "as `--samples` says"
    if any(one.judged for one in spec.checks):
        yield "score", SCORES[spec.score]
    yield "invariant under", ", ".join(spec.invariant_under) or "nothing"
    yield "version", str(spec.version)


def _checks(spec: PresetSpec) -> str:
    rows = [(f"`{one.name}`", *_check(one)) for one in spec.checks]
    if not rows:
        return "It has none: its metrics are numbers without a limit.\n"
    return table(("check", "what is looked at", "limits", "unit", "over", "source"), rows)


def _check(one: Check) -> tuple[str, ...]:
    limits = one.limits if one.judged else "none"
    return one.meaning, limits, one.unit, OVER[one.over], one.source or "as above"


def _metrics(metrics: Iterable[MetricSpec]) -> str:
    rows = [(f"`{one.name}`", one.unit, one.better or "neither", one.definition) for one in metrics]
    return table(("metric", "unit", "better", "what it is"), rows)


def _quirk(one: Quirk) -> str:
    concerns = (
        [f"Concerns {', '.join(f'`{name}`' for name in one.signals)}."] if one.signals else []
    )
    if one.breaks:
        laws = ", ".join(f"`{law}`" for law in one.breaks)
        concerns.append(f"Breaks {laws}: `rollkit check` expects it to fail.")
    return "\n".join([f"### {one.name[0].upper()}{one.name[1:]}\n", f"{one.text}\n"]) + (
        f"\n{' '.join(concerns)}\n" if concerns else ""
    )


def _example(page: Page, example: Example) -> Iterator[str]:
    specs = compared(page, example)
    yield f"{example.says}\n"
    shown, _ = replayed(f"{example.code}{_printing(example, specs)}")
    yield f"```pycon\n{shown}```\n"
    names = " and ".join(one.name for one in specs)
    yield f"![{names} on this drive]({page.name}.svg)\n"
    yield f"{example.shows}\n"


def compared(page: Page, example: Example) -> list[PresetSpec]:
    """The presets that an example compares."""
    if example.beside is None:
        return page.specs
    beside = next(one for one in pages() if one.name == example.beside)
    return [page.spec, beside.spec]


def _printing(example: Example, specs: list[PresetSpec]) -> str:
    """Python that prints the numbers of an example."""
    judged = [one.name for spec in specs for one in spec.checks if one.judged]
    parts = [
        part
        for one in example.checks
        for part in ([f"_{one}", f"_{one}_margin"] if one in judged else [f"_{one}"])
    ]
    names = [f"{spec.name}{part}" for part in (*parts, *example.metrics) for spec in specs]
    width = max(map(len, names))
    return "\n".join(
        [
            f"presets = {[one.name for one in specs]}".replace("'", '"'),
            "values = rollkit.evaluate(drive, presets=presets)",
            "for name in (",
            *(f'    "{one}",' for one in names),
            "):",
            f'    print(f"{{name:{width}}} {{values[name].flat[0]:8.3f}}")\n',
        ]
    )


def replayed(code: str) -> tuple[str, dict[str, Any]]:
    """A session at Python's prompt: what was typed and printed, and the names it leaves."""
    names: dict[str, Any] = {}
    session = []
    for statement in ast.parse(code).body:
        source = ast.get_source_segment(code, statement) or ""
        first, *more = source.splitlines()
        session.append(f">>> {first}")
        session += [f"... {line}" for line in more]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(ast.Interactive([statement]), "<page>", "single"), names)
        session += printed.getvalue().splitlines()
    return "\n".join(session) + "\n", names


def plot_of(page: Page, example: Example) -> list[Panel]:
    """What the plot of a page shows."""
    specs = compared(page, example)
    _, names = replayed(example.code + _printing(example, specs))
    drive = names["drive"]
    drawn = panels(specs, drive, example.signals)
    if example.every is not None:
        displacement = Signal(drive.deviation)
        drawn.append(of_some_instants("displacement", displacement, drive, example.every))
    if example.horizons:
        values = {
            one.name: [names["values"][f"{one.name}{part}"].flat[0] for part in example.metrics]
            for one in specs
        }
        drawn.append(over_horizons("by horizon", "m", example.horizons, values))
    return drawn


def texts() -> dict[str, str]:
    """The files of text, by name."""
    found = pages()
    return {"README.md": index(found)} | {f"{one.name}.md": text_of(one) for one in found}


def plots() -> dict[str, list[Panel]]:
    """What the plots show, by the name of their file."""
    return {
        f"{one.name}.svg": plot_of(one, EXAMPLES[one.name])
        for one in pages()
        if one.name in EXAMPLES
    }


def differing() -> list[str]:
    """The files that are not what the declarations say, and those that nothing makes."""
    made, drawn = texts(), plots()
    wrong = [name for name, text in made.items() if _there(name) != text]
    wrong += [name for name, one in drawn.items() if digest_of(FOLDER / name) != digest(one)]
    return wrong + [one.name for one in FOLDER.glob("*") if one.name not in {*made, *drawn}]


def _there(name: str) -> str | None:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else None


def write() -> None:
    """Make all of them; a plot whose numbers are the same is left as it is."""
    FOLDER.mkdir(exist_ok=True)
    made, drawn = texts(), plots()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    for name, one in drawn.items():
        if digest_of(FOLDER / name) != digest(one):
            (FOLDER / name).write_text(svg(one, name.removesuffix(".svg")), encoding="utf-8")
    for path in FOLDER.glob("*"):
        if path.name not in {*made, *drawn}:
            path.unlink()


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        wrong = differing()
        sys.exit(f"run python docs/make_presets.py: {', '.join(wrong)}" if wrong else 0)
    write()
