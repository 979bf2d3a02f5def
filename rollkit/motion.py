"""The motion through poses: direction and speed by differences of positions, `(..., T+1)`."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rollkit import arrays
from rollkit.arrays import Array

Mask = npt.NDArray[np.bool_]


class Kinematics(NamedTuple):
    """Rates at each instant, `(..., T+1)`, in the body's axes at the point the poses describe."""

    accel: Array  # along the body, m/s²
    lateral_accel: Array  # to its left, m/s²
    yaw_rate: Array  # rad/s
    yaw_accel: Array  # rad/s²


RATES = Kinematics._fields  # what a recording may hold beside its poses

# A step shorter than this, m, has no direction of its own: a vehicle that stands is seen to move by
# some millimetres.
LEAST_STEP = 0.01
# s. At high rates the steps of a slow vehicle are that short, too: so long a way may tell.
LONGEST_STEP = 0.1
_LARGEST_HALF = 1.5  # rad: half of what a step may turn


def course(x: Array, y: Array, dt: float) -> Array:
    """The direction of the path at each instant, rad, unwrapped.

    That of the circle through three neighbours: halfway between the step before and the step after.
    A step shorter than 1 cm has the direction of the way around it, from as many instants before to
    as many after, the fewest that are 1 cm apart, within 0.1 s. Where there are none, the vehicle
    stands: the direction of the last step that led somewhere, or of the first.

    >>> course(np.array([0.0, 1.0, 1.0]), np.array([0.0, 0.0, 1.0]), 0.1) * 4 / np.pi
    array([-1.,  1.,  3.])
    """
    if x.shape[-1] < 2:
        return np.zeros_like(x)
    across, along = arrays.differences(y), arrays.differences(x)
    moving = arrays.distance(along, across) >= LEAST_STEP
    _look_further(x, y, dt, along, across, moving)
    angle = _unwrapped_where(np.arctan2(across, along), moving)
    half = np.diff(angle, axis=-1) / 2
    # The outer half steps turn on as the next ones do.
    first = angle[..., :1] - half[..., :1] if half.shape[-1] else angle[..., :1]
    last = angle[..., -1:] + half[..., -1:] if half.shape[-1] else angle[..., -1:]
    return np.concatenate([first, angle[..., :-1] + half, last], axis=-1)


def _look_further(x: Array, y: Array, dt: float, along: Array, across: Array, moving: Mask) -> None:
    """Write the way around steps that are too short in their place, where that is long enough."""
    steps = moving.shape[-1]
    widest = min(int((LONGEST_STEP / dt * (1 + 1e-9) - 1) / 2), (steps - 1) // 2)
    for more in range(1, widest + 1):
        if moving.all():
            return
        inner = (..., slice(more, steps - more))
        far_x, far_y = (one[..., 2 * more + 1 :] - one[..., : -2 * more - 1] for one in (x, y))
        found = ~moving[inner] & (arrays.distance(far_x, far_y) >= LEAST_STEP)
        along[inner] = np.where(found, far_x, along[inner])
        across[inner] = np.where(found, far_y, across[inner])
        moving[inner] |= found


def speed(x: Array, y: Array, yaw: Array, dt: float) -> Array:
    """Speed at each instant, m/s, by central differences of the way driven; exact for constant a.

    The way of a step is the arc over its chord, negative where that leads against the yaw. At the
    ends the speed goes on as between the two steps there. One pose alone has none that anybody
    knows: nan.

    >>> speed(np.array([0.0, -1.0, -3.0]), np.zeros(3), np.zeros(3), 1.0)
    array([-0.5, -1.5, -2.5])
    """
    if x.shape[-1] < 2:
        return np.full_like(x, np.nan)
    way = arc(x, y, yaw)
    if way.shape[-1] == 1:
        return np.repeat(way, 2, axis=-1) / dt
    middle = (way[..., 1:] + way[..., :-1]) / 2
    first = (3 * way[..., :1] - way[..., 1:2]) / 2
    last = (3 * way[..., -1:] - way[..., -2:-1]) / 2
    return np.concatenate([first, middle, last], axis=-1) / dt


def arc(x: Array, y: Array, yaw: Array) -> Array:
    """The way driven in each step, m, `(..., T)`: the arc that turns as the yaw does.

    The chord over sin(turn/2)/(turn/2); of a turn by more than 3 rad, as if it were 3 rad: no
    vehicle turns so far in a step, and at a full turn the chord says nothing.
    """
    along, across = arrays.differences(x), arrays.differences(y)
    turn = arrays.differences(yaw)
    cosine, sine = arrays.cos_sin(yaw[..., :-1] + turn / 2)
    ahead = along * cosine + across * sine
    length = arrays.distance(along, across) / arrays.sinc(
        np.clip(turn / 2, -_LARGEST_HALF, _LARGEST_HALF)
    )
    return np.where(ahead < 0, -length, length)


def kinematics(speed: Array, yaw: Array, dt: float, recorded: Mapping[str, Array]) -> Kinematics:
    """The rates of a motion: as they were recorded, or by differences of what is known.

    Yaw rate ψ' of the yaw, acceleration v' of the speed, yaw acceleration ψ'' of the yaw rate, each
    by `derivative`; lateral acceleration v ψ'. With a speed along the yaw, which the rear axle has,
    these are the true ones; `reference_points.kinematics` has those of another point of a vehicle.

    >>> rates = kinematics(np.array([1.0, 2.0, 3.0]), np.array([0.0, 0.1, 0.2]), 0.5, {})
    >>> rates.accel, rates.lateral_accel
    (array([2., 2., 2.]), array([0.2, 0.4, 0.6]))
    """
    yaw_rate = recorded["yaw_rate"] if "yaw_rate" in recorded else derivative(yaw, dt)
    accel, lateral, turning = (recorded.get(n) for n in ("accel", "lateral_accel", "yaw_accel"))
    return Kinematics(
        derivative(speed, dt) if accel is None else accel,
        speed * yaw_rate if lateral is None else lateral,
        yaw_rate,
        derivative(yaw_rate, dt) if turning is None else turning,
    )


def derivative(values: Array, dt: float) -> Array:
    """Central differences over dt, of second order at the ends too; `(..., T+1)` as it came.

    Of two instants it is the slope between them; of one nobody knows it: nan.

    >>> derivative(np.array([0.0, 1.0, 4.0, 9.0]), 1.0)
    array([0., 2., 4., 6.])
    """
    count = values.shape[-1]
    if count < 2:
        return np.full_like(values, np.nan)
    if count == 2:
        return np.repeat(arrays.differences(values, dt), 2, axis=-1)
    step = arrays.differences(values, dt)
    first = (3 * step[..., :1] - step[..., 1:2]) / 2
    last = (3 * step[..., -1:] - step[..., -2:-1]) / 2
    return np.concatenate([first, (step[..., 1:] + step[..., :-1]) / 2, last], axis=-1)


def unwrapped(yaw: Array) -> Array:
    """The yaw without jumps of a turn; nan stays where it is and disturbs nothing after it."""
    if (np.abs(np.diff(yaw, axis=-1)) <= np.pi).all():  # nan is none of these: it may hide one
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
