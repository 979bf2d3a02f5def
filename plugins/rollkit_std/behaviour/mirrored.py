"""Whether yaw and path turn in opposite directions: a left-handed frame."""

import numpy as np

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array
from rollkit_std.behaviour._labels import indicator, reaches
from rollkit_std.behaviour.thresholds import FOLD_COSINE, MIRRORED_TURN, STANDING_SPEED


@metric(unit="1", better="lower", bounds=(0, 1), min_steps=2, invariant_under=("se2", "mirror"))
def mirrored(rollout: Rollout) -> Array:
    """1 where yaw and path turn by 0.2 rad or more, in opposite directions; else 0.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`

    Returns
    -------
    array, `(...)`
        1 or 0, lower is better; nan where an instant is missing, or with fewer than two steps.

    Notes
    -----
    The path turns from each step to the next, the yaw from halfway through the one to halfway
    through the other. Counted are pairs of steps of 0.5 m/s or more each in which neither turns by
    120° or more. A frame in which y and yaw are both mirrored is consistent and goes unnoticed.

    References
    ----------
    rollkit's own.

    Examples
    --------
    >>> import numpy as np, rollkit
    >>> angle = np.linspace(0, 1, 11)
    >>> x, y = 20 * np.sin(angle), 20 - 20 * np.cos(angle)
    >>> left = rollkit.Trajectory.through(x, y, 0.2, yaw=-angle)
    >>> float(mirrored(rollkit.Rollout(left)))
    1.0
    """
    trajectory, chord = rollout.trajectory, rollout.step_length
    x, y = arrays.differences(trajectory.x), arrays.differences(trajectory.y)
    x0, x1, y0, y1 = x[..., :-1], x[..., 1:], y[..., :-1], y[..., 1:]
    path = np.arctan2(x0 * y1 - y0 * x1, x0 * x1 + y0 * y1)
    yaw = (trajectory.yaw[..., 2:] - trajectory.yaw[..., :-2]) / 2
    driven = reaches(chord, STANDING_SPEED * rollout.dt)
    counts = driven[..., 1:] & driven[..., :-1]
    largest = np.arccos(FOLD_COSINE)
    counts &= (np.abs(path) < largest) & (np.abs(yaw) < largest)
    path_turn, yaw_turn = arrays.total(path * counts), arrays.total(yaw * counts)
    both = reaches(np.minimum(np.abs(path_turn), np.abs(yaw_turn)), MIRRORED_TURN)
    return indicator(rollout, both & (path_turn * yaw_turn < 0))


@hookimpl
def rollkit_metrics():
    return [mirrored]
