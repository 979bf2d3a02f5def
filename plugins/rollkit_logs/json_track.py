"""One JSON object as a track: a case, its history or its reference, each value checked."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from rollkit import DataError
from rollkit.arrays import Array
from rollkit_logs.attitude import from_quaternions, heading
from rollkit_logs.json_lines import samples, wrong
from rollkit_logs.rates import RATES
from rollkit_logs.readers.columns import QUATERNION
from rollkit_logs.rows import Rows, check_numbers, check_times
from rollkit_logs.text import shown

_SIGNALS = ("x", "y", "yaw", "speed", "z", *RATES, *QUATERNION)
_EVEN = 1e-3  # of the step


class Clock(NamedTuple):
    """Times `(T,)`, or a time step, or neither; and where they come from, in words."""

    time: Array | None
    dt: float | None
    origin: str

    @property
    def step(self) -> "Clock":
        """The time step alone, where it is even."""
        dt = self.dt
        if self.time is not None and len(self.time) > 1:
            steps = np.diff(self.time)
            step = float(np.median(steps))
            dt = step if (np.abs(steps - step) <= _EVEN * step).all() else None
        return Clock(None, dt, f"the step of {self.origin}")


class Track(NamedTuple):
    """Signals `(K, T)` by name, their clock, the probability `(K,)` and what stands beside."""

    signals: dict[str, Array]
    clock: Clock
    probability: Array | None
    beside: dict[str, "Track"]

    @property
    def alike(self) -> tuple[object, ...]:
        """What tracks that are stacked have in common."""
        time, dt, _ = self.clock
        return (
            self.signals["x"].shape,
            tuple(self.signals),
            None if time is None else time.tobytes(),
            dt,
            self.probability is None,
            *((name, one.alike) for name, one in self.beside.items()),
        )


def track(rows: Rows, index: int, value: Mapping[str, Any]) -> Track:
    """A case: its samples, and its history and reference where it has them.

    Raises
    ------
    DataError
        A value of another kind or length, or one that cannot be.
    """
    signals = _signals(rows, index, value, "")
    clock = _clock(rows, index, value, "", signals["x"].shape[1])
    made = Track(signals, clock, _probability(rows, index, value, len(signals["x"])), {})
    for name in ("history", "reference"):
        if (other := value.get(name)) is not None:
            if not isinstance(other, dict):
                raise wrong(rows, index, name, other, "an object")
            made.beside[name] = _beside(rows, index, other, f"{name}.", made)
    return made


def _beside(rows: Rows, index: int, value: Mapping[str, Any], owner: str, main: Track) -> Track:
    """History or reference of a case; without times of its own it has those of the case."""
    signals = _signals(rows, index, value, owner)
    count, instants = signals["x"].shape
    if count > 1:
        raise DataError(f"{rows.at(index)}: {owner}x: got {count} samples, expected one")
    clock = _clock(rows, index, value, owner, instants)
    if clock.time is None and clock.dt is None:
        same = owner == "reference." and instants == main.signals["x"].shape[1]
        clock = main.clock if same else main.clock.step
    return Track(signals, clock, None, {})


def _signals(rows: Rows, index: int, value: Mapping[str, Any], owner: str) -> dict[str, Array]:
    signals: dict[str, Array] = {}
    has_attitude = any(name in value for name in QUATERNION)
    needed = ("x", "y", *QUATERNION) if has_attitude else ("x", "y")
    for name in _SIGNALS:
        if name not in needed and value.get(name) is None:
            continue
        array = samples(rows, index, owner + name, value.get(name))
        shape = signals["x"].shape if signals else array.shape
        if array.shape != shape:
            raise DataError(
                f"{rows.at(index)}: {owner}{name}: got {array.shape[0]} samples of "
                f"{array.shape[1]} instants, expected {shape[0]} of {shape[1]}, as x has"
            )
        check_numbers(_same(rows, index, array), owner + name, array.reshape(-1))
        signals[name] = array
    if has_attitude:
        place, shape = _same(rows, index, signals["x"]), signals["x"].shape
        parts = [signals.pop(name).reshape(-1) for name in QUATERNION]
        matrix = from_quaternions(place, *parts, order=" ".join(QUATERNION))
        signals["rotation"] = matrix.reshape(*shape, 3, 3)
        signals.setdefault("yaw", heading(place, matrix).reshape(shape))
    return signals


def _probability(rows: Rows, index: int, value: Mapping[str, Any], count: int) -> Array | None:
    if value.get("probability") is None:
        return None
    share = samples(rows, index, "probability", value["probability"])
    if share.shape != (1, count) or ((share < 0) | (share > 1)).any():
        raise DataError(
            f"{rows.at(index)}: probability: got {shown(str(share[0].tolist()))}, expected "
            f"{count} from 0 to 1, one for each sample"
        )
    return share[0]


def _clock(rows: Rows, index: int, value: Mapping[str, Any], owner: str, instants: int) -> Clock:
    name = rows.path.name
    if value.get("t") is not None:
        time = samples(rows, index, f"{owner}t", value["t"])
        if time.shape != (1, instants):
            raise DataError(
                f"{rows.at(index)}: {owner}t: got {time.size} times, expected {instants}, one for "
                "each instant"
            )
        check_times(_same(rows, index, time), time[0])
        return Clock(time[0], None, f"{owner}t of {name}")
    dt = value.get("dt")
    if dt is None:
        return Clock(None, None, f"{name} has neither t nor dt")
    if type(dt) not in (int, float) or not 0 < dt < np.inf:
        raise wrong(rows, index, f"{owner}dt", dt, "a positive number of seconds")
    return Clock(None, float(dt), f"{owner}dt of {name}")


def _same(rows: Rows, index: int, array: Array) -> Rows:
    """The place of one line, for each of the numbers in it."""
    return Rows(rows.path, [rows.numbers[index]] * array.size, rows.tabular)
