"""Baseline: where it is, it stays."""

import numpy as np

from rollkit import Trajectory, baseline, hookimpl
from rollkit_std.baselines._arc import along_arc, times


@baseline()
def stationary(history: Trajectory, steps: int) -> Trajectory:
    """The pose of the start, at speed 0.

    Parameters
    ----------
    history : Trajectory, `(..., H)`
        Its last instant is the start.
    steps : int

    Returns
    -------
    Trajectory, `(..., steps + 1)`
        nan where the history's last pose is.

    References
    ----------
    rollkit's own.

    Examples
    --------
    >>> from rollkit import Trajectory
    >>> stationary(Trajectory.through([0.0, 1], [0.0, 0], 0.5), 2).x
    array([1., 1., 1.])
    """
    nothing = np.zeros((*history.batch, len(times(history, steps))))
    return along_arc(history, nothing, nothing, nothing)


@hookimpl
def rollkit_baselines():
    return [stationary]
