"""The explicit midpoint rule: the position's slope is taken in the middle of the step."""

from rollkit import Actions, State, Trajectory, arrays, integrator


@integrator(order=2, speed_never_negative=True)
def midpoint(initial: State, actions: Actions) -> Trajectory:
    """Explicit midpoint rule on x' = v cos(yaw), y' = v sin(yaw), yaw' = v κ, v' = a.

    Half an Euler step leads to the middle; the slope found there carries the whole step. a and κ
    are held over the step. Where braking reaches speed 0 inside it, the vehicle moves until that
    instant and then stands.

    Parameters
    ----------
    initial : State, `(...)`
        Speed 0 or more.
    actions : Actions, `(..., T)`

    Returns
    -------
    Trajectory, `(..., T+1)`

    Notes
    -----
    Speed is linear within a step, so speed and yaw are exact; the position has an error of order 2.

    References
    ----------
    Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I, 2nd edition, II.1.

    Examples
    --------
    >>> import rollkit
    >>> brake = rollkit.Actions(accel=[-4.0], curvature=[0.0], dt=1.0)
    >>> end = rollkit.rollout(brake, rollkit.State(speed=2.0), midpoint).trajectory.at(-1)
    >>> float(end.x), float(end.speed)
    (0.5, 0.0)
    """
    speed = arrays.cumulative_clamped(initial.speed, actions.accel * actions.dt)
    start, end = speed[..., :-1], speed[..., 1:]
    middle = (start + end) / 2
    moving = arrays.time_moving(start, actions.accel, actions.dt)
    yaw = arrays.cumulative(initial.yaw, middle * moving * actions.curvature)
    cos, sin = arrays.cos_sin(yaw[..., :-1] + start * actions.curvature * moving / 2)
    x = arrays.cumulative(initial.x, middle * moving * cos)
    y = arrays.cumulative(initial.y, middle * moving * sin)
    return Trajectory(x, y, yaw, speed, actions.dt)
