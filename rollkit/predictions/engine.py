"""From an EvalSpec to what the metrics say: block after block, every plugin in its guard."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from rollkit import measure
from rollkit.declare import BaselineSpec, MetricSpec, PresetSpec
from rollkit.discovery import normalized
from rollkit.errors import DataError, Failure, RollkitError, UsageError
from rollkit.gates.asked import metrics_asked
from rollkit.gates.gate import Gate
from rollkit.guard import Origin, guarded
from rollkit.model import Trajectory
from rollkit.plugins import DISPLACEMENT, STARTER, Plugins, Registered
from rollkit.poses import Poses
from rollkit.predictions.actions import Fitting
from rollkit.predictions.cases import Notes
from rollkit.predictions.left_out import LISTED, LeftOut
from rollkit.predictions.measuring import Horizons, values_of
from rollkit.predictions.rollouts import Cases, cases_of, past_of, rollout_of
from rollkit.predictions.samples import Choice, chosen, lacks_best, summed_up
from rollkit.predictions.saving import Sink
from rollkit.predictions.spec import EvalSpec
from rollkit.predictions.tally import Line
from rollkit.predictions.trajectories import of_baseline

Metric = Registered[MetricSpec]
Progress = Callable[[int], None]


@dataclass
class Scored:
    """Whoever predicted, the model or a baseline, and what the metrics say of it."""

    baseline: Registered[BaselineSpec] | None
    lines: list[Line]


@dataclass
class Evaluated:
    """All that an evaluation found out; `results` turns it into the artifact."""

    spec: EvalSpec
    plugins: Plugins
    asked: list[Origin]
    scored: list[Scored]  # the model first
    formats: list[str | None]  # of both files; None for what was in memory
    used: list[Origin]  # whatever else took part: readers, the inverse
    left_out: LeftOut
    notes: Notes
    samples: set[int]
    reference_frame: str | None = None
    predicted: int = 0
    evaluated: int = 0
    unpredicted: int = 0
    unpredicted_listed: list[str] = field(default_factory=list)
    horizons: Horizons = field(default_factory=dict)
    referenced: bool = False
    failures: list[Failure] = field(default_factory=list)


def execute(
    spec: EvalSpec,
    plugins: Plugins,
    *,
    predictions: Iterable[Poses] | None = None,
    reference: Iterable[Poses] | None = None,
    sinks: Sequence[Sink] = (),
    progress: Progress | None = None,
) -> Evaluated:
    """Do an evaluation. Wrong calls and wrong data raise; plugins that fail are recorded.

    `predictions` and `reference` are blocks in memory, for what is in no file; the values of every
    case go to the sinks.
    """
    named = plugins.load(spec.plugins or ())
    presets = tuple(plugins.preset(name).spec.name for name in spec.presets)
    gated = metrics_asked(spec.gates, plugins)
    cases = cases_of(spec, plugins, predictions=predictions, reference=reference)
    outcome = Evaluated(
        spec=replace(cases.spec, presets=presets),
        plugins=plugins,
        asked=[plugins.origins[key] for key in named],
        scored=[],
        formats=cases.formats,
        used=cases.used,
        left_out=cases.left_out,
        notes=cases.notes,
        samples=cases.samples,
    )
    names = dict.fromkeys(map(normalized, spec.baselines))
    baselines = [plugins.baseline(name) for name in names]
    for poses in cases.blocks:
        if not outcome.scored:
            outcome.referenced = poses.reference is not None
            outcome.reference_frame = poses.reference.frame if poses.reference else None
            metrics = _metrics(spec, plugins, named, gated, referenced=outcome.referenced)
            for one in (None, *baselines):
                outcome.scored.append(Scored(one, _lines(metrics, spec.at, spec.gates)))
            for sink in sinks:
                sink.begin(outcome.scored[0].lines, plugins.presets)
        _check_alike(poses, outcome)
        _block(poses, outcome, cases.fitting, sinks)
        if progress is not None:
            progress(outcome.evaluated)
    _conclude(outcome, cases)
    return outcome


def _metrics(
    spec: EvalSpec, plugins: Plugins, named: list[str], gated: list[str], *, referenced: bool
) -> list[Metric]:
    """Those of the named plugins, else the starter set and the displacement metrics."""
    bundles = [STARTER, DISPLACEMENT] if referenced else [STARTER]
    return plugins.choose_metrics(
        named, spec.metrics, presets=spec.presets, bundles=bundles, also=gated
    )


def _check_alike(poses: Poses, outcome: Evaluated) -> None:
    """Refuse a reference that comes too late to be measured against."""
    spec = outcome.spec
    left_to_decide = spec.plugins is None and spec.metrics is None and not spec.presets
    if left_to_decide and poses.reference is not None and not outcome.referenced:
        raise DataError(
            f"{spec.predictions}: case {poses.ids[0]!r} has a reference and cases before it have "
            "none; expected one in every case, or in none",
            hint="--metrics ade,fde says what to measure where there is one",
        )


def _lines(metrics: Sequence[Metric], at: Sequence[float], gates: Sequence[Gate]) -> list[Line]:
    """Each metric over the whole, then up to each horizon where it measures an error.

    And up to the horizon of a gate, whatever it measures.
    """
    lines = [Line(one) for one in metrics]
    errors = [one for one in metrics if "reference" in one.spec.needs]
    lines += [Line(one, seconds) for seconds in at for one in errors]
    for gate in gates:
        seconds, name = gate.expression.at, normalized(gate.expression.metric)
        if seconds is not None:
            lines += [Line(one, seconds) for one in metrics if normalized(one.spec.name) == name]
    return list({line.name: line for line in lines}.values())


def _block(poses: Poses, outcome: Evaluated, fitting: Fitting, sinks: Sequence[Sink]) -> None:
    model, past = rollout_of(poses, outcome.spec.vehicle), past_of(poses)
    for scored in outcome.scored:
        rollout = model
        if scored.baseline is not None:
            if past is None:
                raise _no_history(poses, outcome.spec, scored.baseline.spec.name)
            predicted = _baseline(scored, past, poses)
            if predicted is None:
                continue
            rollout = replace(model, trajectory=predicted, probability=None)
        values = values_of(rollout, scored.lines, outcome.horizons, fitting, past)
        choices: dict[str, Choice | None] = {}
        saved = {}
        for line in scored.lines:
            rule = "first" if scored.baseline else _rule(outcome, line)
            if rule not in choices:
                choices[rule] = chosen(rule, rollout)
            choice = choices[rule]
            if lacks_best(rule, line.metric.spec) and poses.samples > 1:
                line.reason = "of several samples, no value of it is the best"
            if line.fault is None:
                kept = summed_up(rule, line.metric.spec, values[line.name], choice)
                line.add(poses.ids, kept)
                saved[line.name] = kept
        if scored.baseline is None:
            each = poses.samples if outcome.spec.samples == "all" else 1
            for sink in sinks:
                sink.append(poses, each, saved)
    outcome.evaluated += poses.cases
    outcome.notes.steps.add(poses.instants - poses.given)


def rule_of(asked: str, preset: PresetSpec | None) -> str:
    """How one number is made of K samples: as a preset's project does, or as was asked for."""
    own = None if preset is None else preset.samples
    return asked if own is None or asked == "all" else own


def _rule(outcome: Evaluated, line: Line) -> str:
    name = line.metric.spec.preset
    preset = None if name is None else outcome.plugins.presets[name].spec
    return rule_of(outcome.spec.samples, preset)


def _no_history(poses: Poses, spec: EvalSpec, baseline: str) -> UsageError:
    drive = poses.whole or spec.horizon is not None
    case = "" if drive else f" in case {poses.ids[0]!r}"
    hint = "--history SECONDS takes the beginning of each recorded track as its history"
    if spec.history is not None:
        hint = "--history is for recorded drives; the file of predictions has to hold theirs"
    return UsageError(
        f"{spec.predictions}: got no history{case}, and the baseline {baseline} predicts from one",
        hint=hint,
    )


def _baseline(scored: Scored, history: Trajectory, poses: Poses) -> Trajectory | None:
    """What the baseline predicts; where it fails, none of its metrics has a value."""
    one = scored.baseline
    assert one is not None
    with guarded(
        one.origin,
        "compute",
        subject=one.spec.name,
        function=one.spec.function,
        passing=(RollkitError,),
    ) as attempt:
        return of_baseline(one, history, poses)
    for line in scored.lines:
        line.fault = attempt.fault
    return None


def _conclude(outcome: Evaluated, cases: Cases) -> None:
    outcome.predicted = outcome.evaluated + outcome.left_out.total
    if cases.references is not None:
        for case in cases.references.rest():
            outcome.unpredicted += 1
            if len(outcome.unpredicted_listed) < LISTED:
                outcome.unpredicted_listed.append(case)
    if not outcome.evaluated:
        raise cases.nothing()
    for scored in outcome.scored:
        for line in scored.lines:
            _state(line)
    faults = [line.fault for one in outcome.scored for line in one.lines if line.fault is not None]
    outcome.failures = list(dict.fromkeys([*outcome.plugins.failures, *faults]))


def _state(line: Line) -> None:
    """Sum a line up. Statistics of a part of the cases would look like those of all of them."""
    if line.fault is not None:
        return
    spec = line.metric.spec
    with guarded(
        line.metric.origin, "validate", subject=spec.name, function=spec.function
    ) as attempt:
        line.summary = measure.stated(line.aggregate)
    line.fault = attempt.fault
