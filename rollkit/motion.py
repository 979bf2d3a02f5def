"""The motion through poses: direction and speed by differences of positions, `(..., T+1)`."""

import numpy as np
import numpy.typing as npt

from rollkit import arrays
from rollkit.arrays import Array

Mask = npt.NDArray[np.bool_]

# A step shorter than this, m, has no direction of its own: a vehicle that stands is seen to move by
# some millimetres.
LEAST_STEP = 0.01


def course(x: Array, y: Array) -> Array:
    """The direction of the path at each instant, rad, unwrapped.

    That of the circle through three neighbours: halfway between the step before and the step after.
    Where the vehicle stands, the direction of the last step that led somewhere, or of the first.

    >>> course(np.array([0.0, 1.0, 1.0]), np.array([0.0, 0.0, 1.0])) * 4 / np.pi
    array([-1.,  1.,  3.])
    """
    if x.shape[-1] < 2:
        return np.zeros_like(x)
    across, along = arrays.differences(y), arrays.differences(x)
    moving = arrays.distance(along, across) >= LEAST_STEP
    angle = _unwrapped_where(np.arctan2(across, along), moving)
    half = np.diff(angle, axis=-1) / 2
    # The outer half steps turn on as the next ones do.
    first = angle[..., :1] - half[..., :1] if half.shape[-1] else angle[..., :1]
    last = angle[..., -1:] + half[..., -1:] if half.shape[-1] else angle[..., -1:]
    return np.concatenate([first, angle[..., :-1] + half, last], axis=-1)


def speed(x: Array, y: Array, yaw: Array, dt: float) -> Array:
    """Speed at each instant, m/s, by central differences of the way driven; exact for constant a.

    The way of a step is the arc over its chord, negative where that leads against the yaw.

    >>> speed(np.array([0.0, -1.0, -3.0]), np.zeros(3), np.zeros(3), 1.0)
    array([-0.5, -1.5, -2.5])
    """
    if x.shape[-1] < 2:
        return np.zeros_like(x)
    way = arc(x, y, yaw)
    if way.shape[-1] == 1:
        return np.repeat(way, 2, axis=-1) / dt
    middle = (way[..., 1:] + way[..., :-1]) / 2
    first = (3 * way[..., :1] - way[..., 1:2]) / 2
    last = (3 * way[..., -1:] - way[..., -2:-1]) / 2
    return np.concatenate([first, middle, last], axis=-1) / dt


def arc(x: Array, y: Array, yaw: Array) -> Array:
    """The way driven in each step, m, `(..., T)`: the arc that turns as the yaw does."""
    along, across = arrays.differences(x), arrays.differences(y)
    turn = arrays.differences(yaw)
    cosine, sine = arrays.cos_sin(yaw[..., :-1] + turn / 2)
    ahead = along * cosine + across * sine
    length = arrays.distance(along, across) / arrays.sinc(np.clip(turn / 2, -1.5, 1.5))
    return np.where(ahead < 0, -length, length)


def unwrapped(yaw: Array) -> Array:
    """The yaw without jumps of a turn; nan stays where it is and disturbs nothing after it."""
    turns = np.diff(yaw, axis=-1)
    if not (np.abs(turns) > np.pi).any():  # nan is none of these
        return yaw
    known = ~np.isnan(yaw)
    return np.where(known, _unwrapped_where(yaw, known), np.nan)


def _unwrapped_where(angle: Array, good: Mask) -> Array:
    """The good angles, unwrapped; others are like the last good one before, or the first."""
    held = held_where(angle, good)
    return np.unwrap(held, axis=-1)


def held_where(values: Array, good: Mask) -> Array:
    """The good values; others are like the last good one before them, or like the first."""
    place = np.arange(values.shape[-1])
    latest = np.maximum.accumulate(np.where(good, place, -1), axis=-1)
    first = np.where(good.any(axis=-1, keepdims=True), good.argmax(axis=-1, keepdims=True), 0)
    return np.take_along_axis(values, np.where(latest < 0, first, latest), axis=-1)
