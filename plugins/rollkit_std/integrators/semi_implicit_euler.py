"""Semi-implicit Euler: the new speed moves the yaw, both new ones move the position."""

from rollkit import Actions, State, Trajectory, arrays, hookimpl, integrator


@integrator(order=1, speed_never_negative=True)
def semi_implicit_euler(initial: State, actions: Actions) -> Trajectory:
    """Semi-implicit Euler: v = max(0, v + a dt), then yaw += v κ dt, then x += v cos(yaw) dt.

    Each update uses the values already updated in the same step; y likewise with the sine.
    """
    dt = actions.dt
    speed = arrays.cumulative_clamped(initial.speed, actions.accel * dt)
    step = speed[..., 1:] * dt
    yaw = arrays.cumulative(initial.yaw, step * actions.curvature)
    cos, sin = arrays.cos_sin(yaw[..., 1:])
    x = arrays.cumulative(initial.x, step * cos)
    y = arrays.cumulative(initial.y, step * sin)
    return Trajectory(x, y, yaw, speed, dt)


@hookimpl
def rollkit_integrators():
    return [semi_implicit_euler]
