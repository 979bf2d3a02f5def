"""Action sources that return other rows, steps or times than they were asked for."""

import numpy as np

from rollkit import Actions, Draws, State, action_source
from rollkit.arrays import Array


def _wave(draws: Draws, time: Array) -> tuple[Array, Array]:
    """Initial speeds `(n,)` and accelerations `(n, len(time))` at times."""
    return np.full(len(draws), 10.0), 2 * np.sin(time + 2 * np.pi * draws.uniform(1))


def _times(horizon: float, dt: float) -> Array:
    """The middles of all steps."""
    return (np.arange(round(horizon / dt)) + 0.5) * dt


@action_source(limits={"accel": 2.0})
def ripple_one_step_more(draws: Draws, *, horizon: float, dt: float) -> tuple[State, Actions]:
    """A wave of acceleration with an action for each of the T + 1 instants."""
    speed, accel = _wave(draws, np.arange(round(horizon / dt) + 1) * dt)
    return State(speed=speed), Actions(accel, 0 * accel, dt)


@action_source(limits={"accel": 2.0})
def ripple_one_step_less(draws: Draws, *, horizon: float, dt: float) -> tuple[State, Actions]:
    """A wave of acceleration without the last of its T steps, unless it is the only one."""
    speed, accel = _wave(draws, _times(horizon, dt))
    accel = accel[:, : max(1, accel.shape[1] - 1)]
    return State(speed=speed), Actions(accel, 0 * accel, dt)


@action_source(limits={"accel": 2.0})
def ripple_steps_truncated(draws: Draws, *, horizon: float, dt: float) -> tuple[State, Actions]:
    """A wave of acceleration with int(horizon / dt) steps: 2 for 0.3 s by 0.1 s."""
    steps = max(1, int(horizon / dt))
    speed, accel = _wave(draws, (np.arange(steps) + 0.5) * dt)
    return State(speed=speed), Actions(accel, 0 * accel, dt)


@action_source(limits={"accel": 2.0})
def ripple_of_sixty_four_steps(draws: Draws, *, horizon: float, dt: float) -> tuple[State, Actions]:
    """A wave of acceleration that is always 64 steps long."""
    speed, accel = _wave(draws, (np.arange(64) + 0.5) * dt)
    return State(speed=speed), Actions(accel, 0 * accel, dt)


@action_source(limits={"accel": 2.0})
def ripple_at_ten_hertz(draws: Draws, *, horizon: float, dt: float) -> tuple[State, Actions]:
    """A wave of acceleration that says dt = 0.1 s whatever was asked for."""
    speed, accel = _wave(draws, _times(horizon, dt))
    return State(speed=speed), Actions(accel, 0 * accel, 0.1)


@action_source(limits={"accel": 2.0, "jerk": 2.0})
def ripple_sampled_at_ten_hertz(
    draws: Draws, *, horizon: float, dt: float
) -> tuple[State, Actions]:
    """A wave of acceleration over a time that advances by 0.1 s in every step."""
    speed, accel = _wave(draws, (np.arange(round(horizon / dt)) + 0.5) * 0.1)
    return State(speed=speed), Actions(accel, 0 * accel, dt)


@action_source(limits={"accel": 2.0})
def ripple_of_one_state(draws: Draws, *, horizon: float, dt: float) -> tuple[State, Actions]:
    """A wave of acceleration with a batch of one state for all seeds."""
    speed, accel = _wave(draws, _times(horizon, dt))
    return State(speed=speed[:1]), Actions(accel, 0 * accel, dt)


@action_source(limits={"accel": 2.0})
def ripple_of_states_in_columns(
    draws: Draws, *, horizon: float, dt: float
) -> tuple[State, Actions]:
    """A wave of acceleration with states (n, 1)."""
    speed, accel = _wave(draws, _times(horizon, dt))
    return State(speed=speed[:, None]), Actions(accel, 0 * accel, dt)


@action_source(limits={"accel": 2.0})
def ripple_time_axis_first(draws: Draws, *, horizon: float, dt: float) -> tuple[State, Actions]:
    """A wave of acceleration with actions (T, n)."""
    speed, accel = _wave(draws, _times(horizon, dt))
    return State(speed=speed), Actions(accel.T, 0 * accel.T, dt)


@action_source(limits={"accel": 2.0})
def ripple_of_the_first_seed_only(
    draws: Draws, *, horizon: float, dt: float
) -> tuple[State, Actions]:
    """A wave of acceleration (T,) for all seeds together."""
    speed, accel = _wave(draws, _times(horizon, dt))
    return State(speed=speed[0]), Actions(accel[0], 0 * accel[0], dt)


@action_source(limits={"accel": 2.0})
def ripple_without_the_last_seed(
    draws: Draws, *, horizon: float, dt: float
) -> tuple[State, Actions]:
    """A wave of acceleration for n - 1 of n seeds."""
    speed, accel = _wave(draws, _times(horizon, dt))
    return State(speed=speed[:-1]), Actions(accel[:-1], 0 * accel[:-1], dt)


@action_source(limits={"accel": 2.0})
def ripple_actions_before_state(draws: Draws, *, horizon: float, dt: float) -> object:
    """A wave of acceleration returned as (actions, state)."""
    speed, accel = _wave(draws, _times(horizon, dt))
    return Actions(accel, 0 * accel, dt), State(speed=speed)
