"""How far the corners of a box are from where they should be."""

from rollkit import Rollout, hookimpl, metric
from rollkit.arrays import Array
from rollkit_std.displacement._corners import least_corner_distance

LENGTH_M, WIDTH_M = 4.0, 3.0


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    compares_samples=True,
)
def corner_distance(rollout: Rollout) -> Array:
    """Mean distance of the corners of a box to where they should be, in m: at each instant and
    corner the least over the samples of a case, min over k of |c[k, t, j] - cr[t, j]|.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference, and K samples of each case `(N, K)`.

    Returns
    -------
    array, `(...)`
        m, lower is better; the same for every sample of a case; nan without a
        reference or without a step.

    Notes
    -----
    The box is 4 m long and 3 m wide around the position and turned with the yaw, whatever the
    vehicle. It has 8 corners, 4 of them 2 m above the others; in the plane those two are as far
    off, and the mean over 4 is the mean over 8. The least is taken for each instant and each
    corner by itself, so K samples together may score better than any of them. One value for each
    case, which each of its K samples has: a mean over a data set is over the cases. Without
    samples it is the value of the one rollout. Over the instants that were predicted.

    References
    ----------
    Alpamayo's compute_grouped_corner_distance with its box of 4 x 3 x 2 m.

    Examples
    --------
    >>> import math, rollkit
    >>> there = rollkit.Trajectory([0.0] * 2, [0.0] * 2, [0.0, math.pi], [0.0] * 2, 0.5)
    >>> where = rollkit.Trajectory([0.0] * 2, [0.0] * 2, [0.0] * 2, [0.0] * 2, 0.5)
    >>> float(corner_distance(rollkit.Rollout(there, reference=where)))
    5.0
    """
    return least_corner_distance(rollout, LENGTH_M, WIDTH_M)


@hookimpl
def rollkit_metrics():
    return [corner_distance]
