"""Waymax: whether a vehicle could drive it, by the actions that its bicycle model would need."""

from functools import partial

import numpy as np

from rollkit import Check, Quirk, Rollout, Signal, arrays, hookimpl, preset
from rollkit.arrays import Array

MAX_ACCEL = 10.4  # m/s^2, magnitude: Waymax's metric of kinematic infeasibility
MAX_CURVATURE = 0.3  # 1/m, magnitude, about the tightest circle of a car: same
TOLERANCE = 1e-3  # added to both limits, m/s^2 and 1/m: same
LEAST_SPEED = 0.6  # m/s, no turning is seen where either end of a step is slower: bicycle_model.py


def needed_actions(vx: Array, vy: Array, yaw: Array, dt: float) -> tuple[Array, Array]:
    """The acceleration and curvature that Waymax's model needs for each step, unclipped.

    a = Δ|v| / dt and κ = wrap(ψ* - ψ) / (|v| dt + a dt²/2), where ψ* is the direction of the next
    velocity, or the next heading where the next speed is at most 0.6 m/s; κ = 0 where either speed
    is below 0.6 m/s.

    Parameters
    ----------
    vx, vy : array, `(..., T+1)`
        Velocity in the world's axes, m/s.
    yaw : array, `(..., T+1)`
        rad.
    dt : float
        s.

    Returns
    -------
    accel, curvature : array, `(..., T)`
        m/s² and 1/m of the step that begins there; nan where an input of either end is.

    References
    ----------
    waymo-research/waymax, `dynamics/bicycle_model.py`, `compute_inverse`.

    Examples
    --------
    >>> accel, curvature = needed_actions(np.array([5.0, 6.0]), np.zeros(2), np.zeros(2), 0.5)
    >>> float(accel[0]), float(curvature[0])
    (2.0, 0.0)
    """
    speed = arrays.distance(vx, vy)
    now, after = speed[..., :-1], speed[..., 1:]
    accel = arrays.differences(speed, dt)
    ahead = np.where(after > LEAST_SPEED, np.arctan2(vy, vx)[..., 1:], yaw[..., 1:])
    turn = np.mod(ahead - yaw[..., :-1] + np.pi, 2 * np.pi) - np.pi
    slow = (now < LEAST_SPEED) | (after < LEAST_SPEED)
    way = np.where(slow, 1, now * dt + accel * (dt * dt / 2))
    known = np.isfinite(accel) & np.isfinite(turn) & np.isfinite(yaw[..., 1:])
    return accel, np.where(known, np.where(slow, 0, turn / way), np.nan)


def driven_actions(speed: Array, yaw: Array, dt: float) -> tuple[Array, Array]:
    """The acceleration and curvature of each step, by differences of signed speed and heading.

    a = Δv / dt and κ = wrap(Δψ) / |v dt + a dt²/2|, signed as the way is. What is slower than
    0.6 m/s counts as that fast, so that noise of a heading at standstill is no curvature, and
    turning on the spot by more than 0.18 rad/s is still more than 0.3 1/m.

    >>> back = np.array([-1.0, -1.0])
    >>> driven_actions(back, np.array([0.0, 0.3]), 0.1)[1].round(9)
    array([-3.])
    """
    accel = arrays.differences(speed, dt)
    way = speed[..., :-1] * dt + accel * (dt * dt / 2)
    turn = np.mod(arrays.differences(yaw) + np.pi, 2 * np.pi) - np.pi
    return accel, turn / np.copysign(np.maximum(np.abs(way), LEAST_SPEED * dt), way)


NOTES = (
    "Waymax takes the velocity as it was recorded. Here it is the speed along the heading, where "
    "the file has a speed or the drive was rolled out. Where it has none, it is that of central "
    "differences of the positions, as `rollkit fit --method waymax` has it: then an acceleration "
    "spans three steps, and a point that moves across the heading, such as a camera in front, "
    "seems to turn."
)

_of_waymax = partial(
    preset,
    project="waymo-research/waymax",
    commit="48b33d71",
    file="waymax/metrics/comfort.py, waymax/dynamics/bicycle_model.py",
    checks=(
        Check(
            name="accel",
            unit="m/s^2",
            low=-(MAX_ACCEL + TOLERANCE),
            high=MAX_ACCEL + TOLERANCE,
            strict=False,
            meaning="the acceleration needed",
        ),
        Check(
            name="curvature",
            unit="1/m",
            low=-(MAX_CURVATURE + TOLERANCE),
            high=MAX_CURVATURE + TOLERANCE,
            strict=False,
            meaning="the curvature needed",
        ),
    ),
    min_steps=1,
)


@_of_waymax(
    quirks=(
        Quirk(
            name="no turning below 0.6 m/s",
            text="Where the speed at either end of a step is below 0.6 m/s the curvature is taken "
            "for 0. A vehicle that turns on the spot, or slides round while it creeps, passes. "
            "Right is the turn over the way driven; noise of a heading at standstill is no turn.",
            signals=("curvature",),
            shows=lambda rollout: bool((arrays.distance(*_velocity(rollout)) < LEAST_SPEED).any()),
        ),
        Quirk(
            name="the sign of the speed is lost",
            text="Speed is the length of the velocity, and the next heading is taken for the "
            "direction of the velocity. A vehicle that reverses faster than 0.6 m/s appears to "
            "turn by half a turn in every step and fails; one that brakes through standstill and "
            "on into reverse appears to brake and to accelerate again. Right is a speed with its "
            "sign.",
            signals=("accel", "curvature"),
            shows=lambda rollout: bool((rollout.speed < 0).any()),
        ),
    ),
    notes=NOTES,
)
def waymax_feasibility(rollout: Rollout) -> dict[str, Signal]:
    """Waymax's kinematic feasibility: no step needs more than 10.4 m/s² or 0.3 1/m, to 1e-3.

    Examples
    --------
    >>> from rollkit import Rollout, Trajectory, evaluate
    >>> forth = Trajectory.through([0.0, 1.0, 2.0], [0.0] * 3, 0.5, yaw=[0.0] * 3, speed=[2.0] * 3)
    >>> back = Trajectory.through([2.0, 1.0, 0.0], [0.0] * 3, 0.5, yaw=[0.0] * 3, speed=[-2.0] * 3)
    >>> for drive in forth, back:
    ...     found = evaluate(Rollout(drive), [waymax_feasibility, waymax_feasibility_corrected])
    ...     print(found["waymax_feasibility"], found["waymax_feasibility_corrected"])
    1.0 1.0
    0.0 1.0
    """
    vx, vy = _velocity(rollout)
    return _signals(*needed_actions(vx, vy, rollout.trajectory.yaw, rollout.dt))


@_of_waymax(
    corrects="waymax_feasibility",
    invariant_under=("se2", "mirror", "time_reversal", "time_shift"),
)
def waymax_feasibility_corrected(rollout: Rollout) -> dict[str, Signal]:
    """Waymax's limits on what is driven: with the sign of the speed, turns on the spot included."""
    return _signals(*driven_actions(rollout.speed, rollout.trajectory.yaw, rollout.dt))


def _velocity(rollout: Rollout) -> tuple[Array, Array]:
    path = rollout.trajectory
    if not path.speed_of_path:
        cosine, sine = arrays.cos_sin(path.yaw)
        return path.speed * cosine, path.speed * sine
    whole = (rollout.whole or rollout).trajectory  # differences at its end are those of the whole
    vx, vy = (np.gradient(one, path.dt, axis=-1) for one in (whole.x, whole.y))
    return vx[..., : path.steps + 1], vy[..., : path.steps + 1]


def _signals(accel: Array, curvature: Array) -> dict[str, Signal]:
    return {"accel": Signal(accel, 0.5), "curvature": Signal(curvature, 0.5)}


@hookimpl
def rollkit_presets():
    return [waymax_feasibility, waymax_feasibility_corrected]
