"""The motion at the end of a history: least squares over its last 0.5 s.

Last differences of recorded poses are noisy. A line fitted to the last 0.5 s (six instants at
10 Hz, three at least) scatters less, and is exact where what is estimated is constant.
"""

from typing import NamedTuple

import numpy as np

from rollkit import DataError, Trajectory, arrays
from rollkit.arrays import Array

_WINDOW = 0.5  # s
_LEAST = 3  # instants
# m/s. Slower on average over the window, a vehicle stands, and its yaw only scatters.
_STANDING = 0.5


class Motion(NamedTuple):
    """At the last instant, `(...)`; nan where the history does not tell."""

    speed: Array  # m/s
    forward: Array  # 1, or -1 in reverse; at standstill, how it came there
    accel: Array  # m/s²
    yaw_rate: Array  # rad/s, 0 where it stands
    curvature: Array  # 1/m, 0 where it stands


def motion(history: Trajectory, baseline: str, instants: int) -> Motion:
    """The motion at the end of a history `(..., H)`, for a baseline that needs so many instants.

    Speeds that are unknown are taken from the poses.

    Raises
    ------
    DataError
        Fewer instants, or a single one without its speed.
    """
    has, speed = history.steps + 1, history.speed
    if has < instants or (has == 1 and np.isnan(speed).any()):
        raise DataError(
            f"baseline {baseline!r}: got a history of {has} instants, "
            f"expected {max(instants, 2)} or more" + ", or its speed" * (instants == 1),
            hint="a longer history, or the baseline 'stationary', which needs one instant",
        )
    if np.isnan(speed).any() and has > 1:
        derived = Trajectory.through(history.x, history.y, history.dt, yaw=history.yaw).speed
        speed = np.where(np.isnan(speed), derived, speed)
    last = min(has, max(_LEAST, round(_WINDOW / history.dt) + 1))
    time = np.arange(1 - last, 1) * history.dt
    yaw = history.yaw[..., -last:]
    now, accel = line(np.broadcast_to(time, yaw.shape), speed[..., -last:])
    accel = np.where(np.isnan(accel) & (has == 1), 0.0, accel)
    way = _way(now, accel, time)
    net = -way[..., 0]
    # A line through braking and standing goes on below 0, where the vehicle did not.
    turned_back = (np.abs(now) >= _STANDING) & ~(
        np.sign(now) * _over_last_step(history) < _STANDING / 2
    )
    now = np.where((now * net < 0) & ~turned_back, 0.0, now)
    forward = np.where(np.where(now == 0, net, now) < 0, -1.0, 1.0)
    driven = arrays.total(np.abs(arrays.differences(way)))
    stands = driven < _STANDING * (last - 1) * history.dt
    yaw_rate = line(np.broadcast_to(time, yaw.shape), yaw)[1]
    curvature = line(way, yaw)[1]
    yaw_rate, curvature = (np.where(stands, 0.0, one) for one in (yaw_rate, curvature))
    return Motion(now, forward, accel, yaw_rate, curvature)


def _way(speed: Array, accel: Array, time: Array) -> Array:
    """The way from the last instant to those before, m, `(..., n)`."""
    return speed[..., np.newaxis] * time + accel[..., np.newaxis] * (time * time / 2)


def _over_last_step(history: Trajectory) -> Array:
    """Mean speed of the last step along the yaw, m/s, `(...)`; 0 where there is none."""
    along, across = (arrays.differences(one[..., -2:]) for one in (history.x, history.y))
    cos, sin = arrays.cos_sin(history.yaw[..., -1])
    return (arrays.total(along) * cos + arrays.total(across) * sin) / history.dt


def line(x: Array, y: Array) -> tuple[Array, Array]:
    """Value at x = 0 and slope of the line through points `(..., n)`; nan among them is left out.

    One point alone has its value and no slope; points at one x have no slope.

    >>> value, slope = line(np.array([-2.0, -1.0, 0.0]), np.array([1.0, 3.0, 5.0]))
    >>> float(value), float(slope)
    (5.0, 2.0)
    """
    known = ~(np.isnan(x) | np.isnan(y))
    count = known.sum(axis=-1)
    some = np.where(count > 0, count, 1)
    middle_x = arrays.total(np.where(known, x, 0)) / some
    middle_y = np.where(count > 0, arrays.total(np.where(known, y, 0)) / some, np.nan)
    from_x = np.where(known, x - middle_x[..., np.newaxis], 0)
    from_y = np.where(known, y - middle_y[..., np.newaxis], 0)
    spread = arrays.total(from_x * from_x)
    enough = spread > 0
    slope = np.where(enough, arrays.total(from_x * from_y) / np.where(enough, spread, 1), np.nan)
    return middle_y - np.where(enough, slope * middle_x, 0), slope
