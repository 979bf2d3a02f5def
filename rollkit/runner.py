"""Runs: from a call to the artifact's contents."""

import datetime
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rollkit import provenance
from rollkit.declare import reference
from rollkit.engine import Measured, Outcome, Progress, execute
from rollkit.errors import UsageError
from rollkit.guard import Origin
from rollkit.plain import plain
from rollkit.plugins import Plugins
from rollkit.results import MetricResult, PluginInfo, RunResult
from rollkit.spec import DEFAULT_DT, DEFAULT_INTEGRATOR, RunSpec, parse_seeds


def run(
    source: str | Callable[..., Any],
    *,
    params: Mapping[str, Any] | None = None,
    integrator: str = DEFAULT_INTEGRATOR,
    plugins: Sequence[str] | None = None,
    metrics: Sequence[str] | None = None,
    seeds: int | tuple[int, int] | range | str = 1,
    horizon: float | None = None,
    dt: float | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Generate, roll out and measure: what `rollkit run` does.

    Parameters
    ----------
    source : str or function
        A scenario (`"left"`), `"package.module:function"`, or a function with an action source's
        signature `(draws, *, horizon, dt, ...)`.
    params : mapping, optional
        The source's own options.
    integrator : str
        Name of an integrator.
    plugins : sequence of str, optional
        Plugins whose metrics to compute, names or paths of files; the starter set by default.
    metrics : sequence of str, optional
        Compute only these.
    seeds : int, pair, range or str
        A count N (seeds 0 to N - 1), or `(first, stop)`.
    horizon, dt : float, optional
        Seconds. 6.4 and 0.1 by default; a source that brings its own time (a recorded drive)
        keeps it unless told otherwise.
    progress : callable, optional
        Called with the rollouts done and to do, after each chunk.

    Returns
    -------
    RunResult
        `.metrics["max_abs_jerk"].mean`, `.failures`, `.save(path)`.

    Raises
    ------
    UsageError, DataError
        A wrong call or wrong data. A plugin that fails is recorded in the result instead.

    Examples
    --------
    >>> import rollkit
    >>> result = rollkit.run("emergency_brake", params={"noise": 0}, integrator="exact")
    >>> result.metrics["min_speed"].min
    0.0
    """
    name = source if isinstance(source, str) else reference(source)
    spec = RunSpec(
        source=name,
        params=dict(params or {}),
        integrator=integrator,
        plugins=None if plugins is None else _listed("plugins", plugins),
        metrics=None if metrics is None else _listed("metrics", metrics),
        seeds=parse_seeds(seeds),
        horizon=horizon,
        dt=dt,
    )
    function = None if isinstance(source, str) else source
    return run_spec(spec, source=function, progress=progress)


def run_spec(
    spec: RunSpec,
    *,
    source: Callable[..., Any] | None = None,
    argv: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Do a run that is already spelt out."""
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    outcome = execute(spec, Plugins(), source=source, progress=progress)
    return RunResult(
        run=outcome.spec,
        metrics={one.metric.spec.name: _metric_result(one) for one in outcome.measured},
        plugins=tuple(
            PluginInfo(one.plugin, one.distribution, one.version, one.module)
            for one in _took_part(outcome)
        ),
        failures=tuple(outcome.plugins.failures),
        provenance={
            **provenance.environment(argv),
            "time": _time(spec, outcome),
            "source": plain("notes", outcome.notes),
            "inputs": provenance.fingerprints(_input_files(outcome)),
        },
        volatile={
            "started": started.isoformat(timespec="seconds"),
            "duration_s": round(time.perf_counter() - clock, 6),
            "host": platform.node(),
        },
    )


def _listed(what: str, names: Sequence[str]) -> tuple[str, ...]:
    if isinstance(names, str):
        raise UsageError(f"{what}: got {names!r}, expected a list of names: [{names!r}]")
    if not names:
        raise UsageError(f"{what}: got none, expected at least one name, or None for the default")
    return tuple(names)


def _metric_result(one: Measured) -> MetricResult:
    spec = one.metric.spec
    summary = one.summary
    status, error = "ok", None
    if one.fault is not None:
        status, error = "failed", str(one.fault)
    elif summary.n == 0:
        status, error = "undefined", one.reason or "for every rollout"
    return MetricResult(
        name=spec.name,
        plugin=one.metric.origin.plugin,
        version=spec.version,
        unit=spec.unit,
        better=spec.better,
        bounds=spec.bounds,
        definition=spec.definition,
        status=status,
        error=error,
        **vars(summary),
    )


def _took_part(outcome: Outcome) -> list[Origin]:
    """Plugins that were asked for, and those that what was used came from; each once."""
    used = [one.metric.origin for one in outcome.measured]
    drawn, rolled = outcome.source.origin, outcome.integrator.origin
    return list(dict.fromkeys([*outcome.asked, *used, drawn, rolled]))


def _time(asked: RunSpec, outcome: Outcome) -> dict[str, Any]:
    """The time step that was used, and who said so."""
    if outcome.source.spec.own_time and asked.dt is None:
        origin = str(outcome.notes.get("dt", "the source's own"))
    elif outcome.source.spec.own_time:
        origin = "given by the caller"
    else:
        origin = f"the run's, {DEFAULT_DT:g} s unless the caller says otherwise"
    return {"dt": outcome.dt, "steps": outcome.steps, "origin": origin}


def _input_files(outcome: Outcome) -> list[Path]:
    """Files whose content the numbers depend on: parameters that are paths, plugin files."""
    paths = [value for value in outcome.spec.params.values() if isinstance(value, Path)]
    return paths + [Path(one.file) for one in _took_part(outcome) if one.file is not None]
