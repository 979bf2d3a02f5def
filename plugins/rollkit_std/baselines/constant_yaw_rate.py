"""Baseline: on along the arc of the last speed and yaw rate."""

import numpy as np

from rollkit import Trajectory, baseline, hookimpl
from rollkit_std.baselines._arc import along_arc, times
from rollkit_std.baselines._history import motion


@baseline()
def constant_yaw_rate(history: Trajectory, steps: int) -> Trajectory:
    """Speed and yaw rate of the start held (CTRV): an arc, s = v t, turned by ω t.

    Parameters
    ----------
    history : Trajectory, `(..., H)`
        Its last instant is the start. Two instants or more.
    steps : int

    Returns
    -------
    Trajectory, `(..., steps + 1)`
        nan where the history's last pose is, or it does not tell the motion.

    Raises
    ------
    DataError
        A history of one instant.

    Notes
    -----
    v is that of `constant_velocity`; ω the slope of the line fitted to the yaw of the last 0.5 s,
    and 0 where the vehicle stands: less than 0.5 m/s on average in that time.

    References
    ----------
    Schubert, Richter, Wanielik, "Comparison and Evaluation of Advanced Motion Models for Vehicle
    Tracking", FUSION 2008: constant turn rate and velocity.

    Examples
    --------
    >>> import numpy as np
    >>> from rollkit import Trajectory
    >>> yaw = np.array([-0.2, -0.1, 0.0])
    >>> history = Trajectory(10 * np.sin(yaw), 10 - 10 * np.cos(yaw), yaw, np.ones(3), 1.0)
    >>> constant_yaw_rate(history, 2).yaw
    array([0. , 0.1, 0.2])
    """
    last, time = motion(history, "constant_yaw_rate", instants=2), times(history, steps)
    speed = last.speed[..., np.newaxis]
    way, turn = speed * time, last.yaw_rate[..., np.newaxis] * time
    return along_arc(history, way, turn, np.broadcast_to(speed, way.shape))


@hookimpl
def rollkit_baselines():
    return [constant_yaw_rate]
