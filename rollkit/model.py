"""What flows through rollkit: actions, states and trajectories.

SI units and radians; x forward, y left, yaw counter-clockwise, so positive curvature turns left.
Leading axes are batch, the last is time. Shapes, numbers and the time step are checked once, here,
so that nothing behind this door has to. Arrays are kept as read-only views, not copies.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rollkit import layout, motion
from rollkit.arrays import Array
from rollkit.door import (
    finite,
    numbers,
    observed,
    read_only,
    same_shape,
    symbolic,
    time_step,
    unify,
)
from rollkit.errors import DataError
from rollkit.motion import RATES, Kinematics


@dataclass(frozen=True, eq=False, repr=False, init=False)
class Actions:
    """What a policy does: acceleration and curvature, each held over a step of dt.

    Parameters
    ----------
    accel : array_like, `(..., T)`
        Longitudinal acceleration, m/s².
    curvature : array_like, `(..., T)`
        Path curvature, 1/m; positive turns left.
    dt : float
        Time step, s. Never assumed: there is no default.

    Raises
    ------
    DataError
        Different shapes, no steps, a value that is not finite, or a dt that is not positive.

    Examples
    --------
    >>> actions = Actions(accel=[1.0, 0.0], curvature=[0.0, 0.1], dt=0.1)
    >>> actions.steps
    2
    >>> Actions(accel=[1.0, 0.0], curvature=[0.0], dt=0.1)
    Traceback (most recent call last):
    rollkit.errors.DataError: Actions: got accel (2,), curvature (1,); expected one shape for all
    """

    accel: Array
    curvature: Array
    dt: float

    def __init__(self, accel: npt.ArrayLike, curvature: npt.ArrayLike, dt: float) -> None:
        named = {"accel": numbers("accel", accel), "curvature": numbers("curvature", curvature)}
        same_shape("Actions", named)
        shape = named["accel"].shape
        if not shape or shape[-1] == 0:
            raise DataError(f"Actions: got shape {shape}, expected (..., T) with at least one step")
        for name, array in named.items():
            finite(name, array)
        unify(self, named)
        object.__setattr__(self, "dt", time_step(dt))

    @property
    def steps(self) -> int:
        """Number of steps T."""
        return int(self.accel.shape[-1])

    @property
    def batch(self) -> tuple[int, ...]:
        """Shape of the leading axes."""
        return self.accel.shape[:-1]

    def rows(self, rows: slice) -> "Actions":
        """Some of the rows of `(N, T)`."""
        return self._passed(self.accel[rows], self.curvature[rows])

    def until(self, steps: int) -> "Actions":
        """The first steps, so many."""
        return self._passed(self.accel[..., :steps], self.curvature[..., :steps])

    def arranged(self) -> "Actions":
        """The same actions, laid out in memory for their batch: see `rollkit.layout`."""
        both = (self.accel, self.curvature)
        if not layout.many(self.batch) or all(map(layout.by_instant, both)):
            return self
        return self._passed(layout.arranged(self.accel), layout.arranged(self.curvature))

    def _passed(self, accel: Array, curvature: Array) -> "Actions":
        """Actions of numbers that have passed the door already."""
        passed = object.__new__(Actions)
        vars(passed).update(accel=read_only(accel), curvature=read_only(curvature), dt=self.dt)
        return passed

    def __repr__(self) -> str:
        return f"Actions(shape={self.accel.shape}, dt={self.dt:g})"


@dataclass(frozen=True, eq=False, repr=False, init=False)
class State:
    """Where the vehicle is: position in m, yaw in rad, speed in m/s, each `(...)`.

    A single number stands for the whole batch.

    Raises
    ------
    DataError
        Different shapes, or a value that is not finite.

    Examples
    --------
    >>> State(speed=[8.0, 9.0])
    State(shape=(2,))
    """

    x: Array
    y: Array
    yaw: Array
    speed: Array

    def __init__(
        self,
        x: npt.ArrayLike = 0.0,
        y: npt.ArrayLike = 0.0,
        yaw: npt.ArrayLike = 0.0,
        speed: npt.ArrayLike = 0.0,
    ) -> None:
        given = {"x": x, "y": y, "yaw": yaw, "speed": speed}
        named = {name: numbers(name, value) for name, value in given.items()}
        shape = next((array.shape for array in named.values() if array.ndim), ())
        # As in NumPy, a bare number takes the dtype of the arrays and does not widen float32.
        strong = [
            array for name, array in named.items() if not isinstance(given[name], int | float)
        ]
        dtype = np.result_type(*strong) if strong else np.dtype(np.float64)
        named = {
            name: array if array.ndim else np.broadcast_to(array.astype(dtype), shape)
            for name, array in named.items()
        }
        same_shape("State", named)
        for name, array in named.items():
            finite(name, array)
        unify(self, named)

    @property
    def batch(self) -> tuple[int, ...]:
        """Shape of the batch."""
        return self.speed.shape

    def rows(self, rows: slice) -> "State":
        """Some of the rows of `(N,)`."""
        return self._passed(lambda values: values[rows])

    def spread(self, batch: tuple[int, ...]) -> "State":
        """A single state for every row of a batch."""
        return self._passed(lambda values: read_only(np.full(batch, values)))

    def _passed(self, change: Callable[[Array], Array]) -> "State":
        """A state of numbers that have passed the door already."""
        passed = object.__new__(State)
        vars(passed).update((name, change(values)) for name, values in vars(self).items())
        return passed

    def __repr__(self) -> str:
        return f"State(shape={self.batch})"


@dataclass(frozen=True, eq=False, repr=False, init=False)
class Trajectory:
    """Where the vehicle went: x, y in m, yaw in rad (unwrapped), speed in m/s, dt in s.

    Each array is `(..., T+1)`; index 0 is the initial state. NaN marks an instant that was not
    observed and makes what is computed from it undefined. A trajectory in space also has its height
    `z` in m, `(..., T+1)`, and its `rotation` to the world, `(..., T+1, 3, 3)`; None in the plane.
    Rates that were measured beside the poses are in `recorded`, by name: `accel`, `lateral_accel`,
    `yaw_rate`, `yaw_accel`, each `(..., T+1)`; `kinematics` has them, or differences of the motion.

    Raises
    ------
    DataError
        Different shapes, no instant, an infinite value, or a dt that is not positive.

    Examples
    --------
    >>> Trajectory(x=[0.0, 1.0], y=[0.0, 0.0], yaw=[0.0, 0.0], speed=[10.0, 10.0], dt=0.1)
    Trajectory(shape=(2,), dt=0.1)
    """

    x: Array
    y: Array
    yaw: Array
    speed: Array
    dt: float
    complete: bool  # no instant is nan
    yaw_of_path: bool = False  # whether the yaw is no measurement but the direction of the path
    speed_of_path: bool = False  # whether the speed is none but made of differences of positions
    z: Array | None = None
    rotation: Array | None = None
    recorded: Mapping[str, Array] = field(default_factory=dict)

    def __init__(
        self,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        yaw: npt.ArrayLike,
        speed: npt.ArrayLike,
        dt: float,
        *,
        z: npt.ArrayLike | None = None,
        rotation: npt.ArrayLike | None = None,
        recorded: Mapping[str, npt.ArrayLike] | None = None,
    ) -> None:
        given = {"x": x, "y": y, "yaw": yaw, "speed": speed}
        if all(symbolic(value) for value in given.values()):  # there are no numbers to check
            vars(self).update(given, dt=dt, complete=True, recorded={})
            return
        self._enter(given, dt, z, rotation, recorded)

    def _enter(
        self,
        given: Mapping[str, npt.ArrayLike],
        dt: float,
        z: npt.ArrayLike | None,
        rotation: npt.ArrayLike | None,
        recorded: Mapping[str, npt.ArrayLike] | None,
    ) -> None:
        """Check what is given and store it."""
        named = {name: numbers(name, value) for name, value in given.items()}
        same_shape("Trajectory", named)
        shape = named["x"].shape
        if not shape or shape[-1] == 0:
            raise DataError(
                f"Trajectory: got shape {shape}, expected (..., T+1) with at least one instant"
            )
        complete = [observed("Trajectory", name, array) for name, array in named.items()]
        unify(self, named)
        vars(self).update(complete=all(complete), dt=time_step(dt))
        for name, value, beyond in (("z", z, ()), ("rotation", rotation, (3, 3))):
            if value is not None:
                array = numbers(name, value)
                if array.shape != (*shape, *beyond):
                    raise DataError(
                        f"Trajectory: {name}: got {array.shape}, expected {(*shape, *beyond)}"
                    )
                vars(self)[name] = array
        vars(self)["recorded"] = {
            name: _rate(name, value, shape) for name, value in (recorded or {}).items()
        }

    @classmethod
    def through(
        cls,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        dt: float,
        *,
        yaw: npt.ArrayLike | None = None,
        speed: npt.ArrayLike | None = None,
        z: npt.ArrayLike | None = None,
        rotation: npt.ArrayLike | None = None,
        recorded: Mapping[str, npt.ArrayLike] | None = None,
    ) -> "Trajectory":
        """The trajectory through poses, `(..., T+1)`.

        A speed that nobody has recorded is that of central differences along the arcs, negative
        where the vehicle moves against its yaw. Without a yaw, that is the direction of the path.

        Raises
        ------
        DataError
            As for the trajectory itself.

        Examples
        --------
        >>> Trajectory.through([0.0, 1.0, 3.0], [0.0, 0.0, 0.0], 0.5).speed
        array([1., 3., 5.])
        """
        return _Through(x, y, dt, yaw, speed, z=z, rotation=rotation, recorded=recorded)

    @property
    def steps(self) -> int:
        """Number of steps T, one less than there are instants."""
        return int(self.x.shape[-1]) - 1

    @property
    def batch(self) -> tuple[int, ...]:
        """Shape of the leading axes."""
        return self.x.shape[:-1]

    def until(self, steps: int) -> "Trajectory":
        """Its first steps, so many."""
        cut: Trajectory = object.__new__(type(self))
        vars(cut).update(vars(self))
        for name in ("x", "y", "yaw", "speed", "z"):
            if vars(self).get(name) is not None:
                vars(cut)[name] = vars(self)[name][..., : steps + 1]
        if self.rotation is not None:
            vars(cut)["rotation"] = self.rotation[..., : steps + 1, :, :]
        vars(cut)["recorded"] = {n: one[..., : steps + 1] for n, one in self.recorded.items()}
        vars(cut).pop("kinematics", None)
        return cut

    @cached_property
    def kinematics(self) -> Kinematics:
        """Accelerations and rates of the yaw at each instant, `(..., T+1)`, in the body's axes.

        What was recorded; what was not, by central differences of speed and yaw.
        """
        rates = motion.kinematics(self.speed, self.yaw, self.dt, self.recorded)
        return Kinematics(*map(read_only, rates))

    def at(self, index: int) -> State:
        """The state at one instant."""
        return State(
            self.x[..., index], self.y[..., index], self.yaw[..., index], self.speed[..., index]
        )

    def __repr__(self) -> str:
        return f"Trajectory(shape={self.x.shape}, dt={self.dt:g})"


class _Through(Trajectory):
    """A trajectory through poses; speed, and yaw where there is none, are computed when needed."""

    def __init__(
        self,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        dt: float,
        yaw: npt.ArrayLike | None,
        speed: npt.ArrayLike | None,
        *,
        z: npt.ArrayLike | None,
        rotation: npt.ArrayLike | None,
        recorded: Mapping[str, npt.ArrayLike] | None,
    ) -> None:
        given = {"x": x, "y": y}
        vars(self).update(yaw_of_path=yaw is None, speed_of_path=speed is None)
        if yaw is not None:
            given["yaw"] = motion.unwrapped(numbers("yaw", yaw))
        if speed is not None:
            given["speed"] = speed
        self._enter(given, dt, z, rotation, recorded)

    # What it is the beginning of: differences at its end are those of the whole.
    _whole: "_Through | None" = None

    def until(self, steps: int) -> Trajectory:
        cut = super().until(steps)
        vars(cut)["_whole"] = self._whole or self
        return cut

    @cached_property
    def yaw(self) -> Array:
        if self._whole is not None:
            return self._whole.yaw[..., : self.steps + 1]
        return read_only(motion.course(self.x, self.y, self.dt))

    @cached_property
    def speed(self) -> Array:
        if self._whole is not None:
            return self._whole.speed[..., : self.steps + 1]
        return read_only(motion.speed(self.x, self.y, self.yaw, self.dt))


def _rate(name: str, value: npt.ArrayLike, shape: tuple[int, ...]) -> Array:
    """A rate that was recorded beside the poses."""
    if name not in RATES:
        raise DataError(f"Trajectory: recorded: got {name!r}, expected some of {', '.join(RATES)}")
    array = numbers(name, value)
    if array.shape != shape:
        raise DataError(f"Trajectory: {name}: got {array.shape}, expected {shape}")
    observed("Trajectory", name, array)
    return array
