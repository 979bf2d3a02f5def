"""The values of a side, row by row: in memory, or in a Parquet file of which little is read."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from rollkit.errors import DataError
from rollkit.layout import Array
from rollkit.store.columns import first_line

KEYS = ("seed", "case", "id")  # columns that say whose the row is: the first that is there
PARTS = {"seed": "cell", "case": "sample", "id": "sample"}  # of the rows that belong together


Key = Literal["seed", "case"]
_MOST_PARTS = 2**31


class Loaded(Protocol):
    """The columns that were asked for."""

    rows: int
    key: Any  # (n,) array or Arrow's column; None where there is none
    part: npt.NDArray[Any] | None  # number of the cell or the sample, where a key has several rows

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
        self.part = None if part is None or not np.any(part) else np.asarray(part, dtype=np.int64)
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
        parquet = import_module("pyarrow.parquet")
        wanted = [self._key, *([] if self._part is None else [self._part]), *names]
        with reading(self._name), parquet.ParquetFile(self._path) as file:
            table = file.read(columns=list(dict.fromkeys(wanted)))
        return _Read(self._name, table, self._key, self._part)


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Whatever Arrow says of a Parquet file within this is that the file is damaged.

    Raises
    ------
    DataError
    """
    arrow = import_module("pyarrow")
    try:
        yield
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"{name} is damaged: {first_line(error)}",
            hint="write it again: it may have been cut off",
        ) from None


class _Read:
    """What was read of a Parquet file."""

    def __init__(self, name: str, table: Any, key: str, part: str | None) -> None:
        self.rows = table.num_rows
        if table.num_rows == 0:
            raise DataError(f"{name} has no rows")
        self.key = table.column(key)
        if import_module("pyarrow").types.is_dictionary(self.key.type):
            self.key = self.key.cast(self.key.type.value_type)
        for one, column in {key: self.key, **({} if part is None else {part: table[part]})}.items():
            if column.null_count:
                row = next(i for i, cell in enumerate(column) if not cell.is_valid)
                raise DataError(f"{name}: row {row}: {one}: got nothing, expected whose row it is")
        self.part = None
        if part is not None:
            numbers = table.column(part).to_numpy()
            check_parts(f"{name}: {part}", numbers)
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


def check_parts(what: str, numbers: npt.NDArray[Any]) -> None:
    """Refuse numbers of cells or samples that nobody counts to."""
    for one in (np.min(numbers), np.max(numbers)) if numbers.size else ():
        if not 0 <= one < _MOST_PARTS:
            raise DataError(f"{what}: got {one}, expected numbers from 0 to {_MOST_PARTS - 1}")
