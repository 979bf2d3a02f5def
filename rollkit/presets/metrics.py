"""The metrics that a preset's checks are, and those it declares itself."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, NamedTuple

import numpy as np

from rollkit.arrays import Array
from rollkit.declare import INVARIANCES, Check, MetricSpec, PresetSpec, expected_of, touches
from rollkit.presets.verdicts import Reading, verdict
from rollkit.rollouts import Rollout


class _Part(NamedTuple):
    """One of the numbers of a check."""

    suffix: str
    better: Literal["lower", "higher"] | None
    bounds: tuple[float | None, float | None]
    says: str


_PARTS = {
    "value": _Part("", None, (None, None), "{meaning} where it is nearest to {limits}, or beyond"),
    "margin": _Part(
        "_margin", "higher", (None, None), "how far {meaning} stays within {limits}; below 0 beyond"
    ),
    "time": _Part(
        "_time", None, (0, None), "when {meaning} is nearest to its limit, or furthest beyond it"
    ),
    "ok": _Part("_ok", "higher", (0, 1), "1 where {meaning} is within {limits}, 0 where it is not"),
}


def metrics_of(spec: PresetSpec) -> list[MetricSpec]:
    """All metrics of a preset, its verdict first."""
    found = [_verdict(spec)] if any(one.judged for one in spec.checks) else []
    for check in spec.checks:
        found += [_metric(spec, check, part) for part in _parts_of(check)]
    return [*found, *(_own(spec, one) for one in spec.metrics)]


def _parts_of(check: Check) -> list[str]:
    if not check.judged:
        return ["value"]
    return ["value", "margin", "time", "ok"] if check.over == "time" else ["value", "margin", "ok"]


def _verdict(spec: PresetSpec) -> MetricSpec:
    @wraps(spec.function)
    def passes(rollout: Rollout) -> Array:
        return verdict(spec, rollout).ok(spec.checks)

    kept = [_kept(spec, one) for one in spec.checks if one.judged]
    return _spec(
        spec,
        spec.name,
        passes,
        unit="1",
        better="higher",
        bounds=(0, 1),
        invariant_under=tuple(law for law in kept[0] if all(law in one for one in kept)),
        definition=f"1 where every check of {spec.name} passes, 0 where one does not.",
    )


def _metric(spec: PresetSpec, check: Check, part: str) -> MetricSpec:
    what = _PARTS[part]
    name = f"{spec.name}_{check.name}{what.suffix}"
    about: dict[str, Any] = {"better": what.better, "bounds": what.bounds}
    says = what.says.format(meaning=check.meaning, limits=f"{check.limits} {check.unit}")
    if not check.judged:
        says = f"{check.meaning}, {check.over.replace('_', ' ')} over time"
        if check.over in ("rms", "max_abs"):
            about = {"better": "lower", "bounds": (0, None)}
        about["scales_with"] = dict(check.scales_with)
    about["jumps"] = part in ("value", "time") and check.judged and check.over == "time"
    # Where the worst is, and which, jumps between equals; how bad it is does not.
    if part in ("margin", "ok") or not check.judged:
        about["invariant_under"] = _kept(spec, check)
    if part in ("value", "margin"):
        touched = [one.resolution for one in spec.quirks if touches(one, check)]
        about["resolution"] = max(touched, default=0.0)
    # Of what is broken, a yes or no tells but now and then.
    if part == "margin" or not check.judged:
        about["breaks"] = _broken(spec, check)
    return _spec(
        spec,
        name,
        _reading(spec, check, part),
        unit={"time": "s", "ok": "1"}.get(part, check.unit),
        definition=f"{says[0].upper()}{says[1:]}, as {spec.name} has it.",
        **about,
    )


def _reading(spec: PresetSpec, check: Check, part: str) -> Callable[[Rollout], Array]:
    at = Reading._fields.index(part)

    @wraps(spec.function)
    def read(rollout: Rollout) -> Array:
        return np.array(verdict(spec, rollout).readings[check.name][at])  # not the one that is kept

    return read


def _own(spec: PresetSpec, metric: MetricSpec) -> MetricSpec:
    """A metric that the preset declares itself, with what its quirks break."""
    breaks = {**_broken(spec, metric), **metric.breaks}
    return metric._replace(preset=spec.name, invariant_under=_kept(spec, metric), breaks=breaks)


def _broken(spec: PresetSpec, one: Check | MetricSpec) -> dict[str, str]:
    """The laws that the quirks of this check or metric break, and why."""
    expected = expected_of(one, spec.invariant_under)
    return {
        law: f"{quirk.name}: {quirk.text}"
        for quirk in spec.quirks
        if touches(quirk, one)
        for law in quirk.breaks
        if law in expected
    }


def _kept(spec: PresetSpec, one: Check | MetricSpec) -> tuple[str, ...]:
    """The invariances of a check or metric that no quirk breaks."""
    broken = _broken(spec, one)
    expected = expected_of(one, spec.invariant_under)
    return tuple(law for law in expected if law in INVARIANCES and law not in broken)


def _spec(spec: PresetSpec, name: str, function: Callable[..., Any], **about: Any) -> MetricSpec:
    return MetricSpec(
        name=name,
        function=function,
        needs=spec.needs,
        uses=spec.uses,
        min_steps=spec.min_steps,
        compares_samples=False,
        version=spec.version,
        preset=spec.name,
        **{"invariant_under": (), "scales_with": {}, "breaks": {}, **about},
    )
