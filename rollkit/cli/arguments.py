"""Arguments that several verbs take: lists of names, options by name, how instants are read."""

import re
from collections.abc import Callable
from typing import TypeVar

import click

from rollkit.errors import UsageError

Command = TypeVar("Command", bound=Callable[..., object])

_INSTANTS = (
    click.option(
        "--dt",
        type=float,
        metavar="SECONDS",
        help="Time step, of files without times or to resample.",
    ),
    click.option(
        "--resample",
        metavar="METHOD",
        help="How irregular samples come to uniform instants: cubic, linear or none.  "
        "[default: cubic]",
    ),
    click.option(
        "--max-gap",
        type=float,
        metavar="SECONDS",
        help="Longest gap to fill.  [default: 0.5 in recorded drives, 0 in predictions]",
    ),
    click.option(
        "--horizon", type=float, metavar="SECONDS", help="Cut recorded tracks into windows."
    ),
    click.option(
        "--history",
        type=float,
        metavar="SECONDS",
        help="What comes before each window, or the beginning of each track, is its history.",
    ),
)


def instants(command: Command) -> Command:
    """Options of how a file's poses come to uniform instants and to cases."""
    for option in reversed(_INSTANTS):
        command = option(command)
    return command


def settings(given: tuple[str, ...]) -> dict[str, list[str]]:
    """The values of each `--set name=value,value`."""
    values: dict[str, list[str]] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise UsageError(f"--set {one}: expected name=value")
        if name in values:
            raise UsageError(
                f"--set {name}: given twice, {','.join(values[name])!r} and {value!r}",
                hint=f"several values make a sweep: --set {name}={values[name][0]},{value}",
            )
        values[name] = [part.replace("\\,", ",") for part in re.split(r"(?<!\\),", value)]
    return values


def names(option: str, text: str | None) -> tuple[str, ...] | None:
    """Names separated by commas; None where none were given."""
    if text is None:
        return None
    listed = tuple(part.strip() for part in text.split(",") if part.strip())
    if not listed:
        raise UsageError(f"{option}: got {text!r}, expected names separated by commas")
    return listed


def single(given: tuple[str, ...]) -> dict[str, str]:
    """The value of each `--set name=value`, where a verb takes no sweeps."""
    values = settings(given)
    for name, some in values.items():
        if len(some) > 1:
            raise UsageError(
                f"--set {name}: got {len(some)} values, {','.join(some)!r}, expected one",
                hint=f"\\, is a comma in a value: --set {name}={some[0]}\\,{some[1]}",
            )
    return {name: some[0] for name, some in values.items()}


def seconds(option: str, text: str | None) -> tuple[float, ...]:
    """Numbers of seconds separated by commas."""
    try:
        return tuple(float(one) for one in names(option, text) or ())
    except ValueError:
        raise UsageError(f"{option}: got {text!r}, expected seconds, as in 1,3,5") from None
