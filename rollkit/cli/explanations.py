"""An explanation in words: the case, the table of its checks, and why verdicts differ."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from rollkit.cli.output import print_wrapped
from rollkit.cli.tables import print_in_parts
from rollkit.explaining.differences import number

if TYPE_CHECKING:
    from rollkit.explaining import Explanation
    from rollkit.explaining.differences import Difference, Reason
    from rollkit.explaining.views import View

_COLUMNS = ("check", "unit", "preset", "verdict", "value", "limits", "margin", "at [s]")


def print_explanation(told: "Explanation") -> None:
    """The case, the table, and why the verdicts differ."""
    print_wrapped(told.title())
    print_wrapped(f"chosen: {told.chosen}")
    click.echo()
    rows = []
    for row in told.rows:
        head = (row.name, row.unit)
        for preset, seen in row.seen.items():
            value, margin, time = map(number, (seen.value, seen.margin, seen.time))
            limits = seen.limits if seen.check.judged else ""
            differs = ", differs" if row.differs and seen.ok is not None else ""
            rows.append([*head, preset, seen.verdict + differs, value, limits, margin, time])
            head = ("", "")
    print_in_parts("", _COLUMNS, rows, keys=3, numbers={"value", "margin", "at [s]"})
    known: set[Reason] = set()
    for one in told.differences:
        click.echo()
        verdicts = ", ".join(f"{name} {seen.verdict}" for name, seen in one.row.seen.items())
        print_wrapped(f"{one.row.name}: {verdicts}")
        for reason in one.reasons:
            again = reason.quirk is not None and reason in known
            print_wrapped(str(reason._replace(text="as above") if again else reason), before="  ")
            known.add(reason)
    if not told.differences and len(told.views) > 1:
        agree = "the verdicts agree on every check that two or more of them judge"
        click.echo(f"\n{agree if told.comparable else 'no check is judged by two of them'}")
    for view in told.views:
        for line in _undefined(view):
            click.echo()
            print_wrapped(line)
    if told.noticed:
        click.echo()
    for one in told.noticed:
        _noticed(one)


def _undefined(view: "View") -> Iterator[str]:
    """Why a preset has no verdict, as a whole or on some of its checks."""
    if view.reason is not None:
        yield f"{view.name} is undefined: {view.reason}"
    names: dict[str, list[str]] = {}
    for name, seen in view.seen.items():
        if seen.reason is not None:
            names.setdefault(seen.reason, []).append(name)
    for reason, those in names.items():
        yield f"{view.name} is undefined in {', '.join(those)}: {reason}"


def _noticed(one: "Difference") -> None:
    """A check on which verdicts agree and numbers do not."""
    values = [f"{number(seen.value)} by {name}" for name, seen in one.row.seen.items()]
    quirks: dict[str | None, list[str]] = {}
    for reason in one.reasons:
        quirks.setdefault(reason.preset, []).append(str(reason.quirk))
    listed = "; ".join(f"{preset}: {', '.join(some)}" for preset, some in quirks.items())
    about = f" ({listed})" if quirks else ""
    print_wrapped(f"{one.row.name} agrees, by other numbers: {', '.join(values)}{about}")


def left_out(told: "Explanation") -> None:
    """Cases that cannot be measured, on stderr: how many, and the first with its reason."""
    count = sum(told.left_out["left_out"].values())
    if count:
        first = told.left_out["listed"][0]
        why = f"{first['case']}: {first['reason']}"
        click.echo(f"left out: {count} case{'s' * (count > 1)}; {why}", err=True)
