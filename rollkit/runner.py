"""Runs: from a call to the artifact's contents."""

import datetime
import platform
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rollkit import provenance
from rollkit.aggregate import methods
from rollkit.declare import reference
from rollkit.engine import CellOutcome, Measured, Outcome, Progress, execute
from rollkit.engines import libraries as libraries_of
from rollkit.errors import UsageError, shown
from rollkit.execution import HERE, LOCAL, Execution, place
from rollkit.gates.given import Given, gates_of
from rollkit.gates.judging import judge, refuse_misplaced
from rollkit.guard import Origin
from rollkit.options import listed, some
from rollkit.plain import plain
from rollkit.plugins import Plugins
from rollkit.presets.results import PresetResult, result_of, taking_part
from rollkit.results import CellResult, MetricResult, PluginInfo, RunResult, identity_of
from rollkit.spec import DEFAULT_DT, DEFAULT_INTEGRATOR, RunSpec, parse_seeds
from rollkit.vehicles import Vehicle


def run(
    source: str | Sequence[str] | Callable[..., Any],
    *,
    params: Mapping[str, Any] | None = None,
    grid: Mapping[str, Sequence[Any]] | None = None,
    integrator: str | Sequence[str] = DEFAULT_INTEGRATOR,
    plugins: Sequence[str] | None = None,
    metrics: Sequence[str] | None = None,
    presets: Sequence[str] = (),
    gates: Sequence[Given] = (),
    seeds: int | tuple[int, int] | range | str = 1,
    horizon: float | None = None,
    dt: float | None = None,
    vehicle: Vehicle | Mapping[str, Any] | None = None,
    engine: str = "auto",
    workers: int | str = 1,
    executor: str = LOCAL,
    scheduler: str | None = None,
    save: str | Path | None = None,
    save_trajectories: str | Path | None = None,
    resume: bool = False,
    force: bool = False,
    keep_values: bool = False,
    progress: Progress | None = None,
) -> RunResult:
    """Generate, roll out and measure: what `rollkit run` does.

    Parameters
    ----------
    source : str, sequence of str or function
        A scenario (`"left"`), `"package.module:function"`, or a function with an action source's
        signature `(draws, *, horizon, dt, ...)`. Several names, in a list or separated by commas,
        make a sweep.
    params : mapping, optional
        The options of the source and of the integrator.
    grid : mapping, optional
        Options with several values each: every combination is a cell of the sweep.
    integrator : str or sequence of str
        Name of an integrator, or several, likewise.
    plugins : sequence of str, optional
        Plugins whose metrics to compute, names or paths of files; the starter set by default.
    metrics : sequence of str, optional
        Compute only these.
    presets : sequence of str
        Other projects' definitions whose metrics to compute, alone or beside those of `plugins`.
    gates : sequence of str, Path or Gate
        What the result is held to: expressions (`"p95(max_abs_jerk) <= 4"`), files, plugins that
        bring gates. Metrics that they name are computed, too.
    seeds : int, pair, range or str
        A count N (seeds 0 to N - 1), or `(first, stop)`.
    horizon, dt : float, optional
        Seconds. 6.4 and 0.1 by default; a source that brings its own time (a recorded drive)
        keeps it unless told otherwise.
    vehicle : Vehicle or mapping, optional
        Whose rollouts these are, for metrics that ask for its size or for another point of it.
        Integrators move its rear axle.
    engine : {"auto", "numpy", "numba"}
        `auto` takes numba where it is installed and the run is worth loading it.
    workers : int or "auto"
        Processes to share the work. No number depends on how many.
    executor : str
        `local`, or an executor that a plugin brings.
    scheduler : str, optional
        Where that executor's workers wait for work.
    save, save_trajectories : path, optional
        Parquet files for the values and for the trajectories of every rollout.
    resume : bool
        Go on where an interrupted run left these files.
    force : bool
        Replace files there that are none of rollkit's, and remove what an interrupted run has kept
        there.
    keep_values : bool
        Keep the values of every rollout in memory, in `.values` of the result.
    progress : callable, optional
        Called with the rollouts done and to do, after each chunk.

    Returns
    -------
    RunResult
        `.metrics["max_abs_jerk"].mean`, `.cells` of a sweep, `.gates`, `.failures`, `.ok`,
        `.values`, `.save(path)`.

    Raises
    ------
    UsageError, DataError
        A wrong call or wrong data. A plugin that fails is recorded in the result instead.
    OutputError, ExecutionError
        A file that cannot be written; workers that cannot do the work.

    Examples
    --------
    >>> import rollkit
    >>> result = rollkit.run("emergency_brake", params={"noise": 0}, integrator="exact")
    >>> result.metrics["min_speed"].min
    0.0

    A sweep: two sources, two speeds.

    >>> sweep = rollkit.run("left,right", grid={"speed": [6, 8]}, params={"noise": 0})
    >>> for cell in sweep.cells:
    ...     print(cell.source, cell.params["speed"], round(cell.metrics["min_speed"].min, 2))
    left 6.0 4.08
    left 8.0 4.08
    right 6.0 4.08
    right 8.0 4.08
    """
    function = source if callable(source) else None
    name = reference(source) if callable(source) else _joined("source", source)
    spec = RunSpec(
        source=name,
        params=dict(params or {}),
        integrator=_joined("integrator", integrator),
        plugins=None if plugins is None else some("plugins", plugins),
        metrics=None if metrics is None else some("metrics", metrics),
        seeds=parse_seeds(seeds),
        horizon=horizon,
        dt=dt,
        grid={name: _values(name, values) for name, values in (grid or {}).items()},
        engine=engine,
        presets=listed("presets", presets),
        gates=gates_of(gates),
        vehicle=None if vehicle is None else Vehicle.of(vehicle),
    )
    execution = Execution(
        workers=workers,
        executor=executor,
        scheduler=scheduler,
        save=place(save),
        save_trajectories=place(save_trajectories),
        resume=resume,
        force=force,
        keep_values=keep_values,
    )
    return run_spec(spec, source=function, progress=progress, execution=execution)


def run_spec(
    spec: RunSpec,
    *,
    source: Callable[..., Any] | None = None,
    argv: Sequence[str] | None = None,
    progress: Progress | None = None,
    execution: Execution = HERE,
) -> RunResult:
    """Do a run that is already spelt out."""
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    refuse_misplaced(spec.gates, [one.strip() for one in spec.source.split(",")])
    outcome = execute(spec, Plugins(), source=source, progress=progress, execution=execution)
    job, whole = outcome.job, len(outcome.cells) == 1
    libraries = [*libraries_of(job.engine), *job.quantiles.libraries]
    result = RunResult(
        run=outcome.spec,
        metrics=_results(outcome.measured),
        presets=_presets(outcome),
        cells=() if whole else tuple(map(_cell_result, outcome.cells)),
        plugins=tuple(
            PluginInfo(one.plugin, one.distribution, one.version, one.module)
            for one in _took_part(outcome)
        ),
        failures=tuple(outcome.failures),
        provenance={
            **provenance.environment(argv, job.engine, libraries),
            "time": _time(spec, outcome),
            "source": plain("notes", outcome.cells[0].notes) if whole else {},
            "inputs": provenance.fingerprints(_input_files(outcome)),
        },
        statistics=methods(job.quantiles),
        volatile={
            "started": started.isoformat(timespec="seconds"),
            "duration_s": round(time.perf_counter() - clock, 6),
            "host": platform.node(),
            "executor": execution.executor,
            "workers": outcome.workers,
            "saved": [shown(str(one)) for one in execution.files] if outcome.saved else [],
        },
        values=outcome.values,
    )
    return replace(result, gates=judge(result, spec.gates))


def _joined(what: str, names: str | Sequence[str]) -> str:
    if isinstance(names, str):
        return names
    if not isinstance(names, Sequence) or not all(isinstance(one, str) for one in names):
        raise UsageError(f"{what}: got {names!r}, expected a name or a list of names")
    return ",".join(names)


def _values(name: str, values: Sequence[Any]) -> tuple[Any, ...]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise UsageError(f"grid: {name}: got {values!r}, expected a list of values: [{values!r}]")
    return tuple(values)


def _presets(outcome: Outcome) -> tuple[PresetResult, ...]:
    metrics = [(one.metric.spec, one.summary) for one in outcome.measured]
    known = outcome.plugins.presets
    return tuple(
        result_of(known[name].spec, known[name].origin.plugin, None, metrics)
        for name in taking_part(outcome.cells[0].cell.spec.presets, metrics)
    )


def _cell_result(one: CellOutcome) -> CellResult:
    spec = one.cell.spec
    return CellResult(
        source=spec.source,
        integrator=spec.integrator,
        params=spec.params,
        dt=one.dt,
        steps=one.steps,
        metrics=_results(one.measured),
        notes=plain("notes", one.notes),
    )


def _results(measured: Iterable[Measured]) -> dict[str, MetricResult]:
    return {one.metric.spec.name: _metric_result(one) for one in measured}


def _metric_result(one: Measured) -> MetricResult:
    return MetricResult(
        **identity_of(one.metric, one.summary, one.fault, one.reason), **vars(one.summary)
    )


def _took_part(outcome: Outcome) -> list[Origin]:
    """Plugins that were asked for, and those that what was used came from; each once."""
    used = [origin for one in outcome.cells for origin in one.cell.origins]
    return list(dict.fromkeys([*outcome.asked, *used]))


def _time(asked: RunSpec, outcome: Outcome) -> dict[str, Any]:
    """The time step that was used, and who said so; None where the cells of a sweep differ."""
    first, *others = outcome.cells
    origins = {_time_origin(asked, one) for one in outcome.cells}
    same = all((one.dt, one.steps) == (first.dt, first.steps) for one in others)
    return {
        "dt": first.dt if same else None,
        "steps": first.steps if same else None,
        "origin": origins.pop() if len(origins) == 1 else "see the cells",
    }


def _time_origin(asked: RunSpec, one: CellOutcome) -> str:
    own = one.cell.source.spec.own_time
    if own and asked.dt is None:
        return str(one.notes.get("dt", "the source's own"))
    if own:
        return "given by the caller"
    return f"the run's, {DEFAULT_DT:g} s unless the caller says otherwise"


def _input_files(outcome: Outcome) -> list[Path]:
    """Files whose content the numbers depend on: parameters that are paths, plugin files."""
    every = [value for one in outcome.cells for value in one.cell.spec.params.values()]
    paths = [value for value in every if isinstance(value, Path)]
    return paths + [Path(one.file) for one in _took_part(outcome) if one.file is not None]
