"""Parquet files as sides of a comparison: what is in them, before any of it is read."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from rollkit.comparing import artifacts
from rollkit.comparing.sides import Cell, Declared, Side
from rollkit.comparing.tables import KEYS, PARTS, Parquet, key_of, reading
from rollkit.errors import DataError, RollkitError
from rollkit.predictions.spec import EvalSpec
from rollkit.spec import RunSpec
from rollkit.store.columns import KEY, METRIC, needed

_NO_METRICS = {*KEYS, *PARTS.values(), "dt", "steps", "samples"}
_OPTION = "set_"  # before an option's name, in files of ours


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
    parquet = import_module("pyarrow.parquet")
    with reading(name), parquet.ParquetFile(path) as file:
        schema, footer = file.schema_arrow, file.metadata
        twice = [one for one, count in Counter(schema.names).items() if count > 1]
    if twice:
        raise DataError(f"{name}: got several columns {twice[0]!r}, expected each name once")
    identity = _identity(name, schema)
    if identity is not None and identity.get("holds") == "trajectories":
        raise Trajectories(
            f"{name} holds trajectories, expected values",
            hint="`rollkit run --save FILE.parquet` writes the values of every rollout",
        )
    key, part = _keys(name, schema)
    try:
        found = _metrics(schema, (key, part), ours=identity is not None)
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
    """The columns of metrics: those declared so, or of somebody else's file all numbers.

    In the first files of ours no metric was declared: there, too, they are all numbers that are
    no option.
    """
    declared = {one.name: _declared(one) for one in schema if METRIC in (one.metadata or {})}
    if ours and declared:
        return declared
    return {
        one.name: _declared(one)
        for one in schema
        if _may_be_metric(one, keys) and not (ours and one.name.startswith(_OPTION))
    }


def _defined(side: Side, identity: Mapping[str, Any], footer: Any) -> Side:
    """The side with all that rollkit wrote down of the file."""
    dt = _constant(footer, "dt")
    revisions = {
        one.preset: one.revision
        for one in side.metrics.values()
        if one.preset is not None and one.revision is not None
    }
    if "cells" not in identity:
        spec, steps = EvalSpec.from_dict(identity), _constant(footer, "steps")
        time = dt, None if dt is None or steps is None else dt * steps
        return replace(
            side,
            settings={
                **artifacts.of_evaluations(spec, time, {}),
                **artifacts.samples_of_case(*_range(footer, "samples")),
                **artifacts.presets(spec.presets),
                **artifacts.revisions(revisions),
            },
            options=spec.params,
            work={"predictions": spec.predictions},
            together=artifacts.SAMPLES if spec.samples == "all" else None,
        )
    specs = [RunSpec.from_dict(one) for one in identity["cells"]]
    times = [(one.dt, one.horizon) for one in specs]
    if len(specs) == 1 and specs[0].dt is None:
        times = [(dt, specs[0].horizon)]
    integrators = ",".join(dict.fromkeys(one.integrator for one in specs))
    return replace(
        side,
        settings={
            **artifacts.of_runs(integrators, times, specs[0]),
            **artifacts.presets(specs[0].presets),
            **artifacts.revisions(revisions),
        },
        work={"seeds": list(specs[0].seeds)},
        cells=tuple(
            Cell(source=one.source, integrator=one.integrator, params=one.params) for one in specs
        ),
        together=artifacts.CELLS if len(specs) > 1 else None,
    )


def _constant(footer: Any, name: str) -> Any:
    """The value that a column has in every row; None if there is none, or it is not known."""
    least, most = _range(footer, name)
    return least if least == most else None


def _range(footer: Any, name: str) -> tuple[Any, Any]:
    """The least and the greatest value of a column, by the file's statistics; None if not known."""
    values: set[Any] = set()
    for group in range(footer.num_row_groups):
        part = footer.row_group(group)
        at = next((i for i in range(part.num_columns) if part.column(i).path_in_schema == name), -1)
        said = part.column(at).statistics if at >= 0 else None
        if said is None or not said.has_min_max:
            return None, None
        values |= {said.min, said.max}
    return min(values, default=None), max(values, default=None)


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
        revision=said.get("revision"),
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
