"""What one preset sees of one case: its signals over time, and what each check reads off them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from rollkit.arrays import Array
from rollkit.declare import Check, PresetSpec, Quirk, interval
from rollkit.errors import Failure
from rollkit.explaining.judging import Judged
from rollkit.explaining.shares import share
from rollkit.presets.verdicts import Reading, times
from rollkit.rollouts import Rollout


class Series(NamedTuple):
    """A signal `(L,)` and its times, s from the start."""

    time: Array
    values: Array


class Seen(NamedTuple):
    """What a check says of the case; None is undefined, or not judged."""

    check: Check
    value: float | None = None
    margin: float | None = None
    share: float | None = None  # the margin as one of the limit
    time: float | None = None
    ok: bool | None = None
    fault: bool = False
    reason: str | None = None  # why it is undefined, where the preset as a whole is not
    limits: str = ""  # where they vary, as they are at the worst instant

    @property
    def verdict(self) -> str:
        """In a word."""
        if self.fault:
            return "failed"
        if self.ok is None:
            return "undefined" if self.check.judged or self.value is None else "no limit"
        return "ok" if self.ok else "FAIL"

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        return {
            "signal": self.check.signal,
            "over": self.check.over,
            "limits": self.limits if self.check.judged else None,
            "low": self.check.low,
            "high": self.check.high,
            "value": self.value,
            "margin": self.margin,
            "time": self.time,
            "ok": self.ok,
            "verdict": self.verdict,
            "reason": self.reason,
        }


class View(NamedTuple):
    """A preset's view of the case; without signals, why there are none."""

    preset: PresetSpec
    signals: dict[str, Series]
    seen: dict[str, Seen]  # by the name of the check
    quirks: tuple[Quirk, ...] = ()  # that can change anything here
    reason: str | None = None
    fault: Failure | None = None

    @property
    def name(self) -> str:
        """The preset's."""
        return self.preset.name

    def limit(self, limit: float | str | None) -> Series | float | None:
        """A limit as it is drawn: one number, or one for each instant."""
        return self.signals.get(limit) if isinstance(limit, str) else limit

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        return {
            "name": self.name,
            "version": self.preset.version,
            "definition": self.preset.definition,
            "source": self.preset.source,
            "undefined": self.reason,
            "signals": {
                name: {"time": _plain(one.time), "values": _plain(one.values)}
                for name, one in self.signals.items()
            },
        }


def view(said: Judged, rollout: Rollout, sample: int) -> View:
    """What was said of one sample of the only case of a block."""
    checks = said.preset.checks
    if said.verdict is None:
        fault = said.fault is not None
        none = {one.name: Seen(one, fault=fault, limits=one.limits) for one in checks}
        return View(said.preset, {}, none, reason=said.reason, fault=said.fault)
    signals = {}
    for name, one in said.verdict.signals.items():
        values = one.values[0, sample]
        signals[name] = Series(times(one, rollout), values)
    readings = said.verdict.readings
    seen = {one.name: _seen(one, readings[one.name], sample, signals) for one in checks}
    quirks = (one for one in said.preset.quirks if one.shows is None or one.shows(rollout))
    return View(said.preset, signals, seen, tuple(quirks))


def _seen(check: Check, reading: Reading, sample: int, signals: Mapping[str, Series]) -> Seen:
    one = Reading(*(part[0, sample] for part in reading))
    value, margin, time, ok = map(_known, one)
    undefined = value is None and ok is None
    return Seen(
        check,
        value,
        margin,
        _known(share(check, one)),
        time if check.over == "time" else None,
        None if ok is None else ok > 0,
        reason=_lack(check, signals) if undefined else None,
        limits=_limits(check, time, signals),
    )


def _lack(check: Check, signals: Mapping[str, Series]) -> str:
    """Why a check is undefined: where its signal is not known, or what it is held to."""
    for name in (check.signal, check.low, check.high):
        if not isinstance(name, str):
            continue
        time, values = signals[name]
        whose = "its signal" if name == check.signal else f"its limit {name}"
        unknown = np.isnan(values)
        if not values.size:
            return f"{whose} has no instants"
        if unknown.all():
            return f"{whose} is nan at every instant"
        if unknown.any():
            first = f"the first at {time[np.argmax(unknown)]:.4g} s"
            return f"{whose} is nan at {np.sum(unknown)} of {values.size} instants, {first}"
    return "no number can be made of its signals"


def _limits(check: Check, time: float | None, signals: Mapping[str, Series]) -> str:
    """The limits in text; those that vary as they are at an instant, where one is known."""
    varies = any(isinstance(one, str) for one in (check.low, check.high))
    if time is None or not varies or check.over != "time":
        return check.limits
    low, high = (_at(one, time, signals) for one in (check.low, check.high))
    return interval(low, high, strict=check.strict)


def _at(
    limit: float | str | None, time: float, signals: Mapping[str, Series]
) -> float | str | None:
    """A limit at an instant; None where it is infinite, and limits nothing."""
    if not isinstance(limit, str):
        return limit
    instants, values = signals[limit]
    number = _known(values[np.argmin(np.abs(instants - time))])
    return number if number is None else f"{number:.4g}"


def _known(number: Any) -> float | None:
    value = float(number)
    return value if np.isfinite(value) else None


def _plain(values: Array) -> list[float | None]:
    return [_known(one) for one in values]
