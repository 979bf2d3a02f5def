"""A log as a drive: uniform poses, the motion through them, and what to say about both."""

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rollkit import DataError, Poses, uniform
from rollkit.arrays import Array
from rollkit_logs.motion import HeadingOrigin, Motion, motion
from rollkit_logs.smoothing import ORDER, smooth_cubic, window_samples

Resample = Literal["cubic", "linear"]

# Two steps: the fewest that have an acceleration.
_LEAST_POSES = 3
_HEADINGS = {"path": "direction of the smoothed path", "recorded": "recorded yaw, smoothed"}


@dataclass(frozen=True, eq=False)
class Drive:
    """A drive at `n` uniform instants.

    Parameters
    ----------
    x, y : array, `(n,)`
        Recorded positions, resampled and nothing else, m.
    dt : float
        s.
    recorded : Motion
        Through those positions.
    smoothed : Motion
        Through the smoothed ones: what is driven again.
    notes : dict
        How it came about, strict JSON.
    """

    x: Array
    y: Array
    dt: float
    recorded: Motion
    smoothed: Motion
    notes: dict[str, Any]

    @property
    def steps(self) -> int:
        """Number of steps."""
        return len(self.smoothed.accel)


def drive(
    path: str,
    log: Poses,
    *,
    dt: float | None,
    resample: Resample,
    smooth: float,
    heading: HeadingOrigin,
    standstill: float,
) -> Drive:
    """Resample, smooth and differentiate a log; the options are those of `recorded`.

    Raises
    ------
    DataError
        No time step, no yaw where the heading is to be the recorded one, too short a log, or one
        that was not observed at its first or last instant.
    """
    if heading == "recorded" and log.yaw is None:
        raise DataError(
            f"{path}: got no yaw, expected one for heading=recorded",
            hint="--set heading=path takes the direction of the path",
        )
    if log.time is None and log.dt is None and dt is None:
        raise DataError(
            f"{path}: got neither timestamps nor a time step, expected one of them",
            hint="pass the times, --set times=FILE, or the step in seconds, --dt 0.1",
        )
    _check_poses(path, log.instants, "poses")
    # A drive has no holes: what was not observed is driven as the interpolation has it.
    brought = uniform(log, dt=dt, method=resample, max_gap=math.inf, where=path)
    poses, said = brought.poses, brought.notes
    _check_poses(path, log.instants - said["left_out_samples"], "poses at distinct times")
    step = poses.dt or math.nan
    x, y = _complete(path, "x", poses.x), _complete(path, "y", poses.y)
    yaw = None if poses.yaw is None else _complete(path, "yaw", poses.yaw)
    window = window_samples(smooth, step)
    _check_length(path, len(x), step, window)

    def through(x: Array, y: Array, yaw: Array | None) -> Motion:
        return motion(x, y, yaw, step, origin=heading, standstill=standstill)

    smooth_yaw = None if yaw is None else smooth_cubic(yaw, window)
    smoothed = through(smooth_cubic(x, window), smooth_cubic(y, window), smooth_yaw)
    notes = {
        **said,
        "frame": log.frame,
        "samples": log.instants,
        "duration_s": (len(x) - 1) * step if log.time is None else float(np.ptp(log.time)),
        "smoothing": _smoothing(window, step),
        "heading": _HEADINGS[heading],
        "standstill_m_s": standstill,
        "reverse_steps": int(np.count_nonzero(smoothed.reverse)),
    }
    return Drive(x, y, step, recorded=through(x, y, yaw), smoothed=smoothed, notes=notes)


def _check_poses(path: str, count: int, what: str) -> None:
    if count < _LEAST_POSES:
        raise DataError(f"{path}: got {count} {what}, expected at least {_LEAST_POSES}")


def _complete(path: str, name: str, values: Array) -> Array:
    """The values of the only track, none of which is missing."""
    track: Array = values[0, 0]
    missing = np.isnan(track)
    if missing.any():
        raise DataError(
            f"{path}: {name} was not observed at {np.count_nonzero(missing)} of {len(track)} "
            f"instants, the first of them {np.argmax(missing)}; expected a drive observed from its "
            "first instant to its last"
        )
    return track


def _check_length(path: str, count: int, dt: float, window: int) -> None:
    smooths = window > ORDER
    least = window if smooths else _LEAST_POSES
    if count < least:
        what = f"the smoothing window of {(window - 1) * dt:g} s" if smooths else "two steps"
        raise DataError(
            f"{path}: got {count} instants {dt:g} s apart, expected at least {least}, {what}",
            hint="--set smooth=0 smooths nothing" if smooths else None,
        )


def _smoothing(window: int, dt: float) -> str:
    if window <= ORDER:
        return f"none: the window holds {window} of the {ORDER + 2} samples it takes"
    return f"Savitzky-Golay, order {ORDER}, {window} samples over {(window - 1) * dt:g} s"
