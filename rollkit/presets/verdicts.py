"""What the checks of a preset say of a rollout: value, margin, time, and whether it passes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rollkit import arrays
from rollkit.arrays import Array
from rollkit.declare import Check, PresetSpec, Signal
from rollkit.errors import InvalidReturn
from rollkit.rollouts import Rollout

_REDUCED = {
    "rms": arrays.rms,
    "mean": arrays.mean,
    "last": arrays.last,
    "max_abs": arrays.max_abs,
}


SAME = 1e-6  # of a margin: instants that differ by less are equally bad


class Reading(NamedTuple):
    """One check of each rollout, `(...)` each; nan is undefined."""

    value: Array  # nearest to the limit, or beyond it
    margin: Array  # to the limit, negative beyond it; nan where there is no limit
    time: Array  # when that is, s
    ok: Array  # 1 or 0


class Verdict(NamedTuple):
    """What a preset says of each rollout."""

    signals: dict[str, Signal]
    readings: dict[str, Reading]  # by the name of the check

    def ok(self, checks: tuple[Check, ...]) -> Array:
        """1 where every check with a limit passes, 0 where one does not, nan where any is nan."""
        judged = [self.readings[one.name].ok for one in checks if one.judged]
        return np.minimum.reduce(judged)


def verdict(spec: PresetSpec, rollout: Rollout) -> Verdict:
    """The preset's signals and what its checks read off them, computed once for a rollout.

    Raises
    ------
    InvalidReturn
        The preset returned something else than its signals; and whatever it raises itself.
    """
    return rollout.once((spec.name, spec.function), lambda one: _verdict(spec, one))


def _verdict(spec: PresetSpec, rollout: Rollout) -> Verdict:
    returned = spec.function(rollout)
    if not isinstance(returned, Mapping):
        raise InvalidReturn(f"returned {type(returned).__name__}, expected signals by name")
    signals = {name: _signal(name, one, rollout) for name, one in returned.items()}
    return Verdict(signals, {one.name: _read(one, signals, rollout) for one in spec.checks})


def _signal(name: str, one: Any, rollout: Rollout) -> Signal:
    values, first = one if isinstance(one, Signal) else (one, 0.0)
    values = np.asarray(values)
    if values.dtype.kind not in "fiub":
        raise InvalidReturn(f"signal {name}: returned dtype {values.dtype}, expected real numbers")
    if values.ndim == 0 or values.shape[:-1] != rollout.batch:
        raise InvalidReturn(
            f"signal {name}: returned shape {values.shape}, expected {(*rollout.batch, '...')}"
        )
    return Signal(values if values.dtype.kind == "f" else values.astype(np.float64), float(first))


def _read(check: Check, signals: Mapping[str, Signal], rollout: Rollout) -> Reading:
    values, first = _named(check, check.signal, signals)
    if values.shape[-1] == 0:
        return Reading(*[np.full(rollout.batch, np.nan)] * 4)
    if check.over != "time":
        values = _REDUCED[check.over](values)[..., np.newaxis]
    if not check.judged:
        nothing = np.full(rollout.batch, np.nan)
        return Reading(values[..., 0], nothing, nothing, nothing)
    below, above = _limit(check, check.low, signals), _limit(check, check.high, signals)
    if below is not None and above is not None:
        margins = np.minimum(values - below, above - values)
    else:
        margins = values - below if above is None else above - values
    worst = _first_worst(margins)[..., np.newaxis]
    value, margin = (np.take_along_axis(of, worst, axis=-1)[..., 0] for of in (values, margins))
    undefined = np.isnan(margin)
    ok = np.where(undefined, np.nan, margin > 0 if check.strict else margin >= 0)
    # Counted from the start; where nothing was given, the first instant is one step after it.
    seconds = (worst[..., 0] + first + (1 - rollout.given)) * rollout.dt
    return Reading(
        np.where(undefined, np.nan, value),
        np.where(np.isinf(margin), np.nan, margin),  # of a limit that does not bind
        np.where(undefined, np.nan, seconds),
        ok,
    )


def _first_worst(margins: Array) -> npt.NDArray[np.intp]:
    """The first instant that is as bad as the worst, but for rounding; of a nan, the first nan."""
    least = np.minimum.reduce(margins, axis=-1)[..., np.newaxis]
    with np.errstate(invalid="ignore"):
        near = margins <= least + SAME * (1 + np.abs(least))
    return np.asarray(np.argmax(near | np.isnan(margins) | (margins == least), axis=-1))


def _limit(
    check: Check, limit: float | str | None, signals: Mapping[str, Signal]
) -> Array | float | None:
    return _named(check, limit, signals).values if isinstance(limit, str) else limit


def _named(check: Check, name: str, signals: Mapping[str, Signal]) -> Signal:
    if name not in signals:
        raise InvalidReturn(f"returned no signal {name!r}, which the check {check.name} is read of")
    return signals[name]
