"""Tables: rich on a terminal, aligned plain text in a pipe."""

import math
import shutil
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import click

from rollkit.cli.output import on_terminal

if TYPE_CHECKING:
    from rollkit.predictions.results import CaseMetric, EvalResult
    from rollkit.results import MetricResult, RunResult

Row = Sequence[str]

_WIDE = 100  # columns that all statistics of a run take
_GAP = 3  # columns that rich leaves between two of a table


def print_table(title: str, columns: Row, rows: Sequence[Row], *, numbers: set[str]) -> None:
    """Print a table; the columns in `numbers` are aligned to the right."""
    if on_terminal():
        _rich(title, columns, rows, numbers)
    else:
        _plain(title, columns, rows, numbers)


def print_in_parts(
    title: str, columns: Row, rows: Sequence[Row], *, keys: int, numbers: set[str]
) -> None:
    """Print a table; where it is wider than the terminal, several, each with the first columns.

    A terminal would cut what does not fit, numbers too.
    """
    for some in _fitting(columns, rows, keys):
        part = [[row[column] for column in some] for row in rows]
        print_table(title, [columns[column] for column in some], part, numbers=numbers)
        title = ""


def print_run(result: "RunResult") -> None:
    """The metrics of a run: the value of a single rollout, the statistics of many."""
    if result.cells:
        _print_sweep(result)
        return
    run = result.run
    first, stop = run.seeds
    count = stop - first
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
    title = f"{run.source}, {run.integrator}, {_seeds(run.seeds)}{_time(result)}"
    print_table(title, columns, rows, numbers={"value", "undefined", *statistics})


def _print_sweep(result: "RunResult") -> None:
    """A row for each cell, with what tells it from the others and the mean of each metric."""
    run, metrics = result.run, result.metrics
    keys = {
        "source": [one.source for one in result.cells],
        "integrator": [one.integrator for one in result.cells],
        **{name: _told_apart([one.params[name] for one in result.cells]) for name in run.grid},
    }
    varied = {name: values for name, values in keys.items() if len(set(values)) > 1}
    heads = {name: f"{name} [{one.unit}]" for name, one in metrics.items()}
    rows = [
        [*(values[number] for values in varied.values()), *_means(cell.metrics, metrics)]
        for number, cell in enumerate(result.cells)
    ]
    rows.append(["all", *[""] * (len(varied) - 1), *_means(metrics, metrics)])
    what = "value" if run.seeds[1] - run.seeds[0] == 1 else "mean"
    title = f"{what} of each cell, {_seeds(run.seeds)}{_time(result)}"
    columns = [*varied, *heads.values()]
    print_in_parts(title, columns, rows, keys=len(varied), numbers=set(heads.values()))


def print_evaluation(result: "EvalResult") -> None:
    """The metrics of an evaluation; the means up to each horizon and of each baseline beside."""
    shown = {name: one for name, one in result.metrics.items() if one.at is None}
    lacking = {} if result.eval.metrics else {n: o for n, o in shown.items() if _lacks_input(o)}
    shown = {name: one for name, one in shown.items() if name not in lacking}
    few = result.cases["evaluated"] == 1 and result.eval.samples != "all"
    statistics: Row = ("mean",) if few else ("mean", "std", "p50", "p95", "max")
    wide = bool(result.baselines or result.eval.at)
    if not few and (wide or (on_terminal() and shutil.get_terminal_size().columns < _WIDE)):
        statistics = ("mean", "p95", "max")
    heads = ["value" if few and name == "mean" else name for name in statistics]
    horizons = [f"@{seconds:g}s" for seconds in result.eval.at]
    beside = [one.name.replace("_", "-") for one in result.baselines]
    troubled = any(one.status != "ok" for one in shown.values())
    undefined = any(one.n_undefined and one.n for one in shown.values())
    rows = []
    for name, one in shown.items():
        row = [name, one.unit, *(_number(getattr(one, each)) for each in statistics)]
        row += [_mean_of(result.metrics, name + horizon) for horizon in horizons]
        row += [_mean_of(other.metrics, name) for other in result.baselines]
        row += [str(one.n_undefined)] * undefined
        row += [_status(one.status, one.error)] * troubled
        rows.append(row)
    columns = ["metric", "unit", *heads, *horizons, *beside]
    columns += ["undefined"] * undefined + ["status"] * troubled
    numbers = {"undefined", *heads, *horizons, *beside}
    print_in_parts(_about_cases(result), columns, rows, keys=2, numbers=numbers)
    if lacking:
        reasons = " and ".join(dict.fromkeys(str(one.error) for one in lacking.values()))
        more = "; --reference FILE gives one" if "reference" in reasons else ""
        click.echo(f"undefined: {', '.join(lacking)}: {reasons}{more}")


def _lacks_input(one: "CaseMetric") -> bool:
    """Whether it is undefined for every case, for want of what it needs."""
    return one.status == "undefined"


def _mean_of(metrics: "Mapping[str, CaseMetric]", name: str) -> str:
    one = metrics.get(name)
    return "" if one is None else _number(one.mean)


def _about_cases(result: "EvalResult") -> str:
    """What was measured: the files, how many of the cases, and by which rule."""
    call, cases = result.eval, result.cases
    against = f" against {call.reference}" if call.reference is not None else ""
    measured, predicted = cases["evaluated"], cases["predicted"]
    count = f"{measured}" if measured == predicted else f"{measured} of {predicted}"
    parts = [f"{call.predictions}{against}", f"{count} case{'s' * (predicted > 1)}"]
    if cases["samples"] != [1]:
        parts.append(f"{call.samples} of {' or '.join(map(str, cases['samples']))} samples")
    return ", ".join(parts) + _time(result)


def _fitting(columns: Row, rows: Sequence[Row], keys: int) -> Iterator[list[int]]:
    """Columns to print together: on a terminal as many as fit its width, with the keys before."""
    widths = [max(map(len, cells)) + _GAP for cells in zip(columns, *rows, strict=True)]
    whole = shutil.get_terminal_size().columns - 1 if on_terminal() else math.inf
    room = whole - sum(widths[:keys])
    some: list[int] = []
    for column in range(keys, len(columns)):
        if some and sum(widths[one] for one in some) + widths[column] > room:
            yield [*range(keys), *some]
            some = []
        some.append(column)
    yield [*range(keys), *some]


def _means(
    metrics: "Mapping[str, MetricResult]", order: "Mapping[str, MetricResult]"
) -> Iterator[str]:
    for name in order:
        one = metrics.get(name)
        yield "-" if one is None else _number(one.mean) if one.status == "ok" else one.status


def _told_apart(values: Sequence[object]) -> list[str]:
    """The values as text: short, unless different ones would then read the same."""
    short = [f"{one:g}" if isinstance(one, float) else str(one) for one in values]
    return short if len(set(short)) == len(set(map(repr, values))) else list(map(repr, values))


def _seeds(seeds: tuple[int, int]) -> str:
    first, stop = seeds
    count = stop - first
    return f"seed {first}" if count == 1 else f"{count} rollouts, seeds {first} to {stop - 1}"


def _time(result: "RunResult | EvalResult") -> str:
    time = result.provenance["time"]
    if time["dt"] is None:
        return ""
    if time["steps"] is None:
        return f", steps of {time['dt']:.4g} s"
    return f", {time['steps']} step{'s' * (time['steps'] > 1)} of {time['dt']:.4g} s"


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
        side: Literal["left", "right"] = "right" if right else "left"
        table.add_column(Text(name), justify=side, no_wrap=short, overflow="fold")
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
