"""From a RunSpec to a result: seeds in fixed chunks, source, integrator, metrics, aggregate."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from rollkit import measure, sources
from rollkit.aggregate import Aggregate, Summary
from rollkit.declare import IntegratorSpec, MetricSpec
from rollkit.draws import Draws
from rollkit.errors import DataError, Failure, InvalidReturn, RollkitError
from rollkit.guard import Origin, guarded
from rollkit.model import Rollout
from rollkit.plugins import STARTER, Plugins, Registered
from rollkit.spec import DEFAULT_DT, DEFAULT_HORIZON, RunSpec, steps_of

# Chunk boundaries are part of a result's definition: sums are taken chunk by chunk.
CHUNK = 2048
_CHUNK_STEPS = 2**20  # of long rollouts fewer are held at once


def chunk_size(steps: int) -> int:
    """Rollouts in a chunk, by the number of their steps alone."""
    return max(1, min(CHUNK, _CHUNK_STEPS // steps))


Metric = Registered[MetricSpec]
Progress = Callable[[int, int], None]


NOTHING = Summary(n=0, n_undefined=0)


@dataclass
class Measured:
    """One metric's outcome: its statistics, or why there are none."""

    metric: Metric
    aggregate: Aggregate = field(default_factory=Aggregate)
    summary: Summary = NOTHING
    fault: Failure | None = None
    reason: str | None = None  # why it is undefined for all


@dataclass
class Outcome:
    """All that a run found out; `results` turns it into the artifact."""

    spec: RunSpec
    plugins: Plugins
    source: sources.Source
    integrator: Registered[IntegratorSpec]
    measured: list[Measured]
    asked: list[Origin]  # the plugins that were named
    dt: float | None = None
    steps: int | None = None
    notes: dict[str, Any] = field(default_factory=dict)


def execute(
    spec: RunSpec,
    plugins: Plugins,
    *,
    source: Callable[..., Any] | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Do a run. Wrong calls and wrong data raise; plugins that fail are recorded instead.

    `source` is the function to draw from where the spec's name for it cannot be looked up.
    """
    named = plugins.load(spec.plugins or ())
    found = sources.resolve(source or spec.source, plugins)
    integrator = plugins.integrator(spec.integrator)
    metrics = choose_metrics(plugins, named, found, spec.metrics)
    params = sources.parameters(found, spec.params)
    horizon, dt = spec.horizon, spec.dt
    if not found.spec.own_time:
        horizon = DEFAULT_HORIZON if horizon is None else horizon
        dt = DEFAULT_DT if dt is None else dt
    chunk = CHUNK
    if horizon is not None and dt is not None:
        chunk = chunk_size(steps_of(horizon, dt))
    spec = replace(
        spec,
        # As they are called, however they were typed; a function keeps its reference.
        source=spec.source if ":" in spec.source else found.spec.name,
        integrator=integrator.spec.name,
        params=params,
        horizon=horizon,
        dt=dt,
    )
    asked = [plugins.origins[key] for key in named]
    measured = [Measured(metric) for metric in metrics]
    outcome = Outcome(spec, plugins, found, integrator, measured, asked)

    first, stop = spec.seeds
    for start in range(first, stop, chunk):
        draws = Draws(start, min(chunk, stop - start))
        rollout = _roll_out(outcome, draws)
        if isinstance(rollout, Failure):
            for one in outcome.measured:  # half a run is no run
                one.fault = one.fault or rollout
            break
        for one in outcome.measured:
            _measure(one, rollout, start, plugins.failures)
        if progress is not None:
            progress(start + len(draws) - first, stop - first)
    for one in outcome.measured:
        _summarise(one, plugins.failures)
    return outcome


def choose_metrics(
    plugins: Plugins, named: list[str], source: sources.Source, wanted: tuple[str, ...] | None
) -> list[Metric]:
    """The metrics to compute.

    Those of the named plugins; where these declare none (and none of them is broken), the starter
    set and those that the source's own plugin brings. `wanted` picks from these, or from any
    built-in, by name.
    """
    chosen = plugins.metrics_of(named)
    if not chosen and not plugins.failures:
        chosen = plugins.metrics_of([*plugins.load([STARTER]), source.origin.key])
    if wanted is None:
        return chosen
    by_name = {one.spec.name: one for one in chosen}
    return [by_name.get(name) or plugins.metric(name) for name in dict.fromkeys(wanted)]


def _roll_out(outcome: Outcome, draws: Draws) -> Rollout | Failure:
    """One chunk of rollouts, or what the source or the integrator did wrong."""
    spec, faults = outcome.spec, outcome.plugins.failures
    source, integrator = outcome.source, outcome.integrator
    # Wrong data and wrong options are the user's to mend: they pass, and nothing is written.
    user = (RollkitError,)
    with (
        guarded(
            source.origin, "compute", faults, subject=source.spec.name, passing=user
        ) as attempt,
        sources.located(source),
    ):
        episodes = sources.draw(source, draws, spec.params, spec.horizon, spec.dt)
        measure.starting(integrator.spec, episodes.initial, episodes.actions)
        time = (episodes.actions.dt, episodes.actions.steps)
        if outcome.dt is not None and time != (outcome.dt, outcome.steps):
            raise DataError(
                f"returned {time[1]} steps of {time[0]:g} s, after {outcome.steps} of "
                f"{outcome.dt:g} s for the seeds before; expected the same for all"
            )
    if attempt.fault is not None:
        return attempt.fault
    if outcome.dt is None:
        outcome.dt, outcome.steps = episodes.actions.dt, episodes.actions.steps
        outcome.notes = dict(episodes.notes)
    name, function = integrator.spec.name, integrator.spec.function
    with guarded(integrator.origin, "compute", faults, subject=name, function=function) as attempt:
        rollout = measure.roll_out(
            integrator.spec,
            episodes.initial,
            episodes.actions,
            reference=episodes.reference,
            vehicle=episodes.vehicle,
        )
    return attempt.fault or rollout


def _measure(one: Measured, rollout: Rollout, first_seed: int, faults: list[Failure]) -> None:
    """Add a chunk to a metric; once it has failed it stays failed."""
    if one.fault is not None:
        return
    spec = one.metric.spec
    one.reason = measure.missing(spec, rollout)
    with guarded(
        one.metric.origin, "compute", faults, subject=spec.name, function=spec.function
    ) as attempt:
        one.aggregate.add(first_seed, measure.compute(spec, rollout))
    one.fault = attempt.fault


def _summarise(one: Measured, faults: list[Failure]) -> None:
    """Sum a metric up. Statistics of a part of the run would look like statistics of the run."""
    if one.fault is not None:
        return
    spec = one.metric.spec
    with guarded(
        one.metric.origin, "validate", faults, subject=spec.name, function=spec.function
    ) as attempt:
        summary = one.aggregate.summary()
        statistics = vars(summary).items()
        wrong = [name for name, number in statistics if not _finite(number)]
        if wrong:
            raise InvalidReturn(f"values so large that {', '.join(wrong)} overflow")
        one.summary = summary
    one.fault = attempt.fault


def _finite(number: float | None) -> bool:
    return number is None or math.isfinite(number)
