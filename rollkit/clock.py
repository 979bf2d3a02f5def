"""When poses were and when they are wanted: their own times, or rows a given step apart."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rollkit.arrays import Array
from rollkit.errors import DataError
from rollkit.poses import Poses

# No vehicle's log is finer than a microsecond, which is also what a measured step is rounded to.
_LEAST_STEP, _LARGEST_STEP = 1e-6, 1e6
# More instants than this for each pose is not a resampled log, but times in another unit.
_MOST_INSTANTS = 1_000_000
_MOST_PER_POSE = 100
_ONE_MEASUREMENT = 0.1  # of the median step
_SAME_STEP = 0.01  # of the median step, where nothing is resampled


@dataclass(frozen=True, eq=False)
class Clock:
    """Times of the poses and the instants to bring them to, in s from the first pose.

    Parameters
    ----------
    kept : mask, `(T,)`
        Poses at distinct times: two nearer than a tenth of the median step are one measurement, and
        a difference between them is noise.
    time : array
        Times of the poses kept.
    grid : array, `(m,)`
        The instants wanted: `time` itself where nothing is to be resampled.
    dt, step : float
        s: between those instants, and the median one between the poses.
    jitter : float or None
        Largest departure from the median step, s; None without timestamps.
    origin : str
        Where dt came from, in words.
    even : bool
        Whether the poses are dt apart as they stand.
    """

    kept: npt.NDArray[np.bool_]
    time: Array
    grid: Array
    dt: float
    step: float
    jitter: float | None
    origin: str
    even: bool


def clock(
    poses: Poses, *, dt: float | None, rows_stay: bool, at_end: bool = False, where: str
) -> Clock:
    """The clock of a block of poses.

    With `rows_stay` no other instants than its own are wanted, with `at_end` the last of them is
    wanted for certain and not the first.

    Raises
    ------
    DataError
        Neither timestamps nor dt, or a time step that the times do not go with.
    """
    if poses.time is None:
        return _from_rows(poses, dt, rows_stay, at_end, where)
    time = poses.time - poses.time[0]
    steps, count = np.diff(time), f"{len(time)} instants ({poses.origin})"
    if not len(steps):
        return _from_rows(poses, dt, rows_stay, at_end, where)
    step, slack = float(np.median(steps)), tolerance(poses.time)
    jitter = float(np.max(np.abs(steps - step)))
    _check_step(where, step)
    found = _measured(time, step, slack)
    if dt is None or rows_stay:
        wanted, words = found, f"{found:g} s, the median step of {count}"
        if dt is not None:
            _check_same(where, dt, step)
            wanted, words = dt, f"{dt:g} s as given; {count} are {step:g} s apart"
    else:
        _check_step(where, dt)
        wanted, words = dt, f"{dt:g} s as given; {count} are resampled to it"
    kept = np.concatenate([[True], steps > step * _ONE_MEASUREMENT])
    if rows_stay:
        kept[:] = True
    time = time[kept]
    first, rows = _first(poses, float(time[-1]), wanted, step, at_end), poses.cases * poses.samples
    even = rows_stay or _even(time, wanted, slack)
    if even and dt is not None and not rows_stay:
        words = f"{dt:g} s as given, which is the step of {count}"
    grid = time if even else _grid(time, wanted, step, slack, first, rows, where)
    return Clock(kept, time, grid, wanted, step, jitter, words, even)


def tolerance(time: Array) -> float:
    """How far apart two times are that are the same, s: rounding, as far from the origin."""
    return max(1e-9, 4 * float(np.spacing(np.abs(time).max(initial=0))))


def snapped(grid: Array, time: Array, slack: float) -> tuple[Array, npt.NDArray[np.bool_]]:
    """The instants, those that are a sample's but for the slack at that sample, and which are."""
    after = np.searchsorted(time, grid)
    left, right = (time[np.clip(one, 0, len(time) - 1)] for one in (after - 1, after))
    near = np.where(grid - left < right - grid, left, right)
    same = np.abs(grid - near) <= slack
    return np.where(same, near, grid), same


def _from_rows(poses: Poses, dt: float | None, rows_stay: bool, at_end: bool, where: str) -> Clock:
    step = dt if poses.dt is None else poses.dt
    if step is None:
        got = "neither timestamps" if poses.time is None else "neither a second timestamp"
        raise DataError(
            f"{where}: got {got} nor a time step, expected one of them",
            hint="10 Hz is --dt 0.1; a format with a file of times takes --set times=FILE",
        )
    wanted = step if dt is None else dt
    for one in (step, wanted):
        _check_step(where, one)
    time = step * np.arange(poses.instants)
    even = math.isclose(wanted, step, rel_tol=1e-9) or rows_stay or poses.instants == 1
    if rows_stay:
        _check_same(where, wanted, step)
    first, rows = _first(poses, float(time[-1]), wanted, step, at_end), poses.cases * poses.samples
    words = f"{wanted:g} s as given; {poses.origin}: the rows are taken as dt apart"
    if poses.dt is not None:
        words = f"{step:g} s ({poses.origin})"
        if not even:
            words = f"{wanted:g} s as given; rows {words} apart are resampled to it"
    grid = time if even else _grid(time, wanted, step, tolerance(time), first, rows, where)
    every = np.ones(len(time), dtype=bool)
    return Clock(every, time, grid, wanted, step, None, words, even)


def _measured(time: Array, step: float, slack: float) -> float:
    """The step of timestamps: their median, but that which leads from the first to the last of them
    where it is the same to a microsecond, so that no instant is lost to rounding."""
    count = round(time[-1] / step)
    mean = float(time[-1]) / count
    if abs(mean - step) > _LEAST_STEP:
        return round(step, 6)
    rounded = round(mean, 6)
    return rounded if abs(rounded - mean) * count <= slack else mean


def _even(time: Array, dt: float, slack: float) -> bool:
    return bool(np.abs(time - dt * np.arange(len(time))).max() <= max(slack, 1e-6 * dt))


def _first(poses: Poses, last: float, dt: float, step: float, at_end: bool) -> float:
    """The first instant of the grid, s after the first pose."""
    if at_end:
        return last - int(last / dt + 1e-6) * dt
    if poses.given:
        return 0.0
    # The start is a step before the first pose, and the grid counts from there.
    return max(0.0, math.ceil(step / dt - _SAME_STEP) * dt - step)


def _grid(
    time: Array, dt: float, step: float, slack: float, first: float, rows: int, where: str
) -> Array:
    """Every dt from the first instant to the last pose, which rounding must not lose."""
    duration = float(time[-1]) - first
    count = duration / dt + 1
    if count < 1 - 1e-6:
        raise DataError(
            f"{where}: got {time[-1]:g} s of poses, expected at least one step, {dt:g} s"
        )
    if count > max(_MOST_INSTANTS / rows, _MOST_PER_POSE * len(time)):
        raise DataError(
            f"{where}: {duration:g} s in steps of {dt:g} s are {count:.3g} instants for "
            f"{len(time)} poses; expected times in seconds, and a step near {step:g} s"
        )
    grid = first + dt * np.arange(int(count + 1e-6))
    return snapped(grid, time, max(slack, 1e-6 * dt))[0]


def _check_step(where: str, dt: float) -> None:
    if not _LEAST_STEP <= dt <= _LARGEST_STEP:
        raise DataError(
            f"{where}: got a time step of {dt:g} s, expected {_LEAST_STEP:g} to "
            f"{_LARGEST_STEP:g} s",
            hint="times and steps are in seconds",
        )


def _check_same(where: str, dt: float, step: float) -> None:
    if not abs(dt - step) <= _SAME_STEP * step:
        raise DataError(
            f"{where}: got a time step of {dt:g} s where nothing is resampled; expected that of "
            f"the rows, {step:g} s, to 1 %",
            hint="a resampling method other than none brings them to any step",
        )
