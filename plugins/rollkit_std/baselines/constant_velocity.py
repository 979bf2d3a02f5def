"""Baseline: straight on at the last speed."""

import numpy as np

from rollkit import Trajectory, baseline, hookimpl
from rollkit_std.baselines._arc import along_arc, times
from rollkit_std.baselines._history import motion


@baseline()
def constant_velocity(history: Trajectory, steps: int) -> Trajectory:
    """Straight on at the speed and heading of the start, s = v t.

    Parameters
    ----------
    history : Trajectory, `(..., H)`
        Its last instant is the start. Two instants or more, or one with its speed.
    steps : int

    Returns
    -------
    Trajectory, `(..., steps + 1)`
        nan where the history's last pose is, or it has no speed.

    Raises
    ------
    DataError
        A history of one instant and no speed.

    Notes
    -----
    v is the end of the line fitted to the speeds of the last 0.5 s, negative in reverse; where the
    history has none they come from its poses. A line through braking and standing ends beyond 0: it
    counts as 0 unless the last step led back. The heading is the last yaw.

    References
    ----------
    rollkit's own; as a baseline: Schöller et al., "What the Constant Velocity Model Can Teach Us
    About Pedestrian Motion Prediction", RA-L 2020.

    Examples
    --------
    >>> from rollkit import Trajectory
    >>> history = Trajectory.through([0.0, 1, 2], [0.0, 0, 0], 0.5)
    >>> constant_velocity(history, 2).x
    array([2., 3., 4.])
    """
    speed = motion(history, "constant_velocity", instants=1).speed[..., np.newaxis]
    way = speed * times(history, steps)
    return along_arc(history, way, np.zeros_like(way), np.broadcast_to(speed, way.shape))


@hookimpl
def rollkit_baselines():
    return [constant_velocity]
