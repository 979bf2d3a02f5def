"""Lateral action: turns left or right, changes lane to the left or right, or goes straight."""

import numpy as np

from rollkit import Rollout, hookimpl, metric
from rollkit.arrays import Array
from rollkit_std.behaviour._labels import indicator, reaches
from rollkit_std.behaviour._path import left_lane, path, right_lane
from rollkit_std.behaviour.thresholds import TURN

_sided = metric(unit="1", bounds=(0, 1), min_steps=1, invariant_under=("se2",))
_even = metric(unit="1", bounds=(0, 1), min_steps=1, invariant_under=("se2", "mirror"))


@_sided
def turns_left(rollout: Rollout) -> Array:
    """1 where the vehicle turns left: its yaw changes by 20° or more while it moves; else 0.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`

    Returns
    -------
    array, `(...)`
        1 or 0; neither way is better. nan where an instant is missing.

    Notes
    -----
    Steps slower than 0.5 m/s do not count: what turns on the spot is scatter of the yaw. In
    reverse, too, it is the yaw that turns. Where the yaw is the direction of the path, positions
    that scatter by decimetres at a standstill, as those of tracked vehicles do, may turn.

    One of five labels that exclude each other: see `rollkit_std.behaviour`.

    References
    ----------
    rollkit's own.

    Examples
    --------
    >>> import rollkit
    >>> left = rollkit.Actions(accel=[0.0] * 8, curvature=[0.1] * 8, dt=0.25)
    >>> float(turns_left(rollkit.rollout(left, rollkit.State(speed=5.0))))
    1.0
    """
    return indicator(rollout, reaches(path(rollout).turn, TURN))


@_sided
def turns_right(rollout: Rollout) -> Array:
    """1 where the vehicle turns right: its yaw changes by -20° or less while it moves; else 0.

    All else is that of `turns_left`.

    Examples
    --------
    >>> import rollkit
    >>> right = rollkit.Actions(accel=[0.0] * 8, curvature=[-0.1] * 8, dt=0.25)
    >>> float(turns_right(rollkit.rollout(right, rollkit.State(speed=5.0))))
    1.0
    """
    return indicator(rollout, reaches(-path(rollout).turn, TURN))


@_sided
def changes_lane_left(rollout: Rollout) -> Array:
    """1 where the vehicle changes to a lane on the left, 2 to 6 m aside, without a turn; else 0.

    Parameters and undefined values are those of `turns_left`.

    Notes
    -----
    Aside is to the left of the heading halfway between that of the start and that of the end, so
    that a steady bend leads nowhere aside. The heading must swing to the left of both by 1° or
    more, and by half of the angle that the offset is seen under from the start or more: a bend
    to one side never does.

    Examples
    --------
    >>> import rollkit
    >>> swing = rollkit.Actions(accel=[0.0] * 8, curvature=[0.01] * 4 + [-0.01] * 4, dt=0.5)
    >>> float(changes_lane_left(rollkit.rollout(swing, rollkit.State(speed=10.0))))
    1.0
    """
    return indicator(rollout, left_lane(rollout))


@_sided
def changes_lane_right(rollout: Rollout) -> Array:
    """1 where the vehicle changes to a lane on the right, 2 to 6 m aside, without a turn; else 0.

    All else is that of `changes_lane_left`.

    Examples
    --------
    >>> import rollkit
    >>> swing = rollkit.Actions(accel=[0.0] * 8, curvature=[-0.01] * 4 + [0.01] * 4, dt=0.5)
    >>> float(changes_lane_right(rollkit.rollout(swing, rollkit.State(speed=10.0))))
    1.0
    """
    return indicator(rollout, right_lane(rollout))


@_even
def goes_straight(rollout: Rollout) -> Array:
    """1 where the vehicle neither turns nor changes lane, or stands; else 0.

    Parameters and undefined values are those of `turns_left`.

    Examples
    --------
    >>> import rollkit
    >>> ahead = rollkit.Actions(accel=[0.0] * 8, curvature=[0.0] * 8, dt=0.25)
    >>> float(goes_straight(rollkit.rollout(ahead, rollkit.State(speed=5.0))))
    1.0
    """
    turns = reaches(np.abs(path(rollout).turn), TURN)
    return indicator(rollout, ~(turns | left_lane(rollout) | right_lane(rollout)))


@hookimpl
def rollkit_metrics():
    return [turns_left, turns_right, changes_lane_left, changes_lane_right, goes_straight]
