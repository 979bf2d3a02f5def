"""Files of arrays, all cases stacked along their first axis: blocks of poses from them."""

from collections.abc import Iterator
from typing import Any

from rollkit import DataError, Poses
from rollkit_logs import families
from rollkit_logs.blocks import cases_in_block
from rollkit_logs.families import Bundle, Family, Openers
from rollkit_logs.first_instant import given
from rollkit_logs.labels import ids_of, named, probability
from rollkit_logs.signals import UNSAID, Track, frame, numbers, read, signals, size
from rollkit_logs.ticks import Ticks, ticks


def stacked(
    where: str,
    openers: Openers,
    *,
    start: str = "auto",
    space: bool = False,
    alone: Family | None = None,
) -> Iterator[Poses]:
    """The poses of a file of arrays, block after block.

    Parameters
    ----------
    where : str
        The file, to start messages with.
    openers : mapping of str to function
        Its arrays; each call opens one at its beginning.
    start, space
        As the formats' options.
    alone : Family, optional
        What the file holds, where that is known without its keys.

    Raises
    ------
    DataError
        No poses, or arrays that do not go together.
    """
    predicted = [alone] if alone else families.found(families.PREDICTED, openers)
    references = families.found(families.REFERENCES, openers)
    histories = families.found(families.HISTORIES, openers)
    if not predicted:  # a file of what really happened
        predicted, references = references, []
    if not predicted:
        raise families.no_poses(where, openers)
    for some in (predicted, references, histories):
        if len(some) > 1:
            both = " and ".join(repr(one.position[0]) for one in some[:2])
            raise DataError(f"{where}: holds {both}, which are the same poses; expected one")
    main = families.bundle(openers, predicted[0], single=False)
    clock = ticks(where, openers, main.shape[3])
    drive = main.axes == 1
    pose = Track(main, *_started(main, clock, start, drive=drive), "poses", space)
    others = {}
    for name, some in (("reference", references), ("history", histories)):
        if some:
            one = families.bundle(openers, some[0], single=True)
            _match(main, one)
            how = _started(one, clock, start, drive=False) if name == "reference" else ("", 1)
            others[name] = Track(one, *how, name, space)
    yield from _blocks(openers, pose, others, clock, whole=drive)


def _started(one: Bundle, clock: Ticks, start: str, *, drive: bool) -> tuple[str, int]:
    if start == "auto":
        if one.family.origin:
            start = "origin"
        else:
            past = clock.own.get("history")
            has = given("auto", clock.time, alone=drive, history=past)
            start = "included" if has else "missing"
    return start, int(start != "missing")


def _match(main: Bundle, other: Bundle) -> None:
    key = other.family.position[0]
    got, expected = other.shape[:2], main.shape[:2]
    if got[0] != expected[0] or got[1] not in (1, expected[1]):
        raise DataError(
            f"{other.streams[key].where}: got {got[0]} cases in {got[1]} sets, expected "
            f"{expected[0]} in {expected[1]}, as {main.family.position[0]!r} has"
        )


def _blocks(
    openers: Openers,
    main: Track,
    others: dict[str, Track],
    clock: Ticks,
    *,
    whole: bool,
) -> Iterator[Poses]:
    cases, sets, samples, _ = main.bundle.shape
    ids = ids_of(openers, cases)
    share = probability(openers, (cases, sets, samples))
    tracks = (main, *others.values())
    step = cases_in_block(max(sum(size(one) for one in tracks), *(read(one) for one in tracks)))
    for first in range(0, cases, step):
        count = min(step, cases - first)
        names = named(ids, first, count, sets)
        unusable: dict[int, str] = {}
        beside: dict[str, Any] = {
            name: Poses(
                ids=tuple(names),
                **signals(one, first, count, sets, unusable),
                **clock.of(name, one.bundle.shape[3], one.ahead),
                given=one.given,
                frame=frame(one),
            )
            for name, one in others.items()
        }
        if share is not None:
            beside["probability"] = numbers(share.take(count)).reshape(count * sets, samples)
        predicted = signals(main, first, count, sets, unusable)
        if main.ahead and "history" in beside:
            _begin(predicted, beside["history"])
        yield Poses(
            ids=tuple(names),
            **predicted,
            **clock.of("poses", main.bundle.shape[3], main.ahead),
            **beside,
            given=main.given,
            frame=frame(main),
            unusable=unusable,
            whole=whole,
        )


def _begin(predicted: dict[str, Any], history: Poses) -> None:
    """What the history says of a start that the predictions leave out."""
    for name in UNSAID:
        known = getattr(history, name)
        if name in predicted and known is not None:
            predicted[name][..., 0] = known[..., -1]
