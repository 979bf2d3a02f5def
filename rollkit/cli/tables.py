"""Tables: rich on a terminal, aligned plain text in a pipe."""

import math
import shutil
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import click

from rollkit.cli.output import on_terminal
from rollkit.errors import harmless

Row = Sequence[str]

_GAP = 3  # columns that rich leaves between two of a table


def print_table(
    title: str,
    columns: Row,
    rows: Sequence[Row],
    *,
    numbers: set[str],
    styles: Mapping[str, str] | None = None,
) -> None:
    """Print a table; the columns in `numbers` are aligned to the right.

    On a terminal, cells behind the first column that hold one of the words in `styles` have its
    style: `{"worse": "bold red"}`. What a terminal would obey, in the names of others, is a `?`.
    """
    columns, *rows = [[harmless(cell) for cell in row] for row in (columns, *rows)]
    if on_terminal():
        _rich(title, columns, rows, numbers, styles or {})
    else:
        _plain(title, columns, rows, numbers)


def print_in_parts(
    title: str,
    columns: Row,
    rows: Sequence[Row],
    *,
    keys: int,
    numbers: set[str],
    sparse: bool = False,
    styles: Mapping[str, str] | None = None,
) -> None:
    """Print a table; where it is wider than the terminal, several, each with the first columns.

    A terminal would cut what does not fit, numbers too. Where it is `sparse`, each part leaves out
    the rows, and the keys beyond the first, that are empty in it.
    """
    for part in _parts([columns, *rows], keys, sparse):
        print_table(title, part[0], part[1:], numbers=numbers, styles=styles)
        title = ""


def _parts(rows: Sequence[Row], keys: int, sparse: bool) -> Iterator[list[Row]]:
    """Columns to print together: on a terminal as many as fit its width, with the keys before."""
    whole = shutil.get_terminal_size().columns - 1 if on_terminal() else math.inf

    def part(some: Sequence[int]) -> list[Row]:
        found = [[row[column] for column in (*range(keys), *some)] for row in rows]
        if not sparse:
            return [*found]
        found = [row for row in found if any(row[keys:])]
        filled = [
            at for at in range(keys + len(some)) if _filled(found, at) or at not in range(1, keys)
        ]
        return [[row[at] for at in filled] for row in found]

    some: list[int] = []
    for column in range(keys, len(rows[0])):
        if some and wide(part([*some, column])) > whole:
            yield part(some)
            some = []
        some.append(column)
    yield part(some)


def _filled(rows: Sequence[Row], column: int) -> bool:
    """Whether there is anything below its head."""
    return any(row[column] for row in rows[1:])


def wide(rows: Sequence[Row]) -> int:
    """How many columns of a terminal a table takes; its heads are the first row."""
    return sum(max(map(_width, cells)) + _GAP for cells in zip(*rows, strict=True))


def _width(cell: str) -> int:
    """Of its longest line."""
    return max(map(len, cell.split("\n")))


def _rich(
    title: str, columns: Row, rows: Sequence[Row], numbers: set[str], styles: Mapping[str, str]
) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=title or None, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD
    )
    for name in columns:
        right = name in numbers
        short = right or name in (columns[0], "unit")
        side: Literal["left", "right"] = "right" if right else "left"
        table.add_column(Text(name), justify=side, no_wrap=short, overflow="fold")
    for row in rows:
        first, *others = map(Text, row)  # as text: a unit like [1/m] is no markup
        for cell in others:
            cell.stylize(styles.get(cell.plain, ""))
        table.add_row(first, *others)
    Console().print(table)


def _plain(title: str, columns: Row, rows: Sequence[Row], numbers: set[str]) -> None:
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    right = [name in numbers for name in columns]
    if title:
        click.echo(title)
    for row in (columns, *rows):
        cells = [
            cell.rjust(width) if flush else cell.ljust(width)
            for cell, width, flush in zip(row, widths, right, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())
