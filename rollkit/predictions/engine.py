"""From an EvalSpec to what the metrics say: block after block, every plugin in its guard."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from rollkit import measure
from rollkit.declare import BaselineSpec, MetricSpec, PresetSpec
from rollkit.discovery import normalized
from rollkit.errors import DataError, Failure, RollkitError, UsageError
from rollkit.formats import AUTO
from rollkit.guard import Origin, guarded
from rollkit.model import Trajectory
from rollkit.plugins import DISPLACEMENT, STARTER, Plugins, Registered
from rollkit.poses import Poses
from rollkit.predictions.actions import Fitting
from rollkit.predictions.cases import Notes, at_uniform_instants, usable
from rollkit.predictions.left_out import LISTED, LeftOut
from rollkit.predictions.matching import Matching, References, as_one
from rollkit.predictions.measuring import Horizons, values_of
from rollkit.predictions.opening import FIT, PREDICTIONS, REFERENCE, opened, shared_out
from rollkit.predictions.samples import Choice, chosen, lacks_best, summed_up
from rollkit.predictions.saving import Saver
from rollkit.predictions.spec import FIT_PREDICTED, FIT_RECORDED, EvalSpec
from rollkit.predictions.tally import Line
from rollkit.predictions.together import in_larger_blocks
from rollkit.predictions.trajectories import of_baseline, of_one_sample, of_samples
from rollkit.rollouts import Rollout

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
    left_out: LeftOut = field(default_factory=LeftOut)
    notes: Notes = field(default_factory=Notes)
    reference_frame: str | None = None
    predicted: int = 0
    evaluated: int = 0
    samples: set[int] = field(default_factory=set)
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
    save: Saver | None = None,
    progress: Progress | None = None,
) -> Evaluated:
    """Do an evaluation. Wrong calls and wrong data raise; plugins that fail are recorded.

    `predictions` and `reference` are blocks in memory, for what is in no file.
    """
    named = plugins.load(spec.plugins or ())
    presets = tuple(plugins.preset(name).spec.name for name in spec.presets)
    sources = [opened(PREDICTIONS, spec.predictions, spec.format, plugins, predictions)]
    if spec.reference is not None:
        sources.append(opened(REFERENCE, spec.reference, spec.reference_format, plugins, reference))
    named_fit = None if spec.fit == AUTO else plugins.inverse(spec.fit)
    options = shared_out(spec.params, sources, named_fit)
    model, *others = [one.blocks(options) for one in sources]
    first = next(model, None)
    recorded = first is not None and first.whole
    inverse = named_fit or plugins.inverse(FIT_RECORDED if recorded else FIT_PREDICTED)
    options = shared_out(spec.params, sources, inverse)  # with those of the fit that it came to
    model = itertools.chain([] if first is None else [first], model)
    references = None
    if others:
        model, other = as_one(model, others[0])
        references = References(other)
    outcome = Evaluated(
        spec=replace(spec, params=options.recorded(), fit=inverse.spec.name, presets=presets),
        plugins=plugins,
        asked=[plugins.origins[key] for key in named],
        scored=[],
        formats=[one.reader.spec.name if one.reader else None for one in sources],
        used=[*(one.reader.origin for one in sources if one.reader), inverse.origin],
    )

    uniform = at_uniform_instants(_counted(model, outcome), spec, outcome.notes)
    matching = Matching(references, spec)
    names = dict.fromkeys(map(normalized, spec.baselines))
    baselines = [plugins.baseline(name) for name in names]
    fitted = Fitting(inverse, options.of(FIT))
    for poses in in_larger_blocks(usable(uniform, matching, spec, outcome.left_out)):
        if not outcome.scored:
            outcome.referenced = poses.reference is not None
            outcome.reference_frame = poses.reference.frame if poses.reference else None
            metrics = _metrics(spec, plugins, named, referenced=outcome.referenced)
            for one in (None, *baselines):
                outcome.scored.append(Scored(one, _lines(metrics, spec.at)))
            if save is not None:
                save.begin(outcome.scored[0].lines)
        _check_alike(poses, outcome)
        _block(poses, outcome, fitted, save)
        if progress is not None:
            progress(outcome.evaluated)
    _conclude(outcome, references)
    return outcome


def _counted(blocks: Iterator[Poses], outcome: Evaluated) -> Iterator[Poses]:
    for block in blocks:
        outcome.samples.add(block.samples)
        yield block


def _metrics(
    spec: EvalSpec, plugins: Plugins, named: list[str], *, referenced: bool
) -> list[Metric]:
    """Those of the named plugins, else the starter set and the displacement metrics."""
    bundles = [STARTER, DISPLACEMENT] if referenced else [STARTER]
    return plugins.choose_metrics(named, spec.metrics, presets=spec.presets, bundles=bundles)


def _check_alike(poses: Poses, outcome: Evaluated) -> None:
    """Refuse a reference that comes too late to be measured against."""
    spec = outcome.spec
    left_to_decide = spec.plugins is None and spec.metrics is None
    if left_to_decide and poses.reference is not None and not outcome.referenced:
        raise DataError(
            f"{spec.predictions}: case {poses.ids[0]!r} has a reference and cases before it have "
            "none; expected one in every case, or in none",
            hint="--metrics ade,fde says what to measure where there is one",
        )


def _lines(metrics: Sequence[Metric], at: Sequence[float]) -> list[Line]:
    """Each metric over the whole, then up to each horizon where it measures an error."""
    whole = [Line(one) for one in metrics]
    errors = [one for one in metrics if "reference" in one.spec.needs]
    return [*whole, *(Line(one, seconds) for seconds in at for one in errors)]


def _block(poses: Poses, outcome: Evaluated, fitting: Fitting, save: Saver | None) -> None:
    reference = None if poses.reference is None else of_one_sample(poses.reference)
    past = None if poses.history is None else of_one_sample(poses.history)
    for scored in outcome.scored:
        if scored.baseline is None:
            trajectory, probability = of_samples(poses), poses.probability
        else:
            if past is None:
                raise _no_history(poses, outcome.spec, scored.baseline.spec.name)
            predicted, probability = _baseline(scored, past, poses), None
            if predicted is None:
                continue
            trajectory = predicted
        rollout = Rollout(
            trajectory,
            reference=reference,
            probability=probability,
            given=poses.given,
            sampled=True,
        )
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
        if scored.baseline is None and save is not None:
            each = poses.samples if outcome.spec.samples == "all" else 1
            save.append(poses.ids, each, saved)
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


def _conclude(outcome: Evaluated, references: References | None) -> None:
    outcome.predicted = outcome.evaluated + outcome.left_out.total
    if references is not None:
        for case in references.rest():
            outcome.unpredicted += 1
            if len(outcome.unpredicted_listed) < LISTED:
                outcome.unpredicted_listed.append(case)
    if not outcome.evaluated:
        first = outcome.left_out.listed[0] if outcome.left_out.listed else None
        why = f": {first['case']}: {first['reason']}" if first else ""
        raise DataError(
            f"{outcome.spec.predictions}: none of {outcome.predicted} cases could be measured{why}"
        )
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
