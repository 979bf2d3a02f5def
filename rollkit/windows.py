"""Cutting a recorded track into cases: so many seconds each, with what came before as history."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from rollkit.arrays import Array
from rollkit.errors import DataError, UsageError
from rollkit.poses import SIGNALS, Poses

_Places = npt.NDArray[np.intp]


def windows(
    poses: Poses, *, horizon: float | None = None, history: float | None = None
) -> list[Poses]:
    """Whole tracks as cases of `horizon` seconds after `history` seconds; others as they come.

    Window i starts at `history + i horizon`, in whole steps: each begins where the one before ends.
    Without a horizon a track is one case, all of it after the history.

    Parameters
    ----------
    poses : Poses, `(n, 1, T)`
        Uniform, `dt` apart.
    horizon, history : float, optional
        s, each rounded to whole steps.

    Returns
    -------
    list of Poses
        One block `(n w, 1, S+1)` without times, the windows of a track after one another, called
        `ID/0`, `ID/1` and so on; `given` is 1. Instants that were not observed are nan in it. A
        track shorter than one window is a case that cannot be used.

    Raises
    ------
    UsageError
        Less than a step, or poses that have a history already and are to get one.
    DataError
        Poses without a uniform step, or a reference at other instants.

    Examples
    --------
    >>> track = Poses(ids=("a",), x=[[[0.0, 1, 2, 3, 4, 5]]], y=[[[0.0] * 6]], dt=0.5, whole=True,
    ...               frame="plane", origin="by hand")
    >>> (block,) = windows(track, horizon=1.0, history=0.5)
    >>> block.ids, block.x[:, 0].tolist(), block.history.x[:, 0].tolist()
    (('a/0', 'a/1'), [[1.0, 2.0, 3.0], [3.0, 4.0, 5.0]], [[0.0, 1.0], [2.0, 3.0]])
    """
    if not poses.whole or (horizon is None and history is None):
        return [poses]
    if poses.dt is None or poses.samples != 1:
        raise DataError(
            f"windows: got {poses.samples} samples and dt={poses.dt}, expected a track: one sample "
            "at uniform instants"
        )
    if poses.history is not None:
        raise UsageError("windows: got a track that has a history already, expected none")
    if poses.reference is not None and poses.reference.instants != poses.instants:
        raise DataError(
            f"windows: got a reference of {poses.reference.instants} instants, expected the "
            f"track's {poses.instants}"
        )
    before = 0 if history is None else _steps("history", history, poses.dt)
    last = poses.instants - 1
    ahead = max(last - before, 1) if horizon is None else _steps("horizon", horizon, poses.dt)
    count = (last - before) // ahead
    if count < 1:
        return [_too_short(poses, before + ahead)]
    starts = before + ahead * np.arange(count)
    places = starts[:, None] + np.arange(ahead + 1)
    cut = _cut(poses, places)
    beside: dict[str, Any] = {}
    if poses.reference is not None:
        beside["reference"] = _cut(replace(poses.reference, dt=poses.dt), places)
    if history is not None:
        beside["history"] = _cut(poses, starts[:, None] + np.arange(-before, 1))
    return [replace(cut, **beside, given=1)]


def _steps(name: str, seconds: float, dt: float) -> int:
    steps = round(seconds / dt) if np.isfinite(seconds) else 0
    if steps < 1:
        raise UsageError(f"{name}: got {seconds:g} s, expected at least one step, {dt:g} s")
    return steps


def _too_short(poses: Poses, steps: int) -> Poses:
    """The tracks as they are, of which none can be used."""
    dt = poses.dt or 0.0
    why = (
        f"got {(poses.instants - 1) * dt:g} s, expected at least one window of {steps * dt:g} s, "
        "history and horizon"
    )
    return replace(poses, unusable={**dict.fromkeys(range(poses.cases), why), **poses.unusable})


def _cut(poses: Poses, places: _Places) -> Poses:
    """The instants of each window, `(w, S)`, of each track: `(n w, 1, S)`."""
    count = len(places)
    changes: dict[str, Any] = {}
    for name in SIGNALS:
        values: Array | None = getattr(poses, name)
        if values is not None:
            by_window = np.moveaxis(values[:, :, places], 2, 1)  # (n, w, K, S, ...)
            changes[name] = by_window.reshape(-1, *by_window.shape[2:])
    return replace(
        poses,
        **changes,
        ids=tuple(f"{one}/{window}" for one in poses.ids for window in range(count)),
        time=None,  # each window has its own
        history=None,
        reference=None,
        probability=None,
        whole=False,
        unusable={
            case * count + window: why
            for case, why in poses.unusable.items()
            for window in range(count)
        },
    )
