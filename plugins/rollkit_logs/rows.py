"""Rows of numbers, with the place of each for messages, and what every row must keep to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rollkit import DataError
from rollkit.arrays import Array

Mask = npt.NDArray[np.bool_]

# Metres, radians or m/s. Nothing on Earth is further; a stray exponent in one row is.
LARGEST = 1e9
# Seconds: above nanoseconds since 1970, which the step will tell as such, and safe to subtract.
LATEST = 1e20


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

    def part(self, start: int, stop: int | None) -> "Rows":
        """Some of them."""
        return replace(self, numbers=self.numbers[start:stop])


def check_numbers(rows: Rows, name: str, values: Array, *, largest: float = LARGEST) -> None:
    """Refuse what is infinite or beyond any road, naming the first row; nan was not observed.

    Raises
    ------
    DataError
    """
    wrong = np.abs(values) > largest  # false for nan
    if wrong.any():
        raise _no_number(rows, name, values, int(np.argmax(wrong)), largest)


def check_times(rows: Rows, time: Array, first: Mask | None = None) -> None:
    """Refuse times that are not finite or do not grow, naming the first row at fault.

    Parameters
    ----------
    rows : Rows
    time : array, `(n,)`
        s.
    first : mask, `(n,)`, optional
        Rows that begin a track of their own.

    Raises
    ------
    DataError
    """
    good = np.abs(time) <= LATEST  # false for nan
    if not good.all():
        raise _no_number(rows, "time", time, int(np.argmin(good)), LATEST)
    grows = time[1:] > time[:-1]  # not a difference, which could overflow
    if first is not None:
        grows = grows | first[1:]
    if not grows.all():
        last = int(np.argmin(grows))
        got, before = float(time[last + 1]), float(time[last])
        problem = "repeats" if got == before else f"runs backwards from {before!r} s"
        raise DataError(
            f"{rows.at(last + 1)}: time {problem}: got {got!r} s, expected more than {before!r} s"
        )


def _no_number(rows: Rows, name: str, values: Array, index: int, largest: float) -> DataError:
    return DataError(
        f"{rows.at(index)}: {name}: got {values[index]:g}, expected a finite number up to "
        f"{largest:g}"
    )
