"""Waymax's inverse: differences of velocities, and no curvature below a walking pace."""

from typing import Annotated

import numpy as np

from rollkit import Actions, DataError, Param, State, Trajectory, arrays, inverse
from rollkit.arrays import Array
from rollkit_std.integrators.waymax import MAX_ACCEL, MAX_CURVATURE

SPEED_LIMIT = 0.6  # m/s: slower than this, a velocity has no direction to steer by


@inverse(integrator="waymax", name="waymax")
def fit_waymax(
    trajectory: Trajectory,
    *,
    history: Trajectory | None = None,
    initial_speed: Array | None = None,
    velocity: tuple[Array, Array] | None = None,
    use_logged_heading: bool = False,
    clip: Annotated[bool, Param(doc="clip a to 6 m/s² and κ to 0.3 1/m")] = False,
) -> tuple[State, Actions]:
    """Waymax's inverse: a = Δ|v|/dt and κ = wrap(ψ* - ψ)/(|v| dt + a dt²/2), nothing smoothed.

    ψ* is the direction of the velocity at the next instant, or the heading there where the next
    speed is at most 0.6 m/s. κ = 0 where the speed at either end of a step is below 0.6 m/s.

    Parameters
    ----------
    trajectory : Trajectory, `(..., T+1)`
        Its own speed is not used.
    history : Trajectory, optional
        Not used.
    initial_speed : array, `(...)`, optional
        m/s; what the state returned has, else |v| at index 0. The actions do not depend on it.
    velocity : tuple of array, `(..., T+1)` each, optional
        vx, vy in m/s as they were recorded; from Python only. Without it, central differences of
        the positions over dt, one-sided at the ends.
    use_logged_heading : bool
        ψ* is always the heading.
    clip : bool
        Cut the actions to ±6 m/s² and ±0.3 1/m.

    Returns
    -------
    State, Actions
        The state at index 0 as it was given, and actions `(..., T)`.

    Raises
    ------
    DataError
        A velocity of another shape.

    Notes
    -----
    The quirks are the original's: with velocities by central differences the acceleration spans
    three steps, a velocity has no sign, so reversing reads as driving forwards the other way, and
    jitter of the positions goes into both actions undamped.

    References
    ----------
    waymo-research/waymax, `dynamics/bicycle_model.py`: compute_inverse and
    InvertibleBicycleModel.inverse.

    Examples
    --------
    >>> import numpy as np
    >>> from rollkit import Trajectory
    >>> drive = Trajectory.through(np.arange(3.0) ** 2, np.zeros(3), 0.5)
    >>> fit_waymax(drive)[1].accel
    array([4., 4.])
    """
    del history  # the original has none
    dt = trajectory.dt
    vx, vy = _velocity(trajectory) if velocity is None else _given(velocity, trajectory)
    yaw = np.asarray(trajectory.yaw, np.float64)
    speed = arrays.distance(vx, vy)
    now, after = speed[..., :-1], speed[..., 1:]
    accel = (after - now) / dt
    ahead = yaw[..., 1:]
    if not use_logged_heading:
        ahead = np.where(after > SPEED_LIMIT, np.arctan2(vy, vx)[..., 1:], ahead)
    turn = np.mod(ahead - yaw[..., :-1] + np.pi, 2 * np.pi) - np.pi
    slow = (now < SPEED_LIMIT) | (after < SPEED_LIMIT)
    # Where it is not slow, the way driven is positive.
    curvature = np.where(slow, 0.0, turn / np.where(slow, 1.0, now * dt + accel * (dt * dt / 2)))
    if clip:
        accel = np.clip(accel, -MAX_ACCEL, MAX_ACCEL)
        curvature = np.clip(curvature, -MAX_CURVATURE, MAX_CURVATURE)
    first = speed[..., 0] if initial_speed is None else initial_speed
    x, y = (np.asarray(one[..., 0], np.float64) for one in (trajectory.x, trajectory.y))
    return State(x, y, yaw[..., 0], first), Actions(accel, curvature, dt)


def _velocity(trajectory: Trajectory) -> tuple[Array, Array]:
    positions = (np.asarray(one, np.float64) for one in (trajectory.x, trajectory.y))
    vx, vy = (np.gradient(one, trajectory.dt, axis=-1) for one in positions)
    return vx, vy


def _given(velocity: tuple[Array, Array], trajectory: Trajectory) -> tuple[Array, Array]:
    expected = (2, *trajectory.x.shape)
    got = np.shape(velocity)
    if got != expected:
        raise DataError(f"waymax: velocity: got shape {got}, expected (vx, vy), {expected}")
    both = np.asarray(velocity, np.float64)
    if not np.isfinite(both).all():
        raise DataError("waymax: velocity is not finite; expected vx, vy in m/s at every instant")
    return both[0], both[1]
