"""Poses at uniform instants, by a named method, and everything there is to say about it."""

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np

from rollkit.arrays import Array
from rollkit.clock import Clock, clock, snapped, tolerance
from rollkit.errors import UsageError
from rollkit.holes import HOLE, Mask, across, filled
from rollkit.interpolation import METHODS, slerp
from rollkit.motion import unwrapped
from rollkit.poses import SIGNALS, Poses

Method = Literal["cubic", "linear", "none"]
Anchor = Literal["start", "end"]

# Of the median step: how near an instant is to a sample that stands for it without interpolation.
_SAME_INSTANT = 0.01


@dataclass(frozen=True, eq=False)
class Uniform:
    """Poses that are `dt` apart, and how they came to be.

    Parameters
    ----------
    poses : Poses
        Its `dt` is set; nan where nothing was observed, or not for too long.
    notes : dict
        Strict JSON: `dt` in words, `rate_hz`, `recorded_step_median_s`, `recorded_step_jitter_s`
        (None without timestamps), `resampling` in words, `left_out_samples`, `filled_samples` and
        `largest_gap_s`.
    """

    poses: Poses
    notes: dict[str, Any]


def uniform(
    poses: Poses,
    *,
    dt: float | None = None,
    method: Method = "cubic",
    max_gap: float = 0.5,
    anchor: Anchor = "start",
    where: str | None = None,
) -> Uniform:
    """Poses at uniform instants, `dt` seconds apart.

    Poses that are `dt` apart already stay as they are. Yaw comes out unwrapped. What stands beside
    the poses, `history` and `reference`, is not touched.

    Parameters
    ----------
    poses : Poses, `(n, K, T)`
    dt : float, optional
        s; by default the median step of the timestamps, rounded to a microsecond.
    method : {"cubic", "linear", "none"}
        Piecewise cubics through the samples with the slopes of parabolas, straight lines, or the
        rows as they stand. Rotations turn at a constant rate between neighbours.
    max_gap : float
        s. What was not observed for longer stays nan; an interval of the file's own step is no gap.
    anchor : {"start", "end"}
        Which of the poses is an instant of the grid for certain: for a history, the last.
    where : str, optional
        What messages start with: the file. By default `poses.origin`.

    Returns
    -------
    Uniform
        From the first instant to the last; nothing is extrapolated. Where the start itself is not
        among the poses (`given` is 0), the instants are whole steps of dt from the start.

    Raises
    ------
    DataError
        Neither timestamps nor dt, or a step that the times do not go with.
    UsageError
        No such method, or a negative gap.

    Notes
    -----
    Two timestamps nearer than a tenth of the median step are one measurement: the later one is left
    out, but where the earlier one was not observed. Filled samples are instants of a case and a
    sample that lie in an interval longer than 1.5 median steps between two observations, farther
    than half a step from both.

    Examples
    --------
    >>> track = Poses(ids=("a",), x=[[[0.0, 1.0, 9.0]]], y=[[[0.0] * 3]], time=[0.0, 1.0, 3.0],
    ...               frame="plane", origin="by hand")
    >>> uniform(track, dt=0.5, max_gap=3.0).poses.x
    array([[[0.  , 0.25, 1.  , 2.25, 4.  , 6.25, 9.  ]]])
    """
    where = poses.origin if where is None else where
    _check(method, max_gap)
    stays = method == "none"
    ticks = clock(poses, dt=dt, rows_stay=stays, at_end=anchor == "end", where=where)
    samples = _observed(poses, ticks.kept)
    limit = _limit(max_gap, ticks.step)
    count, longest = filled(samples.x, ticks.time, ticks.grid, limit, ticks.step)
    moved = {} if stays else _brought(samples, ticks.time, ticks.grid, method, limit)
    brought = replace(samples, **moved, time=_time(poses, ticks, stays), dt=ticks.dt)
    return Uniform(brought, _notes(ticks, method, 0 if stays else count, longest))


def _time(poses: Poses, ticks: Clock, stays: bool) -> Array | None:
    if stays or poses.times is None or (poses.time is None and (ticks.even or poses.given)):
        return poses.time
    if ticks.even:
        return poses.times[0] + ticks.dt * np.arange(len(ticks.grid))
    return poses.times[0] + ticks.grid


def at(
    poses: Poses,
    grid: Array,
    *,
    dt: float | None = None,
    method: Method = "cubic",
    max_gap: float = 0.5,
) -> Poses:
    """Poses at given instants, nan outside what was observed and inside gaps longer than `max_gap`.

    Parameters
    ----------
    poses : Poses, `(n, K, T)`
        With times, or with a `dt` that counts them from the start.
    grid : array, `(m,)`
        s, growing, from the same origin as `poses.times`.
    dt : float, optional
        s: how far those instants are apart, where they are; becomes the `dt` of the result.
    method, max_gap
        As for `uniform`; `none` takes an instant's pose from a sample within 1 % of the step.

    Raises
    ------
    DataError, UsageError
        As for `uniform`.
    """
    _check(method, max_gap)
    step = poses.dt if poses.time is None else None
    if poses.instants == 1:
        step = poses.dt or 1.0  # of one pose it makes no difference
    ticks = clock(poses, dt=step, rows_stay=False, where=poses.origin)
    samples = _observed(poses, ticks.kept)
    start = 0.0 if poses.times is None else float(poses.times[0])
    slack = max(tolerance(np.append(grid, start)), 1e-6 * ticks.step)
    if method == "none":
        slack = max(slack, _SAME_INSTANT * ticks.step)
    wanted, is_sample = snapped(np.asarray(grid, dtype=np.float64) - start, ticks.time, slack)
    lines = "linear" if method == "none" else method
    moved = _brought(samples, ticks.time, wanted, lines, _limit(max_gap, ticks.step))
    if method == "none":
        for name, values in moved.items():
            shape = (-1,) + (1,) * (values.ndim - 3)
            moved[name] = np.where(is_sample.reshape(shape), values, np.nan)
    return replace(samples, **moved, time=grid, dt=dt)


def _check(method: str, max_gap: float) -> None:
    if method not in get_args(Method):
        raise UsageError(f"method: got {method!r}, expected one of {', '.join(get_args(Method))}")
    if not max_gap >= 0:
        raise UsageError(f"max_gap: got {max_gap!r}, expected seconds, 0 or more")


def _limit(max_gap: float, step: float) -> float:
    return max(max_gap * (1 + 1e-6), HOLE * step)


def _observed(poses: Poses, kept: Mask) -> Poses:
    """One pose a measurement, an unwrapped yaw, and no position of which a part is missing."""
    half = np.isnan(poses.x) != np.isnan(poses.y)
    x, y = poses.x, poses.y
    if half.any():
        x, y = np.where(half, np.nan, x), np.where(half, np.nan, y)
    with np.errstate(invalid="ignore"):
        yaw = None if poses.yaw is None else unwrapped(poses.yaw)
    whole = replace(poses, x=x, y=y, yaw=yaw)
    return whole if kept.all() else _distinct(whole, kept)


def _distinct(poses: Poses, kept: Mask) -> Poses:
    """Of each measurement the first pose that was observed."""
    starts, length = np.flatnonzero(kept), len(kept)
    seen = ~(np.isnan(poses.x) | np.isnan(poses.y))
    first = np.minimum.reduceat(np.where(seen, np.arange(length), length), starts, axis=-1)
    first = np.where(first == length, starts, first)
    changes: dict[str, Any] = {}
    for name in SIGNALS:
        values = getattr(poses, name)
        if values is not None:
            places = first.reshape(first.shape + (1,) * (values.ndim - 3))
            changes[name] = np.take_along_axis(values, places, axis=2)
    time = None if poses.time is None else poses.time[kept]
    return replace(poses, **changes, time=time)


def _brought(samples: Poses, time: Array, grid: Array, method: str, limit: float) -> dict[str, Any]:
    """Every signal of the poses at the instants of the grid."""
    return {
        name: across(values, time, grid, limit, slerp if name == "rotation" else METHODS[method])
        for name in SIGNALS
        if (values := getattr(samples, name)) is not None
    }


def _notes(ticks: Clock, method: str, count: int, longest: float) -> dict[str, Any]:
    resampling = f"{method}, to {len(ticks.grid)} instants"
    if method == "none":
        resampling = "none: the rows as they stand"
    elif ticks.even:
        resampling = f"none needed; holes filled, {method}" if count else "none needed"
    return {
        "dt": ticks.origin,
        "rate_hz": 1 / ticks.dt,
        "recorded_step_median_s": None if ticks.jitter is None else ticks.step,
        "recorded_step_jitter_s": ticks.jitter,
        "resampling": resampling,
        "left_out_samples": int(np.count_nonzero(~ticks.kept)),
        "filled_samples": count,
        "largest_gap_s": longest,
    }
