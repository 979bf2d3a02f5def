"""Baseline: the last acceleration and curvature held."""

import numpy as np

from rollkit import Trajectory, baseline, hookimpl
from rollkit_std.baselines._arc import along_arc, times
from rollkit_std.baselines._history import motion


@baseline()
def hold_last_action(history: Trajectory, steps: int) -> Trajectory:
    """Acceleration and curvature of the start held: an arc, s = v t + a t²/2, turned by κ s.

    A vehicle that slows down stops inside the step in which its speed reaches 0, and stands.

    Parameters
    ----------
    history : Trajectory, `(..., H)`
        Its last instant is the start. Three instants or more.
    steps : int

    Returns
    -------
    Trajectory, `(..., steps + 1)`
        nan where the history's last pose is, or it does not tell the motion.

    Raises
    ------
    DataError
        A history of fewer than three instants.

    Notes
    -----
    v and a are end and slope of the line fitted to the speeds of the last 0.5 s; κ is the slope of
    the yaw over the way driven in that time, and 0 where the vehicle stands: less than 0.5 m/s on
    average. In reverse, too, braking ends at 0.

    References
    ----------
    rollkit's own.

    Examples
    --------
    >>> from rollkit import Trajectory
    >>> history = Trajectory.through([-5.0, -2, 0], [0.0, 0, 0], 1.0)
    >>> braking = hold_last_action(history, 3)
    >>> braking.x, braking.speed
    (array([0.   , 1.   , 1.125, 1.125]), array([1.5, 0.5, 0. , 0. ]))
    """
    last = motion(history, "hold_last_action", instants=3)
    speed, accel = last.speed[..., np.newaxis], last.accel[..., np.newaxis]
    slows = last.forward[..., np.newaxis] * accel < 0
    until = np.where(slows, np.abs(speed) / np.where(slows, np.abs(accel), 1.0), np.inf)
    time = np.minimum(times(history, steps), until)
    way = speed * time + accel * (time * time) / 2
    reached = np.where(time < until, speed + accel * time, 0.0)
    return along_arc(history, way, last.curvature[..., np.newaxis] * way, reached)


@hookimpl
def rollkit_baselines():
    return [hold_last_action]
