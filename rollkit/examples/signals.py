"""What an example does over time: speed, acceleration, curvature, jerk, lateral acceleration."""

from typing import NamedTuple

import numpy as np

from rollkit import motion
from rollkit.arrays import Array
from rollkit.rollouts import Rollout

# m/s. Slower, the turn of the path says nothing about its curvature: noise over almost nothing.
_STANDS = 0.5


class Trace(NamedTuple):
    """One signal over time: `values` `(..., T)` at the instants `time` `(T,)`, s."""

    name: str
    unit: str
    time: Array
    values: Array


def signals_of(rollout: Rollout) -> list[Trace]:
    """The signals of a rollout, batch `(...)`.

    Of actions where there are any: a and κ at the beginning of the step over which they are held,
    jerk in the middle between two steps, lateral acceleration v² κ. Of poses otherwise, at each
    instant: what was recorded, or central differences; the curvature ψ'/v, undefined below 0.5 m/s.

    Examples
    --------
    >>> from rollkit import Actions, State, rollout
    >>> one = rollout(Actions([1.0, 3.0], [0.0, 0.1], dt=0.5), State(speed=2.0))
    >>> for name, unit, time, values in signals_of(one):
    ...     print(name, unit, time, values.round(3))
    speed m/s [0.  0.5 1. ] [2.  2.5 4. ]
    accel m/s^2 [0.  0.5] [1. 3.]
    curvature 1/m [0.  0.5] [0.  0.1]
    jerk m/s^3 [0.5] [4.]
    lateral_accel m/s^2 [0.  0.5] [0.    0.625]
    """
    instants = rollout.dt * np.arange(rollout.steps + 1)
    derived = _of_poses if rollout.actions is None else _of_actions
    speed = Trace("speed", "m/s", instants, rollout.speed)
    return [speed, *derived(rollout, instants)]


def _of_actions(rollout: Rollout, instants: Array) -> list[Trace]:
    starts = instants[:-1]
    return [
        Trace("accel", "m/s^2", starts, rollout.accel),
        Trace("curvature", "1/m", starts, rollout.curvature),
        Trace("jerk", "m/s^3", instants[1:-1], rollout.jerk),
        Trace("lateral_accel", "m/s^2", starts, rollout.lateral_accel),
    ]


def _of_poses(rollout: Rollout, instants: Array) -> list[Trace]:
    rates, speed = rollout.kinematics, rollout.speed
    moving = np.abs(speed) >= _STANDS
    curvature = np.where(moving, rates.yaw_rate / np.where(moving, speed, 1.0), np.nan)
    return [
        Trace("accel", "m/s^2", instants, rates.accel),
        Trace("curvature", "1/m", instants, curvature),
        Trace("jerk", "m/s^3", instants, motion.derivative(rates.accel, rollout.dt)),
        Trace("lateral_accel", "m/s^2", instants, rates.lateral_accel),
    ]
