"""Semi-implicit Euler, with one fault each."""

import numpy as np

from rollkit import Actions, State, Trajectory, arrays, integrator
from rollkit.arrays import Array


def _semi_implicit(
    initial: State, actions: Actions, speed: Array | None = None, turns: float = 1
) -> Trajectory:
    """Semi-implicit Euler; what is given takes the place of what is right."""
    dt = actions.dt
    if speed is None:
        speed = arrays.cumulative_clamped(initial.speed, actions.accel * dt)
    step = speed[..., 1:] * dt
    yaw = arrays.cumulative(initial.yaw, turns * step * actions.curvature)
    cos, sin = arrays.cos_sin(yaw[..., 1:])
    x = arrays.cumulative(initial.x, step * cos)
    y = arrays.cumulative(initial.y, step * sin)
    return Trajectory(x, y, yaw, speed, dt)


@integrator(order=1, speed_never_negative=True)
def semi_implicit_new_speed_as_initial(initial: State, actions: Actions) -> Trajectory:
    """Semi-implicit Euler that overwrites the initial speed and repeats the last one."""
    speed = arrays.cumulative_clamped(initial.speed, actions.accel * actions.dt)
    shifted = np.concatenate([speed[..., 1:], speed[..., -1:]], axis=-1)
    path = _semi_implicit(initial, actions)
    return Trajectory(path.x, path.y, path.yaw, shifted, path.dt)


@integrator(order=1, speed_never_negative=True)
def semi_implicit_accelerates_twice(initial: State, actions: Actions) -> Trajectory:
    """Semi-implicit Euler that adds a dt to the speed before and after the position."""
    speed = arrays.cumulative_clamped(initial.speed, 2 * actions.accel * actions.dt)
    return _semi_implicit(initial, actions, speed)


@integrator(order=1, speed_never_negative=True)
def semi_implicit_turns_twice(initial: State, actions: Actions) -> Trajectory:
    """Semi-implicit Euler that adds v κ dt to the yaw before and after the position."""
    return _semi_implicit(initial, actions, turns=2)


@integrator(order=1, speed_never_negative=True)
def semi_implicit_wraps_initial_yaw(initial: State, actions: Actions) -> Trajectory:
    """Semi-implicit Euler that wraps the initial yaw into [-π, π) before it sets out."""
    wrapped = (initial.yaw + np.pi) % (2 * np.pi) - np.pi
    start = State(initial.x, initial.y, wrapped, initial.speed)
    return _semi_implicit(start, actions)


@integrator(order=1, speed_never_negative=True)
def semi_implicit_stays_stopped(initial: State, actions: Actions) -> Trajectory:
    """Semi-implicit Euler that never drives off again once it stands."""
    speed = arrays.cumulative_clamped(initial.speed, actions.accel * actions.dt)
    moved = np.minimum.accumulate(speed, axis=-1) > 0
    speed = np.concatenate([speed[..., :1], (speed * moved)[..., 1:]], axis=-1)
    return _semi_implicit(initial, actions, speed)


@integrator(order=1, speed_never_negative=True)
def semi_implicit_clamps_the_change(initial: State, actions: Actions) -> Trajectory:
    """Semi-implicit Euler that clamps a dt at 0, and so never brakes."""
    speed = arrays.cumulative(initial.speed, np.maximum(actions.accel * actions.dt, 0))
    return _semi_implicit(initial, actions, speed)


@integrator(order=1, speed_never_negative=True)
def semi_implicit_limits_speed(initial: State, actions: Actions) -> Trajectory:
    """Semi-implicit Euler with a speed limit of 25 m/s that nobody declared."""
    speed = arrays.cumulative_clamped(initial.speed, actions.accel * actions.dt)
    speed = np.minimum(speed, np.maximum(speed[..., :1], 25))
    return _semi_implicit(initial, actions, speed)


@integrator(order=2, speed_never_negative=True)
def semi_implicit_declared_second_order(initial: State, actions: Actions) -> Trajectory:
    """Semi-implicit Euler that declares order 2."""
    return _semi_implicit(initial, actions)
