"""The values of every rollout or case: what the statistics of an artifact are made of."""

from collections.abc import Iterator, Mapping
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
        By the names of the metrics; nan where one is undefined or failed.

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
        return len(next(iter(self.keys.values())))


@dataclass
class Kept:
    """Values so far: rows are added in their order."""

    keys: list[Mapping[str, npt.NDArray[Any]]] = field(default_factory=list)
    columns: list[Mapping[str, Array]] = field(default_factory=list)

    def add(self, keys: Mapping[str, npt.NDArray[Any]], columns: Mapping[str, Array]) -> None:
        """Take in the next rows; a column that is missing here is undefined."""
        self.keys.append(keys)
        self.columns.append(columns)

    def values(self) -> Values:
        """All rows."""
        lengths = [len(next(iter(one.values()))) for one in self.keys]
        names = dict.fromkeys(name for one in self.columns for name in one)
        columns = {
            name: np.concatenate(
                [
                    part[name] if name in part else np.full(length, np.nan)
                    for part, length in zip(self.columns, lengths, strict=True)
                ]
            )
            for name in names
        }
        keys = {name: np.concatenate([one[name] for one in self.keys]) for name in self.keys[0]}
        return Values(keys, columns)
