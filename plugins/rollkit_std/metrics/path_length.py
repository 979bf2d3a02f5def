"""Length of the driven path."""

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array


@metric(
    unit="m",
    bounds=(0, None),
    invariant_under=("se2", "mirror", "time_reversal"),
    scales_with={"position": 1},
)
def path_length(rollout: Rollout) -> Array:
    """Length of the polyline through all positions, sum of |p[t+1] - p[t]|, in m.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`

    Returns
    -------
    array, `(...)`
        m; neither way is better. 0 for a trajectory of one instant.

    Notes
    -----
    Chords, not arcs: on a circle of radius r each step is 2 r sin(s / 2r) long instead of s.

    References
    ----------
    rollkit's own.

    Examples
    --------
    >>> import rollkit
    >>> actions = rollkit.Actions(accel=[0.0, 0.0], curvature=[0.0, 0.0], dt=0.5)
    >>> float(path_length(rollkit.rollout(actions, rollkit.State(speed=4.0))))
    4.0
    """
    return arrays.total(rollout.step_length)


@hookimpl
def rollkit_metrics():
    return [path_length]
