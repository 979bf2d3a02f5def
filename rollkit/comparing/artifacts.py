"""Runs and evaluations as sides of a comparison: what they measured, and how it is defined."""

from collections.abc import Iterable, Mapping
from typing import Any

from rollkit.comparing.definitions import Input
from rollkit.comparing.sides import Cell, Declared, Side, Told
from rollkit.comparing.statistics.unpaired import Moments
from rollkit.comparing.tables import InMemory
from rollkit.errors import DataError, shown
from rollkit.formats import AUTO
from rollkit.predictions.results import EvalResult
from rollkit.predictions.spec import IN_MEMORY, EvalSpec
from rollkit.presets.results import PresetResult, revision_of
from rollkit.results import MetricResult, RunResult
from rollkit.spec import RunSpec
from rollkit.values import Values

Time = tuple[float | None, float | None]  # dt and horizon, s; None is not known

CELLS = "the cells of a sweep share their seeds"
SAMPLES = "the samples of a case are not independent of each other"


def of_run(result: RunResult, name: str) -> Side:
    """A run, with its values where they were kept."""
    run, time = result.run, result.provenance.get("time", {})
    cells = tuple(
        Cell(source=one.source, integrator=one.integrator, params=one.params)
        for one in result.cells
    ) or (Cell(source=run.source, integrator=run.integrator, params=run.params),)
    times = [_time(vars(one)) for one in result.cells] or [_time(time)]
    return Side(
        name=name,
        key="seed",
        metrics={one.name: _declared(one) for one in result.metrics.values()},
        settings={
            **of_runs(run.integrator, times, run),
            **presets(run.presets, result.presets),
        },
        work={"seeds": list(run.seeds)},
        cells=cells,
        told={one.name: _told(one) for one in result.metrics.values()},
        table=None if result.values is None else _kept(result.values, "seed", "cell"),
        together=CELLS if len(cells) > 1 else None,
    )


def of_evaluation(result: EvalResult, name: str) -> Side:
    """An evaluation, with its values where they were kept."""
    spec, time = result.eval, result.provenance.get("time", {})
    samples = result.cases.get("samples") or [None]
    return Side(
        name=name,
        key="case",
        metrics={one.name: _declared(one) for one in result.metrics.values()},
        settings={
            **of_evaluations(spec, _time(time), _hashes(name, result.provenance)),
            **samples_of_case(min(samples), max(samples)),
            **presets(spec.presets, result.presets),
        },
        options=spec.params,
        work={"predictions": spec.predictions},
        told={one.name: _told(one) for one in result.metrics.values()},
        table=None if result.values is None else _kept(result.values, "case", "sample"),
        together=SAMPLES if spec.samples == "all" else None,
    )


def _hashes(name: str, provenance: Mapping[str, Any]) -> dict[str, str]:
    """The hash of each file that was read, by its path."""
    try:
        return {one["path"]: one["sha256"] for one in provenance.get("inputs", [])}
    except KeyError as error:
        raise DataError(
            f"{name} is a damaged artifact: provenance.inputs: got a file without {error}"
        ) from None


def of_runs(integrator: str, times: Iterable[Time], spec: RunSpec) -> dict[str, Any]:
    """What a run's numbers are defined by; times are those of each cell."""
    return {
        "integrator": integrator,
        **_times(times),
        "vehicle": None if spec.vehicle is None else spec.vehicle.to_dict(),
    }


def of_evaluations(spec: EvalSpec, time: Time, hashes: Mapping[str, str]) -> dict[str, Any]:
    """What an evaluation's numbers are defined by."""
    reference: str | Input | None = spec.reference
    if isinstance(reference, str) and reference != IN_MEMORY:
        reference = Input(reference, hashes.get(shown(reference), hashes.get(reference)))
    return {
        **_times([time]),
        "samples": spec.samples,
        "at": sorted(spec.at),
        **({} if spec.fit == AUTO else {"fit": spec.fit}),
        "resample": spec.resample,
        "max_gap": spec.max_gap,
        "history": spec.history,
        "vehicle": None if spec.vehicle is None else spec.vehicle.to_dict(),
        "reference": reference,
    }


def _times(times: Iterable[Time]) -> dict[str, Any]:
    """Time step and horizon, s; a list where the cells differ, nothing where it is not known."""
    found: dict[str, Any] = {}
    for name, values in zip(("dt", "horizon"), zip(*times, strict=True), strict=True):
        if None not in values:
            found[name] = values[0] if len(set(values)) == 1 else list(values)
    return found


def _time(said: Mapping[str, Any]) -> Time:
    dt, steps = said.get("dt"), said.get("steps")
    return dt, None if dt is None or steps is None else dt * steps


def presets(asked: Iterable[str], computed: Iterable[PresetResult] = ()) -> dict[str, Any]:
    """The presets that were asked for, and the revision that each computed one follows."""
    return {
        "presets": sorted(asked),
        **revisions({one.name: revision_of(one) for one in computed}),
    }


def revisions(some: Mapping[str, str]) -> dict[str, str]:
    """The revisions of presets as settings."""
    return {f"preset {name}": revision for name, revision in some.items()}


def samples_of_case(least: int | None, most: int | None) -> dict[str, Any]:
    """How many samples a case has, nothing where it is not known: the best of many is better."""
    if least is None or most is None:
        return {}
    return {"samples of a case": least if least == most else [least, most]}


def _declared(one: MetricResult) -> Declared:
    low, high = one.bounds
    return Declared(
        unit=one.unit,
        better=one.better,
        bounds=(low, high),
        version=one.version,
        definition=one.definition,
        preset=one.preset,
    )


def _told(one: MetricResult) -> Told:
    return Told(
        moments=Moments(one.n, one.mean, one.std),
        n_undefined=one.n_undefined,
        min=one.min,
        max=one.max,
        status=one.status,
        error=one.error,
    )


def _kept(values: Values, key: str, part: str) -> InMemory:
    return InMemory(len(values), values.keys[key], values.keys.get(part), values.columns)
