"""Poses as a log gives them, checked once, with the place of every row for messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rollkit import DataError
from rollkit.arrays import Array

# Two steps: the fewest that have an acceleration.
LEAST_POSES = 3
# Metres or radians. Nothing on Earth is further; a stray exponent in one row is.
_LARGEST = 1e9
# Seconds: above nanoseconds since 1970, which the step will tell as such, and safe to subtract.
_LATEST = 1e20


@dataclass(frozen=True)
class Rows:
    """Where each row of numbers stands: a line of a text file or a row of a table, from 1."""

    path: Path
    numbers: Sequence[int]
    tabular: bool = False

    def at(self, index: int) -> str:
        """The place of one row, to start a message with."""
        separator = ", row " if self.tabular else ":"
        return f"{self.path}{separator}{self.numbers[index]}"


@dataclass(frozen=True, eq=False)
class PoseLog:
    """What a reader returns: poses in the plane, y to the left of x, yaw counter-clockwise.

    Parameters
    ----------
    rows : Rows
    frame : str
        How the log's frame became the plane, in words.
    x, y : array, `(n,)`
        m.
    yaw : array, `(n,)`, optional
        rad, wrapped or not.
    time : array, `(n,)`, optional
        s, from any origin.

    Raises
    ------
    DataError
        Too few poses, a number that is not finite or absurdly large, times that do not grow.
    """

    rows: Rows
    frame: str
    x: Array
    y: Array
    yaw: Array | None = None
    time: Array | None = None

    def __post_init__(self) -> None:
        if len(self.x) < LEAST_POSES:
            raise DataError(
                f"{self.rows.path}: got {len(self.x)} poses, expected at least {LEAST_POSES}"
            )
        for name in ("x", "y", "yaw"):
            values = getattr(self, name)
            if values is not None:
                check_numbers(self.rows, name, values)
        if self.time is not None:
            check_times(self.rows, self.time)


def check_numbers(rows: Rows, name: str, values: Array, *, largest: float = _LARGEST) -> None:
    """Refuse what is not finite or beyond any road, naming the first row that has it."""
    good = np.abs(values) <= largest  # false for nan
    if not good.all():
        first = int(np.argmin(good))
        raise DataError(
            f"{rows.at(first)}: {name}: got {values[first]:g}, expected a finite number up to "
            f"{largest:g}"
        )


def check_times(rows: Rows, time: Array) -> None:
    """Refuse times that are not finite or do not grow, naming the first row at fault."""
    check_numbers(rows, "time", time, largest=_LATEST)
    grows = time[1:] > time[:-1]  # not a difference, which could overflow
    if not grows.all():
        first = int(np.argmin(grows))
        got, before = float(time[first + 1]), float(time[first])
        problem = "repeats" if got == before else f"runs backwards from {before!r} s"
        raise DataError(
            f"{rows.at(first + 1)}: time {problem}: got {got!r} s, expected more than {before!r} s"
        )
