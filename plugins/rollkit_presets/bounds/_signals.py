"""The signals of the profiles, from speed, acceleration and yaw rate at each instant, `(..., L)`.

They are made of a rollout's kinematics, so that recorded poses and rolled-out actions are judged
alike; and of limits that depend on the speed.
"""

from collections.abc import Mapping

import numpy as np

from rollkit import Signal, arrays
from rollkit.arrays import Array

DECIMALS = 9  # of every signal: what is at its limit must not be beyond it by rounding alone
STANDING = 0.1  # m/s; slower than this nobody can tell how tightly a path turns


def rounded(signals: Mapping[str, Array | Signal]) -> dict[str, Signal]:
    """Signals and limits to nine decimals.

    >>> rounded({"accel": np.array([0.1 + 0.2])})
    {'accel': Signal(values=array([0.3]), first=0.0, at=None)}
    """
    each = {name: one if isinstance(one, Signal) else Signal(one) for name, one in signals.items()}
    return {n: one._replace(values=np.round(one.values, DECIMALS)) for n, one in each.items()}


def jerk(accel: Array, dt: float) -> Signal:
    """Jerk, m/s³: forward differences of the acceleration over dt, halfway between two instants.

    >>> jerk(np.array([0.0, 1.0, 1.5]), 0.5)
    Signal(values=array([2., 1.]), first=0.5, at=None)
    """
    return Signal(arrays.differences(accel, dt), 0.5)


def mean_jerk(accel: Array, dt: float, window: float) -> Signal:
    """Jerk, m/s³, averaged over each window of so many s: (a(t + window) - a(t)) / window.

    The window is the nearest whole number of steps, at least one. There is none in a rollout that
    is shorter.

    >>> mean_jerk(np.array([0.0, 1.0, 0.0, 3.0]), 0.25, 0.5)
    Signal(values=array([0., 4.]), first=1.0, at=None)
    """
    steps = max(1, round(window / dt))
    return Signal((accel[..., steps:] - accel[..., :-steps]) / (steps * dt), steps / 2)


def curvature(yaw_rate: Array, speed: Array) -> Array:
    """Curvature of the path, 1/m: yaw rate over speed, and 0 while standing.

    >>> curvature(np.array([0.5, -0.5, 0.5]), np.array([5.0, 5.0, 0.0]))
    array([ 0.1, -0.1,  0. ])
    """
    standing = np.abs(speed) < STANDING  # false for nan, which stays nan
    turned = np.where(standing, yaw_rate * 0, yaw_rate)
    return turned / np.where(standing, 1.0, speed)


def over_speed(lateral: float, tightest: float, speed: Array) -> Array:
    """Largest yaw rate, rad/s, that keeps the lateral acceleration: lateral / |v|.

    Slow vehicles are kept from it by their tightest curvature, 1/m: where both bind, at
    v = √(lateral / tightest), the yaw rate is √(lateral · tightest), and no more is allowed below.

    >>> over_speed(3.0, 0.75, np.array([0.0, 2.0, 6.0]))
    array([1.5, 1.5, 0.5])
    """
    return lateral / np.maximum(np.abs(speed), np.sqrt(lateral / tightest))


def between(slow: tuple[float, float], fast: tuple[float, float], speed: Array) -> Array:
    """A limit that is one number up to a speed and another from a higher one on, linear between.

    Both are (speed, limit).

    >>> between((5.0, 4.0), (20.0, 2.0), np.array([0.0, 12.5, -30.0]))
    array([4., 3., 2.])
    """
    return np.interp(np.abs(speed), (slow[0], fast[0]), (slow[1], fast[1]))


def halfway(values: Array) -> Array:
    """The mean of two neighbours: what holds between two instants.

    >>> halfway(np.array([0.0, 1.0, 3.0]))
    array([0.5, 2. ])
    """
    return (values[..., 1:] + values[..., :-1]) / 2
