"""What an artifact says of a preset: its whole declaration, and its score by both rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rollkit.aggregate import Summary
from rollkit.declare import OVER, SCORES, Check, MetricSpec, PresetSpec


@dataclass(frozen=True, kw_only=True)
class PresetResult:
    """A preset that was computed: where it comes from, its limits and quirks, its score.

    `scores` has both rules, and `rule` the one that the project reports. `checks` are the declared
    ones; each judged one has its own `mean_of_scores` and `score_of_means`. None is undefined, or
    was not asked for: the preset's metrics say which.
    """

    name: str
    plugin: str
    version: int
    definition: str
    project: str
    commit: str
    file: str
    corrects: str | None
    samples: str | None  # how one number is made of K samples, where there are any
    rule: str
    scores: Mapping[str, float | None]
    checks: tuple[Mapping[str, Any], ...]
    quirks: tuple[Mapping[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        lists = {"checks": [dict(one) for one in self.checks]}
        lists["quirks"] = [dict(one) for one in self.quirks]
        return {**vars(self), "scores": dict(self.scores), **lists}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "PresetResult":
        """From what `to_dict` writes."""
        return cls(**{**data, **{name: tuple(data[name]) for name in ("checks", "quirks")}})


Measured = tuple[MetricSpec, Summary]


def revision_of(preset: PresetSpec | PresetResult) -> str:
    """Project and commit whose definitions a preset follows."""
    return f"{preset.project} {preset.commit}".strip()


def taking_part(named: Iterable[str], metrics: Iterable[Measured]) -> list[str]:
    """The presets that were named, and those that any other metric is a part of; each once."""
    parts = [one.preset for one, _ in metrics if one.preset is not None]
    return list(dict.fromkeys([*named, *parts]))


def result_of(
    spec: PresetSpec, plugin: str, samples: str | None, metrics: Iterable[Measured]
) -> PresetResult:
    """What became of a preset, from the statistics of all metrics; of these, its own count.

    A name that another metric has already is not the preset's.
    """
    summaries = {one.name: summary for one, summary in metrics if one.preset == spec.name}
    checks = [_check(spec, one, summaries) for one in spec.checks]
    judged = [one for one, check in zip(checks, spec.checks, strict=True) if check.judged]
    on_means = [one["score_of_means"] for one in judged]
    known = [one for one in on_means if one is not None]
    scores = {
        "mean_of_scores": _mean(summaries.get(spec.name)),
        "score_of_means": min(known) if known and len(known) == len(on_means) else None,
    }
    return PresetResult(
        name=spec.name,
        plugin=plugin,
        version=spec.version,
        definition=spec.definition,
        project=spec.project,
        commit=spec.commit,
        file=spec.file,
        corrects=spec.corrects,
        samples=samples,
        rule=f"{spec.score}: {SCORES[spec.score]}",
        scores=scores if judged else {},
        checks=tuple(checks),
        quirks=tuple(
            {"name": one.name, "text": one.text, "signals": list(one.signals)}
            for one in spec.quirks
        ),
    )


def _check(spec: PresetSpec, check: Check, summaries: Mapping[str, Summary]) -> dict[str, Any]:
    about = {
        "name": check.name,
        "signal": check.signal,
        "meaning": check.meaning,
        "unit": check.unit,
        "low": check.low,
        "high": check.high,
        "strict": check.strict,
        "over": OVER[check.over],
        "source": check.source,
    }
    if not check.judged:
        return about
    name = f"{spec.name}_{check.name}"
    passing = _mean(summaries.get(f"{name}_ok"))
    margin = _mean(summaries.get(f"{name}_margin"))
    return {
        **about,
        "mean_of_scores": passing,
        "score_of_means": _judged(check, margin, passing),
    }


def _judged(check: Check, margin: float | None, passing: float | None) -> float | None:
    """1 where the mean margin passes.

    For one limit that is the mean value's margin. Of two, values beyond either would make a mean
    between them; margins do not cancel.
    """
    if margin is None:  # where no limit binds in any case, all pass
        return 1.0 if passing == 1 else None
    return float(margin > 0 if check.strict else margin >= 0)


def _mean(summary: Summary | None) -> float | None:
    return None if summary is None or summary.n == 0 else summary.mean
