"""A run as those who compute it need it: a job of units, each done anywhere into a part.

A unit is a few chunks of one cell. Whoever does it (this process, another one, another machine)
loads the job's plugins once, checks that its versions are those of the run, and hands back a part:
statistics that merge and, where they are to be kept, the values themselves.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from rollkit import measure, memory
from rollkit.aggregate import Aggregate
from rollkit.cell import Cell, chunk_in, steps_in
from rollkit.chunk import Chunk, same_time, work_through
from rollkit.draws import Draws
from rollkit.errors import Failure, RollkitError, portable
from rollkit.guard import failure
from rollkit.layout import Array
from rollkit.quantiles import Exact, Sketch
from rollkit.shipping import unpack
from rollkit.sources import Source, located
from rollkit.spec import RunSpec

CHUNKS = 8  # in a unit of a large run: 16,384 rollouts of usual length
_UNITS = 8  # of fewer a run is not made, if it has as many chunks: slow sources are shared too
POSES = ("x", "y", "yaw", "speed")  # of each instant of a trajectory


class Unit(NamedTuple):
    """Consecutive seeds of one cell."""

    number: int  # among the units of its cell
    cell: int
    first: int
    rollouts: int


@dataclass
class Part:
    """What came of a unit, or of 2^level neighbours merged."""

    cell: int
    number: int  # of its first unit
    rollouts: int
    level: int = 0
    dt: float | None = None
    steps: int | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)
    aggregates: dict[str, Aggregate] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    faults: dict[str, Failure] = field(default_factory=dict)
    broken: Failure | None = None
    values: dict[str, Array] = field(default_factory=dict)  # (n,) each, where the job keeps them
    trajectories: dict[str, Array] = field(default_factory=dict)  # (n, T+1) of x, y, yaw, speed

    def take(self, chunk: Chunk, first_seed: int, source: Source) -> None:
        """Take in the next chunk."""
        self.broken = chunk.broken
        if chunk.broken is not None or chunk.dt is None or chunk.steps is None:
            return
        if self.dt is None or self.steps is None:
            self.dt, self.steps, self.notes = chunk.dt, chunk.steps, chunk.notes
        with located(source):
            same_time(chunk, self)
        self.reasons.update(chunk.reasons)
        self.faults = {**chunk.faults, **self.faults}  # of each metric the first
        for name, values in chunk.values.items():
            self.aggregates[name].add(first_seed, values)

    def merged(self, later: "Part") -> "Part":
        """Both as one, the later's seeds coming after these; neither is changed.

        Values and trajectories are left out: who keeps them takes them from the single units.
        """
        if self.broken is not None or later.broken is not None:
            return replace(self, broken=self.broken or later.broken)
        same_time(later, self)
        return replace(self.joined(later), level=self.level + 1, values={}, trajectories={})

    def joined(self, later: "Part") -> "Part":
        """Both as one, where they may be of different cells: metrics that only one has are kept."""
        mine, theirs = self.aggregates, later.aggregates
        both = {name: mine[name].merged(theirs[name]) for name in mine.keys() & theirs.keys()}
        return replace(
            self,
            rollouts=self.rollouts + later.rollouts,
            aggregates={**theirs, **mine, **both},
            reasons={**later.reasons, **self.reasons},
            faults={**later.faults, **self.faults},  # of each metric the first
        )


@dataclass(frozen=True)
class Job:
    """A run to be computed, in values that travel.

    Attributes
    ----------
    cells : tuple of RunSpec
        Completed specs, one source and one integrator each.
    engine : {"numpy", "numba"}
    quantiles : Exact or Sketch
    keep_values, keep_trajectories : bool
        Whether parts carry them.
    function : callable, optional
        The source, where no name finds it.
    files : mapping of name to content
        The plugins that are files, as they were named, and what is in them.
    versions : mapping of name to version
        What the numbers depend on; whoever does a unit must have the same.
    failing : tuple of str
        Plugins that do not load, which the run has recorded.
    """

    cells: tuple[RunSpec, ...]
    engine: str = "numpy"
    quantiles: type[Exact] | type[Sketch] = Exact
    keep_values: bool = False
    keep_trajectories: bool = False
    function: Any = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    failing: tuple[str, ...] = ()

    @property
    def rollouts(self) -> int:
        """Rollouts in all cells."""
        return sum(stop - first for first, stop in (one.seeds for one in self.cells))

    @property
    def steps(self) -> int | None:
        """Steps of all rollouts together, where they are known beforehand."""
        total = 0
        for one in self.cells:
            steps = steps_in(one)
            if steps is None:
                return None
            total += steps * (one.seeds[1] - one.seeds[0])
        return total

    @property
    def count(self) -> int:
        """Units in all cells."""
        return sum(len(_starts(one)) for one in self.cells)

    def units(self) -> Iterator[Unit]:
        """All units, in order."""
        for cell, spec in enumerate(self.cells):
            starts, stop = _starts(spec), spec.seeds[1]
            for number, start in enumerate(starts):
                yield Unit(number, cell, start, min(starts.step, stop - start))


def _starts(spec: RunSpec) -> range:
    """The first seed of each unit: which seeds are a unit depends on the spec alone."""
    (first, stop), chunk = spec.seeds, chunk_in(spec)
    chunks = max(1, min(CHUNKS, -(-(stop - first) // chunk) // _UNITS))
    return range(first, stop, chunks * chunk)


def blank(job: Job, cell: Cell, unit: Unit) -> Part:
    """The part of a unit before anything is known of it."""
    part = Part(unit.cell, unit.number, unit.rollouts)
    for metric in cell.metrics:
        aggregate = Aggregate(job.quantiles(), unit.cell if len(job.cells) > 1 else None)
        part.aggregates[metric.spec.name] = aggregate
    return part


class Worker:
    """Does units of a job, its plugins loaded once."""

    def __init__(self, job: Job, cells: list[Cell] | None = None) -> None:
        memory.keep()
        self._job = job
        self._places: dict[str, str] = {}
        if cells is None:
            cells, self._places = unpack(
                job.cells, job.files, job.versions, job.function, job.failing
            )
        self._cells = cells

    def do(self, unit: Unit, progress: Callable[[int], None] | None = None) -> Part:
        """The part that this unit makes.

        Raises
        ------
        UsageError, DataError
            Wrong options or wrong data; what plugins do wrong is in the part.
        """
        try:
            part = self._done(unit, progress)
        except RollkitError as error:
            for place, name in self._places.items():
                error.message = error.message.replace(place, name)
            if len(self._job.cells) == 1:
                raise portable(error) from None
            # The options of one cell may not fit together: that is no reason to lose the others.
            source = self._cells[unit.cell].source
            part = blank(self._job, self._cells[unit.cell], unit)
            part.broken = failure(source.origin, "compute", error, subject=source.spec.name)
        part.faults = {name: self._renamed(fault) for name, fault in part.faults.items()}
        part.broken = part.broken and self._renamed(part.broken)
        return part

    def _renamed(self, fault: Failure) -> Failure:
        """With the name that a file has where it came from."""
        return fault._replace(file=self._places.get(fault.file or "", fault.file))

    def _done(self, unit: Unit, progress: Callable[[int], None] | None) -> Part:
        job, cell = self._job, self._cells[unit.cell]
        part = blank(job, cell, unit)
        chunks: list[Chunk] = []
        size, stop = chunk_in(cell.spec), unit.first + unit.rollouts
        for start in range(unit.first, stop, size):
            draws = Draws(start, min(size, stop - start))
            chunk = work_through(cell, draws, job.engine, trajectory=job.keep_trajectories)
            part.take(chunk, start, cell.source)
            if part.broken is not None:
                return part
            chunks.append(chunk)
            if progress is not None and start + size < stop:  # the whole is known to the caller
                progress(start + size - unit.first)
        if job.keep_values:
            part.values = {name: _joined(name, chunks) for name in part.aggregates}
        if job.keep_trajectories:
            trajectories = [one.trajectory for one in chunks if one.trajectory is not None]
            part.trajectories = {
                name: np.concatenate([getattr(one, name) for one in trajectories]) for name in POSES
            }
        return part


def _joined(name: str, chunks: list[Chunk]) -> Array:
    """The values of all chunks; nan where the metric failed."""
    parts = [one.values.get(name, measure.undefined((one.rollouts,))) for one in chunks]
    return np.concatenate(parts)
