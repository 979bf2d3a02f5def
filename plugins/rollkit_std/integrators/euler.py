"""Forward Euler: every right-hand side at the start of the step."""

from rollkit import Actions, State, Trajectory, arrays, hookimpl, integrator


@integrator(order=1, speed_never_negative=True)
def euler(initial: State, actions: Actions) -> Trajectory:
    """Forward Euler: x += v cos(yaw) dt, y += v sin(yaw) dt, yaw += v κ dt, v = max(0, v + a dt).

    All right-hand sides are taken at step t; speed is held at or above 0 after every step.
    """
    dt = actions.dt
    speed = arrays.cumulative_clamped(initial.speed, actions.accel * dt)
    step = speed[..., :-1] * dt
    yaw = arrays.cumulative(initial.yaw, step * actions.curvature)
    cos, sin = arrays.cos_sin(yaw[..., :-1])
    x = arrays.cumulative(initial.x, step * cos)
    y = arrays.cumulative(initial.y, step * sin)
    return Trajectory(x, y, yaw, speed, dt)


@hookimpl
def rollkit_integrators():
    return [euler]
