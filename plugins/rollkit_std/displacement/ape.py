"""Absolute pose error, in the frames as they are or after an alignment."""

from rollkit import Rollout, arrays, hookimpl, metric
from rollkit.arrays import Array
from rollkit_std.displacement import evo
from rollkit_std.displacement._paths import paths


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
)
def ape(rollout: Rollout) -> Array:
    """Absolute pose error, the root mean square of the distance to the reference, sqrt(mean
    |p[t] - r[t]|²), in m, without any alignment.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference.

    Returns
    -------
    array, `(...)`
        m, lower is better; nan without a reference.

    Notes
    -----
    Over all instants, the given start included, as evo counts every pose. In space where both
    trajectories have a height and a rotation, else in the plane. The root of a mean: values of
    several trajectories are not to be averaged as if it were pooled. As a function of arrays, with
    all options: `rollkit_std.displacement.evo.ape`.

    References
    ----------
    Sturm et al., A benchmark for the evaluation of RGB-D SLAM systems, IROS 2012. `evo_ape` with
    its rmse of the translation part.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[3.0, 3.0, 3.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> float(ape(rollkit.Rollout(there, reference=where)))
    3.0
    """
    return arrays.rms(evo.ape(*paths(rollout, rotations=False)))


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
)
def ape_aligned(rollout: Rollout) -> Array:
    """Absolute pose error after the turn and move that bring the positions nearest to the
    reference: min over R, m of sqrt(mean |R p[t] + m - r[t]|²), in m.

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
    The shape of the trajectory alone: where it lies and how it is turned as a whole counts for
    nothing. Over all instants, the given start included, as evo counts every pose. In space where
    both trajectories have a height and a rotation, else in the plane. The root of a mean: values
    of several trajectories are not to be averaged as if it were pooled. As a function of arrays,
    with all options: `rollkit_std.displacement.evo.ape`.

    References
    ----------
    Sturm et al., A benchmark for the evaluation of RGB-D SLAM systems, IROS 2012. `evo_ape
    --align`: Umeyama in SE(3), in the plane SE(2).

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[3.0, 3.0, 3.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> round(float(ape_aligned(rollkit.Rollout(there, reference=where))), 9)
    0.0
    """
    return arrays.rms(evo.ape(*paths(rollout, rotations=False), alignment="rigid"))


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=2,
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
)
def ape_scaled(rollout: Rollout) -> Array:
    """Absolute pose error after the turn, move and scale that bring the positions nearest to
    the reference: min over s, R, m of sqrt(mean |s R p[t] + m - r[t]|²), in m.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference.

    Returns
    -------
    array, `(...)`
        m, lower is better; nan without a reference or with fewer than two steps.

    Notes
    -----
    For estimates without a scale, as of one camera. One that moves less than a millionth of what
    the reference does is not scaled. Over all instants, the given start included, as evo counts
    every pose. In space where both trajectories have a height and a rotation, else in the plane.
    The root of a mean: values of several trajectories are not to be averaged as if it were pooled.
    As a function of arrays, with all options: `rollkit_std.displacement.evo.ape`.

    References
    ----------
    Sturm et al., A benchmark for the evaluation of RGB-D SLAM systems, IROS 2012. `evo_ape --align
    --correct_scale`: Umeyama in Sim(3), in the plane Sim(2).

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 2.0, 4.0], y=[3.0, 3.0, 3.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> round(float(ape_scaled(rollkit.Rollout(there, reference=where))), 9)
    0.0
    """
    return arrays.rms(evo.ape(*paths(rollout, rotations=False), alignment="scaled"))


@metric(
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
)
def ape_origin(rollout: Rollout) -> Array:
    """Absolute pose error after the move of the first pose onto the first pose of the
    reference: sqrt(mean |q[t] - r[t]|²), in m, q the positions moved so.

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
    An error of the first heading grows with the distance. Where the first pose is given it is
    `ape`. Over all instants, the given start included, as evo counts every pose. In space where
    both trajectories have a height and a rotation, else in the plane. The root of a mean: values
    of several trajectories are not to be averaged as if it were pooled. As a function of arrays,
    with all options: `rollkit_std.displacement.evo.ape`.

    References
    ----------
    Sturm et al., A benchmark for the evaluation of RGB-D SLAM systems, IROS 2012. `evo_ape
    --align_origin`.

    Examples
    --------
    >>> import rollkit
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[3.0, 3.0, 3.0], **still)
    >>> where = rollkit.Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> float(ape_origin(rollkit.Rollout(there, reference=where)))
    0.0
    """
    return arrays.rms(evo.ape(*paths(rollout), alignment="origin"))


@metric(
    unit="rad",
    better="lower",
    bounds=(0, None),
    needs="reference",
    invariant_under=("se2", "mirror"),
)
def ape_rotation(rollout: Rollout) -> Array:
    """Absolute pose error of rotation, the root mean square of the angle to the rotation of the
    reference, in rad, without any alignment.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference.

    Returns
    -------
    array, `(...)`
        rad, lower is better; nan without a reference.

    Notes
    -----
    In the plane the angle is that between the yaws. Over all instants, the given start included,
    as evo counts every pose. In space where both trajectories have a height and a rotation, else
    in the plane. The root of a mean: values of several trajectories are not to be averaged as if
    it were pooled. As a function of arrays, with all options: `rollkit_std.displacement.evo.ape`.

    References
    ----------
    Sturm et al., A benchmark for the evaluation of RGB-D SLAM systems, IROS 2012. `evo_ape -r
    angle_rad`.

    Examples
    --------
    >>> import rollkit
    >>> there = rollkit.Trajectory([0.0] * 3, [0.0] * 3, [0.375, -0.375, 0.375], [0.0] * 3, 0.5)
    >>> where = rollkit.Trajectory([0.0] * 3, [0.0] * 3, [0.0] * 3, [0.0] * 3, 0.5)
    >>> round(float(ape_rotation(rollkit.Rollout(there, reference=where))), 9)
    0.375
    """
    return arrays.rms(evo.ape(*paths(rollout), error="angle"))


@hookimpl
def rollkit_metrics():
    return [ape, ape_aligned, ape_scaled, ape_origin, ape_rotation]
