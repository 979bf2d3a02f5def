"""What one preset sees of one case: its signals over time, and what each check reads off them."""

from typing import Any, NamedTuple

import numpy as np

from rollkit.arrays import Array
from rollkit.declare import Check, PresetSpec, Quirk
from rollkit.errors import Failure
from rollkit.explaining.judging import Judged
from rollkit.explaining.shares import share
from rollkit.presets.verdicts import Reading
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
            "limits": self.check.limits if self.check.judged else None,
            "low": self.check.low,
            "high": self.check.high,
            "value": self.value,
            "margin": self.margin,
            "time": self.time,
            "ok": self.ok,
            "verdict": self.verdict,
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
        none = {one.name: Seen(one, fault=said.fault is not None) for one in checks}
        return View(said.preset, {}, none, reason=said.reason, fault=said.fault)
    signals = {}
    for name, one in said.verdict.signals.items():
        values = one.values[0, sample]
        instants = np.arange(len(values)) + one.first + (1 - rollout.given)
        signals[name] = Series(rollout.dt * instants, values)
    readings = said.verdict.readings
    seen = {one.name: _seen(one, readings[one.name], sample) for one in checks}
    quirks = (one for one in said.preset.quirks if one.shows is None or one.shows(rollout))
    return View(said.preset, signals, seen, tuple(quirks))


def _seen(check: Check, reading: Reading, sample: int) -> Seen:
    one = Reading(*(part[0, sample] for part in reading))
    value, margin, time, ok = map(_known, one)
    return Seen(
        check,
        value,
        margin,
        _known(share(check, one)),
        time if check.over == "time" else None,
        None if ok is None else ok > 0,
    )


def _known(number: Any) -> float | None:
    value = float(number)
    return value if np.isfinite(value) else None


def _plain(values: Array) -> list[float | None]:
    return [_known(one) for one in values]
