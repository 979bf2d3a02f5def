"""The reference of each case: found by its id, brought to the instants of the prediction."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rollkit.arrays import Array
from rollkit.errors import DataError
from rollkit.poses import SIGNALS, Poses
from rollkit.predictions.left_out import LeftOut
from rollkit.predictions.spec import EvalSpec
from rollkit.predictions.together import together
from rollkit.resampling import at

_SAME_TIME = 1e-6  # of a step

Found = tuple[Poses, int]  # a block, and the row in it


class References:
    """The reference file's cases, read as far as they are asked for.

    Where both files have their cases in one order, a block at a time is in memory; where they do
    not, those that nobody has asked for yet wait.
    """

    def __init__(self, blocks: Iterator[Poses]) -> None:
        self._blocks = blocks
        self._waiting: dict[str, Found] = {}
        self._taken: set[str] = set()

    def find(self, ids: Sequence[str]) -> list[Found | None]:
        """Block and row of each case; None where the file has none of that id.

        Raises
        ------
        DataError
            An id that is there twice, in either file.
        """
        return [self._one(case) for case in ids]

    def rest(self) -> Iterator[str]:
        """The ids that nobody has asked for."""
        yield from self._waiting
        for block in self._blocks:
            for case in block.ids:
                if case in self._taken:
                    raise _twice("reference", case)
                yield case

    def _one(self, case: str) -> Found | None:
        if case in self._taken:
            raise _twice("predictions", case)
        while case not in self._waiting:
            block = next(self._blocks, None)
            if block is None:
                return None
            for row, name in enumerate(block.ids):
                if name in self._waiting or name in self._taken:
                    raise _twice("reference", name)
                self._waiting[name] = (block, row)
        self._taken.add(case)
        return self._waiting.pop(case)


def _twice(file: str, case: str) -> DataError:
    return DataError(f"{file}: case {case!r} is there twice; expected each id once")


def as_one(
    predictions: Iterator[Poses], references: Iterator[Poses]
) -> tuple[Iterator[Poses], Iterator[Poses]]:
    """Both, with one id where each holds a single case: what they are called says nothing then."""
    some, others = list(itertools.islice(predictions, 2)), list(itertools.islice(references, 2))
    if len(some) == len(others) == 1 and some[0].cases == others[0].cases == 1:
        others = [replace(others[0], ids=some[0].ids)]
    return itertools.chain(some, predictions), itertools.chain(others, references)


class Matching:
    """Puts its reference beside every case, at the same instants; nan where it does not reach.

    Parameters
    ----------
    references : References, optional
        Of a file of its own; without one, those beside the predictions.
    spec : EvalSpec
        Says how a reference comes to instants that are none of its own.
    """

    def __init__(self, references: References | None, spec: EvalSpec) -> None:
        self._references, self._spec = references, spec

    def matched(self, poses: Poses, left_out: LeftOut) -> Poses | None:
        """The cases that have a reference, with it; all of them where nobody has any."""
        if self._references is None:
            if poses.reference is None and not (poses.whole and self._spec.baselines):
                return poses
            if poses.reference is None:  # baselines of a recorded drive are compared with itself
                return replace(poses, reference=replace(poses, history=None))
            return replace(poses, reference=self._at_instants(poses.reference, poses))
        found = self._references.find(poses.ids)
        for case, one in zip(poses.ids, found, strict=True):
            if one is None:
                left_out.add(case, "unmatched", "no such case in the reference")
        there = [one for one in found if one is not None]
        if not there:
            return None
        if len(there) < poses.cases:
            poses = poses.rows(np.array([one is not None for one in found]))
        return replace(poses, reference=self._gathered(poses, there))

    def _gathered(self, poses: Poses, found: Sequence[Found]) -> Poses:
        """The references of the cases of a block, whichever blocks they stand in."""
        blocks: dict[int, tuple[Poses, list[int]]] = {}
        for number, (block, _) in enumerate(found):
            blocks.setdefault(id(block), (block, []))[1].append(number)
        places, parts = [], []
        for block, mine in blocks.values():
            rows = np.array([found[number][1] for number in mine])
            same = len(rows) == block.cases and bool((np.diff(rows) == 1).all())
            places += mine
            parts.append(self._at_instants(block if same else block.rows(rows), poses))
        return parts[0] if len(parts) == 1 else together(parts).rows(np.argsort(places))

    def _at_instants(self, reference: Poses, poses: Poses) -> Poses:
        """A reference at the instants of a prediction: cut, if they are among its own."""
        if reference.samples != 1:
            raise DataError(
                f"reference: case {reference.ids[0]!r}: got {reference.samples} samples, expected "
                "the one way that was driven"
            )
        if reference.time is None and reference.dt is None:  # its file says nothing of time
            reference = replace(reference, dt=poses.dt)
        wanted, there = poses.times, reference.times
        assert wanted is not None
        assert there is not None
        first = int(np.searchsorted(there, wanted[0] - _step(wanted) / 2))
        last = first + len(wanted)
        if (
            last <= len(there)
            and _same(there[first:last], wanted)
            and not np.isnan(reference.x).any()
        ):
            return replace(cut(reference, first, last), dt=poses.dt)
        return at(
            reference,
            wanted,
            dt=poses.dt,
            method=self._spec.resample,
            max_gap=self._spec.gap_in(reference),
        )


def cut(poses: Poses, first: int, last: int) -> Poses:
    """The instants from first to last, without the last."""
    if (first, last) == (0, poses.instants):
        return poses
    signals: dict[str, Any] = {
        name: None if (value := getattr(poses, name)) is None else value[:, :, first:last]
        for name in SIGNALS
    }
    time = None if poses.times is None else poses.times[first:last]
    return replace(poses, **signals, time=time, history=None, reference=None)


def _step(time: Array) -> float:
    return float(np.median(np.diff(time))) if len(time) > 1 else 1.0


def _same(there: Array, wanted: Array) -> bool:
    return bool((np.abs(there - wanted) <= _SAME_TIME * _step(wanted)).all())
