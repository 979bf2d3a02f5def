"""The closed form: with a and κ held over a step the path is an arc of known length."""

from rollkit import Actions, State, Trajectory, arrays, hookimpl, integrator


@integrator(order=None, speed_never_negative=True)
def exact(initial: State, actions: Actions) -> Trajectory:
    """Closed form: an arc of length s = v dt + a dt²/2 and angle κ s, in every step.

    The arc's chord has length s sin(κ s/2)/(κ s/2) and the direction yaw + κ s/2. Where braking
    reaches speed 0 inside the step, the arc ends there: s = v²/(2 |a|).
    """
    speed = arrays.cumulative_clamped(initial.speed, actions.accel * actions.dt)
    v0, v1 = speed[..., :-1], speed[..., 1:]
    # Speed is linear while moving, so its mean is that of both ends, in stopping steps too.
    arc = (v0 + v1) / 2 * arrays.time_moving(v0, actions.accel, actions.dt)
    turn = arc * actions.curvature
    yaw = arrays.cumulative(initial.yaw, turn)
    chord = arc * arrays.sinc(turn / 2)
    cos, sin = arrays.cos_sin(yaw[..., :-1] + turn / 2)
    x = arrays.cumulative(initial.x, chord * cos)
    y = arrays.cumulative(initial.y, chord * sin)
    return Trajectory(x, y, yaw, speed, actions.dt)


@hookimpl
def rollkit_integrators():
    return [exact]
