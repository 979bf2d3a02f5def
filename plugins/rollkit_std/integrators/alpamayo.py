"""Alpamayo's unicycle: exact speed and yaw, the position by the trapezoidal rule."""

from rollkit import Actions, State, Trajectory, arrays, hookimpl, integrator


@integrator(order=2, speed_never_negative=False, time_reversible=True)
def alpamayo(initial: State, actions: Actions) -> Trajectory:
    """Unicycle of NVlabs/alpamayo: v += a dt, yaw += κ (v dt + a dt²/2), then the position.

    The position moves by the mean of v (cos(yaw), sin(yaw)) at both ends of the step, times dt.
    Nothing is clipped, and braking through 0 leads to reversing: actions that a clamped integrator
    would stop with drive backwards here.

    References
    ----------
    NVlabs/alpamayo, action_space/unicycle_accel_curvature.py, `action_to_traj`.
    """
    dt = actions.dt
    speed = arrays.cumulative(initial.speed, actions.accel * dt)
    arc = speed[..., :-1] * dt + actions.accel * (dt * dt / 2)
    yaw = arrays.cumulative(initial.yaw, arc * actions.curvature)
    cos, sin = arrays.cos_sin(yaw)
    ahead, aside = speed * cos, speed * sin
    x = arrays.cumulative(initial.x, (ahead[..., :-1] + ahead[..., 1:]) * (dt / 2))
    y = arrays.cumulative(initial.y, (aside[..., :-1] + aside[..., 1:]) * (dt / 2))
    return Trajectory(x, y, yaw, speed, dt)


@hookimpl
def rollkit_integrators():
    return [alpamayo]


@hookimpl
def rollkit_inverses():
    from rollkit_std.inverses.alpamayo import fit_alpamayo  # deferred: driving needs none of it

    return [fit_alpamayo]
