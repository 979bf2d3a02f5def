"""From what the caller names to a side: a path, a result, or arrays by name."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from rollkit.comparing import artifacts, words
from rollkit.comparing.given import in_memory
from rollkit.comparing.parquet import Trajectories, of_parquet
from rollkit.comparing.sides import Declared, Side
from rollkit.comparing.tables import key_of
from rollkit.errors import DataError, UsageError, shown
from rollkit.predictions.results import EvalResult, read_evaluation
from rollkit.results import RunResult, parsed, read_result, refuse_newer

Given = str | Path | RunResult | EvalResult | Mapping[str, Any]

_MAGIC = b"PAR1"
_EXPECTED = "expected a metrics.json, or a Parquet file of values"


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
        return Side(name=name or what, key=key_of(key), metrics=metrics, table=table)
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
        return of_parquet(path, name)
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
    """The side with the values that were saved beside its artifact, if these are still its own.

    Raises
    ------
    UsageError, DataError
        They are there and cannot be read: without them a comparison sees less, and says so by
        nothing but a note.
    """
    hint = "without the values of each, nothing can be paired"
    for one in saved:
        try:
            file = next(
                (place for place in (path.parent / one, Path(one)) if place.is_file()), None
            )
        except (OSError, ValueError) as error:
            said = error.strerror if isinstance(error, OSError) else error
            raise DataError(
                f"{side.name}: volatile.saved: cannot read {words.short(one)}: {said}"
            ) from None
        if file is None:
            side = side.without_values(f"{side.name}: {words.short(one)} is not there: {hint}")
            continue
        try:
            values = of_parquet(file, shown(str(file)))
        except Trajectories:
            continue
        except (UsageError, DataError) as error:
            raise type(error)(
                f"{side.name}: its values: {error.message}", hint=error.hint
            ) from None
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
    for name, metric in values.metrics.items():
        if metric.version not in (side.metrics[name].version, None):
            return "other versions of metrics"
    for name, value in values.work.items():
        if value != side.work.get(name):
            return f"other {name}"
    if values.cells is not None and values.cells != side.cells:
        return "another source, or other options"
    return None
