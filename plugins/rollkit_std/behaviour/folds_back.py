"""Whether the path turns back on itself."""

import numpy as np

from rollkit import Rollout, hookimpl, metric
from rollkit.arrays import Array
from rollkit_std.behaviour._labels import indicator, reaches
from rollkit_std.behaviour.thresholds import (
    FOLD_COSINE,
    FOLD_LENGTH,
    STANDING_SPEED,
    TYRES,
)


@metric(unit="1", better="lower", bounds=(0, 1), min_steps=2, invariant_under=("se2", "mirror"))
def folds_back(rollout: Rollout) -> Array:
    """1 where the path turns by more than 120° within 1 m without slowing down for it; else 0.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`

    Returns
    -------
    array, `(...)`
        1 or 0, lower is better; nan where an instant is missing, or with fewer than two steps.

    Notes
    -----
    Along the path, the next point is the first that is 0.5 m or more from the last one; two
    neighbouring stretches between points are compared. So neither the time step nor scatter of
    centimetres matters. Slowing down is a step of less than max(0.5 m/s dt, 10 m/s² dt²) in either
    stretch: that is how a car changes into reverse.

    References
    ----------
    rollkit's own.

    Examples
    --------
    >>> import numpy as np, rollkit
    >>> there_and_back = rollkit.Trajectory.through([0.0, 1, 2, 1, 2], np.zeros(5), 0.1)
    >>> float(folds_back(rollkit.Rollout(there_and_back)))
    1.0
    """
    x, y, chord = rollout.trajectory.x, rollout.trajectory.y, rollout.step_length
    slow = max(STANDING_SPEED * rollout.dt, TYRES * rollout.dt**2)
    at_x, at_y = x[..., 0], y[..., 0]
    ahead_x, ahead_y, length = np.zeros_like(at_x), np.zeros_like(at_x), np.zeros_like(at_x)
    slowest = before = np.full_like(at_x, np.inf)
    folded = np.zeros(rollout.batch, dtype=bool)
    for step in range(rollout.steps):
        slowest = np.minimum(slowest, chord[..., step])
        to_x, to_y = x[..., step + 1] - at_x, y[..., step + 1] - at_y
        far = np.sqrt(to_x * to_x + to_y * to_y)
        next_point = reaches(far, FOLD_LENGTH)
        back = to_x * ahead_x + to_y * ahead_y < FOLD_COSINE * far * length
        folded |= next_point & back & reaches(np.minimum(slowest, before), slow)
        ahead_x, ahead_y = np.where(next_point, to_x, ahead_x), np.where(next_point, to_y, ahead_y)
        length = np.where(next_point, far, length)
        at_x = np.where(next_point, x[..., step + 1], at_x)
        at_y = np.where(next_point, y[..., step + 1], at_y)
        before = np.where(next_point, slowest, before)
        slowest = np.where(next_point, np.inf, slowest)
    return indicator(rollout, folded)


@hookimpl
def rollkit_metrics():
    return [folds_back]
