"""Columns that a caller gives by name: what may be a metric, and what says whose a row is."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from rollkit.comparing.tables import KEYS, PARTS, InMemory, check_parts
from rollkit.errors import DataError, UsageError
from rollkit.layout import Array

_NONE = (str, bytes, np.datetime64, np.timedelta64)  # no numbers, though float() takes them


def in_memory(columns: Mapping[str, Any]) -> tuple[str | None, InMemory, list[str]]:
    """A mapping of arrays as a table: its key column, the values, the names of the metrics.

    Raises
    ------
    UsageError, DataError
        No metric, columns of different lengths, or of something else than numbers.
    """
    odd = next((one for one in columns if not isinstance(one, str)), None)
    if odd is not None:
        raise UsageError(f"got a column called {odd!r}, expected names: text")
    key = next((one for one in KEYS if one in columns), None)
    part = None if key is None else PARTS[key]
    names = [one for one in columns if one not in (key, part)]
    if not names:
        raise UsageError("got a mapping without metrics, expected arrays `(n,)` by their names")
    arrays = {name: _numbers(name, columns[name]) for name in names}
    keys = None if key is None else _whose(key, columns[key], text=True)
    parts = None if part is None or part not in columns else _whose(part, columns[part], text=False)
    if parts is not None:
        check_parts(f"{part}", parts)
    shapes = {name: one.shape for name, one in arrays.items()}
    shapes.update({key: keys.shape} if key is not None and keys is not None else {})
    shapes.update({part: parts.shape} if part is not None and parts is not None else {})
    first = next(iter(shapes))
    if key is not None and shapes[first] == (0,):
        raise DataError(f"{first}: got no rows, expected a value in each")
    for name, shape in shapes.items():
        if len(shape) != 1 or shape != shapes[first]:
            raise DataError(
                f"{name}: got shape {shape}, expected columns `(n,)` of one length"
                + ("" if name == first else f": {first} has {shapes[first]}")
            )
    return key, InMemory(shapes[first][0], keys, parts, arrays), names


def _numbers(name: str, given: Any) -> Array:
    """The values of a metric; what is masked, or None, is undefined."""
    try:
        array = np.asanyarray(given)
        if array.dtype.kind in "biufO" and not any(isinstance(one, _NONE) for one in _items(array)):
            return np.asarray(np.ma.filled(array.astype(np.float64), np.nan))
    except (TypeError, ValueError, OverflowError):
        pass
    raise DataError(f"{name}: got no numbers, expected an array `(n,)`")


def _whose(name: str, given: Any, *, text: bool) -> npt.NDArray[Any]:
    """A column that says whose a row is: whole numbers, or text where that will do."""
    expected = "whole numbers or text" if text else "whole numbers"
    try:
        array = np.asanyarray(given)
    except ValueError:  # lists of different lengths
        raise DataError(f"{name}: got no column, expected {expected}") from None
    kinds = (int, np.integer, *([str] if text else []))
    masked = np.ma.getmaskarray(array)
    if array.ndim == 1 and masked.any():
        raise DataError(f"{name}: row {masked.argmax()}: got nothing, expected whose row it is")
    array = np.asarray(array)
    odd = [one for one in _items(array) if not isinstance(one, kinds) or isinstance(one, bool)]
    if odd or (array.size and array.dtype.kind not in ("iuUO" if text else "iuO")):
        got = f"{odd[0]!r}" if odd else f"{array.dtype}"
        raise DataError(f"{name}: got {got}, expected {expected}")
    return array


def _items(array: npt.NDArray[Any]) -> Iterable[Any]:
    """What an array of objects holds; of numbers their kind says enough."""
    return array.flat if array.dtype.kind == "O" else ()
