"""How often the steering changes direction."""

import numpy as np

from rollkit import Rollout, arrays, metric
from rollkit.arrays import Array

# 1/m. On a car with a wheelbase of 2.8 m and a steering ratio of 16: 2.6° of the steering wheel.
GAP = 0.001


@metric(
    unit="1/s",
    better="lower",
    bounds=(0, None),
    needs="actions",
    invariant_under=("se2", "mirror", "time_reversal", "dt_refinement"),
)
def steering_reversal_rate(rollout: Rollout) -> Array:
    """Changes of steering direction per second, between swings of curvature by 0.001 1/m or more.

    The curvature swings up by at least the gap, then down by at least the gap, and so on: n swings
    in turn, as many as can be found, are n - 1 reversals. The rate is their number over T dt.

    Parameters
    ----------
    rollout : Rollout, `(..., T)`
        With actions.

    Returns
    -------
    array, `(...)`
        1/s, lower is better, never negative; nan without actions.

    Notes
    -----
    A wobble smaller than the gap counts for nothing, however often it comes. The first swing
    reverses nothing and does not count either, so a single turn, in and out, is one reversal.

    References
    ----------
    Markkula and Engström, A steering wheel reversal rate metric, 13th ITS World Congress, 2006;
    SAE J2944. Theirs is per minute, of the filtered angle of the steering wheel.

    Examples
    --------
    >>> import rollkit
    >>> actions = rollkit.Actions(accel=[0.0] * 4, curvature=[0.0, 0.02, 0.0, 0.02], dt=0.5)
    >>> float(steering_reversal_rate(rollkit.rollout(actions, rollkit.State(speed=5.0))))
    1.0
    """
    return _reversals(rollout.curvature) / (rollout.steps * rollout.dt)


def _reversals(curvature: Array) -> Array:
    """Count reversals, one instant after the other, all rollouts at once."""
    lowest = highest = curvature[..., 0]  # since the last change of direction
    direction = np.zeros(curvature.shape[:-1])  # 1 leftwards, -1 rightwards, 0 not known yet
    count = 0 * arrays.total(curvature)  # nan where there is one
    for now in np.moveaxis(curvature, -1, 0):
        lowest, highest = np.minimum(lowest, now), np.maximum(highest, now)
        left = (direction <= 0) & (now - lowest >= GAP)
        right = (direction >= 0) & (highest - now >= GAP)
        turned = left | right
        count += turned & (direction != 0)
        direction = np.where(turned, np.where(left, 1, -1), direction)
        lowest, highest = np.where(turned, now, lowest), np.where(turned, now, highest)
    return count
