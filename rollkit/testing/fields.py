"""The four fields of a state and of a trajectory, taken together."""

from collections.abc import Iterable

from rollkit.arrays import Array
from rollkit.model import State, Trajectory

FIELDS = ("x", "y", "yaw", "speed")


def fields(of: State | Trajectory) -> tuple[Array, Array, Array, Array]:
    """x, y, yaw and speed."""
    return of.x, of.y, of.yaw, of.speed


def state(values: Iterable[Array]) -> State:
    """A state of four arrays."""
    x, y, yaw, speed = values
    return State(x, y, yaw, speed)


def trajectory(values: Iterable[Array], dt: float) -> Trajectory:
    """A trajectory of four arrays."""
    x, y, yaw, speed = values
    return Trajectory(x, y, yaw, speed, dt)
