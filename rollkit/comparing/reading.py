"""From what the caller names to a side: a path, a result, or arrays by name."""

import json
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from rollkit.comparing import artifacts
from rollkit.comparing.sides import Cell, Declared, Key, Side
from rollkit.comparing.tables import KEYS, PARTS, Parquet, damaged, in_memory
from rollkit.errors import DataError, RollkitError, UsageError, shown
from rollkit.predictions.results import EvalResult, read_evaluation
from rollkit.predictions.spec import EvalSpec
from rollkit.results import RunResult, parsed, read_result, refuse_newer
from rollkit.spec import RunSpec
from rollkit.store.columns import KEY, METRIC, needed

Given = str | Path | RunResult | EvalResult | Mapping[str, Any]

_MAGIC = b"PAR1"
_EXPECTED = "expected a metrics.json, or a Parquet file of values"
_NO_METRICS = {*KEYS, *PARTS.values(), "dt", "steps"}


def side_of(given: Given, what: str, name: str | None = None) -> Side:
    """What is to be compared. `what` is the argument's name, `name` what the side is called.

    Raises
    ------
    UsageError, DataError
        Nothing that can be compared; a file that is missing, damaged, or of another kind.
    """
    if isinstance(given, RunResult):
        return artifacts.of_run(given, name or what)
    if isinstance(given, EvalResult):
        return artifacts.of_evaluation(given, name or what)
    if isinstance(given, Mapping):
        try:
            key, table, names = in_memory(given)
        except (UsageError, DataError) as error:
            raise type(error)(f"{what}: {error.message}", hint=error.hint) from None
        metrics = {one: Declared() for one in names}
        return Side(name=name or what, key=_key(key), metrics=metrics, table=table)
    if not isinstance(given, str | Path):
        raise UsageError(
            f"{what}: got {type(given).__name__}, expected a path, a result, or arrays by name"
        )
    path = Path(given)
    side = _of_file(path, name or shown(str(path)))
    return replace(side, files=(path, *side.files))


def _of_file(path: Path, name: str) -> Side:
    try:
        if path.is_dir():
            raise DataError(f"{name} is a folder; {_EXPECTED}")
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        said = error.strerror if isinstance(error, OSError) else error
        raise DataError(f"cannot read {name}: {said}") from None
    if not head:
        raise DataError(f"{name} is empty; {_EXPECTED}")
    if head == _MAGIC:
        return _of_parquet(path, name)
    if path.suffix == ".parquet":
        raise DataError(f"{name} is no Parquet file, whatever its name says; {_EXPECTED}")
    return _of_artifact(path, name)


def _of_artifact(path: Path, name: str) -> Side:
    data = parsed(path)
    refuse_newer(path, data)
    if "eval" in data:
        evaluation = read_evaluation(path)
        side, saved = artifacts.of_evaluation(evaluation, name), evaluation.volatile
    elif "run" in data:
        run = read_result(path)
        side, saved = artifacts.of_run(run, name), run.volatile
    else:
        raise DataError(f"{name} records neither a run nor an evaluation; {_EXPECTED}")
    return _with_values(side, path, saved.get("saved") or [])


def _with_values(side: Side, path: Path, saved: list[str]) -> Side:
    """The side with the values that were saved beside its artifact, if these are still its own."""
    hint = "without the values of each, nothing can be paired"
    for one in saved:
        places = [path.parent / one, Path(one)]
        file = next((place for place in places if place.is_file()), None)
        if file is None:
            side = side.without_values(f"{side.name}: {one} is not there: {hint}")
            continue
        try:
            values = _of_parquet(file, shown(str(file)))
        except Trajectories:
            continue
        except (UsageError, DataError) as error:
            side = side.without_values(f"{side.name}: {error.message}: {hint}")
            continue
        other = _other_work(side, values)
        if other is not None:
            side = side.without_values(
                f"{side.name}: {values.name} holds the values of something else ({other}): {hint}"
            )
            continue
        return replace(side, table=values.table, files=(file,))
    return side


def _other_work(side: Side, values: Side) -> str | None:
    """What says that the values are not those of this artifact; None where nothing does."""
    if side.key != values.key or not values.settings:
        return "another kind of work"
    if set(side.metrics) != set(values.metrics):
        return "other metrics"
    versions = [{n: m.version for n, m in one.metrics.items()} for one in (side, values)]
    if versions[0] != versions[1]:
        return "other versions of metrics"
    for name, value in values.work.items():
        if value != side.work.get(name):
            return f"other {name}"
    if values.cells is not None and values.cells != side.cells:
        return "another source, or other options"
    return None


class Trajectories(DataError):
    """A file of trajectories, which have no values."""


def _of_parquet(path: Path, name: str) -> Side:
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
        side = Side(name=name, key=_key(key), metrics=found, table=Parquet(path, name, key, part))
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


def _key(name: str | None) -> Key | None:
    return None if name is None else "seed" if name == "seed" else "case"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return (", ".join(names[:6]) + more) or "no columns"
