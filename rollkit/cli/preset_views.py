"""What a result says of presets, by preset and check: what their table is made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from rollkit.predictions.results import EvalResult
    from rollkit.presets.results import PresetResult
    from rollkit.results import MetricResult, RunResult

Metrics: TypeAlias = Mapping[str, "MetricResult"]
Declared: TypeAlias = Mapping[str, Any]  # a check, as the artifact has it

ALL = "all checks"
_OF_ONE_SAMPLE = ("first", "medoid", "most-likely")  # rules that choose a sample


@dataclass(frozen=True)
class View:
    """What stands side by side."""

    presets: Sequence["PresetResult"]
    metrics: Metrics
    rows: str  # what the statistics are taken over: 4 cases
    single: frozenset[str] = frozenset()  # presets whose numbers are those of one trajectory
    samples: str | None = None  # the rule that was asked for, where there are several
    horizons: Sequence[str] = ()  # as they end the names of metrics: @1s
    beside: Mapping[str, Metrics] = field(default_factory=dict)  # those of each baseline

    def found(
        self, preset: "PresetResult", name: str, among: Metrics | None = None
    ) -> "MetricResult | None":
        """The metric of that name, if it is the preset's and not somebody else's."""
        one = (self.metrics if among is None else among).get(name)
        return one if one is not None and one.preset == preset.name else None

    def verdict(
        self, preset: "PresetResult", at: str = "", among: Metrics | None = None
    ) -> "MetricResult | None":
        """Whether all of its checks pass; None where it judges nothing."""
        return self.found(preset, f"{preset.name}{at}", among) if preset.scores else None

    def own(self, preset: "PresetResult") -> Iterator[tuple[str, "MetricResult"]]:
        """Each metric that a preset declares itself, over the whole, and what it is called here."""
        parts = ("", "_margin", "_time", "_ok")
        read = {f"{preset.name}_{one['name']}{part}" for one in preset.checks for part in parts}
        for name, one in self.metrics.items():
            derived = name in read or (name == preset.name and preset.scores)
            if one.preset == preset.name and not derived and "@" not in name:
                whole = name == preset.name
                yield "value" if whole else name.removeprefix(f"{preset.name}_"), one

    def shown(self, preset: "PresetResult") -> dict[str, "MetricResult"]:
        """The metrics that a preset's column is made of, by what their rows are called."""
        found = {ALL: self.verdict(preset)}
        for check in preset.checks:
            part = "_ok" if judged(check) else ""
            found[check["name"]] = self.found(preset, f"{preset.name}_{check['name']}{part}")
        known = {label: one for label, one in found.items() if one is not None}
        return {**known, **dict(self.own(preset))}

    def summed_up(self) -> Iterator["MetricResult"]:
        """What there is room for in a table of cells: each verdict, and values nobody judges."""
        for preset in self.presets:
            limited = {check["name"] for check in preset.checks if judged(check)}
            yield from (one for name, one in self.shown(preset).items() if name not in limited)

    def differing(self) -> dict[str, dict[str, float]]:
        """The checks that not all presets say the same of: share that passes, by preset.

        Of all checks together only presets are compared that have a check in common.
        """
        shares: dict[str, dict[str, float]] = {ALL: {}}
        for preset in self.presets:
            for label, one in self.shown(preset).items():
                passes = one.unit == "1" and one.better == "higher" and one.bounds[1] == 1
                if passes and one.mean is not None:
                    shares.setdefault(label, {})[preset.name] = one.mean
        common = [of for label, of in shares.items() if label != ALL and len(of) > 1]
        alike = {name for of in common for name in of}
        shares[ALL] = {name: one for name, one in shares[ALL].items() if name in alike}
        return {label: of for label, of in shares.items() if len(set(of.values())) > 1}


def of_evaluation(result: "EvalResult") -> View:
    """The presets of an evaluation."""
    count, one_sample = result.cases["evaluated"], result.cases["samples"] == [1]
    single = {
        one.name
        for one in result.presets
        if count == 1 and (one_sample or one.samples in _OF_ONE_SAMPLE)
    }
    every = "all samples of " if result.eval.samples == "all" and not one_sample else ""
    return View(
        result.presets,
        result.metrics,
        f"{every}{count} case{'s' * (count > 1)}",
        frozenset(single),
        None if one_sample else result.eval.samples,
        [f"@{seconds:g}s" for seconds in result.eval.at],
        {one.name.replace("_", "-"): one.metrics for one in result.baselines},
    )


def of_run(result: "RunResult") -> View:
    """The presets of a run; those of a sweep over all of its cells."""
    first, stop = result.run.seeds
    count = (stop - first) * max(len(result.cells), 1)
    single = {one.name for one in result.presets} if count == 1 else set()
    rows = f"{count} rollout{'s' * (count > 1)}" + " of all cells" * bool(result.cells)
    return View(result.presets, result.metrics, rows, frozenset(single))


def judged(check: Declared) -> bool:
    """Whether it has a limit."""
    return check["low"] is not None or check["high"] is not None
