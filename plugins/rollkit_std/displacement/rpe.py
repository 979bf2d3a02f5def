"""Relative pose error over one step."""

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array
from rollkit_std.displacement import evo
from rollkit_std.displacement._paths import paths


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
)
def rpe(rollout: Rollout) -> Array:
    """Relative pose error, the root mean square of the translation of E[t] = B[t]⁻¹ A[t], in m,
    with the motions A of the rollout and B of the reference over one step, each seen from its own
    pose.

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
    The drift of one step: it depends on dt, so compare at one dt only. No alignment changes it.
    Over all instants, the given start included, as evo counts every pose. In space where both
    trajectories have a height and a rotation, else in the plane. The root of a mean: values of
    several trajectories are not to be averaged as if it were pooled. As a function of arrays, with
    all options: `rollkit_std.displacement.evo.rpe`.

    References
    ----------
    Sturm et al., A benchmark for the evaluation of RGB-D SLAM systems, IROS 2012. `evo_rpe` with a
    delta of one frame and its rmse of the translation part.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 2.0, 4.0], y=[3.0, 3.0, 3.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> float(rpe(rollkit.Rollout(there, reference=where)))
    1.0
    """
    return arrays.rms(evo.rpe(*paths(rollout)))


@metric(
    unit="rad",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
)
def rpe_rotation(rollout: Rollout) -> Array:
    """Relative pose error of rotation, the root mean square of the angle of E[t] = B[t]⁻¹ A[t],
    in rad, with the motions A of the rollout and B of the reference over one step.

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
    The drift of one step: it depends on dt, so compare at one dt only. In the plane it is the
    difference of the changes of yaw. Over all instants, the given start included, as evo counts
    every pose. In space where both trajectories have a height and a rotation, else in the plane.
    The root of a mean: values of several trajectories are not to be averaged as if it were pooled.
    As a function of arrays, with all options: `rollkit_std.displacement.evo.rpe`.

    References
    ----------
    Sturm et al., A benchmark for the evaluation of RGB-D SLAM systems, IROS 2012. `evo_rpe -r
    angle_rad` with a delta of one frame.

    Examples
    --------
    >>> import rollkit
    >>> there = rollkit.Trajectory([0.0] * 3, [0.0] * 3, [0.0, -0.5, 0.0], [0.0] * 3, 0.5)
    >>> where = rollkit.Trajectory([0.0] * 3, [0.0] * 3, [0.0] * 3, [0.0] * 3, 0.5)
    >>> round(float(rpe_rotation(rollkit.Rollout(there, reference=where))), 9)
    0.5
    """
    return arrays.rms(evo.rpe(*paths(rollout), error="angle"))


@hookimpl
def rollkit_metrics():
    return [rpe, rpe_rotation]
