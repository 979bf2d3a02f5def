"""Errors of heading."""

import numpy as np

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array


@metric(
    unit="rad",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
)
def mean_heading_error(rollout: Rollout) -> Array:
    """Mean angle to the heading of the reference, mean |ψ[t] - ψr[t]|, wrapped to 0 .. π, in
    rad.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference.

    Returns
    -------
    array, `(...)`
        rad, lower is better; nan without a reference or without a step.

    Notes
    -----
    Over the instants that were predicted. The shorter way round: yaws a full turn apart are the
    same. One value for each sample; a mean over a data set is over cases and samples.

    References
    ----------
    The average heading error of nuPlan's open-loop score; the mean_yaw_error of the distilled
    Alpamayo.

    Examples
    --------
    >>> import rollkit
    >>> there = rollkit.Trajectory([0.0] * 3, [0.0] * 3, [0.0, -0.5, 0.25], [0.0] * 3, 0.5)
    >>> where = rollkit.Trajectory([0.0] * 3, [0.0] * 3, [0.0] * 3, [0.0] * 3, 0.5)
    >>> float(mean_heading_error(rollkit.Rollout(there, reference=where)))
    0.375
    """
    return arrays.mean(np.abs(rollout.predicted(rollout.heading_error)))


@metric(
    unit="rad",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
)
def final_heading_error(rollout: Rollout) -> Array:
    """Angle to the heading of the reference at the last instant, |ψ[T] - ψr[T]|, wrapped to 0
    .. π, in rad.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference.

    Returns
    -------
    array, `(...)`
        rad, lower is better; nan without a reference or without a step.

    Notes
    -----
    The shorter way round: yaws a full turn apart are the same. One value for each sample; a mean
    over a data set is over cases and samples.

    References
    ----------
    The final heading error of nuPlan's open-loop score.

    Examples
    --------
    >>> import rollkit
    >>> there = rollkit.Trajectory([0.0] * 3, [0.0] * 3, [0.0, -0.5, 0.25], [0.0] * 3, 0.5)
    >>> where = rollkit.Trajectory([0.0] * 3, [0.0] * 3, [0.0] * 3, [0.0] * 3, 0.5)
    >>> float(final_heading_error(rollkit.Rollout(there, reference=where)))
    0.25
    """
    return np.abs(arrays.last(rollout.heading_error))


@metric(
    unit="rad",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
)
def max_heading_error(rollout: Rollout) -> Array:
    """Largest angle to the heading of the reference, max |ψ[t] - ψr[t]|, wrapped to 0 .. π, in
    rad.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference.

    Returns
    -------
    array, `(...)`
        rad, lower is better; nan without a reference or without a step.

    Notes
    -----
    Over the instants that were predicted. The shorter way round: yaws a full turn apart are the
    same.

    References
    ----------
    rollkit's own.

    Examples
    --------
    >>> import rollkit
    >>> there = rollkit.Trajectory([0.0] * 3, [0.0] * 3, [0.0, -0.5, 0.25], [0.0] * 3, 0.5)
    >>> where = rollkit.Trajectory([0.0] * 3, [0.0] * 3, [0.0] * 3, [0.0] * 3, 0.5)
    >>> float(max_heading_error(rollkit.Rollout(there, reference=where)))
    0.5
    """
    return arrays.max_abs(rollout.predicted(rollout.heading_error))


@hookimpl
def rollkit_metrics():
    return [mean_heading_error, final_heading_error, max_heading_error]
