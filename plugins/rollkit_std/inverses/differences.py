"""Plain finite differences: what the poses say, with all their noise."""

from typing import Annotated

import numpy as np

from rollkit import Actions, Param, State, Trajectory, arrays, hookimpl, inverse
from rollkit.arrays import Array

LEAST_WAY = 1e-6  # m: what turns in a step shorter than this is rounding


@inverse(integrator="exact")
def differences(
    trajectory: Trajectory,
    *,
    history: Trajectory | None = None,
    initial_speed: Array | None = None,
    min_speed: Annotated[float, Param("m/s", 0, 5, "κ is 0 in a step driven slower")] = 0.1,
) -> tuple[State, Actions]:
    """Finite differences: a = Δv/dt and κ = Δψ/((v + v₊) dt/2), neither smoothed nor bounded.

    A speed below 0 counts as 0: the integrator stands where the vehicle reverses.

    Parameters
    ----------
    trajectory : Trajectory, `(..., T+1)`
        A row whose speed is nan anywhere gets that of `Trajectory.through`: central differences
        along the arcs.
    history : Trajectory, optional
        Not used.
    initial_speed : array, `(...)`, optional
        m/s; takes the place of the speed at index 0.
    min_speed : float
        m/s; κ is 0 in a step that is driven slower on average: a yaw that jitters while the vehicle
        stands is no curvature.

    Returns
    -------
    State, Actions
        The state at index 0 as it was given, but for a speed below 0, which is 0; and actions
        `(..., T)`.

    Notes
    -----
    Forward differences over each step; Δψ is the change of the unwrapped yaw. What turns below
    `min_speed`, within 1e-6 m, or in reverse, is lost, and so is the way in reverse. Jitter of σ
    metres in the positions becomes about σ/dt² in the acceleration, 2 m/s² from 2 cm at 10 Hz.

    References
    ----------
    rollkit's own: the baseline for the others.

    Examples
    --------
    >>> import numpy as np
    >>> from rollkit import Trajectory
    >>> drive = Trajectory.through(np.array([0.0, 1.0, 3.0]), np.zeros(3), 0.5)
    >>> initial, actions = differences(drive)
    >>> float(initial.speed), actions.accel
    (1.0, array([4., 4.]))
    """
    del history  # two neighbours say it all
    dt = trajectory.dt
    x, y, yaw, speed = (
        np.asarray(one, np.float64)
        for one in (trajectory.x, trajectory.y, trajectory.yaw, trajectory.speed)
    )
    known = np.isfinite(speed).all(axis=-1, keepdims=True)
    if not known.all():
        speed = np.where(known, speed, Trajectory.through(x, y, dt, yaw=yaw).speed)
    if initial_speed is not None:
        first = np.asarray(initial_speed, np.float64)[..., None]
        speed = np.concatenate([first, speed[..., 1:]], axis=-1)
    speed = np.maximum(speed, 0.0)  # as the integrator has it
    way = (speed[..., :-1] + speed[..., 1:]) * (dt / 2)
    turns = np.abs(way) >= max(min_speed * dt, LEAST_WAY)
    turn = arrays.differences(np.unwrap(yaw, axis=-1))
    curvature = np.where(turns, turn / np.where(turns, way, 1.0), 0.0)
    initial = State(x[..., 0], y[..., 0], yaw[..., 0], speed[..., 0])
    return initial, Actions(arrays.differences(speed, dt), curvature, dt)


@hookimpl
def rollkit_inverses():
    return [differences]
