"""Parquet tables: columns `t`, `x`, `y` and optionally `yaw`. Needs the extra `parquet`."""

from importlib import import_module
from pathlib import Path

import numpy as np

from rollkit import DataError, UsageError
from rollkit.arrays import Array
from rollkit_logs.poses import PoseLog, Rows
from rollkit_logs.readers.columns import FRAME, chosen

SUFFIXES = (".parquet", ".pq")
_MAGIC = b"PAR1"


def recognises(line: str) -> bool:
    """Whether a file starts as Parquet does."""
    return line.startswith(_MAGIC.decode())


def read(path: Path, content: bytes) -> PoseLog:
    """The poses of a Parquet file."""
    if not content.startswith(_MAGIC):
        raise DataError(f"{path}: starts with {content[:4]!r}, expected Parquet's {_MAGIC!r}")
    try:
        # Here, not above: pyarrow takes a tenth of a second that no other format should pay.
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":  # installed, but broken
            raise
        raise UsageError(
            f"{path}: reading Parquet needs pyarrow, which is not installed",
            hint="pip install 'rollkit[parquet]'",
        ) from None
    try:
        file = parquet.ParquetFile(arrow.BufferReader(content))
        names = chosen(path, file.schema_arrow.names)
        table = file.read(columns=names)
    except (arrow.ArrowException, OSError) as error:
        raise DataError(f"{path}: is no Parquet file that pyarrow reads: {error}") from None
    rows = Rows(path, range(1, table.num_rows + 1), tabular=True)
    values = {name: _column(rows, name, table.column(name)) for name in names}
    return PoseLog(
        rows=rows,
        frame=FRAME,
        x=values["x"],
        y=values["y"],
        yaw=values.get("yaw"),
        time=values["t"],
    )


def _column(rows: Rows, name: str, column: object) -> Array:
    """One column as numbers; a null reads as nan, which the checks then refuse by its row."""
    array = np.asarray(column)
    if array.dtype.kind not in "iuf":
        kind = getattr(column, "type", array.dtype)
        raise DataError(f"{rows.path}: column {name!r}: got {kind}, expected numbers")
    return array.astype(np.float64)
