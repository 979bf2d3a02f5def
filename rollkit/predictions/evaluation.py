"""Evaluations: from a call to the artifact's contents."""

import datetime
import platform
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from rollkit import memory, provenance
from rollkit.aggregate import methods
from rollkit.errors import shown
from rollkit.execution import place
from rollkit.formats import AUTO
from rollkit.gates.given import Given, gates_of
from rollkit.gates.judging import judge, refuse_misplaced
from rollkit.options import listed, some
from rollkit.plugins import Plugins
from rollkit.poses import Poses
from rollkit.predictions import arguments
from rollkit.predictions.arguments import Predictions
from rollkit.predictions.engine import Evaluated, Progress, Scored, execute, rule_of
from rollkit.predictions.results import BaselineResult, CaseMetric, EvalResult
from rollkit.predictions.samples import RULES
from rollkit.predictions.saving import Keeper, Saver
from rollkit.predictions.spec import DEFAULT_RULE, IN_MEMORY, EvalSpec
from rollkit.predictions.tally import Line
from rollkit.presets.results import PresetResult, result_of, taking_part
from rollkit.quantiles import Exact, Growing
from rollkit.resampling import Method
from rollkit.results import PluginInfo, identity_of
from rollkit.vehicles import Vehicle


def evaluate_predictions(
    predictions: Predictions,
    reference: Predictions | None = None,
    *,
    samples: str = DEFAULT_RULE,
    at: Sequence[float] = (),
    plugins: Sequence[str] | None = None,
    metrics: Sequence[str] | None = None,
    presets: Sequence[str] = (),
    gates: Sequence[Given] = (),
    baselines: Sequence[str] = (),
    fit: str = AUTO,
    format: str = "auto",
    reference_format: str = "auto",
    dt: float | None = None,
    resample: Method = "cubic",
    max_gap: float | None = None,
    horizon: float | None = None,
    history: float | None = None,
    params: Mapping[str, Any] | None = None,
    vehicle: Vehicle | Mapping[str, Any] | None = None,
    save: str | Path | None = None,
    force: bool = False,
    keep_values: bool = False,
    progress: Progress | None = None,
) -> EvalResult:
    """Measure predicted or recorded trajectories: what `rollkit eval` does.

    Parameters
    ----------
    predictions : path, Poses or iterable of Poses
        K samples for each case, in a file of any format that a reader knows, or in memory.
    reference : path, Poses or iterable of Poses, optional
        Where the vehicle really went; cases are matched by id. A file of predictions may hold its
        own.
    samples : {"mean", "min", "first", "medoid", "most-likely", "all"}
        What makes one number of the K samples of a case.
    at : sequence of float
        Horizons in s: every metric that measures an error is also computed up to each.
    plugins, metrics : sequence of str, optional
        Plugins whose metrics to compute, and which of them; by default the starter set and, where
        there is a reference, the displacement metrics.
    presets : sequence of str
        Other projects' definitions whose metrics to compute, alone or beside those of `plugins`.
    gates : sequence of str, Path or Gate
        What the result is held to: expressions (`"mean(min_ade@3s) < 1.2"`), files, plugins that
        bring gates. Metrics and horizons that they name are computed, too.
    baselines : sequence of str
        Predictions from the history alone, measured beside.
    fit : str
        How actions are recovered for the metrics that need them; `auto` is `differences` for
        predictions and `spline` for recorded drives and tracks, which are noisy.
    format, reference_format : str
        The files' formats; `auto` looks at them.
    dt : float, optional
        Time step in s: of files that have no times, or to resample to.
    resample : {"cubic", "linear", "none"}
        How irregular samples come to uniform instants.
    max_gap : float, optional
        s; what is missing for longer stays missing. By default 0.5 s in recorded drives and tracks
        and 0 in predictions, where a hole is the model's.
    horizon, history : float, optional
        s; cut recorded tracks into windows of the one, each with the other before it.
    params : mapping, optional
        Options of the formats and the fit.
    vehicle : Vehicle or mapping, optional
        Whose poses these are, those of the reference and the histories too, and of which point of
        it: for metrics that ask for its size or for another point.
    save : path, optional
        A Parquet file for the values of every case.
    force : bool
        Replace a file there that is none of rollkit's.
    keep_values : bool
        Keep the values of every case in memory, in `.values` of the result.
    progress : callable, optional
        Called with the number of cases measured, after each block.

    Returns
    -------
    EvalResult
        `.metrics["ade"].mean`, `.metrics["ade@3s"]`, `.cases`, `.baselines`, `.gates`, `.ok`,
        `.values`, `.save(path)`.

    Raises
    ------
    UsageError, DataError
        A wrong call or wrong data; no case that can be measured. A case that cannot is counted in
        `.cases` with its reason, and a plugin that fails is recorded.

    Examples
    --------
    Two samples for one case, the second 1 m beside the reference:

    >>> import numpy as np, rollkit
    >>> x = np.arange(5.0)
    >>> about = dict(ids=("a",), dt=0.5, frame="plane", origin="by hand")
    >>> went = rollkit.Poses(x=[[x]], y=[[0 * x]], **about)
    >>> predicted = rollkit.Poses(x=[[x, x]], y=[[0 * x, 0 * x + 1]], **about)
    >>> result = rollkit.evaluate_predictions(predicted, went, metrics=["ade", "min_ade"])
    >>> result.metrics["ade"].mean, result.metrics["min_ade"].mean
    (0.5, 0.0)
    """
    blocks = (
        arguments.blocks_of("predictions", predictions),
        None if reference is None else arguments.blocks_of("reference", reference),
    )
    spec = EvalSpec(
        predictions=arguments.name_of(predictions),
        reference=None if reference is None else arguments.name_of(reference),
        format=format,
        reference_format=reference_format,
        samples=samples,
        at=arguments.seconds(at),
        fit=fit,
        baselines=listed("baselines", baselines),
        plugins=None if plugins is None else some("plugins", plugins),
        metrics=None if metrics is None else some("metrics", metrics),
        presets=listed("presets", presets),
        gates=gates_of(gates),
        dt=dt,
        resample=resample,
        max_gap=max_gap,
        horizon=horizon,
        history=history,
        params={} if params is None else params,
        vehicle=None if vehicle is None else Vehicle.of(vehicle),
    )
    return evaluate_spec(
        spec,
        predictions=blocks[0],
        reference=blocks[1],
        save=place(save),
        force=force,
        keep_values=keep_values,
        progress=progress,
    )


def evaluate_spec(
    spec: EvalSpec,
    *,
    predictions: Iterable[Poses] | None = None,
    reference: Iterable[Poses] | None = None,
    argv: Sequence[str] | None = None,
    save: Path | None = None,
    force: bool = False,
    keep_values: bool = False,
    progress: Progress | None = None,
) -> EvalResult:
    """Do an evaluation that is already spelt out."""
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    memory.keep()
    refuse_misplaced(spec.gates, ())
    with ThreadPoolExecutor(1) as beside, ExitStack() as stack:
        # Hashing a large file takes as long as reading it, and leaves the other cores alone.
        hashed = beside.submit(provenance.fingerprints, _files(spec))
        file = None if save is None else stack.enter_context(Saver(save, spec, force=force))
        kept = Keeper() if keep_values else None
        outcome = execute(
            spec,
            Plugins(),
            predictions=predictions,
            reference=reference,
            sinks=[one for one in (file, kept) if one is not None],
            progress=progress,
        )
        if file is not None:
            file.finish()
    model, *baselines = outcome.scored
    result = EvalResult(
        eval=outcome.spec,
        cases=_cases(outcome),
        metrics=_metrics(model),
        presets=_presets(outcome, model),
        baselines=tuple(_baseline(one) for one in baselines),
        plugins=tuple(
            PluginInfo(one.plugin, one.distribution, one.version, one.module)
            for one in _took_part(outcome)
        ),
        failures=tuple(outcome.failures),
        provenance={
            **provenance.environment(argv),
            "time": _time(outcome),
            "predictions": {"format": outcome.formats[0], **outcome.notes.to_dict()},
            "reference": _reference(outcome),
            "inputs": hashed.result() + provenance.fingerprints(_other_inputs(outcome)),
        },
        statistics={
            **methods(_quantiles(model.lines)),
            "samples": RULES[spec.samples],
            "left_out": "cases that cannot be measured are counted in `cases` and in no statistic",
        },
        volatile={
            "started": started.isoformat(timespec="seconds"),
            "duration_s": round(time.perf_counter() - clock, 6),
            "host": platform.node(),
            "saved": [] if save is None else [shown(str(save))],
        },
        values=None if kept is None else kept.values(),
    )
    return replace(result, gates=judge(result, spec.gates))


def _cases(outcome: Evaluated) -> dict[str, Any]:
    return {
        "predicted": outcome.predicted,
        "evaluated": outcome.evaluated,
        "samples": sorted(outcome.samples),
        **outcome.left_out.to_dict(),
        "unpredicted": outcome.unpredicted,
        "unpredicted_listed": outcome.unpredicted_listed,
    }


def _metrics(scored: Scored) -> dict[str, CaseMetric]:
    return {line.name: _metric(line) for line in scored.lines}


def _presets(outcome: Evaluated, model: Scored) -> tuple[PresetResult, ...]:
    metrics = [(line.metric.spec, line.summary) for line in model.lines if line.at is None]
    names = taking_part(outcome.spec.presets, metrics)
    registered = [outcome.plugins.presets[name] for name in names]
    return tuple(
        result_of(one.spec, one.origin.plugin, rule_of(outcome.spec.samples, one.spec), metrics)
        for one in registered
    )


def _metric(line: Line) -> CaseMetric:
    summary = line.summary
    return CaseMetric(
        **{
            **identity_of(line.metric, summary, line.fault, line.reason),
            "name": line.name,
        },
        metric=line.metric.spec.name,
        at=line.at,
        argmin_case=line.least if summary.n else None,
        argmax_case=line.most if summary.n else None,
        **vars(summary),
    )


def _baseline(scored: Scored) -> BaselineResult:
    one = scored.baseline
    assert one is not None
    return BaselineResult(one.spec.name, one.origin.plugin, one.spec.definition, _metrics(scored))


def _took_part(outcome: Evaluated) -> list[Any]:
    used = [line.metric.origin for line in outcome.scored[0].lines]
    baselines = [one.baseline.origin for one in outcome.scored if one.baseline is not None]
    return list(dict.fromkeys([*outcome.asked, *outcome.used, *used, *baselines]))


def _time(outcome: Evaluated) -> dict[str, Any]:
    """The step and the number of steps; None where the cases differ. Horizons, as used."""
    notes = outcome.notes
    one_dt, one_length = len(notes.dts) == 1, len(notes.steps) == 1
    return {
        "dt": next(iter(notes.dts)) if one_dt else None,
        "steps": next(iter(notes.steps)) if one_length else None,
        "origin": str(notes.first.get("dt", "")),
        "horizons": [
            {"asked_s": asked, "used_s": sorted(used)}
            for asked, used in sorted(outcome.horizons.items())
        ],
    }


def _reference(outcome: Evaluated) -> dict[str, Any]:
    if not outcome.referenced:
        return {}
    return {"format": outcome.formats[-1], "frame": outcome.reference_frame}


def _quantiles(lines: Sequence[Line]) -> Any:
    for line in lines:
        kept = line.aggregate.quantiles
        if isinstance(kept, Growing) and not isinstance(kept.kept, Exact):
            return type(kept.kept)
    return Exact


def _files(spec: EvalSpec) -> list[Path]:
    """The files that are evaluated."""
    named = [spec.predictions, *([] if spec.reference is None else [spec.reference])]
    return [Path(one) for one in named if one != IN_MEMORY]


def _other_inputs(outcome: Evaluated) -> list[Path]:
    """Other files whose content the numbers depend on: options that are paths, plugins."""
    paths = [one for one in outcome.spec.params.values() if isinstance(one, Path)]
    return paths + [Path(one.file) for one in _took_part(outcome) if one.file is not None]
