"""The values of every rollout or case: what the statistics of an artifact are made of."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from rollkit.layout import Array


@dataclass(frozen=True, eq=False)
class Values:
    """One value of each metric for each rollout or case, in columns of one length `(n,)`.

    Attributes
    ----------
    keys : mapping of name to array `(n,)`
        What a row belongs to: `seed` and, of a sweep, `cell`; or `case` and, where the samples of
        a case have rows of their own, `sample`.
    columns : mapping of name to array `(n,)`
        By the names of the metrics; nan where one is undefined, and everywhere where it failed.

    Examples
    --------
    >>> import rollkit
    >>> result = rollkit.run("straight", metrics=["max_abs_jerk"], seeds=3, keep_values=True)
    >>> result.values.keys["seed"], len(result.values["max_abs_jerk"])
    (array([0, 1, 2], dtype=uint64), 3)
    """

    keys: Mapping[str, npt.NDArray[Any]]
    columns: Mapping[str, Array]

    def __getitem__(self, metric: str) -> Array:
        return self.columns[metric]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(next(iter(self.keys.values()), ()))


@dataclass
class Kept:
    """Values so far: rows are added in their order."""

    keys: list[Mapping[str, npt.NDArray[Any]]] = field(default_factory=list)
    columns: list[Mapping[str, Array]] = field(default_factory=list)

    def add(self, keys: Mapping[str, npt.NDArray[Any]], columns: Mapping[str, Array]) -> None:
        """Take in the next rows; a column that is missing here is undefined."""
        self.keys.append(keys)
        self.columns.append(columns)

    def without(self, failed: Collection[str]) -> "Kept":
        """All rows without what these metrics said before they failed."""
        columns: list[Mapping[str, Array]] = [
            {name: column for name, column in part.items() if name not in failed}
            for part in self.columns
        ]
        return Kept(list(self.keys), columns)

    def joined(self, later: "Kept") -> "Kept":
        """These rows, then the later ones."""
        return Kept([*self.keys, *later.keys], [*self.columns, *later.columns])

    def values(self, names: Iterable[str], no_rows: Mapping[str, npt.NDArray[Any]]) -> Values:
        """All rows, with a column for each of these metrics.

        `no_rows` are the keys, without a row: a source that failed has left none.
        """
        lengths = [len(next(iter(one.values()))) for one in self.keys]
        parts = list(zip(self.columns, lengths, strict=True))
        undefined = np.float64(np.nan)
        columns = {
            name: np.concatenate(
                [
                    np.empty(0),
                    *(part.get(name, np.broadcast_to(undefined, count)) for part, count in parts),
                ]
            )
            for name in names
        }
        keys = {
            name: np.concatenate([none, *(one[name] for one in self.keys)])
            for name, none in no_rows.items()
        }
        return Values(keys, columns)
