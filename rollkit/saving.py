"""What a run saves of every rollout: values and trajectories, unit after unit."""

import contextlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rollkit import measure, provenance
from rollkit.cell import Cell, Metric, chunk_in
from rollkit.declare import PresetSpec
from rollkit.errors import Failure, UsageError
from rollkit.execution import Execution
from rollkit.job import Job, Part, Unit, blank
from rollkit.plain import plain
from rollkit.plugins import Registered
from rollkit.presets.results import revision_of
from rollkit.store import Column, Store, store

Presets = Mapping[str, Registered[PresetSpec]]  # those that are loaded, by name


class Saver:
    """Writes parts to the files, and reads back those that are there already."""

    def __init__(
        self,
        job: Job,
        cells: Sequence[Cell],
        about: Sequence[Column],
        values: Store | None,
        trajectories: Store | None,
    ) -> None:
        self._job = job
        self._cells = cells
        self._values = values
        self._trajectories = trajectories
        self._stores = [one for one in (values, trajectories) if one is not None]
        # Units that each file holds; where values are missing, a unit is done again.
        self.done = 0 if values is None else min(one.done for one in self._stores)
        self._next = 0
        self._names = [one.spec.name for one in _metrics(cells)]
        self._about = about  # the columns that say which rollout a row is

    def read(self, unit: Unit) -> Part:
        """The part that an earlier run made of the next unit, as it was."""
        assert self._values is not None
        rows, note = self._values.segment(self._next), self._values.note(self._next)
        self._next += 1
        part = blank(self._job, self._cells[unit.cell], unit)
        size = chunk_in(self._job.cells[unit.cell])
        for start in range(0, unit.rollouts, size):
            here = slice(start, min(start + size, unit.rollouts))
            for name, aggregate in part.aggregates.items():
                aggregate.add(unit.first + start, rows[name][here])
        part.values = {name: rows[name] for name in part.aggregates}
        part.dt, part.steps, part.notes = note["dt"], note["steps"], note["notes"]
        part.reasons = dict(note["reasons"])
        part.faults = {name: Failure(**fault) for name, fault in note["faults"].items()}
        return part

    def append(self, unit: Unit, part: Part) -> None:
        """Write what has just been computed; the files hold it when this returns."""
        common = self._common(unit, part)
        note = {
            "dt": part.dt,
            "steps": part.steps,
            "notes": plain("notes", part.notes),
            "reasons": part.reasons,
            "faults": {name: fault._asdict() for name, fault in part.faults.items()},
        }
        # A file may be ahead of the other: both were written, and the run was ended in between.
        if self._values is not None and self._values.done == self._next:
            missing = {name: measure.undefined((unit.rollouts,)) for name in self._names}
            self._values.append({**common, **missing, **part.values}, note)
        if self._trajectories is not None and self._trajectories.done == self._next:
            self._trajectories.append({**common, **part.trajectories}, note)
        self._next += 1

    def finish(self) -> None:
        """Put the files in their places."""
        for one in self._stores:
            one.finish()

    def abandon(self) -> None:
        """Leave no files."""
        for one in self._stores:
            one.abandon()

    def _common(self, unit: Unit, part: Part) -> dict[str, Any]:
        """Columns that say which rollout a row is."""
        spec = self._cells[unit.cell].spec
        seeds = np.arange(unit.rollouts, dtype=np.uint64) + np.uint64(unit.first)
        same = {
            "cell": unit.cell,
            "source": spec.source,
            "integrator": spec.integrator,
            "dt": part.dt,
            **{f"{_OPTION}{name}": value for name, value in spec.params.items()},
        }
        repeated = {
            one.name: _repeated(same.get(one.name), one.kind, unit.rollouts)
            for one in self._about
            if one.kind != "seed"
        }
        return {"seed": seeds, **repeated}


@contextmanager
def saver(
    execution: Execution, job: Job, cells: Sequence[Cell], presets: Presets
) -> Iterator[Saver]:
    """Open the files that are asked for.

    Raises
    ------
    UsageError, OutputError, DataError
        Nothing to go on from, a place that cannot be written to, another run's file.
    """
    if not execution.files:
        raise UsageError(
            "resume: goes on where an interrupted run left its files, and none is named",
            hint="give --save or --save-trajectories again, as for the run that was interrupted",
        )
    both = (execution.save, execution.save_trajectories)
    if len({one.resolve() for one in both if one is not None}) < sum(map(bool, both)):
        raise UsageError(f"values and trajectories cannot both go to {execution.save}")
    identity = _identity(job, cells)
    about = _about_rollout(cells)
    reserved = {one.name for one in about}
    metrics = _metrics(cells)
    for metric in metrics:
        if metric.spec.name in reserved:
            raise UsageError(
                f"metric {metric.spec.name!r} of {metric.origin} has the name of a column that "
                "every file has",
                hint="call it something else, with @metric(name=...), or choose other metrics",
            )
    numbers = [column_of(one.spec.name, one, presets) for one in metrics]
    with contextlib.ExitStack() as stack:

        def opened(path: Path | None, columns: Sequence[Column], what: str) -> Store | None:
            if path is None:
                return None
            return stack.enter_context(
                store(
                    path,
                    [*about, *columns],
                    identity={"holds": what, **identity},
                    resume=execution.resume,
                    force=execution.force,
                )
            )

        values = opened(execution.save, numbers, "values")
        trajectories = opened(execution.save_trajectories, _SERIES, "trajectories")
        yield Saver(job, cells, about, values, trajectories)


def column_of(name: str, metric: Metric, presets: Presets) -> Column:
    """The column of a metric's values, with all that those who compare them have to know."""
    spec = metric.spec
    declared = {
        "plugin": metric.origin.plugin,
        "version": spec.version,
        "better": spec.better,
        "bounds": list(spec.bounds),
        "preset": spec.preset,
    }
    if spec.preset is not None:
        declared["revision"] = revision_of(presets[spec.preset].spec)
    return Column(name, "number", spec.unit, spec.definition, declared)


_OPTION = "set_"  # before the name of a source's option: a metric may have the same
_SERIES = [
    Column("x", "series", "m", "position at each instant, forward at the start"),
    Column("y", "series", "m", "position at each instant, left at the start"),
    Column("yaw", "series", "rad", "heading at each instant, counter-clockwise, unwrapped"),
    Column("speed", "series", "m/s", "speed at each instant"),
]


def _about_rollout(cells: Sequence[Cell]) -> list[Column]:
    return [
        Column("seed", "seed", "", "the rollout's seed"),
        Column("cell", "count", "", "number of the sweep's cell, from 0"),
        Column("source", "text", "", "where the actions come from"),
        Column("integrator", "text", "", "how they become motion"),
        Column("dt", "number", "s", "time step"),
        *(
            Column(f"{_OPTION}{name}", kind, unit, "option of the source or the integrator")
            for name, (kind, unit) in _options(cells).items()
        ),
    ]


def _options(cells: Sequence[Cell]) -> dict[str, tuple[str, str]]:
    """Kind of column and unit of each option that a source or an integrator of the run has."""
    values: dict[str, list[Any]] = {}
    units: dict[str, str] = {}
    for cell in cells:
        for one in (*cell.source.spec.parameters, *cell.integrator.spec.parameters):
            values.setdefault(one.name, []).append(cell.spec.params[one.name])
            units.setdefault(one.name, one.about.unit)
    return {name: (_kind(some), units[name]) for name, some in values.items()}


def _kind(values: Sequence[Any]) -> str:
    given = [one for one in values if one is not None]
    if all(isinstance(one, bool) for one in values):
        return "flag"
    if all(isinstance(one, int | float) and not isinstance(one, bool) for one in given):
        return "number"
    return "text"


def _repeated(value: Any, kind: str, count: int) -> Any:
    """A column that is the same in every row."""
    if kind == "text":
        text = value if isinstance(value, str) or value is None else json.dumps(plain("", value))
        return [text] * count
    if kind == "count":
        return np.full(count, value, dtype=np.int32)
    if kind == "flag":
        return np.full(count, value)  # None is null, where nan would be true
    return np.full(count, math.nan if value is None else float(value))


def _metrics(cells: Sequence[Cell]) -> list[Metric]:
    """The metrics of all cells, each once."""
    return list({one.spec.name: one for cell in cells for one in cell.metrics}.values())


def _identity(job: Job, cells: Sequence[Cell]) -> dict[str, Any]:
    """All that the numbers depend on."""
    origins = [origin for cell in cells for origin in cell.origins]
    files = [Path(one.file) for one in origins if one.file is not None]
    inputs = [value for one in cells for value in one.spec.params.values()]
    paths = [*files, *(one for one in inputs if isinstance(one, Path))]
    return {
        # However the engine was asked for, it is the one that computes.
        "cells": [replace(one.spec, engine=job.engine).to_dict() for one in cells],
        "rollouts_in_unit": next(job.units()).rollouts,
        "metrics": {one.spec.name: one.spec.version for one in _metrics(cells)},
        "versions": dict(job.versions),
        "inputs": {Path(one["path"]).name: one["sha256"] for one in provenance.fingerprints(paths)},
    }
