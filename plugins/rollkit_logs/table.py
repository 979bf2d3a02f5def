"""A long table, one pose a row, or some rows of one; joined and cut as it comes in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from rollkit.arrays import Array
from rollkit_logs.rows import Rows

Labels = npt.NDArray[Any]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Table:
    """Some rows of a long table.

    Parameters
    ----------
    rows : Rows
        Their places.
    values : mapping of str to array, `(n,)`
        Columns of numbers, as `readers.columns` names them: `t`, `x` and `y` at least.
    case, sample : array, `(n,)`, optional
        Whose pose it is: text or whole numbers.
    """

    rows: Rows
    values: Mapping[str, Array]
    case: Labels | None = None
    sample: Labels | None = None

    def __len__(self) -> int:
        return len(self.rows.numbers)

    def part(self, start: int, stop: int) -> "Table":
        """Some of its rows."""
        return Table(
            self.rows.part(start, stop),
            {name: column[start:stop] for name, column in self.values.items()},
            None if self.case is None else self.case[start:stop],
            None if self.sample is None else self.sample[start:stop],
        )


def joined(tables: Sequence[Table]) -> Table:
    """Tables of the same columns, one after the other."""
    if len(tables) == 1:
        return tables[0]
    first = tables[0]

    def labels(name: str) -> Labels | None:
        parts = [getattr(one, name) for one in tables]
        return None if parts[0] is None else np.concatenate(parts)

    return Table(
        replace(first.rows, numbers=[at for one in tables for at in one.rows.numbers]),
        {name: np.concatenate([one.values[name] for one in tables]) for name in first.values},
        labels("case"),
        labels("sample"),
    )


def changes(labels: Labels) -> Places:
    """Where a label differs from the one before it.

    >>> changes(np.array(["a", "a", "b", "a"]))
    array([2, 3])
    """
    return np.flatnonzero(labels[1:] != labels[:-1]) + 1
