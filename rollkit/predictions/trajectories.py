"""From poses to the trajectories that metrics see: the model's, its reference, a baseline's."""

import numpy as np

from rollkit import layout
from rollkit.arrays import Array
from rollkit.declare import BaselineSpec
from rollkit.errors import InvalidReturn
from rollkit.model import Trajectory
from rollkit.plugins import Registered
from rollkit.poses import Poses


def of_samples(poses: Poses) -> Trajectory:
    """The trajectories of all samples, `(n, K, T+1)`, laid out for their batch."""
    assert poses.dt is not None
    x, y = layout.arranged(poses.x), layout.arranged(poses.y)
    yaw = None if poses.yaw is None else layout.arranged(poses.yaw)
    speed = None if poses.speed is None else layout.arranged(poses.speed)
    return Trajectory.through(
        x,
        y,
        poses.dt,
        yaw=yaw,
        speed=speed,
        z=poses.z,
        rotation=poses.rotation,
        recorded={name: layout.arranged(one) for name, one in poses.recorded.items()},
    )


def of_one_sample(poses: Poses) -> Trajectory:
    """The trajectories of a reference or a history, `(n, T+1)`."""
    assert poses.dt is not None

    def flat(values: Array | None) -> Array | None:
        return None if values is None else values[:, 0]

    def laid_out(values: Array | None) -> Array | None:
        return None if values is None else layout.arranged(values[:, 0])

    return Trajectory.through(
        layout.arranged(poses.x[:, 0]),
        layout.arranged(poses.y[:, 0]),
        poses.dt,
        yaw=laid_out(poses.yaw),
        speed=laid_out(poses.speed),
        z=flat(poses.z),
        rotation=flat(poses.rotation),
        recorded={name: layout.arranged(one[:, 0]) for name, one in poses.recorded.items()},
    )


def of_baseline(
    registered: Registered[BaselineSpec], history: Trajectory, poses: Poses
) -> Trajectory:
    """What a baseline predicts for these cases, as one sample of each, `(n, 1, T+1)`.

    Raises
    ------
    InvalidReturn
        It returned something else than a trajectory of so many steps.
    """
    steps = poses.instants - poses.given
    got = registered.spec.function(history, steps)
    expected = (poses.cases, steps + 1)
    if not isinstance(got, Trajectory) or got.x.shape != expected:
        raise InvalidReturn(f"returned {got!r}, expected a trajectory {expected}")
    return one_of_each(got, first=1 - poses.given)


def one_of_each(one: Trajectory, *, first: int = 0, samples: int = 1) -> Trajectory:
    """The trajectory `(n, T+1)` of each case as that of each of its samples, `(n, K, T+1)`."""

    def spread(values: Array) -> Array:
        cut = values[:, None, first:]
        return np.broadcast_to(cut, (cut.shape[0], samples, cut.shape[2]))

    return Trajectory(spread(one.x), spread(one.y), spread(one.yaw), spread(one.speed), one.dt)
