"""The values of a side, row by row: in memory, or in a Parquet file of which little is read."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from rollkit.errors import DataError, UsageError
from rollkit.layout import Array
from rollkit.store.columns import first_line

KEYS = ("seed", "case", "id")  # columns that say whose the row is: the first that is there
PARTS = {"seed": "cell", "case": "sample", "id": "sample"}  # of the rows that belong together


Key = Literal["seed", "case"]


class Loaded(Protocol):
    """The columns that were asked for."""

    rows: int
    key: Any  # (n,) array or Arrow's column; None where there is none
    part: Array | None  # number of the cell or the sample, where a key has several rows

    def column(self, name: str) -> Array:
        """The values of a metric, `(n,)`; nan is undefined."""


class Table(Protocol):
    """Where values are."""

    def load(self, names: Iterable[str], /) -> Loaded:
        """Read these metrics and the keys.

        Raises
        ------
        UsageError, DataError
            A library is missing, or the file is damaged.
        """


class InMemory:
    """Columns in memory: a table, loaded from the start."""

    def __init__(
        self, rows: int, key: npt.NDArray[Any] | None, part: Any, columns: Mapping[str, Array]
    ) -> None:
        self.rows = rows
        self.key = key
        self.part = None if part is None or not np.any(part) else np.asarray(part)
        self._columns = columns

    def load(self, _: Iterable[str]) -> Loaded:
        """The table itself."""
        return self

    def column(self, name: str) -> Array:
        """The values of a metric, `(n,)`."""
        return np.asarray(self._columns[name], dtype=np.float64)


class Parquet:
    """A Parquet file with a row for each rollout, case or sample."""

    def __init__(self, path: Any, name: str, key: str, part: str | None) -> None:
        self._path = path
        self._name = name
        self._key = key
        self._part = part

    def load(self, names: Iterable[str]) -> Loaded:
        """Read these columns, all at once: Arrow shares the work out."""
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        wanted = [self._key, *([] if self._part is None else [self._part]), *names]
        try:
            with parquet.ParquetFile(self._path) as file:
                table = file.read(columns=list(dict.fromkeys(wanted)))
        except (arrow.ArrowException, OSError) as error:
            raise damaged(self._name, error) from None
        return _Read(self._name, table, self._key, self._part)


def damaged(name: str, error: Exception) -> DataError:
    """The error for a Parquet file that cannot be read."""
    return DataError(
        f"{name} is damaged: {first_line(error)}", hint="write it again: it may have been cut off"
    )


class _Read:
    """What was read of a Parquet file."""

    def __init__(self, name: str, table: Any, key: str, part: str | None) -> None:
        self.rows = table.num_rows
        if table.num_rows == 0:
            raise DataError(f"{name} has no rows")
        self.key = table.column(key)
        if import_module("pyarrow").types.is_dictionary(self.key.type):
            self.key = self.key.cast(self.key.type.value_type)
        if self.key.null_count:
            row = next(i for i, one in enumerate(self.key) if not one.is_valid)
            raise DataError(f"{name}: row {row}: {key}: got nothing, expected whose row it is")
        self.part = None
        if part is not None:
            numbers = table.column(part).to_numpy()
            if np.any(numbers):
                self.part = numbers.astype(np.int64)
        self._table = table

    def column(self, name: str) -> Array:
        """The values of a metric, `(n,)`; what is not there is nan."""
        arrow = import_module("pyarrow")
        column = self._table.column(name)
        if column.type != arrow.float64():
            column = column.cast(arrow.float64(), safe=False)
        return np.asarray(column.to_numpy(), dtype=np.float64)


def key_of(name: str | None) -> Key | None:
    """Whose the rows are, by the name of the column."""
    return None if name is None else "seed" if name == "seed" else "case"


def in_memory(columns: Mapping[str, Any]) -> tuple[str | None, InMemory, list[str]]:
    """A mapping of arrays as a table: its key column, the values, the names of the metrics.

    Raises
    ------
    UsageError, DataError
        No metric, columns of different lengths, or of something else than numbers.
    """
    key = next((one for one in KEYS if one in columns), None)
    part = None if key is None else PARTS[key]
    names = [one for one in columns if one not in (key, part)]
    if not names:
        raise UsageError("got a mapping without metrics, expected arrays `(n,)` by their names")
    arrays: dict[str, Array] = {}
    for name in names:
        try:
            arrays[name] = np.asarray(columns[name], dtype=np.float64)
        except (TypeError, ValueError):
            raise DataError(f"{name}: got no numbers, expected an array `(n,)`") from None
    keys = None if key is None else np.asarray(columns[key])
    parts = None if part is None or part not in columns else np.asarray(columns[part])
    shapes = {name: one.shape for name, one in arrays.items()}
    shapes.update({key: keys.shape} if key is not None and keys is not None else {})
    shapes.update({part: parts.shape} if part is not None and parts is not None else {})
    first = next(iter(shapes))
    for name, shape in shapes.items():
        if len(shape) != 1 or shape != shapes[first]:
            raise DataError(
                f"{name}: got shape {shape}, expected columns `(n,)` of one length"
                + ("" if name == first else f": {first} has {shapes[first]}")
            )
    return key, InMemory(shapes[first][0], keys, parts, arrays), names
