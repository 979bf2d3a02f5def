"""What a metric sees, a rollout with its derived signals, and what an action source returns."""

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from rollkit import arrays, reference_points
from rollkit.arrays import Array
from rollkit.door import read_only
from rollkit.errors import DataError
from rollkit.model import Actions, State, Trajectory
from rollkit.motion import Kinematics
from rollkit.vehicles import Vehicle, check_point

_Shared = TypeVar("_Shared")
_KINEMATICS, _AT_POINT = "rollkit: kinematics", "rollkit: at_point"  # keys of what is kept


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
        Whose trajectories these are, of its `reference_point`.
    probability : array, optional
        Of each of the K samples, with the rollout's batch; of a case they need not add up to 1.
    given : int
        Instants at the beginning that were given and not predicted: 1, the initial state, or 0.
        Errors are taken over the others.
    sampled : bool
        Whether the last axis of the batch are samples of one case; a reference whose batch is
        shorter says so too.

    Raises
    ------
    DataError
        Parts whose shapes or time steps do not belong together.
    """

    trajectory: Trajectory
    actions: Actions | None = None
    reference: Trajectory | None = None
    vehicle: Vehicle | None = None
    probability: Array | None = None
    given: int = 1
    sampled: bool = False
    whole: "Rollout | None" = None  # what this one is the beginning of

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
        if self.probability is not None and self.probability.shape != batch:
            raise DataError(
                f"Rollout: got probabilities {self.probability.shape}, expected {batch}, one for "
                "each rollout"
            )

    def until(self, steps: int) -> "Rollout":
        """Its first steps, so many; `whole` leads back to all of them."""
        if not 0 <= steps <= self.steps:
            raise DataError(f"Rollout: got {steps} steps, expected 0 to {self.steps}")
        return replace(
            self,
            trajectory=self.trajectory.until(steps),
            actions=None if self.actions is None else self.actions.until(steps),
            reference=None if self.reference is None else self.reference.until(steps),
            whole=self if self.whole is None else self.whole,
        )

    def at_point(self, to: str) -> "Rollout":
        """The same rollout, its trajectory and its reference those of another point of the vehicle.

        Itself where it has no vehicle, or is of that point already. The actions stay behind: they
        drive the point that was integrated, and v²κ of them and the speed of another point is the
        lateral acceleration of neither.

        Parameters
        ----------
        to : {"rear_axle", "center", "camera"}

        Raises
        ------
        UsageError, DataError
            As for `rollkit.at_point`.

        Examples
        --------
        >>> from rollkit import Rollout, Trajectory, Vehicle
        >>> car = Vehicle(length=4.9, width=2.1, wheelbase=2.9)
        >>> rollout = Rollout(Trajectory([0, 1], [0, 0], [0, 0], [1, 1], dt=1.0), vehicle=car)
        >>> rollout.at_point("center").trajectory.x, rollout.at_point("rear_axle") is rollout
        (array([1.45, 2.45]), True)
        """
        check_point(to)
        if self.vehicle is None or self.vehicle.reference_point == to:
            return self
        if self.whole is not None:  # differences at its end are those of the whole
            return self.whole.at_point(to).until(self.steps)
        return self.once((_AT_POINT, to), lambda one: one._at_point(to))

    def _at_point(self, to: str) -> "Rollout":
        vehicle, beside = self.vehicle, self.reference
        assert vehicle is not None
        moved = reference_points.at_point(self.trajectory, vehicle, to)
        if beside is not None:
            beside = reference_points.at_point(beside, vehicle, to)
        there = replace(vehicle, reference_point=to)
        return replace(self, trajectory=moved, reference=beside, vehicle=there, actions=None)

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

    @property
    def kinematics(self) -> Kinematics:
        """Accelerations and rates of the yaw at each instant, `(..., T+1)`: see `Trajectory`.

        At the vehicle's reference point, where there is a vehicle: of a point that moves across the
        body they are not the differences of its speed.
        """
        if self.vehicle is None:
            return self.trajectory.kinematics
        return self.once(_KINEMATICS, _kinematics)

    def once(self, key: Hashable, computed: "Callable[[Rollout], _Shared]") -> "_Shared":
        """What is computed of this rollout, the first time it is asked for under this key.

        For what several metrics of a plugin share; the key is the plugin's own, a function of its
        module, say.

        >>> from rollkit import Rollout, Trajectory
        >>> rollout = Rollout(Trajectory([0.0, 1.0], [0.0, 0.0], [0.0, 0.0], [1.0, 1.0], dt=1.0))
        >>> rollout.once("length", lambda one: float(one.step_length.sum()))
        1.0
        """
        kept: dict[Hashable, Any] = vars(self).setdefault("_kept", {})
        if key not in kept:
            kept[key] = computed(self)
        return kept[key]

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
    def target(self) -> Trajectory:
        """The reference, with an axis of length 1 where the rollout has its K samples."""
        one = self._reference()
        if len(one.batch) == len(self.batch):
            return one
        x, y, yaw, speed = (self._aimed(name) for name in ("x", "y", "yaw", "speed"))
        space = tuple(axis - 2 for axis in self._more)
        return Trajectory(
            x,
            y,
            yaw,
            speed,
            one.dt,
            z=None if one.z is None else np.expand_dims(one.z, self._more),
            rotation=None if one.rotation is None else np.expand_dims(one.rotation, space),
            recorded={
                name: np.expand_dims(rate, self._more) for name, rate in one.recorded.items()
            },
        )

    @property
    def samples(self) -> tuple[int, ...]:
        """The axes of the batch that are samples of one case, counted from its end: `(-1,)`, or
        none."""
        known = self.batch if self.reference is None else self.reference.batch
        count = max(len(self.batch) - len(known), int(self.sampled))
        return tuple(range(-count, 0))

    @cached_property
    def error_x(self) -> Array:
        """Position less that of the reference along x, m, `(..., T+1)`."""
        return self._error("error_x", lambda: self.trajectory.x - self._aimed("x"))

    @cached_property
    def error_y(self) -> Array:
        """Position less that of the reference along y, m, `(..., T+1)`."""
        return self._error("error_y", lambda: self.trajectory.y - self._aimed("y"))

    @cached_property
    def deviation(self) -> Array:
        """Distance to the reference at the same instant, m, `(..., T+1)`."""
        return self._error("deviation", lambda: arrays.distance(self.error_x, self.error_y))

    @cached_property
    def heading_error(self) -> Array:
        """Yaw less that of the reference, between -π and π, rad, `(..., T+1)`."""
        return self._error(
            "heading_error", lambda: _half_turn(self.trajectory.yaw - self._aimed("yaw"))
        )

    @cached_property
    def along_track(self) -> Array:
        """Ahead of the reference, along its yaw at the same instant, m, `(..., T+1)`."""

        def computed() -> Array:
            cosine, sine = self.target_direction
            return self.error_x * cosine + self.error_y * sine

        return self._error("along_track", computed)

    @cached_property
    def cross_track(self) -> Array:
        """To the left of the reference, across its yaw at the same instant, m, `(..., T+1)`."""

        def computed() -> Array:
            cosine, sine = self.target_direction
            return self.error_y * cosine - self.error_x * sine

        return self._error("cross_track", computed)

    @cached_property
    def target_direction(self) -> tuple[Array, Array]:
        """Cosine and sine of the reference's yaw, each shaped as `target` is."""
        cosine, sine = arrays.cos_sin(self._aimed("yaw"))
        return read_only(cosine), read_only(sine)

    def predicted(self, signal: Array) -> Array:
        """The signal `(..., T+1)` at the instants that were predicted, not given."""
        return signal[..., self.given :]

    @property
    def _more(self) -> tuple[int, ...]:
        """The axes that the reference lacks."""
        return tuple(range(len(self._reference().batch) - len(self.batch) - 1, -1))

    def _aimed(self, name: str) -> Array:
        """One signal of `target`: a speed that nobody asks for need not be computed."""
        signal: Array = np.expand_dims(getattr(self._reference(), name), self._more)
        return signal

    def _reference(self) -> Trajectory:
        if self.reference is None:
            raise MissingInput("this rollout has no reference, and the signal is an error from it")
        return self.reference

    def _error(self, name: str, computed: Callable[[], Array]) -> Array:
        """Computed once: that of the first steps is the beginning of that of the whole."""
        if self.whole is None:
            return read_only(computed())
        signal: Array = getattr(self.whole, name)
        return signal[..., : self.steps + 1]

    def _actions(self) -> Actions:
        if self.actions is None:
            raise MissingInput("this rollout has no actions, and the signal is made from them")
        return self.actions

    def __repr__(self) -> str:
        parts = [
            name for name in ("actions", "reference", "vehicle") if getattr(self, name) is not None
        ]
        return f"Rollout(shape={self.trajectory.x.shape}, dt={self.dt:g}, with={parts})"


def _kinematics(rollout: Rollout) -> Kinematics:
    assert rollout.vehicle is not None
    rates = reference_points.kinematics(rollout.trajectory, rollout.vehicle)
    return Kinematics(*map(read_only, rates))


def _half_turn(angle: Array) -> Array:
    turns = np.round(angle * (0.5 / np.pi))
    turns *= 2 * np.pi
    return np.subtract(angle, turns)


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
