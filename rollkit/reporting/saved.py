"""The values that a run or an evaluation has saved beside its artifact, if they are still its."""

from pathlib import Path
from typing import Any

import numpy as np

from rollkit.comparing.reading import side_of
from rollkit.errors import DataError, UsageError
from rollkit.examples.choosing import Result
from rollkit.results import RunResult
from rollkit.values import Values


def saved_values(path: str | Path, result: Result) -> Values | None:
    """The values of an artifact's Parquet file; None where there is none, or that of another."""
    if not result.volatile.get("saved"):
        return None
    try:
        table = side_of(path, "result").table
        if table is None:
            return None
        loaded = table.load(result.metrics)
        columns = {name: loaded.column(name) for name in result.metrics}
    except (DataError, UsageError):  # no reader of Parquet here, or a damaged file
        return None
    keys: dict[str, Any] = {"case": np.asarray(loaded.key, dtype=object)}
    part = "sample"
    if isinstance(result, RunResult):
        keys, part = {"seed": np.asarray(loaded.key, dtype=np.uint64)}, "cell"
    if loaded.part is not None:  # of a sweep, of several samples
        keys[part] = loaded.part
    return Values(keys, columns)
