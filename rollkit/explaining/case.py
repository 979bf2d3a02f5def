"""The case to explain: the one that was asked for, or the worst of all; one block in memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rollkit.arrays import Array
from rollkit.declare import Check
from rollkit.errors import DataError, UsageError, unknown
from rollkit.explaining.judging import Judged, Preset, judged
from rollkit.explaining.shares import share
from rollkit.poses import Poses
from rollkit.predictions.actions import Mask
from rollkit.predictions.rollouts import Cases

Progress = Callable[[int], None]

_LISTED = 1000  # ids that are kept, to name the nearest of


class Chosen(NamedTuple):
    """A case, one of its samples, and why these."""

    poses: Poses
    sample: int
    why: str
    cases: int  # that were looked at
    differing: int  # in how many of them verdicts differ


class _Bad(NamedTuple):
    """How bad a sample of a case is, and by which check of which preset."""

    share: float  # of the limit; negative beyond it
    preset: str
    check: Check
    poses: Poses  # that case alone
    sample: int

    def __str__(self) -> str:
        side, percent = "beyond" if self.share < 0 else "within", 100 * abs(self.share)
        far = f"{percent:,.0f}" if percent >= 10 else f"{percent:.2g}"
        return f"by {self.preset}, {self.check.name} is {far}% {side} its limit"


def choose(
    cases: Cases,
    presets: Sequence[Preset],
    *,
    case: str | None = None,
    sample: int | None = None,
    progress: Progress | None = None,
) -> Chosen:
    """The case of that id and the sample of that number, or the worst.

    The worst has the least margin, as a share of the limit: over the checks on which verdicts
    differ, if there are any; else over all checks of the first preset that has any margins.

    Raises
    ------
    UsageError
        No such case or sample.
    DataError
        No case that can be measured.
    """
    worst_differing: _Bad | None = None
    worst: list[_Bad | None] = [None] * len(presets)
    first: Poses | None = None
    seen = differing = lacking = 0
    lacks = ""
    for block in cases.blocks if case is None else _only(case, cases):
        some = _samples(block, sample)
        _, said = judged(presets, block, cases)
        apart, undefined = _apart(said, some), _undefined(said, block, some)
        if undefined.any() and not lacks:
            row, number = divmod(int(np.argmax(undefined)), undefined.shape[1])
            lacks = f"case {block.ids[row]}, sample {number + (some.start or 0)}"
        lacking += int(undefined.any(axis=1).sum())
        if any(one.any() for one in apart.values()):
            worst_differing = _worse(worst_differing, _worst(block, said, some, apart))
        each = (_worst(block, [one], some) for one in said)
        worst = [_worse(so_far, one) for so_far, one in zip(worst, each, strict=True)]
        first = first or block.rows(np.array([0]))
        seen += block.cases
        differing += int(np.any([one.any(axis=1) for one in apart.values()], axis=0).sum())
        if progress is not None:
            progress(seen)
    if first is None:
        raise cases.nothing()
    bad = next((one for one in (worst_differing, *worst) if one is not None), None)
    poses, number = (first, sample or 0) if bad is None else (bad.poses, bad.sample)
    of = _of_how_many(case, seen, poses.samples if sample is None else 1)
    if not of:
        why = "the only case" if case is None else "as asked for"
    elif bad is None:
        why = f"the first of {of}: no margin is known of any"
    else:
        why = f"the worst of {of}: {bad}"
        if len(presets) > 1:
            count = f" in {differing} of {seen} cases" if seen > 1 else ""
            why += f"; verdicts differ{count}" if differing else "; verdicts differ nowhere"
    if of and lacks:
        count = f" in {lacking} of {seen} cases" if seen > 1 else ""
        why += f"; some check is undefined{count}, first of {lacks}"
    return Chosen(poses, number, why, seen, differing)


def _of_how_many(case: str | None, cases: int, samples: int) -> str:
    """Among what there was a choice; nothing where there was none."""
    if case is not None or cases == 1:
        return f"its {samples} samples" if samples > 1 else ""
    return f"{cases} cases" + (f" of {samples} samples" if samples > 1 else "")


def _only(case: str, cases: Cases) -> Iterator[Poses]:
    """The case of that id, and no more of the file."""
    ids: list[str] = []
    for block in cases.blocks:
        if case in block.ids:
            yield block.rows(np.array([block.ids.index(case)]))
            return
        ids += block.ids[: _LISTED - len(ids)]
    for one in cases.left_out.listed:
        if one["case"] == case:
            raise DataError(
                f"{cases.spec.predictions}: case {case!r} was left out: {one['reason']}"
            )
    if not ids:
        raise cases.nothing()
    some = f"{', '.join(ids[:3])}{' and so on' * (len(ids) > 3)}"
    raise unknown("case", case, ids, of=cases.spec.predictions, hint=f"its cases are {some}")


def _samples(poses: Poses, sample: int | None) -> slice:
    """The samples to look at."""
    if sample is None:
        return slice(None)
    if not 0 <= sample < poses.samples:
        there = f"0 to {poses.samples - 1}" if poses.samples > 1 else "0, its only one"
        raise UsageError(f"sample: got {sample}, case {poses.ids[0]!r} has {there}")
    return slice(sample, sample + 1)


def _apart(said: Sequence[Judged], some: slice) -> dict[str, Array]:
    """By the name of each check, where one preset passes `(n, K)` what another does not."""
    verdicts: dict[str, list[Array]] = {}
    for one in said:
        for check, reading in one.readings():
            verdicts.setdefault(check.name, []).append(reading.ok[:, some])
    return {
        name: np.any([one == 1 for one in each], axis=0)
        & np.any([one == 0 for one in each], axis=0)
        for name, each in verdicts.items()
    }


def _undefined(said: Sequence[Judged], poses: Poses, some: slice) -> Mask:
    """Where `(n, K)` a check has no verdict, of presets that are not undefined as a whole."""
    lacks = np.zeros((poses.cases, poses.samples), dtype=bool)
    for one in said:
        for _, reading in one.readings():
            lacks |= np.isnan(reading.ok)
    return lacks[:, some]


def _worst(
    poses: Poses,
    said: Sequence[Judged],
    some: slice,
    where: Mapping[str, Array] | None = None,
) -> _Bad | None:
    """The least margin in a block, of the checks in `where` only where that holds."""
    found: _Bad | None = None
    for one in said:
        for check, reading in one.readings():
            shares = share(check, reading)[:, some]
            known = ~np.isnan(shares) & (True if where is None else where[check.name])
            if not known.any():
                continue
            row, sample = divmod(int(np.argmin(np.where(known, shares, np.inf))), shares.shape[1])
            least = float(shares[row, sample])
            if found is None or least < found.share:
                alone = poses.rows(np.array([row]))
                found = _Bad(least, one.preset.name, check, alone, sample + (some.start or 0))
    return found


def _worse(one: _Bad | None, other: _Bad | None) -> _Bad | None:
    """The worse of both; of equal ones, the first."""
    if one is None or other is None:
        return one or other
    return other if other.share < one.share else one
