"""What the pages show is what happens: their commands are run and what they print is compared.

A page is read from top to bottom in an empty folder of its own. A block after `<!-- file: NAME -->`
is written there; each `$ ` line of a `console` block is run there by bash, and its stdout must be
the lines below it. Stderr is compared where the command redirects it. Commands that cannot run here
stand in other fences: `sh`, `shellsession`, `text`.

`python tests/docs/test_docs.py` runs the pages and writes what their commands print into them.
"""

import json
import os
import re
import runpy
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import click
import jsonschema
import numpy as np
import pytest

import rollkit
from rollkit.cli import cli as command_line
from rollkit.predictions.results import SCHEMA as EVAL_SCHEMA
from rollkit.results import SCHEMA
from rollkit.testing import invariants

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]

_BLOCK = re.compile(
    r"^(?:<!-- file: (?P<name>\S+) -->\n)?```(?P<language>\w*)\n(?P<body>.*?)^```$", re.M | re.S
)
# A command, continued after a backslash, and what it printed: the lines up to the next command.
_EXCHANGE = re.compile(r"^\$ (?P<command>(?:.*\\\n)*.*)\n(?P<shown>(?:(?!\$ ).*\n)*)", re.M)

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@dataclass(frozen=True)
class Exchange:
    """A command of a page, what the page shows of it, and what it printed."""

    command: str
    shown: str
    printed: str
    errors: str
    code: int
    line: int  # of the page
    span: tuple[int, int]  # of `shown` in the page's text


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def replay(text: str, folder: Path) -> Iterator[Exchange]:
    """Write a page's files and run its commands, in order."""
    for block in _BLOCK.finditer(text):
        if block["name"]:
            (folder / block["name"]).write_text(block["body"], encoding="utf-8")
        if block["language"] != "console":
            continue
        for found in _EXCHANGE.finditer(text, *block.span("body")):
            done = run(found["command"], folder)
            yield Exchange(
                found["command"],
                found["shown"],
                done.stdout,
                done.stderr,
                done.returncode,
                text.count("\n", 0, found.start()) + 1,
                found.span("shown"),
            )


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a user would who has activated this environment."""
    hidden = ("PYTHONPATH", "COLUMNS", "FORCE_COLOR")
    variables = {name: os.environ[name] for name in os.environ if name not in hidden}
    variables["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{variables['PATH']}"
    variables |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def steady(text: str, page: Path) -> str:
    """The text, where hypothesis has a say in it, without what differs from version to version.

    That is which example it finds and how many it tries; laws, verdicts and words stay.
    """
    if page.stem not in ("testing-your-plugin", "command-line"):
        return text
    text = re.sub(r"(smallest example:\n).*?(\n +again:)", r"\1\2", text, flags=re.S)
    return re.sub(r" +", " ", re.sub(r"[-+]?\d[\d.]*(e[-+]?\d+)?", "N", text))


@every_page
def test_commands_print_what_is_shown(page, tmp_path):
    for one in replay(read(page), tmp_path):
        place = f"{page.name}:{one.line}: {one.command}"
        assert steady(one.printed, page) == steady(one.shown, page), f"{place}\n{one.errors}"
        # A command that fails has to say so on the page.
        assert one.code == 0 or "2>&1" in one.command, f"{place}\n{one.errors}"


@every_page
def test_no_block_is_overlooked(page):
    text = read(page)
    blocks = list(_BLOCK.finditer(text))
    assert 2 * len(blocks) == len(re.findall(r"^\s*```", text, re.M)), "an unusual or open fence"
    assert sum(bool(one["name"]) for one in blocks) == text.count("<!-- file:")
    for one in blocks:
        if one["language"] == "console":
            assert one["body"].startswith("$ "), one["body"]


@every_page
def test_python_compiles(page):
    for block in _BLOCK.finditer(read(page)):
        if block["language"] == "python":
            code = textwrap.dedent(block["body"]).rstrip()
            compile(f"{code} ..." if code.endswith(":") else code, str(page), "exec")


@every_page
def test_links_resolve(page):
    text = _BLOCK.sub("", read(page))
    for place, anchor in re.findall(r"\]\(([^)\s#]*)(?:#([^)\s]*))?\)", text):
        if "://" in place:
            continue
        target = page.parent / place if place else page
        assert target.exists(), f"{page.name}: {place}"
        if anchor:
            assert anchor in anchors(target), f"{page.name}: {place}#{anchor}"


def anchors(page: Path) -> list[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _BLOCK.sub("", read(page)), re.M)
    return [re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings]


def test_index_lists_every_page():
    for page in DOCS.rglob("*.md"):
        assert page.name == "README.md" or f"]({page.name})" in read(page.parent / "README.md")
        assert f"]({page.relative_to(DOCS)})" in read(DOCS / "README.md") or page.parent == DOCS


def test_every_hook_stands_with_its_signature():
    hooks = (ROOT / "rollkit" / "hookspecs.py").read_text(encoding="utf-8")
    signatures = re.findall(r"^def .*:$", hooks, re.M)
    assert signatures
    for signature in signatures:
        assert signature in read(DOCS / "writing-a-plugin.md").splitlines()


@pytest.mark.parametrize(
    ("schema", "some"),
    [
        (SCHEMA, {"schema_version", "sha256", "failed"}),
        (EVAL_SCHEMA, {"unpredicted", "used_s", "reference_invalid"}),
    ],
    ids=["run", "eval"],
)
def test_every_field_of_the_artifact_is_explained(schema, some):
    page = read(DOCS / "artifact.md")
    if schema == EVAL_SCHEMA:  # those that it shares with a run are explained above
        own = page.split("\n## The artifact of rollkit eval\n")[1].split("\n## Exit codes\n")[0]
        names = set(json.loads(schema.read_text(encoding="utf-8"))["properties"])
        assert not [name for name in sorted(names) if f"`{name}`" not in own]
    names = set(words(json.loads(schema.read_text(encoding="utf-8"))))
    assert some <= names
    assert not [name for name in sorted(names) if f"`{name}`" not in page]


def test_the_excerpts_of_the_artifact_satisfy_the_schema():
    sections = json.loads(SCHEMA.read_text(encoding="utf-8"))["properties"]
    blocks = [
        one for one in _BLOCK.finditer(read(DOCS / "artifact.md")) if one["language"] == "json"
    ]
    assert blocks
    for block in blocks:
        for section, excerpt in json.loads(block["body"]).items():
            jsonschema.validate(excerpt, sections[section])


def words(schema: dict) -> Iterator[str]:
    """The names of all properties of a JSON Schema, and the words they may hold."""
    for name, one in schema.get("properties", {}).items():
        yield name
        yield from words(one)
    yield from words(schema["items"]) if "items" in schema else ()
    yield from (word for word in schema.get("enum", ()) if word is not None)


def test_every_option_is_explained():
    page = read(DOCS / "command-line.md")
    found = list(options(command_line, "rollkit"))
    assert ("rollkit explain", "--case") in found
    missing = [
        f"{path} {option}"
        for path, option in found
        if not re.search(rf"(?<![\w-]){option}(?![\w-])", section(page, path))
    ]
    assert not missing


def section(page: str, title: str) -> str:
    """What a page says under a heading of the second level, or under those that begin with it."""
    parts = dict(one.split("\n", 1) for one in page.split("\n## ")[1:])
    return parts.get(title) or "".join(parts[one] for one in parts if one.startswith(title))


def options(
    command: click.Command, path: str, above: click.Context | None = None
) -> Iterator[tuple[str, str]]:
    """Every option of a command and of those below it, some of which are found only when asked."""
    # As the command line makes it: a command keeps the help option that it was first asked for.
    context = click.Context(command, parent=above, **command.context_settings)
    for one in command.get_params(context):
        if isinstance(one, click.Option):
            yield from ((path, option) for option in (*one.opts, *one.secondary_opts))
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        below = command.get_command(context, name)
        assert below is not None
        yield from options(below, f"{path} {name}", context)


def test_signals_have_the_shape_that_the_table_says():
    table = re.findall(r"^\| `([\w.]+)` \|.*\| `\(\.\.\., T([+-]1)?\)` \|", concepts(), re.M)
    steps = 5
    still = rollkit.State(speed=np.ones(2))
    driven = rollkit.rollout(
        rollkit.Actions(np.zeros((2, steps)), np.zeros((2, steps)), 0.1), still
    )
    rollout = rollkit.Rollout(driven.trajectory, driven.actions, reference=driven.trajectory)
    shapes = {name: (2, steps + int(more or 0)) for name, more in table}
    assert shapes == {name: shape for one in signals() for name, shape in shapes_of(rollout, one)}


def shapes_of(rollout: rollkit.Rollout, name: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The shape of a signal, or of each of those that a named tuple of signals holds."""
    signal = getattr(rollout, name)
    if isinstance(signal, np.ndarray):
        yield name, signal.shape
    else:
        yield from ((f"{name}.{one}", values.shape) for one, values in signal._asdict().items())


SIGNAL = property | cached_property


def signals() -> list[str]:
    """The properties of a rollout that are arrays over time."""
    named = vars(rollkit.Rollout).items()
    documented = {name: one.__doc__ or "" for name, one in named if isinstance(one, SIGNAL)}
    return [name for name, doc in documented.items() if "`(..., T" in doc.split("\n\n")[0]]


def concepts() -> str:
    return read(DOCS / "concepts.md")


@pytest.mark.parametrize("name", ["reference", "invariants"])
def test_a_made_page_is_what_the_declarations_say(name):
    made = runpy.run_path(str(DOCS / "make_reference.py"))[name]()
    assert made == read(DOCS / f"{name}.md"), "run python docs/make_reference.py"


def test_every_law_has_a_row_and_a_section():
    page = read(DOCS / "invariants.md")
    for law in invariants.ALL:
        title = f"{law.kind.replace('_', ' ')}: {law.name}"
        assert page.count(f"\n### {title}\n") == 1
        assert f"[`{law.name}`](#{title.replace(': ', '-').replace(' ', '-')})" in page


def refresh(page: Path) -> None:
    """Write what a page's commands print into the page."""
    text = read(page)
    with tempfile.TemporaryDirectory() as folder:
        exchanges = list(replay(text, Path(folder)))
    for one in reversed(exchanges):
        start, end = one.span
        text = text[:start] + one.printed + text[end:]
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:] or PAGES:
        refresh(Path(name))
