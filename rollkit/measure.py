"""Rolling out and measuring one batch, and checking what plugins return."""

import math

import numpy as np
import numpy.typing as npt

from rollkit.arrays import Array
from rollkit.declare import IntegratorSpec, MetricSpec
from rollkit.errors import DataError, InvalidReturn
from rollkit.model import Actions, Rollout, State, Trajectory, Vehicle


def roll_out(
    spec: IntegratorSpec,
    initial: State,
    actions: Actions,
    *,
    reference: Trajectory | None = None,
    vehicle: Vehicle | None = None,
) -> Rollout:
    """Integrate the actions and put the rollout together.

    Raises
    ------
    DataError
        The initial state does not fit the actions or the integrator.
    InvalidReturn
        The integrator returned something that is no trajectory of these actions.
    """
    initial = starting(spec, initial, actions)
    trajectory = spec.function(initial, actions)
    if not isinstance(trajectory, Trajectory):
        raise InvalidReturn(f"returned {type(trajectory).__name__}, expected a Trajectory")
    expected = (*actions.batch, actions.steps + 1)
    if trajectory.x.shape != expected:
        raise InvalidReturn(f"returned a trajectory {trajectory.x.shape}, expected {expected}")
    for name in ("x", "y", "yaw", "speed"):
        values, first = getattr(trajectory, name), getattr(initial, name)
        _every(~np.isnan(values), f"returned nan in {name}", "for finite actions")
        _every(values[..., 0] == first, f"returned a first {name}", "that is not the initial one")
    if spec.speed_never_negative:
        good = trajectory.speed >= 0
        _every(good, "returned a speed below 0", "and declares speed_never_negative")
    return Rollout(trajectory, actions, reference, vehicle)


def _every(good: npt.NDArray[np.bool_], what: str, why: str) -> None:
    if not good.all():
        at = [int(i) for i in np.argwhere(~good)[0]]
        raise InvalidReturn(f"{what} at {at} {why}")


def starting(spec: IntegratorSpec, initial: State, actions: Actions) -> State:
    """The initial state of every row: a single state starts all of them.

    Raises
    ------
    DataError
        It does not fit the actions, or the integrator cannot start from it.
    """
    initial = for_each_row(initial, actions.batch)
    if initial.batch != actions.batch:
        raise DataError(
            f"got an initial state {initial.batch} for actions {actions.accel.shape}; "
            f"expected {actions.batch}, one state for each row of actions"
        )
    if spec.speed_never_negative and initial.speed.size and initial.speed.min() < 0:
        raise DataError(
            f"initial speed is {initial.speed.min():g} m/s: integrator {spec.name!r} only drives "
            "forward; expected speeds of 0 or more"
        )
    return initial


def for_each_row(initial: State, batch: tuple[int, ...]) -> State:
    """A single state given to every row; a state for each row as it is."""
    if initial.batch != ():
        return initial
    fields = (initial.x, initial.y, initial.yaw, initial.speed)
    return State(*(np.full(batch, one) for one in fields))


def missing(spec: MetricSpec, rollout: Rollout) -> str | None:
    """Why the metric is undefined for every rollout of this batch, or None."""
    lacking = [need for need in spec.needs if getattr(rollout, need) is None]
    if lacking:
        return f"the rollouts have no {' and no '.join(lacking)}"
    if rollout.steps < spec.min_steps:
        return f"needs {spec.min_steps} steps, the rollouts have {rollout.steps}"
    return None


def compute(spec: MetricSpec, rollout: Rollout) -> Array:
    """One number per rollout, checked against what the metric declares; nan is undefined.

    Raises
    ------
    InvalidReturn
        The metric returned something else; and whatever the metric itself raises.
    """
    if missing(spec, rollout):
        return np.full(rollout.batch, math.nan)
    answer = spec.function(rollout)
    if hasattr(answer, "mask") and hasattr(answer, "filled"):  # masked is undefined
        answer = answer.astype(np.float64).filled(math.nan)
    value = np.asarray(answer)
    if value.dtype.kind not in "fiub":
        raise InvalidReturn(f"returned dtype {value.dtype}, expected real numbers")
    if value.shape != rollout.batch:
        raise InvalidReturn(
            f"returned shape {value.shape}, expected {rollout.batch}: one number per rollout"
        )
    value = value.astype(np.float64, copy=False) if value.dtype != np.float32 else value
    low, high = spec.bounds
    low, high = (-math.inf if low is None else low), (math.inf if high is None else high)
    wrong = (value < low) | (value > high) | np.isinf(value)  # nan is none of these
    if wrong.any():
        at = [int(i) for i in np.argwhere(wrong)[0]]
        raise InvalidReturn(
            f"returned {value[wrong][0]} at {at}, {int(wrong.sum())} of {value.size} values "
            f"outside its bounds [{low:g}, {high:g}] or infinite"
        )
    return value
