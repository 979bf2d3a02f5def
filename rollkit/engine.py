"""From a RunSpec to an outcome: cells, units, whoever does them, and their parts merged."""

import contextlib
import itertools
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rollkit import engines, executors, measure, shipping
from rollkit.aggregate import NOTHING, Summary, Tree
from rollkit.cell import Cell, Metric, resolve
from rollkit.chunk import same_time
from rollkit.errors import (
    ExecutionError,
    Failure,
    PluginError,
    RollkitError,
    UsageError,
)
from rollkit.execution import HERE, LOCAL, Execution
from rollkit.guard import Origin, guarded
from rollkit.job import Job, Part, Unit, Worker
from rollkit.plugins import Plugins
from rollkit.quantiles import for_rollouts
from rollkit.sources import located
from rollkit.spec import RunSpec
from rollkit.values import Kept, Values

if TYPE_CHECKING:
    from rollkit.saving import Saver

Progress = Callable[[int, int], None]


@dataclass
class Measured:
    """One metric's outcome: its statistics, or why there are none."""

    metric: Metric
    summary: Summary = NOTHING
    fault: Failure | None = None
    reason: str | None = None  # why it is undefined for all


@dataclass
class CellOutcome:
    """What came of one cell."""

    cell: Cell
    measured: list[Measured] = field(default_factory=list)
    dt: float | None = None
    steps: int | None = None
    notes: dict[str, Any] = field(default_factory=dict)
    broken: Failure | None = None  # what its source or its integrator did wrong
    kept: Kept = field(default_factory=Kept)  # the values of its rollouts, where they are wanted


@dataclass
class Outcome:
    """All that a run found out; `results` turns it into the artifact."""

    spec: RunSpec
    plugins: Plugins
    job: Job
    cells: list[CellOutcome]
    asked: list[Origin]  # the plugins that were named
    workers: int | None  # None where an executor decides
    measured: list[Measured] = field(default_factory=list)  # over all cells
    failures: list[Failure] = field(default_factory=list)
    saved: bool = False  # whether the files that were asked for are there
    values: Values | None = None  # of all rollouts, where they are to be kept

    @property
    def broken(self) -> list[Failure]:
        """What went wrong in the sources and integrators of cells."""
        return [one.broken for one in self.cells if one.broken is not None]


def execute(
    spec: RunSpec,
    plugins: Plugins,
    *,
    source: Callable[..., Any] | None = None,
    progress: Progress | None = None,
    execution: Execution = HERE,
) -> Outcome:
    """Do a run. Wrong calls and wrong data raise; plugins that fail are recorded instead.

    `source` is the function to draw from where the spec's name for it cannot be looked up.
    """
    places = shipping.places_of(spec)
    named = plugins.load(spec.plugins or ())
    cells = resolve(spec, plugins, named, function=source)
    job = _job(spec, cells, places, source, execution)
    workers = _workers(execution, job)
    if workers != 1 or execution.executor != LOCAL or execution.files:
        job = _packed(job, cells, places, plugins)
    outcome = Outcome(
        spec=_completed(spec, cells, job.engine),
        plugins=plugins,
        job=job,
        cells=[CellOutcome(one) for one in cells],
        asked=[plugins.origins[key] for key in named],
        workers=workers,
    )
    trees: list[Tree[Part]] = [Tree(Part.merged) for _ in cells]
    with _saver(execution, job, cells, plugins) as files:
        _collect(outcome, trees, _parts(outcome, files, execution, progress), progress)
        if files is not None and outcome.broken:
            files.abandon()  # half a file is no file, and going on would break it again
        elif files is not None:
            files.finish()
            outcome.saved = True
    _conclude(outcome, trees)
    if execution.keep_values:
        outcome.values = _values(outcome)
    return outcome


def _workers(execution: Execution, job: Job) -> int | None:
    if execution.executor == LOCAL:
        return executors.workers_for(execution.workers, job)
    return executors.counted(execution.workers)


def _saver(
    execution: Execution, job: Job, cells: list[Cell], plugins: Plugins
) -> "AbstractContextManager[Saver | None]":
    if not (execution.files or execution.resume):
        return contextlib.nullcontext()
    from rollkit.saving import saver  # deferred: most runs save nothing

    return saver(execution, job, cells, plugins.presets)


def _job(
    spec: RunSpec,
    cells: list[Cell],
    places: dict[str, Path],
    source: Callable[..., Any] | None,
    execution: Execution,
) -> Job:
    job = Job(
        cells=tuple(shipping.relocated(one.spec, places) for one in cells),
        function=source,
        keep_values=execution.keep_values or execution.save is not None,
        keep_trajectories=execution.save_trajectories is not None,
    )
    engine, quantiles = engines.choose(spec.engine, job.steps), for_rollouts(job.rollouts)
    return replace(job, engine=engine, quantiles=quantiles)


def _packed(job: Job, cells: list[Cell], places: dict[str, Path], plugins: Plugins) -> Job:
    """The job with all that it takes to do it elsewhere, or at another time."""
    origins = [origin for cell in cells for origin in cell.origins]
    libraries = ["numpy", *engines.libraries(job.engine), *job.quantiles.libraries]
    return replace(
        job,
        files={str(path): path.read_bytes() for path in places.values()},
        versions=shipping.versions_of(origins, libraries),
        failing=tuple(one.plugin for one in plugins.failures),
    )


def _completed(spec: RunSpec, cells: list[Cell], engine: str) -> RunSpec:
    """The spec as the artifact records it: names as they are, values as they were understood."""
    specs = [one.spec for one in cells]
    if len(specs) == 1:
        return replace(specs[0], engine=engine)

    def all_of(values: Iterable[Any]) -> tuple[Any, ...]:
        different: list[Any] = []  # not a set: an option may be a list
        for one in values:
            if one not in different:
                different.append(one)
        return tuple(different)

    return replace(
        spec,
        source=",".join(all_of(one.source for one in specs)),
        integrator=",".join(all_of(one.integrator for one in specs)),
        params={name: specs[0].params[name] for name in spec.params},
        grid={name: all_of(one.params[name] for one in specs) for name in spec.grid},
        engine=engine,
    )


def _parts(
    outcome: Outcome, files: "Saver | None", execution: Execution, progress: Progress | None
) -> Generator[Part, None, None]:
    """The parts of all units in order: those that a file holds already, then the rest."""
    job = outcome.job
    units, expected = itertools.tee(job.units())
    total, done = job.rollouts, 0
    if files is not None:
        for unit in itertools.islice(units, files.done):
            part = files.read(unit)
            next(expected)
            done += part.rollouts
            yield _kept(outcome, unit, part, execution)

    def advance(rollouts: int) -> None:
        if progress is not None:
            progress(done + rollouts, total)

    def alive(some: Iterator[Unit]) -> Iterator[Unit]:
        return (unit for unit in some if outcome.cells[unit.cell].broken is None)

    left = alive(expected)
    for part in _computed(outcome, alive(units), execution, advance):
        done += part.rollouts
        if outcome.cells[part.cell].broken is None:
            covered = _covered(left, part, execution)
            if files is not None and part.broken is None and not outcome.broken:
                files.append(covered[0], part)
            yield _kept(outcome, covered[0], part, execution)
    if (lost := next(left, None)) is not None:
        raise _unexpected(execution, "nothing", lost)


def _kept(outcome: Outcome, unit: Unit, part: Part, execution: Execution) -> Part:
    """The part without what is kept elsewhere, on the disk or in the outcome."""
    if execution.keep_values and part.broken is None:
        keys = _keys(outcome, unit.cell, unit.first, part.rollouts)
        outcome.cells[unit.cell].kept.add(keys, part.values)
    return replace(part, values={}, trajectories={})


def _keys(
    outcome: Outcome, cell: int, first: int, rollouts: int
) -> dict[str, npt.NDArray[np.generic]]:
    """What rows of values belong to."""
    seeds = np.arange(rollouts, dtype=np.uint64) + np.uint64(first)
    return {"seed": seeds, **({"cell": np.full(rollouts, cell)} if len(outcome.cells) > 1 else {})}


def _values(outcome: Outcome) -> Values:
    """The values of all rollouts; what failed has none, neither half a cell nor half a metric."""
    kept = Kept()
    for one in outcome.cells:
        if one.broken is None:
            failed = {each.metric.spec.name for each in one.measured if each.fault is not None}
            kept = kept.joined(one.kept.without(failed))
    names = [one.metric.spec.name for one in outcome.measured]
    return kept.values(names, _keys(outcome, 0, 0, 0))


def _covered(left: Iterator[Unit], part: Part, execution: Execution) -> list[Unit]:
    """The units that a part is made of: the next ones that are left, or something is wrong.

    Whoever computes a run may be somebody else's code, and a rollout must not be lost, nor counted
    twice, nor stand under another seed.
    """
    first = next(left, None)
    if first is None:
        raise _unexpected(execution, f"{part.rollouts} rollouts more", None)
    units = [first]
    if part.broken is None:
        while sum(one.rollouts for one in units) < part.rollouts and (more := next(left, None)):
            units.append(more)
    same = (part.cell, part.number) == (first.cell, first.number)
    whole = part.broken is not None or sum(one.rollouts for one in units) == part.rollouts
    if not same or not whole or len({one.cell for one in units}) > 1:
        got = f"{part.rollouts} rollouts of cell {part.cell}, from unit {part.number} on"
        raise _unexpected(execution, got, first)
    if (execution.files or execution.keep_values) and len(units) > 1:
        raise _unexpected(execution, f"{len(units)} units merged, without their values", first)
    return units


def _unexpected(execution: Execution, got: str, unit: Unit | None) -> ExecutionError:
    wanted = "no more"
    if unit is not None:
        last = unit.first + unit.rollouts - 1
        wanted = f"seeds {unit.first} to {last} of cell {unit.cell}, each rollout once"
    return ExecutionError(f"executor {execution.executor} returned {got}; expected {wanted}")


def _computed(
    outcome: Outcome, units: Iterator[Unit], execution: Execution, advance: Callable[[int], None]
) -> Iterator[Part]:
    job, cells = outcome.job, [one.cell for one in outcome.cells]
    if execution.executor == LOCAL:
        if execution.scheduler is not None:
            raise UsageError(
                "scheduler: the local executor has none", hint="name the executor too: dask"
            )
        count = outcome.workers or 1
        yield from executors.locally(job, Worker(job, cells), units, count, advance)
        return
    chosen = outcome.plugins.executor(execution.executor)
    with guarded(
        chosen.origin, "execute", subject=chosen.spec.name, passing=(RollkitError,)
    ) as attempt:
        yield from chosen.spec.function(
            job, units, workers=outcome.workers or "auto", scheduler=execution.scheduler
        )
    if attempt.fault is not None:
        raise PluginError(attempt.fault)


def _collect(
    outcome: Outcome,
    trees: list[Tree[Part]],
    parts: Generator[Part, None, None],
    progress: Progress | None,
) -> None:
    """Merge the parts of each cell; one whose source or integrator failed leaves others alone."""
    done = 0
    with contextlib.closing(parts):
        for part in parts:
            one = outcome.cells[part.cell]
            if one.broken is None and part.broken is not None:
                one.broken = part.broken
                if len(outcome.broken) == len(outcome.cells):
                    return
            if one.broken is None:
                if one.dt is None or one.steps is None:
                    one.dt, one.steps, one.notes = part.dt, part.steps, dict(part.notes)
                with located(one.cell.source):
                    same_time(part, one)
                trees[part.cell].add(part, part.level)
            done += part.rollouts
            if progress is not None:
                progress(done, outcome.job.rollouts)


def _conclude(outcome: Outcome, trees: list[Tree[Part]]) -> None:
    """Sum up each cell, and all of them together."""
    roots = [
        None if one.broken else tree.root() for one, tree in zip(outcome.cells, trees, strict=True)
    ]
    for one, root in zip(outcome.cells, roots, strict=True):
        one.measured = [_measured(metric, root, one.broken) for metric in one.cell.metrics]
    every = [measured for one in outcome.cells for measured in one.measured]
    broken = outcome.broken
    failed = [*outcome.plugins.failures, *broken, *(one.fault for one in every if one.fault)]
    outcome.failures = list(dict.fromkeys(failed))
    if len(outcome.cells) == 1:
        outcome.measured = outcome.cells[0].measured
        return
    total: Part | None = None
    for root in roots:
        if root is not None:
            total = root if total is None else total.joined(root)
    metrics = {one.metric.spec.name: one.metric for one in every}
    # Part of a sweep is no sweep: what a cell lacks, the whole lacks.
    fault = broken[0] if broken else None
    outcome.measured = [_measured(metric, total, fault) for metric in metrics.values()]
    for total_of in outcome.measured:
        # The cells share their seeds: their rollouts are no independent draws.
        summary = replace(total_of.summary, stderr=None, ci95_low=None, ci95_high=None)
        total_of.summary = summary


def _measured(metric: Metric, part: Part | None, broken: Failure | None) -> Measured:
    """Sum a metric up. Statistics of a part of the run would look like statistics of the run."""
    one = Measured(metric)
    spec = metric.spec
    if part is None or broken is not None:
        one.fault = broken
        return one
    one.reason = part.reasons.get(spec.name)
    one.fault = part.faults.get(spec.name)
    if one.fault is not None:
        return one
    with guarded(metric.origin, "validate", subject=spec.name, function=spec.function) as attempt:
        one.summary = measure.stated(part.aggregates[spec.name])
    one.fault = attempt.fault
    return one
