"""Longitudinal action: accelerates, brakes, steady, stops or reverses."""

import numpy as np

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array
from rollkit_std.behaviour._labels import Mask, in_own_frame, indicator, once, reach, reaches
from rollkit_std.behaviour.thresholds import (
    ALIASED_TURN,
    LEAST_SPEED_CHANGE,
    REVERSE_WAY,
    SPEED_CHANGE,
    STANDING_REACH,
    STANDING_SPEED,
)

_declared = metric(unit="1", bounds=(0, 1), min_steps=1, invariant_under=("se2", "mirror"))


@_declared
def reverses(rollout: Rollout) -> Array:
    """1 where the vehicle drives backwards: the net way along its yaw is at most -1 m; else 0.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`

    Returns
    -------
    array, `(...)`
        1 or 0; neither way is better. nan where an instant is missing.

    Notes
    -----
    The way is the sum of all steps along the yaw halfway through each, so that scatter about a
    place adds up to nothing. A step that turns by more than π counts for nothing. One of five
    labels that exclude each other: see `rollkit_std.behaviour`.

    References
    ----------
    rollkit's own.

    Examples
    --------
    >>> import numpy as np, rollkit
    >>> back = rollkit.Trajectory.through([0, -1, -2.0], np.zeros(3), 0.5, yaw=np.zeros(3))
    >>> float(reverses(rollkit.Rollout(back)))
    1.0
    """
    return indicator(rollout, _reverses(rollout))


@_declared
def stops(rollout: Rollout) -> Array:
    """1 where the vehicle ends below 0.5 m/s or stands all the time, and does not reverse; else 0.

    Standing all the time is never being 0.3 m or more from the start. Parameters and undefined
    values are those of `reverses`.

    Examples
    --------
    >>> import rollkit
    >>> braking = rollkit.Actions(accel=[-2.0] * 4, curvature=[0.0] * 4, dt=0.5)
    >>> float(stops(rollkit.rollout(braking, rollkit.State(speed=4.0))))
    1.0
    """
    return indicator(rollout, _stops(rollout))


@_declared
def accelerates(rollout: Rollout) -> Array:
    """1 where speed grows by 0.5 m/s² or more on average, 0.5 m/s or more in all; else 0.

    Neither stopping nor reversing. Parameters and undefined values are those of `reverses`.

    Examples
    --------
    >>> import rollkit
    >>> faster = rollkit.Actions(accel=[1.0] * 4, curvature=[0.0] * 4, dt=0.5)
    >>> float(accelerates(rollkit.rollout(faster, rollkit.State(speed=4.0))))
    1.0
    """
    return indicator(rollout, _drives(rollout) & _grows(_speed_change(rollout), rollout))


@_declared
def brakes(rollout: Rollout) -> Array:
    """1 where speed falls by 0.5 m/s² or more on average, 0.5 m/s or more in all; else 0.

    Neither stopping nor reversing. Parameters and undefined values are those of `reverses`.

    Examples
    --------
    >>> import rollkit
    >>> slower = rollkit.Actions(accel=[-1.0] * 4, curvature=[0.0] * 4, dt=0.5)
    >>> float(brakes(rollkit.rollout(slower, rollkit.State(speed=4.0))))
    1.0
    """
    return indicator(rollout, _drives(rollout) & _grows(-_speed_change(rollout), rollout))


@_declared
def steady(rollout: Rollout) -> Array:
    """1 where the vehicle keeps its speed: none of the other longitudinal actions; else 0.

    Parameters and undefined values are those of `reverses`.

    Examples
    --------
    >>> import rollkit
    >>> same = rollkit.Actions(accel=[0.1] * 4, curvature=[0.0] * 4, dt=0.5)
    >>> float(steady(rollkit.rollout(same, rollkit.State(speed=4.0))))
    1.0
    """
    change = _speed_change(rollout)
    changes = _grows(change, rollout) | _grows(-change, rollout)
    return indicator(rollout, _drives(rollout) & ~changes)


@once
def _reverses(rollout: Rollout) -> Mask:
    along, _ = in_own_frame(rollout)
    way = arrays.total(np.where(np.abs(rollout.yaw_change) < ALIASED_TURN, along, 0))
    return reaches(-way, REVERSE_WAY)


@once
def _stops(rollout: Rollout) -> Mask:
    slow = ~reaches(np.abs(arrays.last(rollout.speed)), STANDING_SPEED)
    return ~_reverses(rollout) & (slow | ~reaches(reach(rollout), STANDING_REACH))


def _drives(rollout: Rollout) -> Mask:
    return ~(_reverses(rollout) | _stops(rollout))


def _speed_change(rollout: Rollout) -> Array:
    return arrays.last(rollout.speed) - rollout.speed[..., 0]


def _grows(change: Array, rollout: Rollout) -> Mask:
    return reaches(change, max(SPEED_CHANGE * rollout.steps * rollout.dt, LEAST_SPEED_CHANGE))


@hookimpl
def rollkit_metrics():
    return [accelerates, brakes, steady, stops, reverses]
