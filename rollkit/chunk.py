"""One chunk of seeds: drawn, rolled out and measured, every plugin in its guard."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from rollkit import engines, measure, sources
from rollkit.cell import Cell, Metric
from rollkit.draws import Draws
from rollkit.errors import DataError, Failure, PluginError, RollkitError, UsageError
from rollkit.guard import guarded
from rollkit.layout import Array
from rollkit.model import Trajectory
from rollkit.rollouts import Episodes, Rollout
from rollkit.vehicles import Vehicle


@dataclass
class Chunk:
    """What came of it. Where `broken`, there is nothing but the failure."""

    rollouts: int
    dt: float | None = None
    steps: int | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)
    values: dict[str, Array] = field(default_factory=dict)  # (n,) of every metric that did not fail
    reasons: dict[str, str] = field(default_factory=dict)  # of metrics undefined for all: why
    faults: dict[str, Failure] = field(default_factory=dict)  # of metrics that failed
    trajectory: Trajectory | None = None
    broken: Failure | None = None  # what the source or the integrator did wrong


def work_through(cell: Cell, draws: Draws, engine: str, *, trajectory: bool = False) -> Chunk:
    """Draw the seeds, roll them out and measure them.

    Raises
    ------
    UsageError, DataError
        Wrong options and wrong data are the user's to mend; plugins that fail are recorded.
    """
    chunk = Chunk(len(draws))
    episodes = _draw(cell, draws, chunk)
    if episodes is None:
        return chunk
    if engine == "numpy":  # kernels take them as they lie
        episodes = replace(episodes, actions=episodes.actions.arranged())
    actions = episodes.actions
    chunk.dt, chunk.steps, chunk.notes = actions.dt, actions.steps, dict(episodes.notes)
    has = {"actions"}
    has |= {one for one in ("reference", "vehicle") if getattr(episodes, one) is not None}
    defined: list[Metric] = []
    for metric in cell.metrics:
        reason = measure.lacking(metric.spec, has, actions.steps)
        if reason is None:
            defined.append(metric)
        else:
            chunk.reasons[metric.spec.name] = reason
            chunk.values[metric.spec.name] = measure.undefined(actions.batch)
    integrator = cell.integrator
    with guarded(
        integrator.origin,
        "compute",
        subject=integrator.spec.name,
        function=integrator.spec.function,
    ) as attempt:
        computed, chunk.trajectory = engines.integrate(
            engine,
            integrator.spec,
            [one.spec for one in defined],
            episodes.initial,
            actions,
            trajectory=trajectory,
        )
    if attempt.fault is not None:
        chunk.broken = attempt.fault
        return chunk
    _measure(defined, episodes, computed, chunk)
    return chunk


def rolled_out(cell: Cell, draws: Draws) -> Rollout:
    """The rollouts of these seeds, with all there is to draw of them.

    Raises
    ------
    PluginError
        The source or the integrator failed.
    """
    chunk = Chunk(len(draws))
    episodes = _draw(cell, draws, chunk)
    if episodes is not None:
        spec = cell.integrator.spec
        with guarded(
            cell.integrator.origin, "compute", subject=spec.name, function=spec.function
        ) as attempt:
            return measure.roll_out(
                spec,
                episodes.initial,
                episodes.actions,
                reference=episodes.reference,
                vehicle=episodes.vehicle,
            )
        chunk.broken = attempt.fault
    assert chunk.broken is not None
    raise PluginError(chunk.broken)


def _draw(cell: Cell, draws: Draws, chunk: Chunk) -> Episodes | None:
    source = cell.source
    with (
        guarded(
            source.origin, "compute", subject=source.spec.name, passing=(RollkitError,)
        ) as attempt,
        sources.located(source),
    ):
        episodes = sources.draw(source, draws, cell.spec.params, cell.spec.horizon, cell.spec.dt)
        initial = measure.starting(cell.integrator.spec, episodes.initial, episodes.actions)
        vehicle = _vehicle(cell, episodes)
        return replace(episodes, initial=initial, vehicle=vehicle)
    chunk.broken = attempt.fault
    return None


def _vehicle(cell: Cell, episodes: Episodes) -> Vehicle | None:
    """That of the call or that of the source: two different ones would both be believed."""
    asked, brought = cell.spec.vehicle, episodes.vehicle
    if asked is not None and brought is not None and asked != brought:
        raise UsageError(
            f"vehicle: got {asked}, and the source {cell.source.spec.name!r} brings its own: "
            f"{brought}",
            hint="leave --vehicle out: the actions were made for the source's own",
        )
    return brought if asked is None else asked


def _measure(
    metrics: list[Metric], episodes: Episodes, computed: Mapping[str, Array], chunk: Chunk
) -> None:
    """The values of each metric, those that the engine has computed and the rest."""
    trajectory, actions = chunk.trajectory, episodes.actions
    rollout = None
    if trajectory is not None:
        arranged = actions.arranged()
        rollout = Rollout(trajectory, arranged, episodes.reference, episodes.vehicle)
    for metric in metrics:
        spec = metric.spec
        with guarded(
            metric.origin, "compute", subject=spec.name, function=spec.function
        ) as attempt:
            chunk.values[spec.name] = measure.value(spec, rollout, computed, actions.batch)
        if attempt.fault is not None:
            chunk.faults[spec.name] = attempt.fault


class Timed(Protocol):
    """Rollouts that have come: of what time step and length."""

    dt: float | None
    steps: int | None


def same_time(later: Timed, before: Timed) -> None:
    """Refuse rollouts whose time step or length is not that of the seeds before."""
    if (later.dt, later.steps) != (before.dt, before.steps):
        raise DataError(
            f"returned {later.steps} steps of {later.dt:g} s, after {before.steps} of "
            f"{before.dt:g} s for the seeds before; expected the same for all"
        )
