"""Forward Euler, with one fault each."""

import dataclasses
from collections.abc import Callable

import numpy as np

from rollkit import Actions, State, Trajectory, arrays, integrator
from rollkit.arrays import Array


def _speed(initial: State, actions: Actions) -> Array:
    return arrays.cumulative_clamped(initial.speed, actions.accel * actions.dt)


def _euler(
    initial: State,
    actions: Actions,
    *,
    speed: Array | None = None,
    curvature: Array | None = None,
    dt: float | None = None,
    heading: Callable[[Array], Array] = lambda yaw: yaw,
) -> Trajectory:
    """Forward Euler; what is given takes the place of what is right."""
    speed = _speed(initial, actions) if speed is None else speed
    step = speed[..., :-1] * (actions.dt if dt is None else dt)
    yaw = arrays.cumulative(
        initial.yaw, step * (actions.curvature if curvature is None else curvature)
    )
    cos, sin = arrays.cos_sin(heading(yaw[..., :-1]))
    x = arrays.cumulative(initial.x, step * cos)
    y = arrays.cumulative(initial.y, step * sin)
    return Trajectory(x, y, yaw, speed, actions.dt)


@integrator(order=1, speed_never_negative=True)
def euler_sign_of_curvature(initial: State, actions: Actions) -> Trajectory:
    """Euler with the sign of κ flipped."""
    return _euler(initial, actions, curvature=-actions.curvature)


@integrator(order=1, speed_never_negative=True)
def euler_sign_of_accel(initial: State, actions: Actions) -> Trajectory:
    """Euler that speeds up where it should brake."""
    speed = arrays.cumulative_clamped(initial.speed, -actions.accel * actions.dt)
    return _euler(initial, actions, speed=speed)


@integrator(order=1, speed_never_negative=True)
def euler_degrees_for_radians(initial: State, actions: Actions) -> Trajectory:
    """Euler that takes the yaw for degrees."""
    return _euler(initial, actions, heading=np.deg2rad)


@integrator(order=1, speed_never_negative=True)
def euler_clamp_forgotten(initial: State, actions: Actions) -> Trajectory:
    """Euler that brakes into reverse."""
    return _euler(
        initial, actions, speed=arrays.cumulative(initial.speed, actions.accel * actions.dt)
    )


@integrator(order=1, speed_never_negative=True)
def euler_clamp_on_the_total(initial: State, actions: Actions) -> Trajectory:
    """Euler that clamps the running sum of a dt, not the speed after each step."""
    total = arrays.cumulative(initial.speed, actions.accel * actions.dt)
    return _euler(initial, actions, speed=np.maximum(total, 0))


@integrator(order=1, speed_never_negative=True)
def euler_clamp_slightly_low(initial: State, actions: Actions) -> Trajectory:
    """Euler that leaves 1 mm/s of reverse where it stops."""
    speed = _speed(initial, actions)
    stops = speed[..., :-1] + actions.accel * actions.dt < 0
    after = np.where(stops, -1e-3, speed[..., 1:])
    speed = np.concatenate([speed[..., :1], after], axis=-1).astype(speed.dtype)
    return _euler(initial, actions, speed=speed)


@integrator(order=1, speed_never_negative=True)
def euler_dt_squared(initial: State, actions: Actions) -> Trajectory:
    """Euler whose yaw advances by v κ dt²."""
    return _euler(initial, actions, curvature=actions.curvature * actions.dt)


@integrator(order=1, speed_never_negative=True)
def euler_accel_without_dt(initial: State, actions: Actions) -> Trajectory:
    """Euler whose speed advances by a instead of a dt."""
    return _euler(initial, actions, speed=arrays.cumulative_clamped(initial.speed, actions.accel))


@integrator(order=1, speed_never_negative=True)
def euler_dt_hidden_in_default(initial: State, actions: Actions, dt: float = 0.1) -> Trajectory:
    """Euler that drives at 10 Hz whatever the actions say."""
    return _euler(initial, actions, dt=dt)


@integrator(order=1, speed_never_negative=True)
def euler_horizon_over_instants(initial: State, actions: Actions) -> Trajectory:
    """Euler on a time grid that shares the horizon among T + 1 instants instead of T steps."""
    return _euler(initial, actions, dt=actions.dt * actions.steps / (actions.steps + 1))


@integrator(order=1, speed_never_negative=True)
def euler_axes_swapped(initial: State, actions: Actions) -> Trajectory:
    """Euler with x and y swapped, as if yaw were a compass heading."""
    return _euler(initial, actions, heading=lambda yaw: np.pi / 2 - yaw)


@integrator(order=1, speed_never_negative=True)
def euler_y_down(initial: State, actions: Actions) -> Trajectory:
    """Euler with y to the right, as in images."""
    return _euler(initial, actions, heading=lambda yaw: -yaw)


@integrator(order=1, speed_never_negative=True)
def euler_small_angles(initial: State, actions: Actions) -> Trajectory:
    """Euler with cos(yaw) = 1 and sin(yaw) = yaw."""
    path = _euler(initial, actions)
    step = path.speed[..., :-1] * actions.dt
    x = arrays.cumulative(initial.x, step)
    y = arrays.cumulative(initial.y, step * path.yaw[..., :-1])
    return dataclasses.replace(path, x=x, y=y)


@integrator(order=1, speed_never_negative=True)
def euler_wraps_yaw(initial: State, actions: Actions) -> Trajectory:
    """Euler that wraps yaw into [-π, π)."""
    path = _euler(initial, actions)
    return dataclasses.replace(path, yaw=(path.yaw + np.pi) % (2 * np.pi) - np.pi)


@integrator(order=1, speed_never_negative=True)
def euler_clips_yaw(initial: State, actions: Actions) -> Trajectory:
    """Euler that holds the yaw within half a turn of the initial one."""
    path = _euler(initial, actions)
    start = path.yaw[..., :1]
    return dataclasses.replace(path, yaw=np.clip(path.yaw, start - np.pi, start + np.pi))


@integrator(order=1, speed_never_negative=True)
def euler_starts_one_step_late(initial: State, actions: Actions) -> Trajectory:
    """Euler whose position stays where it is for the first step."""
    path = _euler(initial, actions)
    x = np.concatenate([path.x[..., :1], path.x[..., :-1]], axis=-1)
    y = np.concatenate([path.y[..., :1], path.y[..., :-1]], axis=-1)
    return dataclasses.replace(path, x=x, y=y)


@integrator(order=1, speed_never_negative=True)
def euler_endpoint_repeated(initial: State, actions: Actions) -> Trajectory:
    """Euler that drops the last step and repeats the last position to fill the shape."""
    path = _euler(initial, actions)
    x = np.concatenate([path.x[..., :-1], path.x[..., -2:-1]], axis=-1)
    y = np.concatenate([path.y[..., :-1], path.y[..., -2:-1]], axis=-1)
    return dataclasses.replace(path, x=x, y=y)


@integrator(order=1, speed_never_negative=True)
def euler_horizon_off_by_one(initial: State, actions: Actions) -> Trajectory:
    """Euler that returns T instants, without the last one."""
    path = _euler(initial, actions)
    fields = (path.x, path.y, path.yaw, path.speed)
    return Trajectory(*(field[..., :-1] for field in fields), path.dt)


@integrator(order=1, speed_never_negative=True)
def euler_ignores_initial_yaw(initial: State, actions: Actions) -> Trajectory:
    """Euler that sets out along x whatever the initial yaw."""
    return _euler(initial, actions, heading=lambda yaw: yaw - yaw[..., :1])


@integrator(order=1, speed_never_negative=True)
def euler_ignores_initial_position(initial: State, actions: Actions) -> Trajectory:
    """Euler that starts at the origin."""
    path = _euler(initial, actions)
    return dataclasses.replace(path, x=path.x - path.x[..., :1], y=path.y - path.y[..., :1])


@integrator(order=1, speed_never_negative=True)
def euler_uses_next_action(initial: State, actions: Actions) -> Trajectory:
    """Euler that steers with the next step's curvature."""
    ahead = np.concatenate([actions.curvature[..., 1:], actions.curvature[..., -1:]], axis=-1)
    return _euler(initial, actions, curvature=ahead)


@integrator(order=1, speed_never_negative=True)
def euler_uses_previous_action(initial: State, actions: Actions) -> Trajectory:
    """Euler that steers with the previous step's curvature."""
    before = np.concatenate([actions.curvature[..., :1], actions.curvature[..., :-1]], axis=-1)
    return _euler(initial, actions, curvature=before)


@integrator(order=1, speed_never_negative=True)
def euler_uses_mean_action(initial: State, actions: Actions) -> Trajectory:
    """Euler that steers with the mean curvature of the whole horizon."""
    mean = np.mean(actions.curvature, axis=-1, keepdims=True)
    return _euler(initial, actions, curvature=mean + 0 * actions.curvature)


@integrator(order=1, speed_never_negative=True)
def euler_normalises_curvature(initial: State, actions: Actions) -> Trajectory:
    """Euler that scales the curvature down where the horizon's peak exceeds 0.2 1/m."""
    peak = np.max(np.abs(actions.curvature), axis=-1, keepdims=True)
    return _euler(initial, actions, curvature=actions.curvature / np.maximum(peak / 0.2, 1))


@integrator(order=1, speed_never_negative=True)
def euler_clips_accel(initial: State, actions: Actions) -> Trajectory:
    """Euler that silently limits acceleration to ±4 m/s²."""
    accel = np.clip(actions.accel, -4, 4)
    speed = arrays.cumulative_clamped(initial.speed, accel * actions.dt)
    return _euler(initial, actions, speed=speed)


@integrator(order=1, speed_never_negative=True)
def euler_creeps_at_standstill(initial: State, actions: Actions) -> Trajectory:
    """Euler whose position moves by at least 1 cm/s, also where the speed is 0."""
    path = _euler(initial, actions)
    step = np.maximum(path.speed[..., :-1], 0.01) * actions.dt
    cos, sin = arrays.cos_sin(path.yaw[..., :-1])
    x = arrays.cumulative(initial.x, step * cos)
    y = arrays.cumulative(initial.y, step * sin)
    return dataclasses.replace(path, x=x, y=y)


@integrator(order=1, speed_never_negative=True)
def euler_lateral_drift(initial: State, actions: Actions) -> Trajectory:
    """Euler that drifts to the left by 0.1 % of the way."""
    return _euler(initial, actions, heading=lambda yaw: yaw + 1e-3)


@integrator(order=1, speed_never_negative=True)
def euler_curvature_for_yaw_rate(initial: State, actions: Actions) -> Trajectory:
    """Euler whose yaw advances by κ dt, without the speed."""
    path = _euler(initial, actions)
    yaw = arrays.cumulative(initial.yaw, actions.curvature * actions.dt)
    step = path.speed[..., :-1] * actions.dt
    cos, sin = arrays.cos_sin(yaw[..., :-1])
    x = arrays.cumulative(initial.x, step * cos)
    y = arrays.cumulative(initial.y, step * sin)
    return Trajectory(x, y, yaw, path.speed, path.dt)


@integrator(order=1, speed_never_negative=True)
def euler_curvature_for_steering_angle(initial: State, actions: Actions) -> Trajectory:
    """Euler that takes the tangent of the curvature, as of a steering angle."""
    return _euler(initial, actions, curvature=np.tan(actions.curvature))


@integrator(order=1, speed_never_negative=True)
def euler_magnitude_of_curvature(initial: State, actions: Actions) -> Trajectory:
    """Euler that turns left for either sign of κ."""
    return _euler(initial, actions, curvature=np.abs(actions.curvature))


@integrator(order=1, speed_never_negative=True)
def euler_dead_zone_of_curvature(initial: State, actions: Actions) -> Trajectory:
    """Euler that drives straight on for any |κ| below 0.01 1/m."""
    bends = np.abs(actions.curvature) >= 0.01
    return _euler(initial, actions, curvature=actions.curvature * bends)


@integrator(order=1, speed_never_negative=True)
def euler_rounds_to_centimetres(initial: State, actions: Actions) -> Trajectory:
    """Euler that stores positions in whole centimetres."""
    path = _euler(initial, actions)
    return dataclasses.replace(path, x=np.round(path.x, 2), y=np.round(path.y, 2))


@integrator(order=2, speed_never_negative=True)
def euler_declared_second_order(initial: State, actions: Actions) -> Trajectory:
    """Euler that declares order 2."""
    return _euler(initial, actions)
