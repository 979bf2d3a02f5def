"""A cell of a sweep, resolved: source, integrator, options and metrics. A plain run has one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rollkit import options, sources
from rollkit.declare import IntegratorSpec, MetricSpec
from rollkit.errors import UsageError
from rollkit.gates.asked import metrics_asked
from rollkit.guard import Origin
from rollkit.plugins import Plugins, Registered
from rollkit.spec import DEFAULT_DT, DEFAULT_HORIZON, RunSpec, single, steps_of
from rollkit.vehicles import REAR_AXLE

# Chunk boundaries are part of a result's definition: sums are taken chunk by chunk.
CHUNK = 2048
_CHUNK_STEPS = 2**20  # of long rollouts fewer are held at once

Metric = Registered[MetricSpec]


def chunk_size(steps: int) -> int:
    """Rollouts in a chunk, by the number of their steps alone."""
    return max(1, min(CHUNK, _CHUNK_STEPS // steps))


def steps_in(spec: RunSpec) -> int | None:
    """Steps of each rollout of a completed spec, where the run and not the source decides."""
    if spec.horizon is None or spec.dt is None:
        return None
    return steps_of(spec.horizon, spec.dt)


def chunk_in(spec: RunSpec) -> int:
    """Rollouts in a chunk of a completed spec."""
    steps = steps_in(spec)
    return CHUNK if steps is None else chunk_size(steps)


@dataclass(frozen=True)
class Cell:
    """What is done for every seed: the spec of one source and one integrator, and who does it."""

    number: int
    spec: RunSpec
    source: sources.Source
    integrator: Registered[IntegratorSpec]
    metrics: list[Metric]

    @property
    def origins(self) -> list[Origin]:
        """Where all that takes part in it comes from."""
        measuring = [one.origin for one in self.metrics]
        return [*measuring, self.source.origin, self.integrator.origin]


def resolve(
    spec: RunSpec,
    plugins: Plugins,
    named: list[str],
    *,
    function: Callable[..., Any] | None = None,
) -> list[Cell]:
    """The cells of a run, in order: sources, then integrators, then the grid's values.

    `named` are the keys of the plugins that the spec names, loaded. `function` is the source where
    the spec's name for it cannot be looked up.

    Raises
    ------
    UsageError
        An unknown name, an option that does not fit, no multiple of dt.
    """
    cells: list[Cell] = []
    for number, one in enumerate(single(spec)):
        cell = _cell(number, one, plugins, named, function)
        if twin := next((other for other in cells if other.spec == cell.spec), None):
            raise UsageError(
                f"cells {twin.number} and {number} of the sweep are the same: "
                f"{cell.spec.source}, {cell.spec.integrator}, {dict(cell.spec.params)}",
                hint="name each source, integrator and value once",
            )
        cells.append(cell)
    return cells


def _cell(
    number: int,
    spec: RunSpec,
    plugins: Plugins,
    named: list[str],
    function: Callable[..., Any] | None,
) -> Cell:
    source = sources.resolve(function or spec.source, plugins)
    integrator = plugins.integrator(spec.integrator)
    params = _parameters(source, integrator, spec.params)
    horizon, dt = spec.horizon, spec.dt
    if not source.spec.own_time:
        horizon = DEFAULT_HORIZON if horizon is None else horizon
        dt = DEFAULT_DT if dt is None else dt
    completed = replace(
        spec,
        # As they are called, however they were typed; a function keeps its reference.
        source=spec.source if ":" in spec.source else source.spec.name,
        integrator=integrator.spec.name,
        params=params,
        horizon=horizon,
        dt=dt,
        presets=tuple(plugins.preset(name).spec.name for name in spec.presets),
    )
    steps_in(completed)  # refuses what does not fit before any work is done
    if spec.vehicle is not None and spec.vehicle.reference_point != REAR_AXLE:
        raise UsageError(
            f"vehicle: got reference_point {spec.vehicle.reference_point!r}: integrators move the "
            f"rear axle along the vehicle's heading; expected {REAR_AXLE!r}",
            hint="metrics of another point convert by themselves; `rollkit eval` measures poses of "
            "any point",
        )
    metrics = plugins.choose_metrics(
        named,
        spec.metrics,
        presets=spec.presets,
        besides=[source.origin.key],
        also=metrics_asked(spec.gates, plugins),
    )
    bound = integrator.spec.bound(options.of(integrator.spec.parameters, params))
    return Cell(number, completed, source, replace(integrator, spec=bound), metrics)


def _parameters(
    source: sources.Source, integrator: Registered[IntegratorSpec], given: Mapping[str, Any]
) -> dict[str, Any]:
    """All options of the source and of the integrator."""
    owner = f"source {source.spec.name!r}"
    for name in ("horizon", "dt"):
        if name in given:
            raise UsageError(f"{owner}: {name} is an option of the run: use --{name}")
    theirs = integrator.spec
    owners = {owner: source.spec.parameters, f"integrator {theirs.name!r}": theirs.parameters}
    return options.shared(owners, given)
