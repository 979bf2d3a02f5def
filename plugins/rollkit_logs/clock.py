"""When each pose was: the log's own times, a file of times, or rows a given step apart."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rollkit import DataError
from rollkit.arrays import Array
from rollkit_logs.poses import LEAST_POSES, PoseLog, check_times
from rollkit_logs.text import fields, numbers, read_bytes

# No vehicle's log is finer than a microsecond, which is also what a measured step is rounded to.
_LEAST_STEP, _LARGEST_STEP = 1e-6, 1e6
# More instants than this for each pose is not a resampled log, but times in another unit.
_MOST_INSTANTS = 1_000_000
_MOST_PER_POSE = 100
_ONE_MEASUREMENT = 0.1  # of the median step


@dataclass(frozen=True, eq=False)
class Clock:
    """Times of the poses and the uniform instants to bring them to.

    Parameters
    ----------
    kept : mask, `(n,)`
        Poses that are used: two nearer than a tenth of the median step are one measurement, and a
        difference between them is noise; the later one is left out.
    time : array
        Times of the poses kept, s.
    grid : array, `(m,)`
        s: the first time and every `dt` after it, up to the last time.
    dt : float
        s.
    origin : str
        Where dt came from, in words.
    step, jitter : float or None
        Median step of the timestamps and the largest departure from it, s; None without timestamps.
    """

    kept: npt.NDArray[np.bool_]
    time: Array
    grid: Array
    dt: float
    origin: str
    step: float | None
    jitter: float | None


def clock(log: PoseLog, *, dt: float | None, times: Path | None) -> Clock:
    """The clock of a log.

    Raises
    ------
    DataError
        Neither timestamps nor dt, or timestamps twice; a times file that is wrong or of another
        length; a time step that the times do not go with.
    """
    if times is not None and log.time is not None:
        raise DataError(f"{times}: got a file of times, expected none: {log.rows.path} has its own")
    if times is not None:
        return _from_timestamps(log, _read_times(times, log), times.name, dt)
    if log.time is not None:
        return _from_timestamps(log, log.time, log.rows.path.name, dt)
    if dt is not None:
        return _from_step(log, dt)
    raise DataError(
        f"{log.rows.path}: got neither timestamps nor a time step, expected one of them",
        hint="pass the times, --set times=FILE, or the step in seconds, --dt 0.1",
    )


def _read_times(path: Path, log: PoseLog) -> Array:
    rows, table = fields(path, read_bytes(path))
    time = numbers(rows, table, ["time"])[:, 0]
    if len(time) != len(log.x):
        raise DataError(
            f"{path}: got {len(time)} times, expected {len(log.x)}, one for each pose of "
            f"{log.rows.path}"
        )
    check_times(rows, time)
    return time


def _from_step(log: PoseLog, dt: float) -> Clock:
    _check_step(log, dt)
    time = dt * np.arange(len(log.x))
    origin = (
        f"{dt:g} s as given; {log.rows.path.name} has no timestamps, its rows are taken as dt apart"
    )
    return Clock(np.ones(len(time), dtype=bool), time, time, dt, origin, None, None)


def _from_timestamps(log: PoseLog, time: Array, name: str, dt: float | None) -> Clock:
    steps = np.diff(time)
    step = float(np.median(steps))
    if dt is None:
        dt = round(step, 6)
        origin = f"{dt:g} s, the median step of the {len(time)} timestamps in {name}"
    else:
        origin = f"{dt:g} s as given; the {len(time)} timestamps in {name} are resampled to it"
    _check_step(log, dt)
    kept = np.concatenate([[True], steps > step * _ONE_MEASUREMENT])
    jitter = float(np.max(np.abs(steps - step)))
    return Clock(kept, time[kept], _grid(log, time[kept], dt, step), dt, origin, step, jitter)


def _check_step(log: PoseLog, dt: float) -> None:
    if not _LEAST_STEP <= dt <= _LARGEST_STEP:
        raise DataError(
            f"{log.rows.path}: got a time step of {dt:g} s, expected {_LEAST_STEP:g} to "
            f"{_LARGEST_STEP:g} s",
            hint="times and steps are in seconds",
        )


def _grid(log: PoseLog, time: Array, dt: float, step: float) -> Array:
    """Every dt from the first time to the last, which rounding must not lose."""
    if len(time) < LEAST_POSES:
        raise DataError(
            f"{log.rows.path}: got {len(time)} poses at distinct times, expected at least "
            f"{LEAST_POSES}; the others are nearer than a tenth of the median step, {step:g} s"
        )
    duration = float(time[-1] - time[0])
    count = duration / dt + 1
    if count > max(_MOST_INSTANTS, _MOST_PER_POSE * len(time)):
        raise DataError(
            f"{log.rows.path}: {duration:g} s in steps of {dt:g} s are {count:.3g} instants for "
            f"{len(time)} poses; expected times in seconds, and a step near {step:g} s"
        )
    return time[0] + dt * np.arange(int(count + 1e-6))
