"""Rolling out and measuring one batch, and checking what plugins return."""

import math
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from rollkit.aggregate import Aggregate, Summary
from rollkit.arrays import Array
from rollkit.declare import IntegratorSpec, MetricSpec
from rollkit.errors import DataError, InvalidReturn
from rollkit.model import Actions, State, Trajectory
from rollkit.rollouts import Rollout
from rollkit.vehicles import Vehicle

_FEW = 2  # numbers that Python compares sooner than NumPy
_LARGEST = float(np.finfo(np.float64).max)


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
    trajectory = integrated(spec, initial, actions)
    return Rollout(trajectory, actions, reference, vehicle)


def integrated(spec: IntegratorSpec, initial: State, actions: Actions) -> Trajectory:
    """The trajectory of actions from where each row starts, checked.

    Raises
    ------
    InvalidReturn
        The integrator returned something that is no trajectory of these actions.
    """
    trajectory = spec.function(initial, actions)
    if not isinstance(trajectory, Trajectory):
        raise InvalidReturn(f"returned {type(trajectory).__name__}, expected a Trajectory")
    expected = (*actions.batch, actions.steps + 1)
    if trajectory.x.shape != expected:
        raise InvalidReturn(f"returned a trajectory {trajectory.x.shape}, expected {expected}")
    for name in ("x", "y", "yaw", "speed"):
        values, first = getattr(trajectory, name), getattr(initial, name)
        if not trajectory.complete:
            _every(~np.isnan(values), f"returned nan in {name}", "for finite actions")
        if values.size:
            _every(
                values[..., 0] == first, f"returned a first {name}", "that is not the initial one"
            )
    if spec.speed_never_negative and trajectory.speed.size and trajectory.speed.min() < 0:
        good = trajectory.speed >= 0
        _every(good, "returned a speed below 0", "and declares speed_never_negative")
    return trajectory


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
    return initial.spread(batch)


def missing(spec: MetricSpec, rollout: Rollout) -> str | None:
    """Why the metric is undefined for every rollout of this batch, or None."""
    has = [need for need in spec.needs if getattr(rollout, need) is not None]
    # Where nothing was given, the first instant is an error too: one step more, for such a metric.
    more = 1 - rollout.given if "reference" in spec.needs else 0
    # Elsewhere these count as steps that were predicted, one more than there are between them.
    instants = 0 if rollout.given or more else rollout.steps + 1
    return lacking(spec, has, rollout.steps + more, instants)


def lacking(spec: MetricSpec, has: Collection[str], steps: int, instants: int = 0) -> str | None:
    """Why the metric is undefined for rollouts that have these parts and steps, or None.

    `instants` is how many they have, where the reason should say so.
    """
    without = [need for need in spec.needs if need not in has]
    if without:
        return f"the rollouts have no {' and no '.join(without)}"
    if steps < spec.min_steps:
        of = f" of {instants} instant{'s' * (instants != 1)}" if instants else ""
        needed = f"{spec.min_steps} step{'s' * (spec.min_steps != 1)}"
        return f"needs {needed}, the rollouts{of} have {steps}"
    return None


def value(
    spec: MetricSpec,
    rollout: Rollout | None,
    known: Mapping[str, Array],
    batch: tuple[int, ...],
) -> Array:
    """One number per rollout: what is known already, or what the metric says of the rollout.

    Raises
    ------
    InvalidReturn
        It is something else than the metric declares; and whatever the metric itself raises.
    """
    answer = known[spec.name] if spec.name in known else spec.function(rollout)
    return checked(spec, answer, batch)


def stated(aggregate: Aggregate) -> Summary:
    """The statistics of a metric, as an artifact can hold them.

    Raises
    ------
    InvalidReturn
        Values so large that one of them overflows.
    """
    summary = aggregate.summary()
    known = {name: one for name, one in vars(summary).items() if one is not None}
    wrong = [name for name, one in known.items() if not math.isfinite(one)]
    if wrong:
        raise InvalidReturn(f"values so large that {', '.join(wrong)} overflow")
    return summary


def undefined(batch: tuple[int, ...]) -> Array:
    """A value that is undefined for each rollout."""
    return np.full(batch, math.nan)


def checked(spec: MetricSpec, answer: Any, batch: tuple[int, ...]) -> Array:
    """What a metric returned, as one number per rollout within its bounds.

    Raises
    ------
    InvalidReturn
        It is something else.
    """
    if type(answer) is not np.ndarray and hasattr(answer, "filled"):  # masked is undefined
        answer = answer.astype(np.float64).filled(math.nan)
    value = np.asarray(answer)
    if value.dtype.kind not in "fiub":
        raise InvalidReturn(f"returned dtype {value.dtype}, expected real numbers")
    if value.shape != batch:
        raise InvalidReturn(
            f"returned shape {value.shape}, expected {batch}: one number per rollout"
        )
    value = value.astype(np.float64, copy=False) if value.dtype != np.float32 else value
    low, high = spec.bounds
    low, high = (-math.inf if low is None else low), (math.inf if high is None else high)
    # No bound admits infinity; nan is neither below nor above.
    least, most = max(low, -_LARGEST), min(high, _LARGEST)
    few = value.ravel().tolist() if value.size <= _FEW else ()  # float32 compares as float64
    if few and all(one != one or least <= one <= most for one in few):
        return value.copy()
    wrong = (value < np.float64(least)) | (value > np.float64(most))
    if wrong.any():
        at = [int(i) for i in np.argwhere(wrong)[0]]
        raise InvalidReturn(
            f"returned {value[wrong][0]} at {at}, {int(wrong.sum())} of {value.size} values "
            f"outside its bounds [{low:g}, {high:g}] or infinite"
        )
    return value if value.base is None else value.copy()  # a view would keep all it is a part of


def _every(good: npt.NDArray[np.bool_], what: str, why: str) -> None:
    if not good.all():
        at = [int(i) for i in np.argwhere(~good)[0]]
        raise InvalidReturn(f"{what} at {at} {why}")
