"""What flows through rollkit: actions, states, trajectories and the rollout a metric sees.

SI units and radians; x forward, y left, yaw counter-clockwise, so positive curvature turns left.
Leading axes are batch, the last is time. Shapes, numbers and the time step are checked once, here,
so that nothing behind this door has to. Arrays are kept as read-only views, not copies.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from rollkit import arrays, layout
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

_REFERENCE_POINTS = ("rear_axle", "center")


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
    observed and makes what is computed from it undefined.

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

    def __init__(
        self,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        yaw: npt.ArrayLike,
        speed: npt.ArrayLike,
        dt: float,
    ) -> None:
        given = {"x": x, "y": y, "yaw": yaw, "speed": speed}
        if all(symbolic(value) for value in given.values()):  # there are no numbers to check
            vars(self).update(given, dt=dt, complete=True)
            return
        named = {name: numbers(name, value) for name, value in given.items()}
        same_shape("Trajectory", named)
        shape = named["x"].shape
        if not shape or shape[-1] == 0:
            raise DataError(
                f"Trajectory: got shape {shape}, expected (..., T+1) with at least one instant"
            )
        complete = [observed("Trajectory", name, array) for name, array in named.items()]
        unify(self, named)
        object.__setattr__(self, "complete", all(complete))
        object.__setattr__(self, "dt", time_step(dt))

    @property
    def steps(self) -> int:
        """Number of steps T, one less than there are instants."""
        return int(self.x.shape[-1]) - 1

    @property
    def batch(self) -> tuple[int, ...]:
        """Shape of the leading axes."""
        return self.x.shape[:-1]

    def at(self, index: int) -> State:
        """The state at one instant."""
        return State(
            self.x[..., index], self.y[..., index], self.yaw[..., index], self.speed[..., index]
        )

    def __repr__(self) -> str:
        return f"Trajectory(shape={self.x.shape}, dt={self.dt:g})"


@dataclass(frozen=True)
class Vehicle:
    """A vehicle's size in m, and the point of it that a trajectory describes.

    Examples
    --------
    >>> Vehicle(length=4.9, width=2.1, wheelbase=2.9).reference_point
    'rear_axle'
    """

    length: float
    width: float
    wheelbase: float
    reference_point: str = "rear_axle"

    def __post_init__(self) -> None:
        for name in ("length", "width", "wheelbase"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise DataError(f"Vehicle: {name}: got {value!r}, expected a positive length in m")
        if self.reference_point not in _REFERENCE_POINTS:
            raise DataError(
                f"Vehicle: reference_point: got {self.reference_point!r}, "
                f"expected one of {', '.join(_REFERENCE_POINTS)}"
            )


class MissingInput(DataError):
    """A signal was asked of a rollout that lacks what the signal is made from."""


@dataclass(frozen=True, eq=False, repr=False)
class Rollout:
    """What a metric sees: a trajectory and what is known around it.

    The derived signals are computed once, when first asked for, and shared by all metrics.

    Parameters
    ----------
    trajectory : Trajectory, `(..., T+1)`
    actions : Actions, `(..., T)`, optional
        What produced the trajectory.
    reference : Trajectory, optional
        Where it should have gone: the same instants; its batch is the rollout's, or its leading
        axes (K predicted samples `(N, K)` share a reference `(N,)`).
    vehicle : Vehicle, optional

    Raises
    ------
    DataError
        Parts whose shapes or time steps do not belong together.
    """

    trajectory: Trajectory
    actions: Actions | None = None
    reference: Trajectory | None = None
    vehicle: Vehicle | None = None

    def __post_init__(self) -> None:
        batch, steps, dt = self.trajectory.batch, self.trajectory.steps, self.trajectory.dt
        if self.actions is not None:
            got = (self.actions.batch, self.actions.steps)
            if got != (batch, steps):
                raise DataError(
                    f"Rollout: got actions {self.actions.accel.shape} for a trajectory "
                    f"{self.trajectory.x.shape}; expected {(*batch, steps)}"
                )
            _same_dt("actions", self.actions.dt, dt)
        if self.reference is not None:
            leading = self.reference.batch
            if leading != batch[: len(leading)] or self.reference.steps != steps:
                raise DataError(
                    f"Rollout: got a reference {self.reference.x.shape} for a trajectory "
                    f"{self.trajectory.x.shape}; expected the same instants and leading axes"
                )
            _same_dt("reference", self.reference.dt, dt)

    @property
    def dt(self) -> float:
        """Time step, s."""
        return self.trajectory.dt

    @property
    def steps(self) -> int:
        """Number of steps T."""
        return self.trajectory.steps

    @property
    def batch(self) -> tuple[int, ...]:
        """Shape of the leading axes: a metric returns one number for each."""
        return self.trajectory.batch

    @property
    def accel(self) -> Array:
        """Longitudinal acceleration over each step, m/s², `(..., T)`: the action itself."""
        return self._actions().accel

    @property
    def curvature(self) -> Array:
        """Path curvature over each step, 1/m, `(..., T)`: the action itself."""
        return self._actions().curvature

    @property
    def speed(self) -> Array:
        """Speed at each instant, m/s, `(..., T+1)`."""
        return self.trajectory.speed

    @cached_property
    def jerk(self) -> Array:
        """Longitudinal jerk (a[t+1] - a[t]) / dt, m/s³, `(..., T-1)`: loses one step."""
        return read_only(arrays.differences(self.accel, self.dt))

    @cached_property
    def curvature_rate(self) -> Array:
        """Curvature rate (κ[t+1] - κ[t]) / dt, 1/(m s), `(..., T-1)`: loses one step."""
        return read_only(arrays.differences(self.curvature, self.dt))

    @cached_property
    def yaw_rate(self) -> Array:
        """Yaw rate v κ at the start of each step, rad/s, `(..., T)`."""
        return read_only(self.speed[..., :-1] * self.curvature)

    @cached_property
    def lateral_accel(self) -> Array:
        """Lateral acceleration v² κ at the start of each step, m/s², `(..., T)`."""
        return read_only(np.square(self.speed[..., :-1]) * self.curvature)

    @cached_property
    def step_length(self) -> Array:
        """Distance between successive positions, m, `(..., T)`."""
        return read_only(
            arrays.distance(
                arrays.differences(self.trajectory.x), arrays.differences(self.trajectory.y)
            )
        )

    @cached_property
    def yaw_change(self) -> Array:
        """Change of yaw over each step, rad, `(..., T)`."""
        return read_only(arrays.differences(self.trajectory.yaw))

    @cached_property
    def deviation(self) -> Array:
        """Distance to the reference at the same instant, m, `(..., T+1)`."""
        if self.reference is None:
            raise MissingInput("this rollout has no reference, and deviation is the distance to it")
        missing = len(self.batch) - len(self.reference.batch)
        axes = tuple(range(-1 - missing, -1))
        x = np.expand_dims(self.reference.x, axes)
        y = np.expand_dims(self.reference.y, axes)
        return read_only(arrays.distance(self.trajectory.x - x, self.trajectory.y - y))

    def _actions(self) -> Actions:
        if self.actions is None:
            raise MissingInput("this rollout has no actions, and the signal is made from them")
        return self.actions

    def __repr__(self) -> str:
        parts = [
            name for name in ("actions", "reference", "vehicle") if getattr(self, name) is not None
        ]
        return f"Rollout(shape={self.trajectory.x.shape}, dt={self.dt:g}, with={parts})"


def _same_dt(what: str, got: float, expected: float) -> None:
    if not math.isclose(got, expected, rel_tol=1e-9):
        raise DataError(f"Rollout: {what} has dt={got:g} s, the trajectory dt={expected:g} s")


@dataclass(frozen=True, eq=False)
class Episodes:
    """What an action source hands over when a bare `(State, Actions)` does not say enough.

    Parameters
    ----------
    initial : State, `(n,)`
    actions : Actions, `(n, T)`
    reference : Trajectory, `(n, T+1)`, optional
        Where the rollouts should go; metrics that need a reference become defined.
    vehicle : Vehicle, optional
    notes : mapping, optional
        What the artifact should say about where the numbers came from (strict JSON values). The
        key `dt` says where the time step came from.
    """

    initial: State
    actions: Actions
    reference: Trajectory | None = None
    vehicle: Vehicle | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)
