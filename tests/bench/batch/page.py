"""The tables as Markdown, and in their places of a page: `<!-- measured:NAME -->` and after."""

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench import Table

LIBRARIES = ("rollkit", "numpy", "numba", "pyarrow", "distributed")


def machine() -> str:
    """The machine in a line: its processor, cores, memory and software, nobody's names."""
    facts = dict(
        re.findall(r"^([\w ]+?)\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.M)
    )
    chip = facts.get("model name", platform.processor() or platform.machine())
    family = f" (family {facts['cpu family']}, model {facts['model']})" if "model" in facts else ""
    wide = ", AVX-512" if "avx512f" in facts.get("flags", "") else ""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{chip}{family}{wide}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}; "
        f"Python {platform.python_version()}, {', '.join(_versions())}"
    )


def _versions() -> list[str]:
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found


def printed(tables: dict[str, Table]) -> str:
    """All tables that have rows."""
    return "\n\n".join(markdown(one) for one in tables.values() if one.rows)


def markdown(table: Table) -> str:
    """A table of Markdown."""
    lines = [table.header, ("---",) * len(table.header), *table.rows.values()]
    return "\n".join(f"| {' | '.join(one)} |" for one in lines)


def update(page: Path, tables: dict[str, Table]) -> None:
    """Write rows into a page's tables: in place of those of the same name, the others below."""
    text = page.read_text(encoding="utf-8")
    for name, table in tables.items():
        if table.rows:
            earlier = _rows(_between(text, name))
            whole = Table(table.header, {**earlier, **table.rows})
            text = _replaced(text, name, markdown(whole))
    if "targets" in tables and tables["targets"].rows:
        # Comparisons made in another environment say their versions.
        text = _replaced(text, "machine", machine())
    page.write_text(text, encoding="utf-8")


def put(page: Path, name: str, body: str) -> None:
    """Write a text into its place of a page."""
    text = _replaced(page.read_text(encoding="utf-8"), name, body)
    page.write_text(text, encoding="utf-8")


def _between(text: str, name: str) -> str:
    found = re.search(rf"<!-- measured:{name} -->\n(.*?)<!-- /measured -->", text, re.S)
    if found is None:
        raise SystemExit(f"the page has no place <!-- measured:{name} --> ... <!-- /measured -->")
    return found[1]


def _replaced(text: str, name: str, body: str) -> str:
    start = f"<!-- measured:{name} -->\n"
    return text.replace(start + _between(text, name), f"{start}\n{body}\n\n", 1)


def _rows(text: str) -> dict[str, tuple[str, ...]]:
    lines = [one for one in text.splitlines() if one.startswith("| ")]
    cells = [tuple(one.removeprefix("| ").removesuffix(" |").split(" | ")) for one in lines[2:]]
    return {one[0]: one for one in cells}
