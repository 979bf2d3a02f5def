"""Tables: rich on a terminal, aligned plain text in a pipe."""

import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from rollkit.cli.output import on_terminal

if TYPE_CHECKING:
    from rollkit.results import RunResult

Row = Sequence[str]

_WIDE = 100  # columns that all statistics of a run take


def print_table(title: str, columns: Row, rows: Sequence[Row], *, numbers: set[str]) -> None:
    """Print a table; the columns in `numbers` are aligned to the right."""
    if on_terminal():
        _rich(title, columns, rows, numbers)
    else:
        _plain(title, columns, rows, numbers)


def print_run(result: "RunResult") -> None:
    """The metrics of a run: the value of a single rollout, the statistics of many."""
    run, time = result.run, result.provenance["time"]
    first, stop = run.seeds
    count = stop - first
    seeds = f"seed {first}" if count == 1 else f"{count} rollouts, seeds {first} to {stop - 1}"
    title = f"{run.source}, {run.integrator}, {seeds}"
    if time["dt"] is not None:
        title += f", {time['steps']} step{'s' * (time['steps'] > 1)} of {time['dt']:.4g} s"
    statistics: Row = ("mean", "std", "min", "p50", "p95", "max") if count > 1 else ("mean",)
    if count > 1 and on_terminal() and shutil.get_terminal_size().columns < _WIDE:
        statistics = ("mean", "std", "p95", "max")
    head = {"mean": "value"} if count == 1 else {}
    # What is the same in every row says nothing: undefined values and errors only where there are.
    undefined = any(one.n_undefined and one.n for one in result.metrics.values())
    troubled = any(one.status != "ok" for one in result.metrics.values())
    columns = ["metric", "unit", *(head.get(name, name) for name in statistics)]
    columns += ["undefined"] * undefined + ["status"] * troubled
    rows = []
    for one in result.metrics.values():
        row = [one.name, one.unit, *(_number(getattr(one, name)) for name in statistics)]
        row += [str(one.n_undefined)] * undefined
        row += [_status(one.status, one.error)] * troubled
        rows.append(row)
    print_table(title, columns, rows, numbers={"value", "undefined", *statistics})


def _status(status: str, error: str | None) -> str:
    return f"undefined: {error}" if status == "undefined" else status


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.5g}"


def _rich(title: str, columns: Row, rows: Sequence[Row], numbers: set[str]) -> None:
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
        table.add_column(name, justify="right" if right else "left", no_wrap=short, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))  # as text: a unit like [1/m] is no markup
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
