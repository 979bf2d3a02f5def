"""What can go wrong, whose it is, and the exit code it ends in.

Every error is one line (what, where, got, expected) and, where there is one, a hint: what to do.
"""

import os
from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple


class ExitCode(IntEnum):
    """How `rollkit` ends."""

    OK = 0
    FAILED = 1  # finished, but a gate, an invariant or a plugin failed
    USAGE = 2  # the call, its data or its output place was wrong; nothing was written
    BUG = 3  # a bug in rollkit
    INTERRUPTED = 130


class RollkitError(Exception):
    """Any error rollkit raises on purpose: a message of one line and an optional hint."""

    exit_code = ExitCode.USAGE

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\n{self.hint}"


class UsageError(RollkitError, ValueError):
    """The call was wrong: an unknown name, an option out of range, options that exclude."""


class DataError(RollkitError, ValueError):
    """Numbers that cannot be what they claim to be: wrong shape, not finite, time backwards."""


class InvalidReturn(DataError):
    """A plugin's function returned something that is not what it declares."""


class DeclarationError(RollkitError, TypeError):
    """A metric, integrator or action source is declared wrongly."""


class OutputError(RollkitError):
    """A result could not be written; what stood there before still stands."""


class ExecutionError(RollkitError):
    """What was to compute the run cannot: a worker that dies again and again, other versions."""


def portable(error: RollkitError) -> RollkitError:
    """The error as one of rollkit's own kinds, which every process can read."""
    kind = next(one for one in type(error).__mro__ if one.__module__ == __name__)
    if kind is type(error):
        return error
    return kind(error.message, hint=error.hint)


class Failure(NamedTuple):
    """One thing a plugin did wrong, with everything needed to find it."""

    plugin: str
    distribution: str | None
    version: str | None
    stage: str  # load, register, compute, validate
    type: str
    message: str
    file: str | None = None
    line: int | None = None
    subject: str | None = None  # the metric, integrator or action source, where one is at fault

    def __str__(self) -> str:
        whose = f"plugin {self.plugin}"
        if self.distribution:
            whose += f" ({self.distribution} {self.version})"
        what = f", {self.subject}" if self.subject else ""
        where = f" at {self.file}:{self.line}" if self.file else ""
        return f"{whose}{what}: {self.stage} failed{where}: {self.type}: {self.message}"


class PluginError(RollkitError):
    """A plugin failed and the work cannot go on without it."""

    exit_code = ExitCode.FAILED

    def __init__(self, failure: Failure, *, hint: str | None = None) -> None:
        super().__init__(str(failure), hint=hint)
        self.failure = failure


def shown(file: str) -> str:
    """The path as a user in this folder would write it."""
    path, here = Path(file), Path(os.path.realpath("."))
    return str(path.relative_to(here)) if path.is_relative_to(here) else file


def harmless(text: str) -> str:
    """The text without what a terminal would obey: names are others' and may hold anything.

    >>> harmless("a\\x1b[31mb")
    'a?[31mb'
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one == "\n" else "?" for one in text)


_LISTED = 40  # names that a reader can still look through


def unknown(
    kind: str, name: str, known: Iterable[str], *, of: str = "", hint: str | None = None
) -> UsageError:
    """The error for a name that is not known, with the nearest names that are.

    >>> print(unknown("metric", "max_jerk", ["max_abs_jerk", "min_speed"]))
    unknown metric 'max_jerk'; nearest: max_abs_jerk
    known: max_abs_jerk, min_speed
    """
    import difflib  # only on the way to an error

    names = sorted(set(known))
    near = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.5)
    message = f"unknown {kind} {name!r}" + (f" of {of}" if of else "")
    if near:
        message += f"; nearest: {', '.join(near)}"
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return UsageError(message, hint=hint or f"known: {', '.join(names[:_LISTED]) or 'none'}{more}")
