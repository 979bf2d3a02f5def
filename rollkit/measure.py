"""Rolling out and measuring one batch, and checking what plugins return."""

import math

import numpy as np

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
        bad = np.isnan(getattr(trajectory, name))
        if bad.any():
            at = [int(i) for i in np.argwhere(bad)[0]]
            raise InvalidReturn(f"returned nan in {name} at {at} for finite actions")
    return Rollout(trajectory, actions, reference, vehicle)


def starting(spec: IntegratorSpec, initial: State, actions: Actions) -> State:
    """The initial state of every row: a single state starts all of them.

    Raises
    ------
    DataError
        It does not fit the actions, or the integrator cannot start from it.
    """
    if initial.batch == ():
        # A bare state is in double precision; the actions say which one is meant.
        rows, dtype = actions.batch, actions.accel.dtype
        initial = State(
            np.full(rows, initial.x, dtype),
            np.full(rows, initial.y, dtype),
            np.full(rows, initial.yaw, dtype),
            np.full(rows, initial.speed, dtype),
        )
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
    value = np.asarray(spec.function(rollout))
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
