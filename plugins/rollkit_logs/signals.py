"""What the arrays of one family become: signals of the next cases, rotations checked."""

from typing import Any, NamedTuple

import numpy as np

from rollkit.arrays import Array
from rollkit_logs import rotation
from rollkit_logs.families import Bundle
from rollkit_logs.rates import RATES

# Signals that a start which is left out does not have: it says where, and which way, alone.
UNSAID = ("speed", *RATES)

_AS_IT_STANDS = "x, y as they stand; yaw, where there is one, counter-clockwise from x"
_FROM_START = "x forward, y left of the pose at the start, which is the origin"


class Track(NamedTuple):
    """Arrays of one family, and what is known of their start."""

    bundle: Bundle
    start: str  # "origin" where the start is to be put before the first instant
    given: int
    role: str
    space: bool

    @property
    def ahead(self) -> int:
        """Instants to put before the file's."""
        return int(self.start == "origin")


def frame(one: Track) -> str:
    """How the plane lies."""
    return _FROM_START if one.bundle.family.origin else _AS_IT_STANDS


def _wanted(one: Track) -> dict[str, list[str]]:
    """The signals that become part of the poses, by the array they come from."""
    return {
        key: [name for name in some if one.space or name not in ("z", "rotation")]
        for key, some in one.bundle.signals.items()
    }


def size(one: Track) -> int:
    """Bytes of a row's signals."""
    _, sets, samples, instants = one.bundle.shape
    return sum(map(len, _wanted(one).values())) * sets * samples * (instants + one.ahead) * 8


def read(one: Track) -> int:
    """Bytes of a row as it is in the file."""
    return sum(stream.row for stream in one.bundle.streams.values())


def signals(
    one: Track, first: int, count: int, sets: int, unusable: dict[int, str]
) -> dict[str, Any]:
    """The next rows' signals, each set a case of its own."""
    _, own, samples, instants = one.bundle.shape
    shape = (count * sets, samples, instants + one.ahead)
    made: dict[str, Any] = {}
    for key, names in _wanted(one).items():
        stream = one.bundle.streams[key]
        raw = stream.take(count).reshape(count * own, *stream.shape[2:])
        if own < sets:
            raw = np.repeat(raw, sets, axis=0)
        if one.bundle.signals[key] == ("rotation",):
            rigid = numbers(raw)
            _check(stream.where, rigid, first, sets, unusable)
            made["yaw"] = _after(one.ahead, shape, rotation.yaw(rigid))
            if names:
                made["rotation"] = _after(one.ahead, (*shape, 3, 3), rigid)
                made["rotation"][:, :, : one.ahead] = np.eye(3)
            continue
        held = one.bundle.signals[key]
        for name in names:
            values = raw[..., held.index(name)] if raw.ndim > 3 else raw
            made[name] = _after(one.ahead, shape, values)
            if name in UNSAID:
                made[name][..., : one.ahead] = np.nan
    return made


def _after(ahead: int, shape: tuple[int, ...], values: Any) -> Array:
    """The values along time after that many zeros."""
    room = np.empty(shape)
    room[:, :, :ahead] = 0
    room[:, :, ahead:] = values
    return room


def _check(where: str, matrix: Array, first: int, sets: int, unusable: dict[int, str]) -> None:
    """Note the cases with a matrix that is no rotation."""
    error = rotation.departure(matrix)
    wrong = error > rotation.RIGID  # false for nan
    for case in np.flatnonzero(wrong.any(axis=(1, 2))).tolist():
        sample, instant = (int(i) for i in np.argwhere(wrong[case])[0])
        place = [first + case // sets, *([case % sets] if sets > 1 else []), sample, instant]
        left = np.linalg.det(matrix[case, sample, instant]) < 0
        what = "is left-handed" if left else f"is off by {error[case, sample, instant]:.3g}"
        array = where.partition(": ")[2]
        unusable.setdefault(case, f"{array}: {place} is no rotation: it {what}")


def numbers(raw: Any) -> Array:
    """What was taken from a stream as float64."""
    return np.asarray(raw, dtype=np.float64)
