"""How many seeds or cases a comparison takes, as a table."""

from typing import TYPE_CHECKING

import click

from rollkit.cli.output import on_terminal, print_wrapped
from rollkit.cli.tables import print_in_parts
from rollkit.comparing import words

if TYPE_CHECKING:
    from rollkit.comparing.needing import Planned
    from rollkit.comparing.planning import Plan

_HEADS = ("mean", "difference", "pairs", "unpaired", "std", "std of pairs")


def print_plan(plan: "Plan") -> None:
    """A row for each metric that can be planned; then what is enough for all of them."""
    click.echo(_title(plan))
    planned = [one for one in plan.metrics.values() if one.pairs is not None]
    if planned:
        more = {
            "tolerance": [words.number(one.tolerance) for one in planned],
            "alpha": [words.number(one.alpha) for one in planned],
        }
        nothing = {words.number(0.0), words.number(plan.alpha)}
        more = {name: cells for name, cells in more.items() if not nothing.issuperset(cells)}
        heads = (*_HEADS, *more)
        rows = [[*_row(one), *cells] for one, *cells in zip(planned, *more.values(), strict=True)]
        print_in_parts("", ("metric", "unit", *heads), rows, keys=2, numbers=set(heads))
    if not on_terminal():
        click.echo()
    for reason, names in _reasons(plan).items():
        print_wrapped(f"{words.listed(names)}: {reason}")
    print_wrapped(_answer(plan))


def report(plan: "Plan") -> None:
    """On stderr: what was assumed."""
    notes = list(plan.notes)
    if plan.correlation is not None:
        how = "unrelated" if plan.correlation == 0 else f"correlated by {plan.correlation:g}"
        notes.append(
            f"both sides of a pair are taken as {how}; CAND, a pilot of a few "
            f"{plan.key or 'case'}s, would show what they are"
        )
    for note in notes:
        click.echo(f"note: {note}", err=True)


def _title(plan: "Plan") -> str:
    sides = " and ".join(plan.names)
    return f"{sides}: to see a difference with power {plan.power:g}, alpha {plan.alpha:g}"


def _row(one: "Planned") -> list[str]:
    return [
        one.name,
        one.unit,
        words.number(one.mean),
        words.number(one.difference),
        *(words.UNKNOWN if n is None else f"{n:,}" for n in (one.pairs, one.unpaired)),
        words.number(one.std),
        words.number(one.std_difference),
    ]


def _reasons(plan: "Plan") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in plan.metrics.values():
        if one.reason is not None:
            found.setdefault(one.reason, []).append(one.name)
    return found


def _answer(plan: "Plan") -> str:
    if plan.pairs is None or plan.unpaired is None:
        return "nothing can be planned"
    what = f"{plan.key or 'pair'}s"
    return f"it takes {plan.pairs:,} {what} that both sides have; {plan.unpaired:,} on each if not"
