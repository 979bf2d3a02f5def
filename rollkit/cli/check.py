"""`rollkit check`: hold plugins to the laws of their kind."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rollkit.cli.output import print_json
from rollkit.errors import ExitCode, UsageError, unknown

if TYPE_CHECKING:
    from rollkit.cli.tables import Row
    from rollkit.testing.records import Record, Report


@click.command(epilog="Exit codes: 0 fine, 1 a law is violated, 2 wrong call, 130 interrupted.")
@click.argument("plugins", nargs=-1, metavar="[PLUGIN]...")
@click.option(
    "--law", "laws", multiple=True, metavar="NAME", help="Check this law only, again for each."
)
@click.option("--list", "listing", is_flag=True, help="List every law and check nothing.")
@click.option(
    "--max-examples",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    metavar="N",
    help="Examples to try for each law.",
)
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Repeat a check exactly.")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="For one law and one function; a plugin that hangs is reported after it.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that check.  [default: one for each core]",
)
@click.option(
    "--database/--no-database",
    default=True,
    show_default=True,
    help="Keep failing examples in .hypothesis/ and try them first next time.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--junit-xml", metavar="FILE", help="Write a JUnit report for CI as well.")
def check(
    plugins: tuple[str, ...],
    laws: tuple[str, ...],
    listing: bool,
    max_examples: int,
    seed: int | None,
    time_limit: float,
    workers: int | None,
    database: bool,
    as_json: bool,
    junit_xml: str | None,
) -> int:
    """Check plugins against the laws that their declared traits switch on.

    Without a PLUGIN, everything that rollkit brings itself but presets, which take minutes and are
    checked where they are named. A PLUGIN is a name or a file.

    \b
    rollkit check
    rollkit check jerk rk4
    rollkit check ./my_metric.py --max-examples 500
    rollkit check presets --max-examples 10
    rollkit check --list
    """
    from rollkit.cli import progress
    from rollkit.testing import invariants
    from rollkit.testing import workers as pool
    from rollkit.testing.records import Report

    known = {one.name for one in invariants.ALL}
    for law in laws:
        if law not in known:
            raise unknown("law", law, known, hint="`rollkit check --list` shows every law")
    if listing:
        _list(as_json)
        return ExitCode.OK
    if junit_xml is not None:
        _check_place(junit_xml)
    functions, lost = pool.survey(plugins or _builtins(), laws=laws or None, time_limit=time_limit)
    if not plugins:
        functions = [one for one in functions if one.preset is None]
    if not functions and not lost:
        raise UsageError("no law applies to these plugins: nothing to check")
    options = pool.Options(max_examples, seed, ".hypothesis/examples" if database else None)
    laws_in_order = (law for one in functions for law in one.laws)
    order = {_key(law): place for place, law in enumerate(laws_in_order)}
    with progress.bar("checks") as advance:
        found = pool.run(
            functions, options, workers=workers, time_limit=time_limit, progress=advance
        )
        records = lost + sorted(found, key=lambda one: order[_key(one)])
    report = Report(records)
    if junit_xml is not None:
        _write_junit(Path(junit_xml), report)
    if as_json:
        print_json([one.to_dict() for one in report])
    else:
        _print(report, each_law=bool(plugins))
    return ExitCode.OK if report.ok else ExitCode.FAILED


def _key(record: "Record") -> tuple[str, str, str, str]:
    return record.plugin, record.kind, record.subject, record.invariant


def _builtins() -> list[str]:
    from rollkit.discovery import installed

    return [one.origin.plugin for one in installed() if one.origin.builtin]


def _list(as_json: bool) -> None:
    from rollkit.cli.tables import print_table
    from rollkit.testing import invariants

    rows = [
        (one.kind.replace("_", " "), one.name, one.when, one.statement) for one in invariants.ALL
    ]
    if as_json:
        names = ("kind", "name", "when", "statement")
        print_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        print_table("", ("of", "law", "when it declares", "statement"), rows, numbers=set())


def _print(report: "Report", *, each_law: bool) -> None:
    """A table, then what fails as declared, then every failure in full, then the count."""
    from rollkit.cli.tables import print_table

    if each_law:
        columns: Row = ("function", "law", "examples", "verdict")
        rows = _rows_of_laws(report)
    else:  # of everything that there is, a row for each law would be hundreds
        columns = ("function", "kind", "laws", "examples", "verdict")
        rows = _rows(report)
    print_table("", columns, rows, numbers={"laws", "examples"})
    for (law, why), subjects in _expected(report).items():
        click.echo(f"\n{law}: expected not to hold for {', '.join(subjects)}:\n  {why}")
    for one in report.failures:
        click.echo(f"\n{one}")
    counts = Counter(one.verdict for one in report)
    total = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    click.echo(f"\n{len(report)} checks: {total}")


def _rows_of_laws(report: "Report") -> "list[Row]":
    return [(one.subject, one.invariant, str(one.examples), _verdict(one)) for one in report]


def _rows(report: "Report") -> "list[Row]":
    grouped: dict[tuple[str, str], list[Record]] = {}
    for one in report:
        grouped.setdefault((one.subject, one.kind.replace("_", " ")), []).append(one)
    rows: list[Row] = []
    for key, records in grouped.items():
        failed = [f"{one.invariant} {one.verdict}" for one in records if one.failed]
        said = failed or dict.fromkeys(_verdict(one) for one in records)
        examples = sum(one.examples for one in records)
        rows.append((*key, str(len(records)), str(examples), ", ".join(said)))
    return rows


def _verdict(record: "Record") -> str:
    return f"skipped: {record.message}" if record.verdict == "skipped" else record.verdict


def _expected(report: "Report") -> dict[tuple[str, str], list[str]]:
    """The functions of which a law was expected not to hold, by law and reason."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in report:
        if one.verdict == "expected":
            found.setdefault((one.invariant, one.message), []).append(one.subject)
    return found


def _check_place(path: str) -> None:
    from rollkit.files import check_writable

    check_writable(Path(path))


def _write_junit(path: Path, report: "Report") -> None:
    from xml.etree import ElementTree

    from rollkit.files import write_atomically

    suite = ElementTree.Element(
        "testsuite",
        name="rollkit check",
        tests=str(len(report)),
        failures=str(len(report.failures)),
        skipped=str(sum(one.verdict == "skipped" for one in report)),
    )
    for one in report:
        case = ElementTree.SubElement(
            suite, "testcase", classname=f"{one.plugin}.{one.subject}", name=one.invariant
        )
        if one.failed:
            fault = ElementTree.SubElement(case, "failure", message=one.message, type=one.verdict)
            fault.text = str(one)
        elif one.verdict == "skipped":
            ElementTree.SubElement(case, "skipped", message=one.message)
        elif one.verdict == "expected":
            said = f"expected not to hold: {one.message}"
            ElementTree.SubElement(case, "system-out").text = said
    ElementTree.indent(suite)
    text = ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)
    write_atomically(path, text + "\n")
