"""Where the vehicle went: lengths and offsets, with one fault each."""

from typing import Any

import numpy as np

from rollkit import Rollout, arrays, metric
from rollkit.arrays import Array

_LENGTH: dict[str, Any] = {"unit": "m", "bounds": (0, None)}


@metric(**_LENGTH, invariant_under=("se2", "mirror", "time_reversal"))
def path_length_of_sorted_positions(rollout: Rollout) -> Array:
    """Length of the path through the positions sorted by coordinate instead of in order."""
    x, y = np.sort(rollout.trajectory.x, axis=-1), np.sort(rollout.trajectory.y, axis=-1)
    return arrays.total(np.hypot(arrays.differences(x), arrays.differences(y)))


@metric(**_LENGTH, invariant_under=("se2", "mirror", "time_reversal"))
def path_length_of_city_blocks(rollout: Rollout) -> Array:
    """Length of the path as the sum of |dx| + |dy|."""
    x, y = arrays.differences(rollout.trajectory.x), arrays.differences(rollout.trajectory.y)
    return arrays.total(np.abs(x) + np.abs(y))


@metric(**_LENGTH, invariant_under=("se2", "mirror", "time_reversal"))
def path_length_along_x(rollout: Rollout) -> Array:
    """Length of the path as the sum of |dx|."""
    return arrays.total(np.abs(arrays.differences(rollout.trajectory.x)))


@metric(**_LENGTH, invariant_under=("se2", "mirror", "time_reversal"))
def path_length_in_single_precision(rollout: Rollout) -> Array:
    """Length of the path from positions rounded to float32."""
    x, y = (
        np.diff(one.astype(np.float32), axis=-1).astype(one.dtype)
        for one in (rollout.trajectory.x, rollout.trajectory.y)
    )
    return arrays.total(np.hypot(x, y))


@metric(**_LENGTH, invariant_under=("se2", "mirror", "time_reversal"))
def path_length_skips_nan(rollout: Rollout) -> Array:
    """Length of the path as if what was not observed had length 0."""
    return np.nansum(rollout.step_length, axis=-1)


@metric(**_LENGTH, invariant_under=("se2", "mirror", "time_reversal"))
def path_length_starts_late(rollout: Rollout) -> Array:
    """Length of the path without its first step."""
    return arrays.total(rollout.step_length[..., 1:])


@metric(**_LENGTH, invariant_under=("se2", "mirror", "time_reversal"))
def path_length_of_whole_centimetres(rollout: Rollout) -> Array:
    """Length of the path through positions rounded to centimetres."""
    x, y = np.round(rollout.trajectory.x, 2), np.round(rollout.trajectory.y, 2)
    return arrays.total(np.hypot(arrays.differences(x), arrays.differences(y)))


@metric(**_LENGTH, invariant_under=("se2", "mirror", "time_reversal"))
def displacement_of_mixed_axes(rollout: Rollout) -> Array:
    """Distance from the first to the last position, with y measured from the first x."""
    x, y = rollout.trajectory.x, rollout.trajectory.y
    return np.hypot(x[..., -1] - x[..., 0], y[..., -1] - x[..., 0])


@metric(**_LENGTH, invariant_under=("se2", "mirror"))
def displacement_from_the_origin(rollout: Rollout) -> Array:
    """Distance of the last position from the origin instead of from the first one."""
    return np.hypot(arrays.last(rollout.trajectory.x), arrays.last(rollout.trajectory.y))


def _ahead_and_left(rollout: Rollout, cos: Array, sin: Array) -> tuple[Array, Array]:
    """Where the vehicle is seen from its start, given the start's cosine and sine."""
    path = rollout.trajectory
    x, y = path.x - path.x[..., :1], path.y - path.y[..., :1]
    return x * cos + y * sin, y * cos - x * sin


@metric(unit="m", invariant_under=("se2", "mirror"))
def way_ahead_axes_swapped(rollout: Rollout) -> Array:
    """How far ahead of its start the vehicle ends, with sine and cosine swapped."""
    cos, sin = arrays.cos_sin(rollout.trajectory.yaw[..., :1])
    ahead, _ = _ahead_and_left(rollout, sin, cos)
    return arrays.last(ahead)


@metric(**_LENGTH, invariant_under=("se2", "mirror"))
def max_lateral_offset_in_degrees(rollout: Rollout) -> Array:
    """Largest offset to the side of the start, with its yaw taken for degrees."""
    cos, sin = arrays.cos_sin(np.deg2rad(rollout.trajectory.yaw[..., :1]))
    _, left = _ahead_and_left(rollout, cos, sin)
    return arrays.max_abs(left)


@metric(**_LENGTH, invariant_under=("se2", "mirror"))
def max_lateral_offset_turned_forward(rollout: Rollout) -> Array:
    """Largest offset to the side of the start, turned by the yaw instead of back by it."""
    cos, sin = arrays.cos_sin(-rollout.trajectory.yaw[..., :1])
    _, left = _ahead_and_left(rollout, cos, sin)
    return arrays.max_abs(left)


@metric(**_LENGTH, invariant_under=("se2", "mirror"))
def max_lateral_offset_on_the_map(rollout: Rollout) -> Array:
    """Largest offset in y, whatever the initial yaw."""
    return arrays.max_abs(rollout.trajectory.y - rollout.trajectory.y[..., :1])


@metric(unit="m", invariant_under=("se2", "mirror"))
def final_lateral_offset_signed(rollout: Rollout) -> Array:
    """Offset to the left of the start, negative to the right, declared mirror invariant."""
    cos, sin = arrays.cos_sin(rollout.trajectory.yaw[..., :1])
    _, left = _ahead_and_left(rollout, cos, sin)
    return arrays.last(left)


@metric(unit="1", bounds=(0, 1), min_steps=1, invariant_under=("se2", "mirror", "time_reversal"))
def straightness_upside_down(rollout: Rollout) -> Array:
    """Length of the path over the displacement, where its inverse is declared."""
    x, y = rollout.trajectory.x, rollout.trajectory.y
    displacement = np.hypot(x[..., -1] - x[..., 0], y[..., -1] - y[..., 0])
    length = arrays.total(rollout.step_length)
    moved = displacement > 0
    return np.where(moved, length / np.where(moved, displacement, 1), np.nan)
