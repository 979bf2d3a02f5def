"""What goes to stdout, and readers that do not want all of it."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from rollkit.errors import Failure, OutputError

_WIDE = 100  # letters in a line of text


def on_terminal() -> bool:
    """Whether somebody is looking at stdout."""
    return sys.stdout is not None and sys.stdout.isatty()


def print_wrapped(text: str, *, before: str = "", hanging: str = "  ") -> None:
    """Print a paragraph, as wide as the terminal, but no wider than is read with ease.

    `before` stands before each line, `hanging` behind it in all but the first.
    """
    import shutil
    import textwrap

    width = min(_WIDE, shutil.get_terminal_size().columns) if on_terminal() else _WIDE
    click.echo(
        textwrap.fill(
            " ".join(text.split()),
            width,
            initial_indent=before,
            subsequent_indent=before + hanging,
            break_on_hyphens=False,
        )
    )


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    import json  # deferred: `--help` does without

    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


@contextmanager
def printing() -> Iterator[None]:
    """Print within this. A reader that leaves early (`rollkit run | head`) is no error.

    Raises
    ------
    OutputError
        stdout cannot be written to.
    """
    if sys.stdout is None:  # closed by the caller, who wants none of it
        yield
        return
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        if error.filename is not None:  # of some file, and not of stdout
            raise
        # Python flushes again at exit: let it have somewhere to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise OutputError(f"cannot print: {error.strerror}") from error


def report(failures: Sequence[Failure], files: Sequence[str]) -> None:
    """What failed, then what was written: on stderr, so that data can be piped."""
    alike: dict[Failure, list[Failure]] = {}
    for fault in failures:  # all metrics of a preset fail with it
        alike.setdefault(fault._replace(subject=None), []).append(fault)
    for first, *others in alike.values():
        more = f" (and {len(others)} more likewise)" if others else ""
        click.echo(f"{click.style('failed:', fg='red', bold=True)} {first}{more}", err=True)
    if files:
        click.echo(f"wrote {', '.join(files)}", err=True)
