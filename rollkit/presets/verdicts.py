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

Index = npt.NDArray[np.intp]

SAME = 1e-6  # of a margin: instants that differ by less are equally bad


class Reading(NamedTuple):
    """One check of each rollout, `(...)` each; nan is undefined.

    Where no limit binds, since all are infinite, a rollout passes and has none of the other three.
    """

    value: Array  # nearest to the limit, or beyond it
    margin: Array  # to the limit, negative beyond it
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


def times(signal: Signal, rollout: Rollout) -> Array:
    """When each value of a signal is, s from the start, `(L,)`."""
    steps = np.arange(np.shape(signal.values)[-1]) if signal.at is None else np.asarray(signal.at)
    # Where nothing was given, the first instant is one step after the start.
    return (steps + signal.first + (1 - rollout.given)) * rollout.dt


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
    given = one if isinstance(one, Signal) else Signal(one)
    values = np.asarray(given.values)
    if values.dtype.kind not in "fiub":
        raise InvalidReturn(f"signal {name}: returned dtype {values.dtype}, expected real numbers")
    if values.ndim == 0 or values.shape[:-1] != rollout.batch:
        raise InvalidReturn(
            f"signal {name}: returned shape {values.shape}, expected {(*rollout.batch, '...')}"
        )
    if given.at is not None and np.shape(given.at) != values.shape[-1:]:
        raise InvalidReturn(
            f"signal {name}: returned at {np.shape(given.at)}, expected {values.shape[-1:]}: where "
            "each value is"
        )
    if given.at is not None and not _all_finite(given.at):
        raise InvalidReturn(
            f"signal {name}: returned at {given.at!r}, expected finite numbers of steps"
        )
    if np.ndim(given.first) or not _all_finite(given.first):
        raise InvalidReturn(
            f"signal {name}: returned first {given.first!r}, expected a finite number of steps"
        )
    values = values if values.dtype.kind == "f" else values.astype(np.float64)
    return given._replace(values=values, first=float(given.first))


def _all_finite(steps: Any) -> bool:
    numbers = np.asarray(steps)
    return numbers.dtype.kind in "fiu" and bool(np.isfinite(numbers).all())


def _read(check: Check, signals: Mapping[str, Signal], rollout: Rollout) -> Reading:
    signal = _named(check, check.signal, signals)
    values = signal.values
    if values.shape[-1] == 0:
        return Reading(*(np.full(rollout.batch, np.nan) for _ in Reading._fields))
    if check.over != "time":
        values = _REDUCED[check.over](values)[..., np.newaxis]
    if not check.judged:
        nothing = np.full(rollout.batch, np.nan)
        return Reading(values[..., 0], nothing, nothing, nothing)
    sides = _sides(check, values, signals)
    margins = np.minimum(*sides) if len(sides) == 2 else sides[0]
    margin = np.minimum.reduce(margins, axis=-1)
    first = _first_worst(margins, margin)
    value = np.take_along_axis(values, _worst_beside(first, sides), axis=-1)[..., 0]
    undefined = np.isnan(margin)
    nowhere = undefined | (margin == np.inf)  # limits that bind at no instant
    seconds = times(signal, rollout)[first[..., 0]]
    return Reading(
        np.where(nowhere, np.nan, value),
        np.where(np.isinf(margin), np.nan, margin),
        np.where(nowhere, np.nan, seconds),
        np.where(undefined, np.nan, margin > 0 if check.strict else margin >= 0),
    )


def _sides(check: Check, values: Array, signals: Mapping[str, Signal]) -> list[Array]:
    """How far each instant is above the lower limit and below the upper one, as far as declared."""
    below, above = (_limit(check, one, values, signals) for one in (check.low, check.high))
    with np.errstate(invalid="ignore"):  # infinite beside infinite is undefined
        sides = [] if below is None else [values - below]
        return sides if above is None else [*sides, above - values]


def _first_worst(margins: Array, least: Array) -> Index:
    """The first instant that is as bad as the worst, but for rounding."""
    least = least[..., np.newaxis]
    with np.errstate(invalid="ignore"):
        near = margins <= least + SAME * (1 + np.abs(least))
    return np.asarray(np.argmax(near | (margins == least), axis=-1))[..., np.newaxis]


def _worst_beside(first: Index, sides: list[Array]) -> Index:
    """The worst instant exactly, at the same limit as the first that is as bad but for rounding."""
    side = sides[0]
    if len(sides) == 2:
        lower, upper = (np.take_along_axis(one, first, axis=-1) for one in sides)
        side = np.where(lower < upper, *sides)
    least = np.minimum.reduce(side, axis=-1)[..., np.newaxis]
    # Of flags NumPy finds the first sooner than of numbers the least.
    return np.asarray(np.argmax(side == least, axis=-1))[..., np.newaxis]


def _limit(
    check: Check, limit: float | str | None, values: Array, signals: Mapping[str, Signal]
) -> Array | float | None:
    if not isinstance(limit, str):
        return limit
    found = _named(check, limit, signals).values
    if found.shape[-1] not in (1, values.shape[-1]):
        raise InvalidReturn(
            f"signal {limit}: returned shape {found.shape}, expected {values.shape}: it is a limit "
            f"of the check {check.name}"
        )
    return found


def _named(check: Check, name: str, signals: Mapping[str, Signal]) -> Signal:
    if name not in signals:
        raise InvalidReturn(f"returned no signal {name!r}, which the check {check.name} is read of")
    return signals[name]
