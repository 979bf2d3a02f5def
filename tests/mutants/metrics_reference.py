"""Deviation from a reference, with one fault each."""

from typing import Any

import numpy as np

from rollkit import Rollout, Trajectory, arrays, metric
from rollkit.arrays import Array

_DEVIATION: dict[str, Any] = {
    "unit": "m",
    "better": "lower",
    "bounds": (0, None),
    "needs": "reference",
    "invariant_under": ("se2", "mirror"),
}


def _reference(rollout: Rollout) -> Trajectory:
    """The reference, in the batch shape of the rollout."""
    reference = rollout.reference
    assert reference is not None
    axes = tuple(range(-1 - len(rollout.batch) + len(reference.batch), -1))
    fields = (reference.x, reference.y, reference.yaw, reference.speed)
    return Trajectory(
        *(np.broadcast_to(np.expand_dims(one, axes), rollout.trajectory.x.shape) for one in fields),
        reference.dt,
    )


@metric(**_DEVIATION)
def mean_deviation_of_mismatched_rows(rollout: Rollout) -> Array:
    """Mean distance to the reference that numpy lines up from the wrong end for K samples."""
    path, reference = rollout.trajectory, rollout.reference
    assert reference is not None
    return arrays.mean(np.hypot(path.x - reference.x, path.y - reference.y))


@metric(**_DEVIATION)
def final_deviation_ignores_reference(rollout: Rollout) -> Array:
    """Distance of the last position from the origin instead of from the reference."""
    return np.hypot(arrays.last(rollout.trajectory.x), arrays.last(rollout.trajectory.y))


@metric(**_DEVIATION)
def max_deviation_in_x(rollout: Rollout) -> Array:
    """Largest distance to the reference in x alone."""
    return arrays.max_abs(rollout.trajectory.x - _reference(rollout).x)


@metric(**_DEVIATION)
def max_deviation_reads_x_for_y(rollout: Rollout) -> Array:
    """Largest distance to the reference with its x and y swapped."""
    path, reference = rollout.trajectory, _reference(rollout)
    return arrays.max_abs(np.hypot(path.x - reference.y, path.y - reference.x))


@metric(**{**_DEVIATION, "invariant_under": ("se2", "mirror", "time_reversal"), "min_steps": 1})
def mean_deviation_one_instant_late(rollout: Rollout) -> Array:
    """Mean distance to where the reference was one instant earlier."""
    path, reference = rollout.trajectory, _reference(rollout)
    x = path.x[..., 1:] - reference.x[..., :-1]
    y = path.y[..., 1:] - reference.y[..., :-1]
    return arrays.mean(np.hypot(x, y))


@metric(**{**_DEVIATION, "invariant_under": ("se2", "mirror", "time_reversal")})
def max_deviation_drops_nan(rollout: Rollout) -> Array:
    """Largest distance to the reference by fmax, which drops nan."""
    return np.fmax.reduce(rollout.deviation, axis=-1)


@metric(**{**_DEVIATION, "invariant_under": ("se2", "mirror", "time_reversal")})
def mean_deviation_skips_nan(rollout: Rollout) -> Array:
    """Mean distance to the reference that leaves nan out of the sum."""
    return arrays.mean(np.nan_to_num(rollout.deviation))


@metric(**_DEVIATION)
def cross_track_of_the_map(rollout: Rollout) -> Array:
    """Largest offset from the reference in y, where the offset to its side is declared."""
    return arrays.max_abs(rollout.trajectory.y - _reference(rollout).y)


@metric(**_DEVIATION)
def cross_track_turned_forward(rollout: Rollout) -> Array:
    """Largest offset to the reference's side, turned by its yaw instead of back by it."""
    path, reference = rollout.trajectory, _reference(rollout)
    cos, sin = arrays.cos_sin(reference.yaw)
    return arrays.max_abs(sin * (path.x - reference.x) + cos * (path.y - reference.y))


@metric(**_DEVIATION)
def cross_track_abs_forgotten(rollout: Rollout) -> Array:
    """Largest offset to the left of the reference, negative where all of it is to the right."""
    path, reference = rollout.trajectory, _reference(rollout)
    cos, sin = arrays.cos_sin(reference.yaw)
    return arrays.maximum(cos * (path.y - reference.y) - sin * (path.x - reference.x))


@metric(**{**_DEVIATION, "unit": "rad", "bounds": (0, np.pi)})
def heading_error_not_wrapped(rollout: Rollout) -> Array:
    """Largest angle to the reference's heading, in which full turns count."""
    return arrays.max_abs(rollout.trajectory.yaw - _reference(rollout).yaw)


@metric(**{**_DEVIATION, "unit": "1", "bounds": (0, 1)})
def share_off_reference_in_percent(rollout: Rollout) -> Array:
    """Share of the instants farther than 1 m from the reference, in percent."""
    beyond = np.heaviside(rollout.deviation - 1, 0)
    return 100 * arrays.mean(beyond)
