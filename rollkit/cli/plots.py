"""`--plot` and `--save-figure`: what a result looks like, below its table and in a file."""

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import click

from rollkit.errors import UsageError

if TYPE_CHECKING:
    from rollkit.examples.choosing import Result
    from rollkit.plotting.drawn import Drawn
    from rollkit.plotting.terminal import Look
    from rollkit.spec import RunSpec

Command = TypeVar("Command", bound=Callable[..., object])

_LIBRARIES = ("plotext", "sparklines")
_MOST = 1_000_000  # rollouts whose values are held in memory
_NARROW = 40  # columns that a plot takes at least

_OPTIONS = (
    click.option(
        "--plot",
        is_flag=True,
        help="Print plots below the table: paths, speed and jerk of the worst, median and best, "
        "and a histogram of each metric.",
    ),
    click.option(
        "--save-figure",
        metavar="FILE",
        help="Draw these, and more signals, in a figure for a paper: .svg, .png or .pdf.",
    ),
)


def options(command: Command) -> Command:
    """The options `--plot` and `--save-figure`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


class Asked(NamedTuple):
    """What is to be drawn."""

    plot: bool
    file: str | None
    force: bool

    def __bool__(self) -> bool:
        return self.plot or self.file is not None


def asked(
    plot: bool,
    save_figure: str | None,
    *,
    as_json: bool,
    force: bool,
    others: Sequence[str | None],
    spec: "RunSpec | None" = None,
) -> Asked:
    """What is to be drawn, where it can be: refused before any work is done.

    Raises
    ------
    UsageError
        A library is not installed, options exclude each other, or there are too many rollouts.
    OutputError
        The figure's place cannot be written to, or holds another kind of file.
    """
    if plot and as_json:
        raise UsageError("--plot and --json exclude each other: both go to stdout")
    missing = [one for one in _LIBRARIES if plot and find_spec(one) is None]
    if missing:
        are = "which is" if len(missing) == 1 else "which are"
        raise UsageError(
            f"--plot needs {' and '.join(missing)}, {are} not installed",
            hint="pip install 'rollkit[plot]'",
        )
    if save_figure is not None:
        from rollkit.pictures import saving

        place = Path(save_figure)
        saving.check_place(place, force=force)
        if place.resolve() in [Path(one).resolve() for one in others if one is not None]:
            raise UsageError(f"the figure and other results cannot all go to {save_figure}")
    found = Asked(plot, save_figure, force)
    if found and spec is not None:
        _check_count(spec)
    return found


def _check_count(spec: "RunSpec") -> None:
    """Refuse what would not fit into memory."""
    from rollkit.spec import single

    first, stop = spec.seeds
    count = (stop - first) * len(list(single(spec)))
    if count > _MOST:
        raise UsageError(
            f"plots hold the values of all rollouts in memory: got {count:,} rollouts, expected "
            f"at most {_MOST:,}",
            hint="leave --plot and --save-figure out, or draw fewer: --seeds 10000",
        )


def drawn(result: "Result", asked: Asked) -> "Drawn | None":
    """What is drawn of a result; None where there is nothing, which is said on stderr."""
    from rollkit.plotting.drawn import drawn

    if not asked:
        return None
    if result.values is None or not len(result.values):
        click.echo("note: nothing to draw: nothing was rolled out", err=True)
        return None
    with contextlib.redirect_stdout(sys.stderr):  # what a plugin prints is no part of it
        return drawn(result)


def sparks(result: "Result", asked: Asked) -> Mapping[str, str]:
    """A small histogram of each metric's values, for a column of the table."""
    from rollkit.plotting.sparks import spark

    if not asked.plot or result.values is None or len(result.values) < 2:
        return {}
    look = _look()
    return {name: look.plain(spark(result.values[name])) for name in result.values}


def print_plots(drawn: "Drawn | None", asked: Asked) -> None:
    """The text plots, as wide as the terminal."""
    from rollkit.plotting.texts import text_plots

    if drawn is not None and asked.plot:
        look = _look()
        text = text_plots(drawn, look)
        if not look.unicode:  # names of cases may hold any letter
            text = text.encode("ascii", "replace").decode()
        click.echo()
        click.echo(text, color=True)  # as it is: coloured already, or not to be


def save(drawn: "Drawn | None", asked: Asked) -> list[str]:
    """Write the figure; the names of what was written."""
    if drawn is None or asked.file is None:
        return []
    from rollkit.pictures import saving
    from rollkit.plotting.figure import draw

    saving.save(lambda: draw(drawn), Path(asked.file).absolute(), "figure", force=asked.force)
    return [asked.file]


def _look() -> "Look":
    """What stdout shows: colours on a terminal that wants them, Unicode where it is known."""
    from rollkit.cli.output import on_terminal
    from rollkit.plotting.terminal import Look

    terminal = on_terminal()
    color = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size().columns if terminal else 80
    return Look(max(width, _NARROW), color, _unicode())


def _unicode() -> bool:
    """Whether stdout can be written lines and blocks to."""
    try:
        "┈█▁⣿".encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
