"""What a column holds, and the way between NumPy's arrays and Arrow's tables."""

import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from rollkit.errors import DataError, UsageError
from rollkit.layout import Array

# Keys of the schema's metadata.
KEY = b"rollkit"  # by it a file is known as ours
METRIC = b"rollkit_metric"  # of a column: what the metric is declared to be
NOTE = b"rollkit_note"  # of a segment
NOTES = b"rollkit_notes"  # of the Parquet file: those of all segments

# Text is plain text to every reader; that it repeats is the encoding's business. A list's item is
# named as the Parquet standard names it, so that the type is the same when it is read back.
_TYPES = {
    "seed": "uint64",
    "count": "int32",
    "number": "float64",
    "text": "string",
    "flag": "bool",
}


class Column(NamedTuple):
    """One column: its name, what kind of values it holds, their unit and what they are.

    `kind` is `seed` (uint64), `count` (int32), `number` (float64, nan is stored as null), `text`,
    `flag` (bool) or `series` (float64, one list a row, all rows of a segment of one length).
    `metric` is what else a metric is declared to be.
    """

    name: str
    kind: str
    unit: str = ""
    about: str = ""
    metric: Mapping[str, Any] | None = None


def needed(module: str, what: str, doing: str = "writing Parquet") -> Any:
    """An optional library, imported only where it is used: it takes a tenth of a second.

    Raises
    ------
    UsageError
        It is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        library = module.split(".")[0]
        if error.name != library:  # installed, but broken
            raise
        raise UsageError(
            f"{what}: {doing} needs {library}, which is not installed",
            hint="pip install 'rollkit[parquet]'",
        ) from None


def first_line(error: Exception) -> str:
    """What the error says, as far as an error of one line has room for it."""
    return f"{error}".partition("\n")[0] or type(error).__name__


def schema_of(columns: Sequence[Column], identity: Mapping[str, Any]) -> Any:
    """The Arrow schema: each field carries its unit and meaning, the whole the run's identity."""
    names = [column.name for column in columns]
    if len(set(names)) < len(names):
        raise DataError(f"columns: got {', '.join(names)}, expected each name once")
    arrow = import_module("pyarrow")
    series = arrow.list_(arrow.field("element", arrow.float64()))
    fields = [
        arrow.field(
            column.name,
            series if column.kind == "series" else _TYPES[column.kind],
            metadata=_metadata(column),
        )
        for column in columns
    ]
    # Sorted: the order in which options were given must not change the bytes.
    text = json.dumps(identity, ensure_ascii=False, allow_nan=False, sort_keys=True)
    return arrow.schema(fields, metadata={KEY: text})


def _metadata(column: Column) -> dict[str | bytes, str]:
    said: dict[str | bytes, str] = {"unit": column.unit, "about": column.about}
    if column.metric is not None:
        said[METRIC] = json.dumps(column.metric, ensure_ascii=False, sort_keys=True)
    return said


def described(schema: Any) -> dict[str, Any]:
    """What must be the same for two runs to be one, as strict JSON values.

    Raises
    ------
    ValueError
        The schema is none of rollkit's.
    """
    fields = {}
    for field in schema:
        notes = field.metadata or {}
        unit, about = (notes.get(key, b"").decode() for key in (b"unit", b"about"))
        fields[field.name] = {"type": str(field.type), "unit": unit, "about": about}
        if METRIC in notes:
            fields[field.name]["metric"] = json.loads(notes[METRIC])
    identity = json.loads((schema.metadata or {}).get(KEY, b""))
    if not isinstance(identity, dict):
        raise ValueError(f"identity: got {identity!r}, expected an object")
    return {"identity": identity, "columns": schema.names, "column": fields}


def to_table(schema: Any, columns: Sequence[Column], rows: Mapping[str, Any]) -> Any:
    """The rows as an Arrow table.

    Raises
    ------
    DataError
        A column is missing, or holds what its kind cannot.
    """
    names = [column.name for column in columns]
    if rows.keys() != set(names):
        raise DataError(f"rows: got columns {', '.join(rows)}, expected {', '.join(names)}")
    arrays = [
        _encoded(column, rows[column.name], field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    lengths = {name: len(array) for name, array in zip(names, arrays, strict=True)}
    if len(set(lengths.values())) > 1:
        raise DataError(f"rows: got columns of lengths {lengths}, expected one length")
    return import_module("pyarrow").Table.from_arrays(arrays, schema=schema)


def to_arrays(columns: Sequence[Column], table: Any) -> dict[str, Array]:
    """The columns of a table as arrays, which may be read-only; null is nan, or None in a text."""
    return {
        column.name: _decoded(column.kind, table.column(column.name).combine_chunks())
        for column in columns
    }


def _encoded(column: Column, values: Any, kind: Any) -> Any:
    arrow = import_module("pyarrow")
    try:
        if column.kind == "number":
            return arrow.array(np.asarray(values, dtype=np.float64), from_pandas=True)
        if column.kind == "series":
            block = np.ascontiguousarray(values, dtype=np.float64)
            rows, length = block.shape
            starts = arrow.array(np.arange(rows + 1) * length, type=arrow.int32())
            items = arrow.array(block.ravel(), from_pandas=True)
            return arrow.ListArray.from_arrays(starts, items, type=kind)
        # By way of NumPy: from a list, Arrow would make a count of 1.5 a 1 without a word.
        exact = values if column.kind == "text" else np.asarray(values)
        return arrow.array(exact, type=kind)
    except (arrow.ArrowException, OverflowError, TypeError, ValueError) as error:
        raise DataError(
            f"column {column.name!r}: {error}; expected a {column.kind} a row"
        ) from None


def _decoded(kind: str, column: Any) -> Array:
    if kind != "series":
        return np.asarray(column.to_numpy(zero_copy_only=False))
    items = np.asarray(column.flatten().to_numpy(zero_copy_only=False))
    return items.reshape(len(column), -1) if len(column) else items.reshape(0, 0)
