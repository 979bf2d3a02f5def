"""Alpamayo's unicycle, with one fault each."""

from collections.abc import Callable

import numpy as np

from rollkit import Actions, State, Trajectory, arrays, integrator
from rollkit.arrays import Array


def _alpamayo(
    initial: State,
    actions: Actions,
    *,
    scan: Callable[..., Array] = arrays.cumulative,
    gain: float = 0.5,
    arc_of: Callable[[Array], Array] = lambda arc: arc,
    seen: Callable[[Array], Array] = lambda speed: speed,
    weight: float = 0.5,
    heading: Callable[[Array], Array] = lambda yaw: yaw,
) -> Trajectory:
    """The unicycle; what is given takes the place of what is right."""
    dt = actions.dt
    speed = scan(initial.speed, actions.accel * dt)
    arc = arc_of(speed[..., :-1] * dt + gain * actions.accel * dt * dt)
    yaw = arrays.cumulative(initial.yaw, arc * actions.curvature)
    cos, sin = arrays.cos_sin(heading(yaw))
    ahead, aside = seen(speed) * cos, seen(speed) * sin

    def moved(start: Array, rate: Array) -> Array:
        mean = (1 - weight) * rate[..., :-1] + weight * rate[..., 1:]
        return arrays.cumulative(start, mean * dt)

    return Trajectory(moved(initial.x, ahead), moved(initial.y, aside), yaw, speed, dt)


@integrator(order=2, speed_never_negative=False, time_reversible=True)
def alpamayo_position_at_the_start(initial: State, actions: Actions) -> Trajectory:
    """The unicycle that moves by the velocity at the start of the step."""
    return _alpamayo(initial, actions, weight=0.0)


@integrator(order=2, speed_never_negative=False, time_reversible=True)
def alpamayo_position_at_the_end(initial: State, actions: Actions) -> Trajectory:
    """The unicycle that moves by the velocity at the end of the step."""
    return _alpamayo(initial, actions, weight=1.0)


@integrator(order=2, speed_never_negative=False, time_reversible=True)
def alpamayo_uneven_weights(initial: State, actions: Actions) -> Trajectory:
    """The unicycle with weights of 0.45 and 0.55 for both ends of the step."""
    return _alpamayo(initial, actions, weight=0.55)


@integrator(order=2, speed_never_negative=False, time_reversible=True)
def alpamayo_turns_by_the_old_speed(initial: State, actions: Actions) -> Trajectory:
    """The unicycle whose yaw leaves out a dt²/2."""
    return _alpamayo(initial, actions, gain=0.0)


@integrator(order=2, speed_never_negative=False, time_reversible=True)
def alpamayo_half_forgotten(initial: State, actions: Actions) -> Trajectory:
    """The unicycle whose yaw takes a dt² for a dt²/2."""
    return _alpamayo(initial, actions, gain=1.0)


@integrator(order=2, speed_never_negative=False)
def alpamayo_clamped(initial: State, actions: Actions) -> Trajectory:
    """The unicycle that never reverses, though it does not say so."""
    return _alpamayo(initial, actions, scan=arrays.cumulative_clamped)


@integrator(order=2, speed_never_negative=False, time_reversible=True)
def alpamayo_sign_lost(initial: State, actions: Actions) -> Trajectory:
    """The unicycle that starts every step from the magnitude of the speed."""
    return _alpamayo(initial, actions, scan=arrays.cumulative_unsigned)


@integrator(order=2, speed_never_negative=False, time_reversible=True)
def alpamayo_steers_alike_in_reverse(initial: State, actions: Actions) -> Trajectory:
    """The unicycle whose yaw turns by the length of the arc, in reverse too."""
    return _alpamayo(initial, actions, arc_of=np.abs)


@integrator(order=2, speed_never_negative=False, time_reversible=True)
def alpamayo_never_backwards(initial: State, actions: Actions) -> Trajectory:
    """The unicycle that stands while its speed is below 0, and turns all the same."""
    return _alpamayo(initial, actions, seen=lambda speed: np.maximum(speed, 0))


@integrator(order=2, speed_never_negative=False)
def alpamayo_within_bounds(initial: State, actions: Actions) -> Trajectory:
    """The unicycle that clips κ at 0.2 1/m and does not declare it."""
    curvature = np.clip(actions.curvature, -0.2, 0.2)
    return _alpamayo(initial, Actions(actions.accel, curvature, actions.dt))


@integrator(order=2, speed_never_negative=False, time_reversible=True)
def alpamayo_heading_in_degrees(initial: State, actions: Actions) -> Trajectory:
    """The unicycle that takes the yaw for degrees."""
    return _alpamayo(initial, actions, heading=np.deg2rad)


@integrator(order=3, speed_never_negative=False, time_reversible=True)
def alpamayo_declared_third_order(initial: State, actions: Actions) -> Trajectory:
    """The unicycle that declares order 3."""
    return _alpamayo(initial, actions)


@integrator(order=2, speed_never_negative=False, clips={"accel": 9.0})
def alpamayo_declared_clip(initial: State, actions: Actions) -> Trajectory:
    """The unicycle that declares a clip and has none."""
    return _alpamayo(initial, actions)
