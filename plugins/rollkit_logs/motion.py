"""From poses to actions: heading, speed, acceleration and curvature by finite differences.

The differences are chosen so that the closed form (`exact`) drives the path again: curvature is
turn over the length that the rollout itself will drive in the step, not over the recorded one, so
no error of heading adds up.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from rollkit import arrays
from rollkit.arrays import Array
from rollkit_logs.gear import Mask, backwards, legs

HeadingOrigin = Literal["path", "recorded"]

# Below this length, m, a turn divided by it is rounding.
_LEAST_LENGTH = 1e-6


@dataclass(frozen=True, eq=False)
class Motion:
    """Heading (rad) and signed speed (m/s) at the n instants, and what happens in the n - 1 steps.

    The actions drive forward only: while the log reverses they stand still.
    """

    heading: Array
    speed: Array
    accel: Array
    curvature: Array
    reverse: Mask

    @property
    def forward_speed(self) -> Array:
        """Speed with reversing as 0, which is what the actions lead to."""
        return np.maximum(self.speed, 0)


def motion(
    x: Array, y: Array, yaw: Array | None, dt: float, *, origin: HeadingOrigin, standstill: float
) -> Motion:
    """The motion through uniform poses, at least three.

    Parameters
    ----------
    x, y, yaw : array, `(n,)`
        Position in m, recorded yaw in rad, unwrapped, if there is one.
    dt : float
        s.
    origin : {"path", "recorded"}
        Whether the heading is the direction of the path or the recorded yaw.
    standstill : float
        m/s. A slower step has no direction of its own, nor has one that does not lead on (see
        `gear`): its heading comes from the nearest steps that have, in proportion to the length
        driven between them, and its curvature with it.
    """
    dx, dy = arrays.differences(x), arrays.differences(y)
    chord, course = np.hypot(dx, dy), np.arctan2(dy, dx)
    mean_yaw = None if yaw is None else (yaw[1:] + yaw[:-1]) / 2
    onward, leg = legs(x, y)
    moving = onward & (chord > standstill * dt)
    lean = None if mean_yaw is None else np.cos(course - mean_yaw)
    reverse = moving & backwards(leg, np.where(moving, chord, 0), lean)
    facing = np.where(reverse, course + np.pi, course)
    if origin == "recorded" and mean_yaw is not None:
        facing = mean_yaw

    held = _held(facing, moving, _rest_heading(x, y, yaw))
    # The chord of an arc is shorter than the arc by sinc(turn / 2); a slow step is projected on
    # the heading instead, so that jitter at standstill cancels and does not become distance.
    along = chord / arrays.sinc(np.gradient(held) / 2) * np.where(reverse, -1, 1)
    length = np.where(moving, along, dx * np.cos(held) + dy * np.sin(held))
    speed = _node_speed(length, dt)

    forward = np.maximum(speed, 0)
    driven = (forward[1:] + forward[:-1]) / 2 * dt
    anchors = np.flatnonzero(moving & ~reverse & (driven > standstill * dt / 2))
    heading = _node_heading(driven, held, anchors)
    turn = arrays.differences(heading)
    enough = driven > _LEAST_LENGTH
    curvature = np.where(enough, turn / np.where(enough, driven, 1), 0.0)
    # What the log turns while it reverses is not driven forward: no curvature for it.
    backed = np.flatnonzero(np.diff(np.cumsum(reverse)[anchors]))
    for before, after in zip(anchors[backed], anchors[backed + 1], strict=True):
        curvature[before : after + 1] = 0
    return Motion(heading, speed, arrays.differences(forward, dt), curvature, reverse)


def _rest_heading(x: Array, y: Array, yaw: Array | None) -> float:
    """The heading of a log that never moves."""
    return float(np.arctan2(y[-1] - y[0], x[-1] - x[0]) if yaw is None else yaw[0])


def _held(facing: Array, moving: Mask, rest: float) -> Array:
    """The facing of moving steps, unwrapped; slow steps keep the last one, or the first to come."""
    steps = np.flatnonzero(moving)
    if not len(steps):
        return np.full(len(facing), rest)
    latest = np.searchsorted(steps, np.arange(len(facing)), side="right") - 1
    return np.unwrap(facing[steps])[np.maximum(latest, 0)]


def _node_speed(length: Array, dt: float) -> Array:
    """Speed at the instants: central differences, exact for a constant acceleration."""
    ends = (3 * length[[0, -1]] - length[[1, -2]]) / 2
    middle = (length[1:] + length[:-1]) / 2
    return np.concatenate([ends[:1], middle, ends[1:]]) / dt


def _node_heading(driven: Array, held: Array, anchors: npt.NDArray[Any]) -> Array:
    """Heading at the instants, linear in the length driven between the middles of anchor steps."""
    distance = np.concatenate([[0.0], np.cumsum(driven)])
    if len(anchors) < 2:
        return np.full(len(distance), held[anchors[0] if len(anchors) else 0])
    middle = (distance[anchors] + distance[anchors + 1]) / 2
    angle = held[anchors]
    heading = np.interp(distance, middle, angle)
    # The outer half step turns on as the next one does; a slow beginning or end is held straight.
    slope = np.diff(angle) / np.diff(middle)
    if anchors[0] == 0:
        heading[0] = angle[0] - slope[0] * middle[0]
    if anchors[-1] == len(driven) - 1:
        heading[-1] = angle[-1] + slope[-1] * (distance[-1] - middle[-1])
    return heading
