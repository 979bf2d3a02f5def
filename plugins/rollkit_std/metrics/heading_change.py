"""Change of heading over the rollout."""

import numpy as np

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array


@metric(unit="rad", invariant_under=("se2", "time_shift", "dt_refinement"))
def heading_change(rollout: Rollout) -> Array:
    """Net change of heading, yaw[T] - yaw[0], in rad; positive to the left, full turns counted.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`

    Returns
    -------
    array, `(...)`
        rad; neither way is better. 0 for a trajectory of one instant.

    Notes
    -----
    The yaw of a rollout is unwrapped, so a turn by 2π reads 2π and not 0.

    References
    ----------
    rollkit's own.

    Examples
    --------
    >>> import rollkit
    >>> actions = rollkit.Actions(accel=[0.0, 0.0], curvature=[0.125, -0.25], dt=0.5)
    >>> float(heading_change(rollkit.rollout(actions, rollkit.State(speed=4.0))))
    -0.25
    """
    return arrays.last(rollout.trajectory.yaw) - rollout.trajectory.yaw[..., 0]


@metric(
    unit="rad",
    bounds=(0, None),
    invariant_under=("se2", "mirror", "time_shift", "time_reversal", "dt_refinement"),
)
def total_heading_change(rollout: Rollout) -> Array:
    """Total change of heading, sum of |yaw[t+1] - yaw[t]|, in rad: turning in either direction.

    Parameters and undefined values are those of `heading_change`.

    Examples
    --------
    >>> import rollkit
    >>> actions = rollkit.Actions(accel=[0.0, 0.0], curvature=[0.125, -0.25], dt=0.5)
    >>> float(total_heading_change(rollkit.rollout(actions, rollkit.State(speed=4.0))))
    0.75
    """
    return arrays.total(np.abs(rollout.yaw_change))


@metric(
    unit="rad",
    bounds=(0, None),
    min_steps=1,
    invariant_under=("se2", "mirror", "time_shift", "dt_refinement"),
)
def max_abs_heading_change(rollout: Rollout) -> Array:
    """Largest departure from the initial heading, max |yaw[t] - yaw[0]|, in rad.

    Parameters are those of `heading_change`; nan for a trajectory of one instant.

    Examples
    --------
    >>> import rollkit
    >>> actions = rollkit.Actions(accel=[0.0, 0.0], curvature=[0.125, -0.25], dt=0.5)
    >>> float(max_abs_heading_change(rollkit.rollout(actions, rollkit.State(speed=4.0))))
    0.25
    """
    yaw = rollout.trajectory.yaw
    return arrays.max_abs(yaw - yaw[..., :1])


@hookimpl
def rollkit_metrics():
    return [heading_change, total_heading_change, max_abs_heading_change]
