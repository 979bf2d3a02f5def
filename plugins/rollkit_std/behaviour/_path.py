"""How a path turns and how far aside it leads: what the lateral actions are told from."""

from typing import NamedTuple

import numpy as np

from rollkit import Rollout, arrays
from rollkit.arrays import Array
from rollkit_std.behaviour._labels import Mask, once, reach, reaches
from rollkit_std.behaviour.thresholds import (
    LANE_OFFSET,
    LARGEST_LANE_OFFSET,
    STANDING_REACH,
    STANDING_SPEED,
    SWING,
    SWING_SHARE,
    TURN,
)


class Path(NamedTuple):
    """Of each trajectory, `(...)`: positive to the left."""

    turn: Array  # rad
    offset: Array  # m, of the end from the start, to the left of the heading halfway
    distance: Array  # m, of the end from the start
    swing_left: Array  # rad, of the heading beyond what it was at both ends
    swing_right: Array


@once
def path(rollout: Rollout) -> Path:
    """How each path turns, and how far aside it leads."""
    trajectory = rollout.trajectory
    speed = np.abs(trajectory.speed)
    moving = reaches((speed[..., 1:] + speed[..., :-1]) / 2, STANDING_SPEED)
    moving &= reaches(reach(rollout), STANDING_REACH)[..., np.newaxis]
    turned = np.where(moving, rollout.yaw_change, 0)
    heading = arrays.cumulative(np.zeros(rollout.batch, turned.dtype), turned)
    turn = arrays.last(heading)
    begins = moving.argmax(axis=-1)[..., np.newaxis]
    middle = np.take_along_axis(trajectory.yaw, begins, axis=-1)[..., 0] + turn / 2
    cos, sin = arrays.cos_sin(middle)
    along = arrays.last(trajectory.x) - trajectory.x[..., 0]
    across = arrays.last(trajectory.y) - trajectory.y[..., 0]
    return Path(
        turn,
        across * cos - along * sin,
        arrays.distance(along, across),
        arrays.maximum(heading) - np.maximum(turn, 0),
        np.minimum(turn, 0) - arrays.minimum(heading),
    )


def left_lane(rollout: Rollout) -> Mask:
    """Whether it changes to a lane on the left."""
    one = path(rollout)
    return _aside(one, one.offset, one.swing_left)


def right_lane(rollout: Rollout) -> Mask:
    """Whether it changes to a lane on the right."""
    one = path(rollout)
    return _aside(one, -one.offset, one.swing_right)


def _aside(one: Path, offset: Array, swing: Array) -> Mask:
    a_lane = reaches(offset, LANE_OFFSET) & ~reaches(offset, LARGEST_LANE_OFFSET)
    # As an angle, the offset is the mean of the heading's departure from halfway.
    mean = offset / np.maximum(one.distance, STANDING_REACH)
    turns = reaches(np.abs(one.turn), TURN)
    return a_lane & reaches(swing, np.maximum(SWING, SWING_SHARE * mean)) & ~turns
