"""The cases to measure, at the same instants in both files; what cannot be used is set aside."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from rollkit.errors import DataError
from rollkit.poses import Poses
from rollkit.predictions.left_out import LeftOut
from rollkit.predictions.matching import Matching
from rollkit.predictions.spec import EvalSpec
from rollkit.predictions.start import with_start
from rollkit.resampling import uniform
from rollkit.windows import windows

Mask = npt.NDArray[np.bool_]

# Metres. Nothing on Earth is further; a stray exponent in one number is.
_LARGEST = 1e9


@dataclass
class Notes:
    """What the artifact says about how the instants of all blocks came about."""

    first: dict[str, Any] = field(default_factory=dict)
    steps: set[int] = field(default_factory=set)
    dts: set[float] = field(default_factory=set)
    filled: int = 0
    near_duplicates: int = 0

    def add(self, poses: Poses, notes: dict[str, Any]) -> None:
        """Take in those of the next block."""
        self.first = self.first or {**notes, "frame": poses.frame}
        self.filled += int(notes.get("filled_samples", 0))
        self.near_duplicates += int(notes.get("left_out_samples", 0))
        if poses.dt is not None:
            self.dts.add(poses.dt)

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values: of the first block, the counts over all of them."""
        counts = {"filled_samples": self.filled, "left_out_samples": self.near_duplicates}
        return {**self.first, **counts} if self.first else {}


def at_uniform_instants(blocks: Iterator[Poses], spec: EvalSpec, notes: Notes) -> Iterator[Poses]:
    """The blocks at uniform instants."""
    for block in blocks:
        gap = spec.gap_in(block)
        made = uniform(block, dt=spec.dt, method=spec.resample, max_gap=gap, where=spec.predictions)
        notes.add(made.poses, made.notes)
        yield with_start(made.poses)


def usable(
    predictions: Iterator[Poses], matching: Matching, spec: EvalSpec, left_out: LeftOut
) -> Iterator[Poses]:
    """The cases of each block that can be measured; what is wrong with the others is recorded.

    Tracks are matched as a whole and then cut into windows, so that both files may begin at times
    of their own.
    """
    for block in predictions:
        matched = matching.matched(block, left_out)
        if matched is None:
            continue
        for cut in windows(matched, horizon=spec.horizon, history=spec.history):
            good = _sound(cut, left_out)
            if cut.reference is not None:
                cut = replace(cut, reference=_starting_alike(cut.reference, cut))
                good &= _covered(cut, good, left_out)
            kept = _kept(cut, good)
            if kept is not None:
                yield replace(kept, history=_history(kept))


def _kept(poses: Poses, good: Mask) -> Poses | None:
    if good.all():
        return poses
    return poses.rows(good) if good.any() else None


def _sound(poses: Poses, left_out: LeftOut) -> Mask:
    """Which cases have a number everywhere; one bad sample spoils its case."""
    good = np.ones(poses.cases, dtype=bool)
    for name in ("x", "y", "yaw", "speed"):
        values = getattr(poses, name)
        if values is not None:
            good &= (np.abs(values) <= _LARGEST).all(axis=(1, 2))
    for row in poses.unusable:
        good[row] = False
    for row in np.flatnonzero(~good).tolist():
        left_out.add(poses.ids[row], "invalid", poses.unusable.get(row) or _fault(poses, row))
    return good


def _fault(poses: Poses, row: int) -> str:
    """Where the first bad number of a case is."""
    for name in ("x", "y", "yaw", "speed"):
        values = getattr(poses, name)
        if values is None:
            continue
        bad = ~(np.abs(values[row]) <= _LARGEST)
        if bad.any():
            sample, instant = (int(one) for one in np.argwhere(bad)[0])
            got = values[row, sample, instant]
            what = "not observed" if np.isnan(got) else f"{got:g}"
            return (
                f"{name} is {what} at sample {sample}, instant {instant}{_seconds(poses, instant)}"
            )
    raise AssertionError("a case was left out without a fault")


def _seconds(poses: Poses, instant: int) -> str:
    if poses.times is None or poses.dt is None:
        return ""
    since = poses.times[instant] - poses.times[0] + (1 - poses.given) * poses.dt
    return f" ({since:.6g} s)"


def _starting_alike(reference: Poses, poses: Poses) -> Poses:
    """The reference with the start that the prediction was given, where it has none itself."""
    if not poses.given or not np.isnan(reference.x[:, 0, 0]).any():
        return reference
    signals: dict[str, Any] = {}
    for name in ("x", "y", "yaw"):
        mine, theirs = getattr(reference, name), getattr(poses, name)
        if mine is not None and theirs is not None:
            values = mine.copy()
            unknown = np.isnan(values[:, 0, 0])
            values[unknown, 0, 0] = theirs[unknown, 0, 0]
            signals[name] = values
    return replace(reference, **signals)


def _covered(poses: Poses, sound: Mask, left_out: LeftOut) -> Mask:
    """Which cases have a reference at every instant; those that are not sound are known already."""
    reference = poses.reference
    assert reference is not None
    known = np.isfinite(reference.x[:, 0]) & np.isfinite(reference.y[:, 0])
    if reference.yaw is not None:
        known &= np.isfinite(reference.yaw[:, 0])
    good: Mask = np.asarray(known.all(axis=-1))
    for row in reference.unusable:
        good[row] = False
    for row in np.flatnonzero(sound & ~good).tolist():
        seen = np.flatnonzero(known[row])
        if row in reference.unusable or not len(seen):
            reason = reference.unusable.get(row, "covers no instant of the prediction")
            kind = "reference_invalid" if row in reference.unusable else "short"
        elif seen[-1] - seen[0] + 1 == len(seen):
            kind = "short"
            reason = (
                f"covers instants {seen[0]} to {seen[-1]} of {poses.instants}"
                f"{_seconds(poses, int(seen[-1]))}"
            )
        else:
            hole = int(np.flatnonzero(~known[row])[0])
            kind, reason = "reference_invalid", f"gap at instant {hole}{_seconds(poses, hole)}"
        left_out.add(poses.ids[row], kind, f"reference {reason}")
    return good


def _history(poses: Poses) -> Poses | None:
    """The history at the prediction's step."""
    past = poses.history
    if past is None or past.dt == poses.dt:
        return past
    if past.time is None and past.dt is None:
        return replace(past, dt=poses.dt)
    if poses.dt is None:
        raise DataError("history: got poses without a time step")
    return uniform(past, dt=poses.dt, anchor="end").poses
