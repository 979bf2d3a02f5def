"""Displacement along the reference: ahead of it or behind."""

import numpy as np

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
)
def along_track_error(rollout: Rollout) -> Array:
    """Mean distance ahead of or behind the reference, mean |e[t]|, in m; e = (p - r) · u and u
    the direction of its yaw.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference.

    Returns
    -------
    array, `(...)`
        m, lower is better; nan without a reference or without a step.

    Notes
    -----
    In the frame of the reference at the same instant: x along its yaw, y to its left. Over the
    instants that were predicted. One value for each sample; a mean over a data set is over cases
    and samples.

    References
    ----------
    rollkit's own; the split of the displacement that Waymo's miss rate and the planning literature
    make.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, -2.0], y=[0.0, 2.0, -3.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0] * 3, y=[0.0] * 3, **still)
    >>> float(along_track_error(rollkit.Rollout(there, reference=where)))
    1.5
    """
    return arrays.mean(np.abs(rollout.predicted(rollout.along_track)))


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
)
def final_along_track_error(rollout: Rollout) -> Array:
    """Distance ahead of or behind the reference at the last instant, |e[T]|, in m; e = (p - r)
    · u and u the direction of its yaw.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference.

    Returns
    -------
    array, `(...)`
        m, lower is better; nan without a reference or without a step.

    Notes
    -----
    In the frame of the reference at the same instant: x along its yaw, y to its left.
    `final_along_track_offset` has the sign. One value for each sample; a mean over a data set is
    over cases and samples.

    References
    ----------
    The split of the final displacement that Waymo's miss rate makes.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, -2.0], y=[0.0, 2.0, -3.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0] * 3, y=[0.0] * 3, **still)
    >>> float(final_along_track_error(rollkit.Rollout(there, reference=where)))
    2.0
    """
    return np.abs(arrays.last(rollout.along_track))


@metric(
    unit="m",
    better=None,
    bounds=(None, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
)
def final_along_track_offset(rollout: Rollout) -> Array:
    """How far ahead of the reference at the last instant, e[T], in m, negative on the other
    side; e = (p - r) · u and u the direction of its yaw.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference.

    Returns
    -------
    array, `(...)`
        m; nan without a reference or without a step.

    Notes
    -----
    In the frame of the reference at the same instant: x along its yaw, y to its left. Its mean
    over a data set is a bias: errors of both signs cancel. One value for each sample; a mean over
    a data set is over cases and samples.

    References
    ----------
    rollkit's own.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, -2.0], y=[0.0, 2.0, -3.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0] * 3, y=[0.0] * 3, **still)
    >>> float(final_along_track_offset(rollkit.Rollout(there, reference=where)))
    -2.0
    """
    return arrays.last(rollout.along_track)


@hookimpl
def rollkit_metrics():
    return [along_track_error, final_along_track_error, final_along_track_offset]
