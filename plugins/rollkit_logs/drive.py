"""A pose log as a drive: uniform poses, the motion through them, and what to say about both."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from rollkit import DataError
from rollkit.arrays import Array
from rollkit_logs.clock import Clock
from rollkit_logs.motion import HeadingOrigin, Motion, motion
from rollkit_logs.poses import LEAST_POSES, PoseLog
from rollkit_logs.resample import METHODS, Method
from rollkit_logs.savgol import ORDER, savgol, window_samples

_HEADINGS = {"path": "direction of the smoothed path", "recorded": "recorded yaw, smoothed"}


@dataclass(frozen=True, eq=False)
class Drive:
    """A drive at `n` uniform instants.

    Parameters
    ----------
    x, y : array, `(n,)`
        Recorded positions, resampled and nothing else, m.
    recorded : Motion
        Through those positions.
    smoothed : Motion
        Through the smoothed ones: what is driven again.
    notes : dict
        How it came about, strict JSON.
    """

    x: Array
    y: Array
    recorded: Motion
    smoothed: Motion
    notes: dict[str, Any]

    @property
    def steps(self) -> int:
        """Number of steps."""
        return len(self.smoothed.accel)


def drive(
    log: PoseLog,
    clock: Clock,
    *,
    resample: Method,
    smooth: float,
    heading: HeadingOrigin,
    standstill: float,
) -> Drive:
    """Resample, smooth and differentiate a log; the options are those of `recorded`.

    Raises
    ------
    DataError
        No yaw where the heading is to be the recorded one, or too short a log.
    """
    if heading == "recorded" and log.yaw is None:
        raise DataError(
            f"{log.rows.path}: got no yaw, expected one for heading=recorded",
            hint="--set heading=path takes the direction of the path",
        )
    window = window_samples(smooth, clock.dt)
    _check_length(log, clock, window)

    def uniform(values: Array) -> Array:
        if clock.step is None:  # the rows are the instants
            return values
        return METHODS[resample](clock.grid, clock.time, values[clock.kept])

    def through(x: Array, y: Array, yaw: Array | None) -> Motion:
        return motion(x, y, yaw, clock.dt, origin=heading, standstill=standstill)

    x, y = uniform(log.x), uniform(log.y)
    yaw = None if log.yaw is None else uniform(np.unwrap(log.yaw))
    smooth_yaw = None if yaw is None else savgol(yaw, window)
    smoothed = through(savgol(x, window), savgol(y, window), smooth_yaw)
    notes = {
        "dt": clock.origin,
        "frame": log.frame,
        "samples": len(log.x),
        "left_out_samples": int(np.count_nonzero(~clock.kept)),
        "duration_s": float(clock.time[-1] - clock.time[0]),
        "recorded_step_median_s": clock.step,
        "recorded_step_jitter_s": clock.jitter,
        "resampling": "none" if clock.step is None else f"{resample}, to {len(x)} instants",
        "smoothing": _smoothing(window, clock.dt),
        "heading": _HEADINGS[heading],
        "standstill_m_s": standstill,
        "reverse_steps": int(np.count_nonzero(smoothed.reverse)),
    }
    return Drive(x, y, recorded=through(x, y, yaw), smoothed=smoothed, notes=notes)


def _check_length(log: PoseLog, clock: Clock, window: int) -> None:
    smooths = window > ORDER
    least = window if smooths else LEAST_POSES
    if len(clock.grid) < least:
        what = f"the smoothing window of {(window - 1) * clock.dt:g} s" if smooths else "two steps"
        raise DataError(
            f"{log.rows.path}: got {len(clock.grid)} instants {clock.dt:g} s apart, expected at "
            f"least {least}, {what}",
            hint="--set smooth=0 smooths nothing" if smooths else None,
        )


def _smoothing(window: int, dt: float) -> str:
    if window <= ORDER:
        return f"none: the window holds {window} of the {ORDER + 2} samples it takes"
    return f"Savitzky-Golay, order {ORDER}, {window} samples over {(window - 1) * dt:g} s"
