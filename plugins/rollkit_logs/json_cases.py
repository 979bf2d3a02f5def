"""JSON lines that hold a case each: those that are alike and next to each other make one block."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from rollkit import DataError, Poses
from rollkit_logs.blocks import cases_in_block
from rollkit_logs.first_instant import given
from rollkit_logs.json_lines import Objects, label
from rollkit_logs.json_track import Track, track
from rollkit_logs.readers.columns import FRAME
from rollkit_logs.text import shown


class _Case(NamedTuple):
    name: str
    track: Track
    drive: bool


def cases(pieces: Iterable[Objects], *, start: str) -> Iterator[Poses]:
    """The cases of a file; one without a name is the only one.

    Raises
    ------
    DataError
        A value that cannot be, or a case that is there twice.
    """
    waiting: list[_Case] = []
    for one in _cases(pieces):
        size = sum(array.nbytes for array in one.track.signals.values())
        full = len(waiting) >= cases_in_block(size)
        if waiting and (full or one.track.alike != waiting[0].track.alike):
            yield _block(waiting, start)
            waiting = []
        waiting.append(one)
    if waiting:
        yield _block(waiting, start)


def _cases(pieces: Iterable[Objects]) -> Iterator[_Case]:
    seen: set[str] = set()
    for some in pieces:
        for index, value in enumerate(some.values):
            alone = not seen and "case" not in value
            name = some.rows.path.stem if alone else label(some, index, "case")
            if name in seen:
                raise DataError(
                    f"{some.rows.at(index)}: case {shown(name)} comes again; expected it once"
                )
            seen.add(name)
            made = track(some.rows, index, value)
            yield _Case(name, made, alone and len(made.signals["x"]) == 1 and not made.beside)


def _block(some: list[_Case], start: str) -> Poses:
    first = some[0].track
    past = first.beside["history"].clock.time if "history" in first.beside else None
    at = given(start, first.clock.time, alone=some[0].drive, history=past)
    beside = {
        name: _poses(some, [one.track.beside[name] for one in some], given=at)
        if name == "reference"
        else _poses(some, [one.track.beside[name] for one in some])
        for name in first.beside
    }
    return _poses(some, [one.track for one in some], given=at, whole=some[0].drive, **beside)


def _poses(some: list[_Case], tracks: list[Track], **more: Any) -> Poses:
    time, dt, origin = tracks[0].clock
    share = [one.probability for one in tracks if one.probability is not None]
    signals: dict[str, Any] = {
        name: np.stack([one.signals[name] for one in tracks]) for name in tracks[0].signals
    }
    return Poses(
        ids=tuple(one.name for one in some),
        **signals,
        time=time,
        dt=dt,
        probability=np.stack(share) if share else None,
        frame=FRAME,
        origin=origin,
        **more,
    )
