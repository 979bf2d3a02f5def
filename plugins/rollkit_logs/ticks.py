"""When the instants of a file of arrays are: by its times, its time step or its rate."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rollkit import DataError
from rollkit.arrays import Array
from rollkit_logs import families
from rollkit_logs.families import Openers

_SAME = 0.01  # of the step: what dt and the times may differ by
_EVEN = 1e-3


class Ticks(NamedTuple):
    """The time keys of a file: `time` of its poses, or `dt`, or neither."""

    where: str
    time: Array | None
    dt: float | None
    origin: str
    own: dict[str, Array]  # of the reference and of the history, where they have their own

    def of(self, role: str, instants: int, ahead: int) -> dict[str, Any]:
        """What poses of that many instants, after `ahead` more, are told of time."""
        time = self.own.get(role, self.time)
        origin = f"times of the {role} itself" if role in self.own else self.origin
        if time is None:
            return {"dt": self.dt, "origin": origin}
        if role == "history" and role not in self.own:
            return {"dt": self._step(), "origin": f"the step of {origin}"}
        if len(time) == instants + ahead:
            return {"time": time, "origin": origin}
        if len(time) == instants and ahead and time[0] > 0:
            return {"time": np.concatenate([[0.0], time]), "origin": f"{origin}, the start at 0"}
        if role in self.own or role == "poses":
            beside = f", or {instants + 1} with the start" if ahead else ""
            raise DataError(
                f"{self.where}: got {len(time)} times from {time[0]:g} s for {instants} instants "
                f"of the {role}, expected {instants}, later than 0 s where the start is left out"
                f"{beside}"
            )
        return {"dt": self._step(), "origin": f"the step of {origin}"}

    def _step(self) -> float | None:
        """The step of even times."""
        if self.time is None or len(self.time) < 2:
            return self.dt
        steps = np.diff(self.time)
        step = float(np.median(steps))
        even = step > 0 and bool((np.abs(steps - step) <= _EVEN * step).all())
        return step if even else None


def ticks(where: str, openers: Openers, instants: int) -> Ticks:
    """Read the time keys of a file.

    Raises
    ------
    DataError
        Times of another length or that do not grow, a step that is none, or that they contradict.
    """
    name = Path(where).name
    dt, origin = _step(openers, name)
    named = [key for key in families.TIMES if key in openers]
    own = {
        role: _times(openers, key)
        for role, key in (("reference", "ref_t"), ("history", "history_t"))
        if key in openers
    }
    if not named:
        return Ticks(where, None, dt, origin, own)
    time = _times(openers, named[0])
    if len(time) not in (instants, instants + 1):
        raise DataError(
            f"{where}: array {named[0]!r}: got {len(time)} times, expected {instants}, one for "
            "each instant"
        )
    if dt is not None and len(time) > 1:
        step = float(np.median(np.diff(time)))
        if not abs(step - dt) <= _SAME * dt:
            raise DataError(
                f"{where}: array {named[0]!r}: got times {step:g} s apart, but {origin} is {dt:g} s"
            )
    return Ticks(where, time, None, f"array {named[0]!r} of {name}", own)


def _times(openers: Openers, key: str) -> Array:
    stream = families.numbers(openers[key]())
    time = np.asarray(stream.whole(), dtype=np.float64)
    if time.ndim != 1:
        if time.ndim == 0 or time.size != time.shape[-1]:
            raise DataError(f"{stream.where}: got {time.shape}, expected (T,)")
        time = time.reshape(-1)
    if not len(time):
        raise DataError(f"{stream.where}: got no times, expected one for each instant")
    wrong = ~np.isfinite(time)
    wrong[1:] |= time[1:] < time[:-1]
    if wrong.any():
        index = int(np.argmax(wrong))
        raise DataError(
            f"{stream.where}: [{index}]: got {time[index]:g} s, expected times that grow"
        )
    return time


def _step(openers: Openers, name: str) -> tuple[float | None, str]:
    for key in ("dt", "hz"):
        if key in openers:
            stream = families.numbers(openers[key]())
            if np.prod(stream.shape) != 1:
                raise DataError(f"{stream.where}: got {stream.shape}, expected one number")
            value = float(np.asarray(stream.whole(), dtype=np.float64).reshape(()))
            if not 0 < value < np.inf:
                unit = "s" if key == "dt" else "Hz"
                raise DataError(f"{stream.where}: got {value:g}, expected a positive {unit}")
            step = value if key == "dt" else 1 / value
            if not 0 < step < np.inf:
                raise DataError(f"{stream.where}: got {value:g} Hz, expected a rate")
            return step, f"array {key!r} of {name}"
    return None, f"nothing: {name} has neither times nor a time step"
