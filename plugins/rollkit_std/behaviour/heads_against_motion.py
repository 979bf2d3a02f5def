"""Whether the yaw contradicts the motion: backwards, sideways."""

import numpy as np

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array
from rollkit_std.behaviour._labels import Mask, in_own_frame, indicator, once, reaches
from rollkit_std.behaviour.thresholds import (
    AGAINST_COSINE,
    ALIASED_TURN,
    CONTRADICTED_WAY,
    REVERSE_SPEED,
    SIDEWAYS_SINE,
    STANDING_SPEED,
)

_declared = metric(
    unit="1", better="lower", bounds=(0, 1), min_steps=1, invariant_under=("se2", "mirror")
)


@_declared
def heads_against_motion(rollout: Rollout) -> Array:
    """1 where 1 m or more is driven against the yaw and cannot be driving in reverse; else 0.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`

    Returns
    -------
    array, `(...)`
        1 or 0, lower is better; nan where an instant is missing.

    Notes
    -----
    A step is against the yaw where it leads more than 90° off the yaw halfway through it. It
    cannot be reverse where it is as fast as 5 m/s, or the speed says 0.5 m/s or more forward.
    Steps slower than 0.5 m/s, and those that turn by more than π, do not count.

    References
    ----------
    rollkit's own.

    Examples
    --------
    >>> import numpy as np, rollkit
    >>> west = rollkit.Trajectory.through([0.0, -1, -2], np.zeros(3), 0.1, yaw=np.zeros(3))
    >>> float(heads_against_motion(rollkit.Rollout(west)))
    1.0
    """
    return indicator(rollout, _contradicted(rollout)[0])


@_declared
def moves_sideways(rollout: Rollout) -> Array:
    """1 where 1 m or more is driven more than 30° off the yaw, forward or in reverse; else 0.

    All else is that of `heads_against_motion`.

    Examples
    --------
    >>> import numpy as np, rollkit
    >>> north = rollkit.Trajectory.through(np.zeros(3), [0.0, 1, 2], 0.1, yaw=np.zeros(3))
    >>> float(moves_sideways(rollkit.Rollout(north)))
    1.0
    """
    return indicator(rollout, _contradicted(rollout)[1])


@once
def _contradicted(rollout: Rollout) -> tuple[Mask, Mask]:
    """Whether the yaw is contradicted by motion backwards, and sideways."""
    chord, speed, dt = rollout.step_length, rollout.speed, rollout.dt
    along, across = in_own_frame(rollout)
    counts = reaches(chord, STANDING_SPEED * dt) & (np.abs(rollout.yaw_change) < ALIASED_TURN)
    no_reverse = reaches(chord, REVERSE_SPEED * dt)
    no_reverse |= reaches((speed[..., 1:] + speed[..., :-1]) / 2, STANDING_SPEED)
    against = along < AGAINST_COSINE * chord
    sideways = reaches(np.abs(across), SIDEWAYS_SINE * chord)
    return (
        reaches(arrays.total(chord * (counts & no_reverse & against)), CONTRADICTED_WAY),
        reaches(arrays.total(chord * (counts & sideways)), CONTRADICTED_WAY),
    )


@hookimpl
def rollkit_metrics():
    return [heads_against_motion, moves_sideways]
