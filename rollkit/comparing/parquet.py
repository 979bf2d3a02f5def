"""Parquet files as sides of a comparison: what is in them, before any of it is read."""

import json
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from rollkit.comparing import artifacts
from rollkit.comparing.sides import Cell, Declared, Side
from rollkit.comparing.tables import KEYS, PARTS, Parquet, damaged, key_of
from rollkit.errors import DataError, RollkitError
from rollkit.predictions.spec import EvalSpec
from rollkit.spec import RunSpec
from rollkit.store.columns import KEY, METRIC, needed

_NO_METRICS = {*KEYS, *PARTS.values(), "dt", "steps"}


class Trajectories(DataError):
    """A file of trajectories, which have no values."""


def of_parquet(path: Path, name: str) -> Side:
    """A file of values: rollkit's own, or somebody else's with a key and columns of numbers.

    Raises
    ------
    UsageError, DataError
        pyarrow is not installed; a file that is damaged, or holds nothing to compare.
    """
    needed("pyarrow", name, "reading Parquet")
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    try:
        with parquet.ParquetFile(path) as file:
            schema, footer = file.schema_arrow, file.metadata
    except (arrow.ArrowException, OSError) as error:
        raise damaged(name, error) from None
    identity = _identity(name, schema)
    if identity is not None and identity.get("holds") == "trajectories":
        raise Trajectories(
            f"{name} holds trajectories, expected values",
            hint="`rollkit run --save FILE.parquet` writes the values of every rollout",
        )
    key, part = _keys(name, schema)
    ours = identity is not None
    try:
        found = _metrics(schema, (key, part), ours=ours)
        side = Side(name=name, key=key_of(key), metrics=found, table=Parquet(path, name, key, part))
        side = side if identity is None else _defined(side, identity, footer)
    except (IndexError, KeyError, TypeError, ValueError) as error:
        said = error.message if isinstance(error, RollkitError) else repr(error)
        raise DataError(f"{name}: its description is damaged: {said}") from None
    if not found:
        raise DataError(
            f"{name} has no column of numbers beside {key}; got {_listed(schema.names)}",
            hint="a metric is a column with one number a row",
        )
    return side


def _keys(name: str, schema: Any) -> tuple[str, str | None]:
    """The columns that say whose a row is, and which of its rows."""
    key = next((one for one in KEYS if one in schema.names), None)
    if key is None:
        raise DataError(
            f"{name} has no column {', '.join(KEYS[:-1])} or {KEYS[-1]}, which say whose each "
            f"row is; got {_listed(schema.names)}"
        )
    part = PARTS[key] if PARTS[key] in schema.names else None
    for one, text in ((key, True), (part, False)):
        if one is not None and not _is_key(schema.field(one).type, text=text):
            expected = "whole numbers or text" if text else "whole numbers"
            raise DataError(
                f"{name}: column {one}: got {schema.field(one).type}, expected {expected}"
            )
    return key, part


def _metrics(schema: Any, keys: tuple[str | None, ...], *, ours: bool) -> dict[str, Declared]:
    """The columns of metrics: those declared so, or of somebody else's file all numbers."""
    return {
        one.name: _declared(one)
        for one in schema
        if (METRIC in (one.metadata or {}) if ours else _may_be_metric(one, keys))
    }


def _defined(side: Side, identity: Mapping[str, Any], footer: Any) -> Side:
    """The side with all that rollkit wrote down of the file."""
    every = (_constant(footer, "dt"), _constant(footer, "steps"))
    if "cells" not in identity:
        spec = EvalSpec.from_dict(identity)
        time = every[0], None if None in every else every[0] * every[1]
        return replace(
            side,
            settings={
                **artifacts.of_evaluations(spec, time, {}),
                **artifacts.presets(spec.presets),
            },
            options=spec.params,
            work={"predictions": spec.predictions},
            together=artifacts.SAMPLES if spec.samples == "all" else None,
        )
    specs = [RunSpec.from_dict(one) for one in identity["cells"]]
    times = [(one.dt, one.horizon) for one in specs]
    if len(specs) == 1 and specs[0].dt is None:
        times = [(every[0], specs[0].horizon)]
    integrators = ",".join(dict.fromkeys(one.integrator for one in specs))
    return replace(
        side,
        settings={
            **artifacts.of_runs(integrators, times, specs[0]),
            **artifacts.presets(specs[0].presets),
        },
        work={"seeds": list(specs[0].seeds)},
        cells=tuple(
            Cell(source=one.source, integrator=one.integrator, params=one.params) for one in specs
        ),
        together=artifacts.CELLS if len(specs) > 1 else None,
    )


def _constant(footer: Any, name: str) -> Any:
    """The value that a column has in every row, by the file's statistics; None if not known."""
    values: set[Any] = set()
    for group in range(footer.num_row_groups):
        part = footer.row_group(group)
        at = next((i for i in range(part.num_columns) if part.column(i).path_in_schema == name), -1)
        said = part.column(at).statistics if at >= 0 else None
        if said is None or not said.has_min_max:
            return None
        values |= {said.min, said.max}
    return values.pop() if len(values) == 1 else None


def _identity(name: str, schema: Any) -> Mapping[str, Any] | None:
    """What rollkit says of the file; None where somebody else made it."""
    text = (schema.metadata or {}).get(KEY)
    if text is None:
        return None
    try:
        identity = json.loads(text)
    except (ValueError, RecursionError):
        identity = None
    if not isinstance(identity, dict):
        raise DataError(f"{name}: its description is damaged: got {text[:40]!r}")
    return identity


def _declared(field: Any) -> Declared:
    notes = field.metadata or {}
    unit = notes[b"unit"].decode() if b"unit" in notes else None
    about = notes[b"about"].decode() if b"about" in notes else None
    if METRIC not in notes:
        return Declared(unit=unit, definition=about)
    said = json.loads(notes[METRIC])
    low, high = said["bounds"]
    return Declared(
        unit=unit,
        better=said["better"],
        bounds=(low, high),
        version=said["version"],
        definition=about,
        preset=said["preset"],
    )


def _may_be_metric(field: Any, keys: tuple[str | None, ...]) -> bool:
    """Whether a column of somebody else's is taken for a metric: numbers that are no keys."""
    types = import_module("pyarrow").types
    tests = (types.is_integer, types.is_floating, types.is_boolean, types.is_decimal)
    name = field.name
    if name in keys or name in _NO_METRICS or name.startswith("__"):
        return False
    return any(test(field.type) for test in tests)


def _is_key(kind: Any, *, text: bool) -> bool:
    """Whether it holds whole numbers, or text, each once or by its number in a list."""
    types = import_module("pyarrow").types
    if text and types.is_dictionary(kind):
        kind = kind.value_type
    texts = (types.is_string, types.is_large_string) if text else ()
    return any(test(kind) for test in (types.is_integer, *texts))


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return (", ".join(names[:6]) + more) or "no columns"
