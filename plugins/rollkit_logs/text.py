"""The fields of text logs and the numbers in them, with the line at fault.

Fields are counted before they are split, and no text becomes a whole number of any size, so time
and memory grow with the bytes, whatever they are.
"""

import csv
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rollkit import DataError, File
from rollkit.arrays import Array
from rollkit_logs.lines import Lines, lines
from rollkit_logs.rows import Rows

_SHOWN = 40  # characters of a line that a message quotes


class Fields(NamedTuple):
    """Some rows of a file, as columns of text."""

    rows: Rows
    columns: list[list[str]]


def fields(some: Lines, separator: str | None, count: int, layout: str) -> Fields:
    """The fields of lines that each have so many; without a separator, by blanks.

    Raises
    ------
    DataError
        A line with more or fewer.
    """
    rows, text = some
    joined = (separator or " ").join(text)
    if quoted := separator == "," and '"' in joined:
        split = [unquoted(some, index) for index in range(len(text))]
        counts = [len(row) for row in split]
    elif separator is None:
        counts = [len(line.split(None, count)) for line in text]
    else:
        counts = [line.count(separator) + 1 for line in text]
    if counts.count(count) != len(counts):
        wrong = next(index for index, one in enumerate(counts) if one != count)
        got = len(text[wrong].split()) if separator is None else counts[wrong]
        raise DataError(f"{rows.at(wrong)}: got {got} fields, expected {layout}")
    # All fields in one list: a list for each line costs more than the reading does.
    flat = [one for row in split for one in row] if quoted else joined.split(separator)
    return Fields(rows, [flat[index::count] for index in range(count)])


def numbers(rows: Rows, name: str, column: Sequence[str], *, blank: bool = False) -> Array:
    """A column of text as numbers, `(n,)`; with `blank`, nothing at all is nan.

    Raises
    ------
    DataError
        A field that is no number.
    """
    try:
        # One pass over good columns; only a bad one is searched for its line.
        array = np.array(column, dtype=np.float64)
        if _plain(column):
            return array
    except ValueError:
        pass
    values = np.empty(len(column))
    for index, field in enumerate(column):
        stripped = field.strip()
        try:
            if stripped and not _plain(stripped):
                raise ValueError
            values[index] = float(stripped or "nan") if blank else float(stripped)
        except ValueError:
            raise DataError(
                f"{rows.at(index)}: {name}: got {shown(field)}, expected a number"
            ) from None
    return values


def unquoted(some: Lines, index: int) -> list[str]:
    """The fields of one line of a CSV, without the quotes around them.

    Raises
    ------
    DataError
        A quote that does not end, or ends within a field.
    """
    try:
        return next(csv.reader([some.text[index]], skipinitialspace=True, strict=True))
    except csv.Error as error:
        raise DataError(f"{some.rows.at(index)}: is no CSV: {error}") from None


def columns(file: File, separator: str | None, lengths: Sequence[int], layout: str) -> Fields:
    """The fields of a whole file, whose lines all have one of these lengths: that of the first.

    Raises
    ------
    DataError
        As for `lines` and `fields`.
    """
    places: list[int] = []
    parts: list[list[list[str]]] = []
    length = lengths[0]
    for some in lines(file):
        if not parts:
            first = len(some.text[0].split(separator, max(lengths)))
            length = first if first in lengths else length
        found = fields(some, separator, length, f"{length}: {layout}" if layout else "one number")
        places.extend(found.rows.numbers)
        parts.append(found.columns)
    joined = [[one for part in parts for one in part[index]] for index in range(length)]
    return Fields(Rows(file.path, places), joined)


def table(file: File, separator: str | None, names: Sequence[str]) -> tuple[Rows, Array]:
    """The numbers of a whole file, `(n, len(names))`.

    Raises
    ------
    DataError
        As for `lines`, `fields` and `numbers`.
    """
    layout = "" if len(names) == 1 else " ".join(names)
    rows, text = columns(file, separator, [len(names)], layout)
    named = zip(names, text, strict=True)
    return rows, np.stack([numbers(rows, name, column) for name, column in named], axis=-1)


def are_numbers(row: Sequence[str], count: int) -> bool:
    """Whether these are so many numbers."""
    try:
        return len(row) == count and len([float(one) for one in row]) == count
    except ValueError:
        return False


def shown(text: str) -> str:
    """Text as a message quotes it: escaped, and not longer than is readable."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")


def _plain(column: Sequence[str]) -> bool:
    """Python also reads 1_000 and the digits of other scripts, which no other program does."""
    text = "".join(column)
    return text.isascii() and "_" not in text
