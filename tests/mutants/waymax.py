"""Waymax's bicycle, with one fault each."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rollkit import Actions, State, Trajectory, arrays, integrator
from rollkit.arrays import Array

ACCEL, CURVATURE = 6.0, 0.3
TRAITS: dict[str, Any] = {
    "order": 1,
    "speed_never_negative": False,
    "clips": {"accel": ACCEL, "curvature": CURVATURE},
    "forgets_direction": True,
}


def _waymax(
    initial: State,
    actions: Actions,
    *,
    accel: Array | None = None,
    curvature: Array | None = None,
    moving: Array | None = None,
    scan: Callable[..., Array] = arrays.cumulative_unsigned,
    turning: Callable[[Array], Array] = np.abs,
    heading: Callable[[Array], Array] = lambda yaw: yaw,
) -> Trajectory:
    """The bicycle; what is given takes the place of what is right. `moving` is a in the arc."""
    dt = actions.dt
    accel = np.clip(actions.accel, -ACCEL, ACCEL) if accel is None else accel
    if curvature is None:
        curvature = np.clip(actions.curvature, -CURVATURE, CURVATURE)
    speed = scan(initial.speed, accel * dt)
    before, gain = speed[..., :-1], (accel if moving is None else moving) * dt * dt / 2
    yaw = heading(arrays.cumulative(initial.yaw, curvature * (turning(before) * dt + gain)))
    cos, sin = arrays.cos_sin(yaw[..., :-1])
    x = arrays.cumulative(initial.x, (before * dt + gain) * cos)
    y = arrays.cumulative(initial.y, (before * dt + gain) * sin)
    return Trajectory(x, y, yaw, speed, dt)


@integrator(**TRAITS)
def waymax_clips_accel_too_early(initial: State, actions: Actions) -> Trajectory:
    """The bicycle that clips a at 5 m/s² and declares 6."""
    return _waymax(initial, actions, accel=np.clip(actions.accel, -5, 5))


@integrator(**TRAITS)
def waymax_clips_curvature_too_early(initial: State, actions: Actions) -> Trajectory:
    """The bicycle that clips κ at 0.29 1/m and declares 0.3."""
    return _waymax(initial, actions, curvature=np.clip(actions.curvature, -0.29, 0.29))


@integrator(**TRAITS)
def waymax_accel_not_clipped(initial: State, actions: Actions) -> Trajectory:
    """The bicycle that clips κ alone."""
    return _waymax(initial, actions, accel=actions.accel)


@integrator(**TRAITS)
def waymax_curvature_not_clipped(initial: State, actions: Actions) -> Trajectory:
    """The bicycle that clips a alone."""
    return _waymax(initial, actions, curvature=actions.curvature)


@integrator(**TRAITS)
def waymax_braking_not_clipped(initial: State, actions: Actions) -> Trajectory:
    """The bicycle that clips a from above only."""
    return _waymax(initial, actions, accel=np.minimum(actions.accel, ACCEL))


@integrator(**TRAITS)
def waymax_arc_not_clipped(initial: State, actions: Actions) -> Trajectory:
    """The bicycle whose a dt²/2 has the acceleration from before the clip."""
    return _waymax(initial, actions, moving=actions.accel)


@integrator(**TRAITS)
def waymax_clips_the_change_of_speed(initial: State, actions: Actions) -> Trajectory:
    """The bicycle that clips a dt in place of a."""
    change = np.clip(actions.accel * actions.dt, -ACCEL, ACCEL)
    return _waymax(initial, actions, accel=change / actions.dt)


@integrator(**TRAITS)
def waymax_beyond_the_clip_is_nothing(initial: State, actions: Actions) -> Trajectory:
    """The bicycle that does not accelerate at all where it should clip."""
    return _waymax(
        initial, actions, accel=np.where(np.abs(actions.accel) > ACCEL, 0, actions.accel)
    )


@integrator(**TRAITS)
def waymax_remembers_direction(initial: State, actions: Actions) -> Trajectory:
    """The bicycle that goes on in reverse."""
    return _waymax(initial, actions, scan=arrays.cumulative)


@integrator(**TRAITS)
def waymax_clamped(initial: State, actions: Actions) -> Trajectory:
    """The bicycle that stops where it should creep back."""
    return _waymax(initial, actions, scan=arrays.cumulative_clamped)


@integrator(**{**TRAITS, "forgets_direction": False})
def waymax_direction_declared(initial: State, actions: Actions) -> Trajectory:
    """The bicycle that does not say that it forgets its direction."""
    return _waymax(initial, actions)


@integrator(**TRAITS)
def waymax_turns_by_signed_speed(initial: State, actions: Actions) -> Trajectory:
    """The bicycle that turns the other way in steps that it begins in reverse."""
    return _waymax(initial, actions, turning=np.positive)


@integrator(**TRAITS)
def waymax_wraps_the_yaw(initial: State, actions: Actions) -> Trajectory:
    """The bicycle whose yaw is wrapped into [-π, π) after the first instant."""

    def wrapped(yaw: Array) -> Array:
        later = (yaw[..., 1:] + np.pi) % (2 * np.pi) - np.pi
        return np.concatenate([yaw[..., :1], later], axis=-1)

    return _waymax(initial, actions, heading=wrapped)


@integrator(**{**TRAITS, "order": 2})
def waymax_declared_second_order(initial: State, actions: Actions) -> Trajectory:
    """The bicycle that declares order 2."""
    return _waymax(initial, actions)
