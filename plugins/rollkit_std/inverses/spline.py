"""Our own inverse: the smooth drive that explains the poses best, for a stated noise."""

from typing import Annotated

import numpy as np
import numpy.typing as npt

from rollkit import Actions, Param, State, Trajectory, hookimpl, inverse
from rollkit.arrays import Array
from rollkit_std.inverses.banded import in_chunks
from rollkit_std.inverses.smoothing import CURVATURE, SPEED, YAW, Scales, X, Y, smoothed

_CASES = 1024  # at once: their matrices fill a few MB
_ACCEL, _CURVATURE = 10.0, 0.1  # m/s², 1/m: weak, for what nothing else decides
_ROUNDS = 3  # of holding at 0 what is below it; what is left then is cut


@inverse(integrator="exact")
def spline(
    trajectory: Trajectory,
    *,
    history: Trajectory | None = None,
    initial_speed: Array | None = None,
    position_noise: Annotated[float, Param("m", 1e-3, doc="scatter of positions")] = 0.02,
    heading_noise: Annotated[float | None, Param("rad", 1e-4, doc="scatter of yaws")] = 0.005,
    jerk: Annotated[float, Param("m/s^3", 1e-3, doc="jerk to be expected")] = 1.0,
    curvature_rate: Annotated[
        float, Param("1/(m s)", 1e-5, doc="curvature rate to be expected")
    ] = 0.03,
) -> tuple[State, Actions]:
    """Smoothing fit: the most likely drive for poses with this noise and actions this smooth.

    Minimises Σ(|p - p̂|²/σ_p² + (ψ - ψ̂)²/σ_ψ²) + ∫((a'/J)² + (κ'/R)² + (v²κ'/J)²) dt over
    drives of the closed-form integrator, with the integral in units of a second.

    Parameters
    ----------
    trajectory : Trajectory, `(..., T+1)`
        Its own speed is only a first guess.
    history : Trajectory, `(..., H)`, optional
        Ends where the trajectory begins and takes part in the fit.
    initial_speed : array, `(...)`, optional
        m/s; held.
    position_noise : float
        σ_p, m: standard deviation of x and of y.
    heading_noise : float, optional
        σ_ψ, rad: standard deviation of the yaw; none leaves the yaw out. So does a trajectory whose
        yaw is the direction of its path: its positions would count twice.
    jerk : float
        J, m/s³: what a second of driving has, along and across.
    curvature_rate : float
        R, 1/(m s): likewise of the curvature.

    Returns
    -------
    State, Actions
        The smoothed state at index 0, which is off the given one by about the noise, and actions
        `(..., T)`.

    Notes
    -----
    A Gauss-Newton smoother, as an extended Kalman smoother iterated, written as one banded system
    of all instants: half-width 6, linear in T. Curvature counts by the arc it turns through, so at
    standstill nothing but the priors decides it, and no division can blow it up. The priors are
    integrals over time: another rate of sampling gives nearly the same actions. Where the
    fit would go backwards it stands still: the integrator does not reverse, and a drive that does
    shows in the error of its rollout. Weak priors of 10 m/s² and 0.1 1/m settle what a drive of a
    few poses leaves open. The defaults are those of a localised car in ordinary driving: positions
    that scatter by centimetres, accelerations that change by 1 m/s² within a second.

    References
    ----------
    rollkit's own; Särkkä, Bayesian Filtering and Smoothing, on iterated smoothers as Gauss-Newton.

    Examples
    --------
    >>> import numpy as np
    >>> from rollkit import Trajectory
    >>> yaw = np.arange(20) * 0.05
    >>> circle = Trajectory.through(20 * np.sin(yaw), 20 - 20 * np.cos(yaw), 0.1, yaw=yaw)
    >>> initial, actions = spline(circle)
    >>> bool(abs(initial.speed - 10) < 0.01 and np.abs(actions.curvature - 0.05).max() < 1e-4)
    True
    """
    dt, batch = trajectory.dt, trajectory.batch
    if trajectory.yaw_of_path:  # made of the positions: they would count twice
        heading_noise = None
    by = Scales(position_noise, heading_noise, _ACCEL, jerk, _CURVATURE, curvature_rate)
    earlier = 0 if history is None else history.steps
    x, y, yaw = _by_time(trajectory, history)
    guess = Trajectory.through(x.T, y.T, dt, yaw=yaw.T).speed.T
    known = np.full(x.shape, np.nan)
    if initial_speed is not None:
        known[earlier] = np.asarray(initial_speed, np.float64).reshape(-1)

    def fitted(*given: Array) -> tuple[Array, ...]:
        x, y, yaw, guess, known = given
        free = smoothed((x, y, yaw), guess, known, dt, by)
        return (_forwards(free, (x, y, yaw), known, dt, by),)

    (found,) = in_chunks(fitted, x, y, yaw, guess, known, at_once=_CASES)
    found = found[:, earlier:]
    speed = np.maximum(found[SPEED], 0.0)
    accel = (speed[1:] - speed[:-1]) / dt
    x, y, yaw = (found[one, 0].reshape(batch) for one in (X, Y, YAW))
    initial = State(x, y, yaw, speed[0].reshape(batch))
    curvature = _held(found[CURVATURE, :-1], (speed[:-1] > 0) | (speed[1:] > 0))
    return initial, Actions(accel.T.reshape(*batch, -1), curvature.T.reshape(*batch, -1), dt)


def _held(curvature: Array, moving: npt.NDArray[np.bool_]) -> Array:
    """At standstill the steering stays as it was, before the first move as it will be, else 0."""
    place = np.arange(len(curvature))[:, None]
    latest = np.maximum.accumulate(np.where(moving, place, -1), axis=0)
    first = moving.argmax(axis=0)[None]
    held = np.take_along_axis(curvature, np.where(latest < 0, first, latest), axis=0)
    return np.where(moving.any(axis=0), held, 0.0)


def _forwards(
    free: Array, poses: tuple[Array, Array, Array], known: Array, dt: float, by: Scales
) -> Array:
    """The same fit, standing still where it would have gone backwards."""
    found, known = free.copy(), known.copy()
    for _ in range(_ROUNDS):
        rows = (found[SPEED] < 0).any(axis=0)  # each by itself, whoever is fitted beside it
        if not rows.any():
            break
        known[found[SPEED] < 0] = 0.0
        some = (poses[0][:, rows], poses[1][:, rows], poses[2][:, rows])
        guess = np.maximum(found[SPEED][:, rows], 0.0)
        found[..., rows] = smoothed(some, guess, known[:, rows], dt, by)
    return found


def _by_time(trajectory: Trajectory, history: Trajectory | None) -> tuple[Array, Array, Array]:
    """x, y and yaw `(H-1 + T+1, cases)`, the yaw unwrapped."""
    both = []
    for name in ("x", "y", "yaw"):
        one = np.asarray(getattr(trajectory, name), np.float64)
        if history is not None:
            before = np.asarray(getattr(history, name), np.float64)[..., :-1]
            one = np.concatenate([before, one], axis=-1)
        both.append(np.ascontiguousarray(one.reshape(-1, one.shape[-1]).T))
    return both[0], both[1], np.unwrap(both[2], axis=0)


@hookimpl
def rollkit_inverses():
    return [spline]
