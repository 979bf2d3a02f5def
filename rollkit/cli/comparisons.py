"""What a comparison found out, as tables; and beside it, on stderr, what to know and to do."""

import shutil
from typing import TYPE_CHECKING

import click

from rollkit.cli.output import on_terminal, print_wrapped
from rollkit.cli.tables import Row, print_in_parts, wide
from rollkit.comparing import remarks, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rollkit.comparing.results import Comparison, MetricComparison

_WIDE = 100  # columns of a table in a pipe
_ROWS = 24  # of a table, but what fails always has one
_EQUAL = 8  # rows, those of equal metrics included, behind which no equal one has one
_NAMED = 12  # of those without a row
_SHOWN = 3
_LONGEST = 1000  # letters of a note or a reason
STYLES = {
    words.BROKEN: "bold red",
    "worse": "bold red",
    "better": "green",
    "differs": "magenta",
    "undecided": "yellow",
    "equal": "dim",
}

_WHAT = ("metric", "verdict", "base", "candidate", "unit", "in %", "difference", "95% interval")
_HOW_SURE = ("P(worse)", "effect", "p")
_NUMBERS = {*_WHAT[2:], *_HOW_SURE, "tolerance"} - {"unit"}


def print_comparison(comparison: "Comparison") -> None:
    """The metrics, by verdict and the worst first; how sure that is beside them, or below."""
    click.echo(words.title(comparison))
    shown, folded = _folded(comparison)
    how_sure = (*_HOW_SURE, *["tolerance"] * any(one.tolerance for one in shown))
    what = [_what(one) for one in shown]
    sure = [_sure(one)[: len(how_sure)] for one in shown]
    whole = [[*first, *second] for first, second in zip(what, sure, strict=True)]
    if not shown:
        pass
    elif wide([(*_WHAT, *how_sure), *whole]) <= _room():
        _print((*_WHAT, *how_sure), whole, keys=2)
    else:
        _print(_WHAT, what, keys=2)
        known = [
            [words.short(one.name), *cells]
            for one, cells in zip(shown, sure, strict=True)
            if any(cell != words.UNKNOWN for cell in cells[: len(_HOW_SURE)])
        ]
        if known:
            _gap()
            _print(("metric", *how_sure), known, keys=1)
    _gap()
    for verdict in dict.fromkeys(map(words.verdict, folded)):
        names = [one.name for one in folded if words.verdict(one) == verdict]
        print_wrapped(f"{verdict}, without a row: {words.listed(names, _NAMED)}")
    for reason, names in _reasons(comparison).items():
        print_wrapped(f"{words.listed(names)}: {words.short(reason, _LONGEST)}")
    print_wrapped(words.tally(comparison))


def report(comparison: "Comparison") -> None:
    """On stderr: what to know about the comparison, what would settle it, and what fails."""
    for note in (*remarks.notes(comparison), *_hints(comparison)):
        click.echo(f"note: {words.short(note, _LONGEST)}", err=True)
    failed = [one for one in comparison.ranked if comparison.fails(one)]
    if failed:
        names = ", ".join(f"{words.short(one.name)} {_verdict(one)}" for one in failed[:_SHOWN])
        names += f" and {len(failed) - _SHOWN} more" if len(failed) > _SHOWN else ""
        word = click.style("failed:", fg="red", bold=True)
        click.echo(f"{word} {len(failed)} of {len(comparison.metrics)} metrics: {names}", err=True)


def _gap() -> None:
    """An empty line; on a terminal tables bring their own."""
    if not on_terminal():
        click.echo()


def _verdict(one: "MetricComparison") -> str:
    verdict = words.verdict(one)
    if one.relative is None or verdict not in ("worse", "better"):
        return verdict
    return f"{verdict} by {words.percent(one).lstrip('+-')}"


def _folded(
    comparison: "Comparison",
) -> "tuple[list[MetricComparison], list[MetricComparison]]":
    """Those that have a row, and those that are only named."""
    shown: list[MetricComparison] = []
    folded: list[MetricComparison] = []
    many_equal = comparison.verdicts["equal"] > _EQUAL
    for one in comparison.ranked:
        most = _EQUAL if many_equal and one.verdict == "equal" else _ROWS
        first = len(shown) < most
        (shown if first or comparison.fails(one) else folded).append(one)
    return shown, folded


def _room() -> int:
    return shutil.get_terminal_size().columns - 1 if on_terminal() else _WIDE


def _print(columns: Row, rows: "Sequence[Row]", *, keys: int) -> None:
    print_in_parts("", columns, rows, keys=keys, numbers=_NUMBERS, styles=STYLES)


def _what(one: "MetricComparison") -> list[str]:
    return [
        words.short(one.name),
        words.verdict(one),
        words.number(one.base_mean),
        words.number(one.candidate_mean),
        words.short(one.unit),
        words.percent(one),
        words.difference(one),
        words.interval(one),
    ]


def _sure(one: "MetricComparison") -> list[str]:
    return [
        words.probability(one.probability_worse),
        words.effect(one),
        words.p_value(one.p),
        f"{one.tolerance:.3g}",
    ]


def _reasons(comparison: "Comparison") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in comparison.ranked:
        if one.reason is not None:
            found.setdefault(one.reason, []).append(one.name)
    return found


def _hints(comparison: "Comparison") -> "Iterator[str]":
    """What would settle what is undecided: how many pairs, where so many are in reach."""
    undecided = [one for one in comparison.ranked if one.verdict == "undecided"]
    known = [one for one in undecided if one.difference is not None]
    needed = [(one.name, remarks.settling(comparison, one)) for one in known]
    some = [(name, count) for name, count in needed if count is not None]
    if some:
        what = "pairs" if comparison.paired_by is not None else "values on either side"
        (first, count), *others = some[:_SHOWN]
        more = "".join(f", {count:,} {name}" for name, count in others)
        yield f"about {count:,} {what} may settle {first}{more}, if differences stay as they are"
    if known and not any(one.tolerance for one in comparison.metrics.values()):
        yield "without a tolerance only what is identical is equal: --tolerance 1%"
