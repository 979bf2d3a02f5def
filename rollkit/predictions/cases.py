"""The cases to measure, at the same instants in both files; what cannot be used is set aside."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from rollkit.errors import DataError
from rollkit.motion import RATES
from rollkit.poses import SIGNALS, Poses
from rollkit.predictions.left_out import LeftOut
from rollkit.predictions.matching import Matching
from rollkit.predictions.spec import GAP_RECORDED, EvalSpec
from rollkit.predictions.start import with_start
from rollkit.resampling import Method, uniform
from rollkit.windows import windows

Mask = npt.NDArray[np.bool_]

# Metres. Nothing on Earth is further; a stray exponent in one number is.
_LARGEST = 1e9
_MEASURED = ("x", "y", "yaw", "speed")  # what a prediction has to have, of what it holds
_MATCHED = ("x", "y", "yaw")  # what a reference has to have wherever there is a prediction


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
        held = [name for name in SIGNALS if getattr(block, name) is not None]
        said = {"max_gap_s": gap, "whole": block.whole, "signals": held}
        notes.add(made.poses, {**made.notes, **said})
        yield from with_start(made.poses)


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
                yield replace(kept, history=_history(kept, spec))


def _kept(poses: Poses, good: Mask) -> Poses | None:
    if good.all():
        return poses
    return poses.rows(good) if good.any() else None


def _sound(poses: Poses, left_out: LeftOut) -> Mask:
    """Which cases have a number everywhere; one bad sample spoils its case."""
    good = np.ones(poses.cases, dtype=bool)
    for name in _MEASURED:
        values = getattr(poses, name)
        if values is not None:
            good &= (np.abs(values) <= _LARGEST).all(axis=(1, 2))
    for values in poses.recorded.values():
        good &= ~(np.abs(values) > _LARGEST).any(axis=(1, 2))
    for row in poses.unusable:
        good[row] = False
    unlikely = _improbable(poses)
    for row in np.flatnonzero(~good | unlikely).tolist():
        if row in poses.unusable:
            reason = poses.unusable[row]
        elif good[row]:
            assert poses.probability is not None
            got = ", ".join(f"{one:g}" for one in poses.probability[row])
            reason = f"got probabilities {got}, expected numbers of 0 or more"
        else:
            reason = _fault(poses, row)
        left_out.add(poses.ids[row], "invalid", reason)
    return good & ~unlikely


def _improbable(poses: Poses) -> Mask:
    """Which cases have a probability that is none. They need not add up to 1: scores do not."""
    share = poses.probability
    if share is None:
        return np.zeros(poses.cases, dtype=bool)
    return np.asarray(~(np.isfinite(share) & (share >= 0)).all(axis=1))


def _fault(poses: Poses, row: int) -> str:
    """Where the first bad number of a case is."""
    for name in (*_MEASURED, *RATES):
        values = getattr(poses, name)
        if values is None:
            continue
        size = np.abs(values[row])
        bad = size > _LARGEST if name in RATES else ~(size <= _LARGEST)
        if bad.any():
            sample, instant = (int(one) for one in np.argwhere(bad)[0])
            got = values[row, sample, instant]
            place = f"sample {sample}, instant {instant}{_seconds(poses, instant)}"
            # Where one signal is missing, the whole pose is.
            return f"not observed at {place}" if np.isnan(got) else f"{name} is {got:g} at {place}"
    raise AssertionError("a case was left out without a fault")


def _seconds(poses: Poses, instant: int) -> str:
    if poses.times is None or poses.dt is None:
        return ""
    since = poses.times[instant] - poses.times[0] + (1 - poses.given) * poses.dt
    return f" ({since:.6g} s)"


def _starting_alike(reference: Poses, poses: Poses) -> Poses:
    """The reference with the start that the prediction was given, where it lacks that alone."""
    if not poses.given or poses.instants < 2:
        return reference
    lacks = np.isnan(reference.x[:, 0, 0]) & ~np.isnan(reference.x[:, 0, 1])
    if not lacks.any():
        return reference
    signals: dict[str, Any] = {}
    for name in _MATCHED:
        mine, theirs = getattr(reference, name), getattr(poses, name)
        if mine is not None:
            # No error is counted there: where nobody knows the yaw, the next one will do.
            start = mine[:, 0, 1] if theirs is None else theirs[:, 0, 0]
            signals[name] = mine.copy()
            signals[name][lacks, 0, 0] = start[lacks]
    return replace(reference, **signals)


def _covered(poses: Poses, sound: Mask, left_out: LeftOut) -> Mask:
    """Which cases have a reference at every instant; those that are not sound are known already."""
    reference = poses.reference
    assert reference is not None
    known = np.ones((poses.cases, poses.instants), dtype=bool)
    for name in _MATCHED:
        values = getattr(reference, name)
        if values is not None:
            known &= np.abs(values[:, 0]) <= _LARGEST
    for values in reference.recorded.values():
        known &= ~(np.abs(values[:, 0]) > _LARGEST)
    good: Mask = np.asarray(known.all(axis=-1))
    for row in reference.unusable:
        good[row] = False
    for row in np.flatnonzero(sound & ~good).tolist():
        kind, reason = _uncovered(poses, reference, row, np.flatnonzero(known[row]).tolist())
        left_out.add(poses.ids[row], kind, f"reference {reason}")
    return good


def _uncovered(poses: Poses, reference: Poses, row: int, seen: list[int]) -> tuple[str, str]:
    """The kind and the reason of a case whose reference is known at these instants only."""
    if row in reference.unusable:
        return "reference_invalid", reference.unusable[row]
    for name in (*_MATCHED, *RATES):
        values = getattr(reference, name)
        wrong = [] if values is None else np.flatnonzero(np.abs(values[row, 0]) > _LARGEST).tolist()
        if wrong:
            place = f"instant {wrong[0]}{_seconds(poses, wrong[0])}"
            return "reference_invalid", f"{name} is {values[row, 0, wrong[0]]:g} at {place}"
    if not seen:
        return "short", "covers no instant of the prediction"
    if seen[-1] - seen[0] + 1 == len(seen):
        reach = f"instants {seen[0]} to {seen[-1]} of {poses.instants}"
        return "short", f"covers {reach}{_seconds(poses, seen[-1])}"
    hole = next(one for one in range(poses.instants) if one not in seen)
    return "reference_invalid", f"gap at instant {hole}{_seconds(poses, hole)}"


def _history(poses: Poses, spec: EvalSpec) -> Poses | None:
    """The history at the prediction's step, its gaps filled as those of whatever was recorded."""
    past = poses.history
    if past is None:
        return None
    if poses.dt is None:
        raise DataError("history: got poses without a time step")
    _check_end(past, poses)
    if past.time is None and past.dt is None:
        past = replace(past, dt=poses.dt)
    if past.dt == poses.dt and not np.isnan(past.x).any():
        return past
    gap = GAP_RECORDED if spec.max_gap is None else spec.max_gap
    method: Method = "cubic" if spec.resample == "none" else spec.resample
    return uniform(past, dt=poses.dt, method=method, max_gap=gap, anchor="end").poses


def _check_end(past: Poses, poses: Poses) -> None:
    """Refuse a history that ends at another time than the start, where both are known."""
    if past.time is None or poses.times is None or poses.dt is None:
        return  # it counts to the start itself
    start = poses.times[0] - (1 - poses.given) * poses.dt
    steps = np.diff(past.time)
    step = min(poses.dt, float(np.median(steps))) if len(steps) else poses.dt
    if abs(past.time[-1] - start) > step / 2:
        raise DataError(
            f"history of case {poses.ids[0]!r}: ends at {past.time[-1]:.12g} s, expected the start "
            f"of the prediction, {start:.12g} s",
            hint="the last pose of a history is the start; both count their times from one origin",
        )
