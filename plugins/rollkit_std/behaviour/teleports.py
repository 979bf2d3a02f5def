"""Whether the vehicle jumps."""

import numpy as np

from rollkit import Rollout, hookimpl, metric
from rollkit.arrays import Array
from rollkit_std.behaviour._labels import indicator, reaches
from rollkit_std.behaviour.thresholds import FASTEST, JUMP, JUMP_RATIO, TYRES


@metric(unit="1", better="lower", bounds=(0, 1), min_steps=1, invariant_under=("se2", "mirror"))
def teleports(rollout: Rollout) -> Array:
    """1 where a step is longer than its neighbours explain, or faster than 100 m/s; else 0.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`

    Returns
    -------
    array, `(...)`
        1 or 0, lower is better; nan where an instant is missing.

    Notes
    -----
    Longer than explained is 3 times as long as the neighbouring steps, and longer by 1 m or more,
    and by more than hard braking explains: 2 (10 m/s²) dt². Of the two steps before it the shorter
    one counts, likewise after it, then the longer of both sides: an instant out of place makes two
    long steps, which must not explain each other. The one step of a trajectory has no neighbours.

    References
    ----------
    rollkit's own.

    Examples
    --------
    >>> import numpy as np, rollkit
    >>> jump = rollkit.Trajectory.through([0.0, 1, 2, 9, 10, 11], np.zeros(6), 0.1)
    >>> float(teleports(rollkit.Rollout(jump)))
    1.0
    """
    chord = rollout.step_length
    jumps = reaches(chord, FASTEST * rollout.dt)
    if rollout.steps > 1:
        explained = _neighbours(chord)
        excess = max(JUMP, 2 * TYRES * rollout.dt**2)
        jumps |= reaches(chord, JUMP_RATIO * explained) & reaches(chord - explained, excess)
    return indicator(rollout, jumps.any(axis=-1))


def _neighbours(chord: Array) -> Array:
    """The shorter of the two steps before each, or that of those after it: the longer of both."""
    pairs = np.minimum(chord[..., 1:], chord[..., :-1])
    before, after = np.zeros_like(chord), np.zeros_like(chord)
    before[..., 1], before[..., 2:] = chord[..., 0], pairs[..., :-1]
    after[..., -2], after[..., :-2] = chord[..., -1], pairs[..., 1:]
    return np.maximum(before, after)


@hookimpl
def rollkit_metrics():
    return [teleports]
