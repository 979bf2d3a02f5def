"""The actions of every case in a Parquet file, `--save`: one row a case, sample and method."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from rollkit.arrays import Array
from rollkit.fitting.comparing import Fitted
from rollkit.plain import plain
from rollkit.store import Column, Store, store

_COLUMNS = [
    Column("case", "text", "", "id of the case"),
    Column("sample", "count", "", "number of the sample, from 0"),
    Column("method", "text", "", "how the actions were recovered"),
    Column("integrator", "text", "", "what they are meant for"),
    Column("dt", "number", "s", "time step"),
    Column("x0", "number", "m", "position at the start"),
    Column("y0", "number", "m", "position at the start"),
    Column("yaw0", "number", "rad", "yaw at the start"),
    Column("speed0", "number", "m/s", "speed at the start"),
    Column("accel", "series", "m/s^2", "acceleration over each step"),
    Column("curvature", "series", "1/m", "path curvature over each step"),
]


class Saver(ExitStack):
    """The file to save to, if any.

    Raises
    ------
    UsageError, OutputError
        A library is missing; a place that cannot be written to.
    """

    def __init__(
        self,
        path: Path | None,
        identity: Mapping[str, Any],
        *,
        force: bool,
    ) -> None:
        super().__init__()
        self._file: Store | None = None
        if path is not None:
            made = store(path, _COLUMNS, identity=plain("fit", identity), force=force)
            self._file = self.enter_context(made)

    def append(self, cases: Sequence[str], method: str, made: Fitted) -> None:
        """The actions `(n, K, T)` of the next cases."""
        if self._file is None:
            return
        samples = made.actions.batch[1]
        rows = len(cases) * samples
        initial, actions = made.initial, made.actions
        self._file.append(
            {
                "case": [case for case in cases for _ in range(samples)],
                "sample": np.tile(np.arange(samples), len(cases)),
                "method": [method] * rows,
                "integrator": [made.integrator] * rows,
                "dt": np.full(rows, actions.dt),
                "x0": initial.x.reshape(-1),
                "y0": initial.y.reshape(-1),
                "yaw0": initial.yaw.reshape(-1),
                "speed0": initial.speed.reshape(-1),
                "accel": _by_row(actions.accel),
                "curvature": _by_row(actions.curvature),
            }
        )

    def finish(self) -> None:
        """Move the file to its place."""
        if self._file is not None:
            self._file.finish()


def _by_row(values: Array) -> Array:
    return values.reshape(-1, values.shape[-1])
