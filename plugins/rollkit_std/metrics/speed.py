"""Speed along the trajectory."""

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array


@metric(
    unit="m/s",
    invariant_under=("se2", "mirror", "time_shift", "time_reversal", "dt_refinement"),
    scales_with={"speed": 1},
)
def min_speed(rollout: Rollout) -> Array:
    """Smallest speed over all instants, min v, in m/s; the initial one counts.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`

    Returns
    -------
    array, `(...)`
        m/s; neither way is better. Negative where the trajectory reverses.

    References
    ----------
    rollkit's own.

    Examples
    --------
    >>> import rollkit
    >>> actions = rollkit.Actions(accel=[-2.0, 4.0], curvature=[0.0, 0.0], dt=0.5)
    >>> float(min_speed(rollkit.rollout(actions, rollkit.State(speed=5.0))))
    4.0
    """
    return arrays.minimum(rollout.speed)


@metric(
    unit="m/s",
    invariant_under=("se2", "mirror", "time_shift", "dt_refinement"),
    scales_with={"speed": 1},
)
def final_speed(rollout: Rollout) -> Array:
    """Speed at the last instant, v[T], in m/s.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`

    Returns
    -------
    array, `(...)`
        m/s; neither way is better.

    References
    ----------
    rollkit's own.

    Examples
    --------
    >>> import rollkit
    >>> actions = rollkit.Actions(accel=[-2.0, 4.0], curvature=[0.0, 0.0], dt=0.5)
    >>> float(final_speed(rollkit.rollout(actions, rollkit.State(speed=5.0))))
    6.0
    """
    return arrays.last(rollout.speed)


@hookimpl
def rollkit_metrics():
    return [min_speed, final_speed]
