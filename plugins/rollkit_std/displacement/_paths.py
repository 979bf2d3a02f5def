"""The poses of a rollout and of its reference, for `rollkit_std.displacement.evo`."""

import numpy as np

from rollkit import Rollout, Trajectory, arrays
from rollkit_std.displacement.evo import Path


def paths(rollout: Rollout, *, rotations: bool = True) -> tuple[Path, Path]:
    """Its poses and those of its reference: in space where both are, else in the plane."""
    both = rollout.trajectory, rollout.target
    space = all(one.z is not None and one.rotation is not None for one in both)
    estimate, reference = (_path(one, space, rotations) for one in both)
    return estimate, reference


def _path(one: Trajectory, space: bool, rotations: bool) -> Path:
    if space and one.z is not None:
        return Path(np.stack([one.x, one.y, one.z], axis=-1), one.rotation if rotations else None)
    positions = np.stack([one.x, one.y], axis=-1)
    if not rotations:
        return Path(positions)
    cosine, sine = arrays.cos_sin(one.yaw)
    rows = np.stack([cosine, -sine], axis=-1), np.stack([sine, cosine], axis=-1)
    return Path(positions, np.stack(rows, axis=-2))
