"""Classical fourth-order Runge-Kutta, stopping inside the step where the speed reaches 0."""

from rollkit import Actions, State, Trajectory, arrays, hookimpl, integrator


@integrator(order=4, speed_never_negative=True)
def rk4(initial: State, actions: Actions) -> Trajectory:
    """Classical Runge-Kutta of order 4 on x' = v cos(yaw), y' = v sin(yaw), yaw' = v κ, v' = a.

    a and κ are held over the step. Where braking reaches speed 0 inside the step, the vehicle
    moves until that instant and then stands. Speed is linear within a step, so the scheme's
    speed and yaw are exact and only the position carries an error.
    """
    kappa = actions.curvature
    speed = arrays.cumulative_clamped(initial.speed, actions.accel * actions.dt)
    v0, v1 = speed[..., :-1], speed[..., 1:]
    vm = (v0 + v1) / 2
    moving = arrays.time_moving(v0, actions.accel, actions.dt)
    yaw = arrays.cumulative(initial.yaw, vm * moving * kappa)

    # The four slopes of the position, at the yaws that the scheme reaches for each of them.
    yaw0 = yaw[..., :-1]
    cos1, sin1 = arrays.cos_sin(yaw0)
    cos2, sin2 = arrays.cos_sin(yaw0 + v0 * kappa * moving / 2)
    cos3, sin3 = arrays.cos_sin(yaw0 + vm * kappa * moving / 2)
    cos4, sin4 = arrays.cos_sin(yaw0 + vm * kappa * moving)
    sixth = moving / 6
    x = arrays.cumulative(initial.x, sixth * (v0 * cos1 + 2 * vm * (cos2 + cos3) + v1 * cos4))
    y = arrays.cumulative(initial.y, sixth * (v0 * sin1 + 2 * vm * (sin2 + sin3) + v1 * sin4))
    return Trajectory(x, y, yaw, speed, actions.dt)


@hookimpl
def rollkit_integrators():
    return [rk4]
