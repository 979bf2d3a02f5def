"""JSON, one object a line: its values checked, whatever they are."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from rollkit import DataError, File
from rollkit.arrays import Array
from rollkit_logs.lines import lines
from rollkit_logs.rows import Rows
from rollkit_logs.text import shown

_LONGEST = 1 << 24  # bytes of a line: a case of hundreds of samples
_NUMBERS = {int, float, type(None)}
_EXACT = 15  # digits that a float holds

_CONSTANTS = {"NaN": np.nan, "Infinity": np.inf, "-Infinity": -np.inf}


class Objects(NamedTuple):
    """Some lines of a file, as objects."""

    rows: Rows
    values: list[dict[str, Any]]


def objects(file: File) -> Iterator[Objects]:
    """The objects of a file, some megabytes of lines at a time.

    Raises
    ------
    DataError
        A line that is no JSON object.
    """
    decoder = json.JSONDecoder(parse_int=_whole, parse_constant=_CONSTANTS.__getitem__)
    for rows, text in lines(file, longest=_LONGEST, comments=False):
        values = []
        for index, line in enumerate(text):
            try:
                value = decoder.decode(line)
            except json.JSONDecodeError as error:
                raise DataError(
                    f"{rows.at(index)}: is no JSON: {error.msg}, at column {error.colno}"
                ) from None
            except RecursionError:
                raise DataError(f"{rows.at(index)}: is nested too deeply") from None
            if not isinstance(value, dict):
                raise wrong(rows, index, "the line", value, "an object")
            values.append(value)
        yield Objects(rows, values)


def column(some: Objects, name: str) -> Array:
    """The numbers of that name, `(n,)`; nan where there is none, or null.

    Raises
    ------
    DataError
    """
    values = [one.get(name) for one in some.values]
    if not set(map(type, values)) <= _NUMBERS:
        index = next(i for i, one in enumerate(values) if type(one) not in _NUMBERS)
        raise wrong(some.rows, index, name, values[index], "a number")
    return np.array(values, dtype=np.float64)


def label(some: Objects, index: int, name: str) -> str:
    """The text or whole number of that name.

    Raises
    ------
    DataError
    """
    value = some.values[index].get(name)
    if type(value) not in (str, int):
        raise wrong(some.rows, index, name, value, "text or a whole number")
    return str(value)


def samples(rows: Rows, index: int, name: str, value: object) -> Array:
    """A list of numbers, or a list of such lists, one a sample: `(K, T)`.

    Raises
    ------
    DataError
    """
    listed: Sequence[Any] = value if isinstance(value, list) else []
    tracks = listed if listed and isinstance(listed[0], list) else [listed]
    for one in tracks:
        if not isinstance(one, list) or not one or not set(map(type, one)) <= _NUMBERS:
            raise wrong(rows, index, name, value, "a list of numbers, or one for each sample")
        if len(one) != len(tracks[0]):
            raise DataError(
                f"{rows.at(index)}: {name}: got {len(one)} instants in a sample, expected "
                f"{len(tracks[0])} as in the first"
            )
    return np.array(tracks, dtype=np.float64)


def wrong(rows: Rows, index: int, name: str, value: object, expected: str) -> DataError:
    """The error for a value of another kind."""
    got = shown(value) if isinstance(value, str) else _KINDS.get(type(value), repr(value))
    return DataError(f"{rows.at(index)}: {name}: got {got}, expected {expected}")


_KINDS = {dict: "an object", list: "a list", type(None): "nothing"}


def _whole(text: str) -> float:
    """As a whole number where a float would hold it: digits without end take time without end."""
    return int(text) if len(text) <= _EXACT else float(text)
