"""`--gate` and `--gates`: what a result is held to, and the table of what became of it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import click

from rollkit.cli import arguments

if TYPE_CHECKING:
    from rollkit.gates.gate import Gate
    from rollkit.gates.results import GateResult

Command = TypeVar("Command", bound=Callable[..., object])

_SHOWN = 3  # commands

_OPTIONS = (
    click.option(
        "--gate",
        "gate",
        multiple=True,
        metavar="EXPR",
        help="Fail unless this holds, again for each: 'max_abs_jerk <= 4.13' for all, "
        "'p95(max_abs_jerk) <= 4', 'mean(ade) < 1.2'.",
    ),
    click.option(
        "--gates",
        "gates",
        metavar="FILE|NAME,...",
        help="Likewise the gates of a TOML file, or of a plugin that brings some.",
    ),
)


def options(command: Command) -> Command:
    """The options `--gate` and `--gates`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def given(names: str | None, expressions: Sequence[str]) -> "tuple[Gate, ...]":
    """The gates of both options.

    Raises
    ------
    UsageError, DataError, PluginError
        An expression that is none, a file or a plugin that brings none.
    """
    from rollkit.gates.gate import Gate
    from rollkit.gates.given import gates_of

    files = arguments.names("--gates", names) or ()
    return gates_of([*files, *map(Gate, expressions)])


def print_gates(gates: "Sequence[GateResult]") -> None:
    """A row for each gate; then, for those that do not hold, why they are there and what to do."""
    from rollkit.cli.tables import print_table

    if not gates:
        return
    columns = ["gate", "verdict", "value", "limit", "unit", "worst"]
    explained = any(one.reason for one in gates)
    rows = [[*_row(one), *([one.reason or ""] if explained else [])] for one in gates]
    click.echo()
    print_table("", [*columns, *["reason"] * explained], rows, numbers={"value"})
    broken = [one for one in gates if not one.passed]
    for one in broken:
        if one.why:
            click.echo(f"{_title(one)}: {one.why}")
    again = [one.worst[0].again for one in broken if one.worst and one.worst[0].again]
    for command in list(dict.fromkeys(again))[:_SHOWN]:
        click.echo(f"again: {command}")


def report(gates: "Sequence[GateResult]") -> None:
    """On stderr, how many do not hold."""
    failed = [one for one in gates if one.failed]
    if failed:
        names = ", ".join(_title(one) for one in failed[:_SHOWN])
        more = f" and {len(failed) - _SHOWN} more" if len(failed) > _SHOWN else ""
        word = click.style("failed:", fg="red", bold=True)
        click.echo(f"{word} {len(failed)} of {len(gates)} gates: {names}{more}", err=True)


def _row(one: "GateResult") -> list[str]:
    from rollkit.gates.expression import shortest

    value = "-" if one.value is None else f"{one.value:.5g}"
    limit = f"{one.comparison} {shortest(one.limit)}"
    worst = str(one.worst[0]) if one.worst else "-"
    return [_title(one), one.verdict, value, limit, one.unit, worst]


def _title(one: "GateResult") -> str:
    source = one.where.get("source")
    return (one.name or one.expr) + ("" if source is None else f" ({source})")
