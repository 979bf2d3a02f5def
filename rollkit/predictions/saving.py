"""Where the values of every case go, one row a case or a sample of one: a file, or memory."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from rollkit.arrays import Array
from rollkit.files import check_writable
from rollkit.poses import Poses
from rollkit.predictions.spec import EvalSpec
from rollkit.predictions.tally import Line
from rollkit.saving import Presets, column_of
from rollkit.store import Column, Store, store
from rollkit.values import Kept, Values


class Sink(Protocol):
    """Takes the values of every case, block after block."""

    def begin(self, lines: Sequence[Line], presets: Presets) -> None:
        """Learn which metrics there are, and the presets that they may be of."""

    def append(self, poses: Poses, each: int, values: Mapping[str, Array]) -> None:
        """Take the values of the next cases, so many rows each; a metric that failed has none."""


class Keeper:
    """Values in memory."""

    def __init__(self) -> None:
        self._lines: Sequence[Line] = ()
        self._kept = Kept()
        self._most = 1  # rows of a case

    def begin(self, lines: Sequence[Line], _: Presets) -> None:
        """Learn which metrics there are."""
        self._lines = lines

    def append(self, poses: Poses, each: int, values: Mapping[str, Array]) -> None:
        """Take the values of the next cases."""
        rows = poses.cases * each
        self._most = max(self._most, each)
        keys = {
            "case": np.repeat(np.array(poses.ids, dtype=object), each),
            "sample": np.tile(np.arange(each), poses.cases),
        }
        spread = {name: _spread(column, rows) for name, column in values.items()}
        self._kept.add(keys, spread)

    def values(self) -> Values:
        """The values of all cases."""
        failed = {line.name for line in self._lines if line.fault is not None}
        none: dict[str, npt.NDArray[Any]] = {"case": np.empty(0, dtype=object)}
        if self._most > 1:
            none["sample"] = np.empty(0, dtype=np.intp)
        return self._kept.without(failed).values([line.name for line in self._lines], none)


class Saver(ExitStack):
    """The file to save to, `--save`; made when the first block says which metrics there are.

    Raises
    ------
    UsageError, OutputError
        A library is missing; a place that cannot be written to.
    """

    def __init__(self, path: Path, spec: EvalSpec, *, force: bool) -> None:
        super().__init__()
        check_writable(path)
        self._path, self._spec, self._force = path, spec, force
        self._file: Store | None = None
        self._names: list[str] = []

    def begin(self, lines: Sequence[Line], presets: Presets) -> None:
        """Make the file, with a column for each metric."""
        self._names = [line.name for line in lines]
        columns = [
            Column("case", "text", "", "id of the case"),
            Column("sample", "count", "", "number of the sample; 0 where a case has one row"),
            Column("dt", "number", "s", "time step"),
            Column("steps", "count", "", "steps that were predicted"),
            Column("samples", "count", "", "samples of the case"),
            *(column_of(line.name, line.metric, presets) for line in lines),
        ]
        made = store(self._path, columns, identity=self._spec.to_dict(), force=self._force)
        self._file = self.enter_context(made)

    def append(self, poses: Poses, each: int, values: Mapping[str, Array]) -> None:
        """Write the values of the next cases."""
        assert self._file is not None
        cases, rows = poses.ids, poses.cases * each
        block = {name: _spread(values.get(name), rows) for name in self._names}
        self._file.append(
            {
                "case": [case for case in cases for _ in range(each)],
                "sample": np.tile(np.arange(each), len(cases)),
                "dt": np.full(rows, poses.dt),
                "steps": np.full(rows, poses.instants - poses.given),
                "samples": np.full(rows, poses.samples),
                **block,
            }
        )

    def finish(self) -> None:
        """Move the file to its place."""
        if self._file is not None:
            self._file.finish()


def _spread(values: Array | None, rows: int) -> Array:
    """One value a row; a metric that compares samples says the same of each of them."""
    if values is None:
        return np.full(rows, np.nan)
    return values if len(values) == rows else np.repeat(values, rows // len(values))
