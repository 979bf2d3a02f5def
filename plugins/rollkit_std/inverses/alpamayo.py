"""Alpamayo's inverse: headings, speeds, accelerations, curvatures, each a smoothing of its own.

Four linear least-squares problems in this order, with Dₖ the k-th difference matrix along time:

1. headings θ₁..θ_N, θ₀ = 0 the start's: Σ(θᵢ - θ̂ᵢ)² + (λ_θ/dt⁶)‖D₃θ‖² + ρ_θ‖θ‖²;
2. speeds v₁..v_N, v₀ given: Σ‖vᵢuᵢ + vᵢ₊₁uᵢ₊₁ - (2/dt)Δpᵢ‖² + (λ_v/dt⁶)‖D₃v‖² + ρ_v‖v‖²,
   uᵢ = (cos θᵢ, sin θᵢ);
3. accelerations: Σ(aᵢ - Δvᵢ/dt)² + (λ_a/dt⁴)‖D₂a‖² + ρ_a‖a‖²;
4. curvatures: Σ(κᵢsᵢ - Δθᵢ)² + (λ_κ/dt⁴)‖D₂κ‖² + ρ_κ‖κ‖², sᵢ = vᵢdt + aᵢdt²/2.

All normal matrices have half-width 2 or 3, and those of 1 and 3 are the same for all cases.
"""

import functools
from typing import Annotated, NamedTuple

import numpy as np

from rollkit import Actions, Param, State, Trajectory, arrays, inverse
from rollkit.arrays import Array
from rollkit_std.inverses.banded import (
    Factors,
    factorised,
    in_chunks,
    penalty,
    solve,
    substituted,
)

Roughness = Annotated[float, Param(low=0, doc="weight λ of the roughness of what is fitted")]
Ridge = Annotated[float, Param(low=0, doc="weight ρ of the size of what is fitted")]


class _Weights(NamedTuple):
    """Of the roughness, for this time step, and of the size of what is sought."""

    roughness: float
    ridge: float


@inverse(integrator="alpamayo", name="alpamayo")
def fit_alpamayo(
    trajectory: Trajectory,
    *,
    history: Trajectory | None = None,
    initial_speed: Array | None = None,
    min_speed: Annotated[
        float, Param("m/s", 0, doc="κ is 0 where an end of the step is slower")
    ] = 0.0,
    curvature_limit: Annotated[float | None, Param("1/m", 0, doc="κ is cut to this size")] = None,
    theta_lambda: Roughness = 1e-6,
    theta_ridge: Ridge = 1e-8,
    v_lambda: Roughness = 1e-6,
    v_ridge: Ridge = 1e-4,
    a_lambda: Roughness = 1e-4,
    a_ridge: Ridge = 1e-4,
    kappa_lambda: Roughness = 1e-4,
    kappa_ridge: Ridge = 1e-4,
) -> tuple[State, Actions]:
    """Alpamayo's inverse: headings, speeds, accelerations and curvatures, smoothed in that order.

    Parameters
    ----------
    trajectory : Trajectory, `(..., T+1)`
        Its own speed is not used.
    history : Trajectory, `(..., H)`, optional
        Ends where the trajectory begins. The initial speed is then the last one of problem 2 on
        these poses with their headings as they are and no speed known.
    initial_speed : array, `(...)`, optional
        m/s. Without it and without a history it is the first one of problem 2 on the trajectory
        itself with v₀ unknown; the original has no such case.
    min_speed : float
        m/s; κ = 0 where the speed at either end of the step is smaller.
    curvature_limit : float, optional
        1/m; κ is cut to this size. 0.33, with a `min_speed` of 0.6, is a later version's.
    theta_lambda, v_lambda, a_lambda, kappa_lambda : float
        λ of each problem, in SI units.
    theta_ridge, v_ridge, a_ridge, kappa_ridge : float
        ρ of each problem.

    Returns
    -------
    State, Actions
        The state at index 0 as it was given, with the initial speed, and actions `(..., T)`.

    Notes
    -----
    The quirks are the original's. The ridge shrinks κ by s²/(s² + ρ_κ), to half at 0.1 m/s and
    10 Hz, and the weights depend on dt: actions of the same drive differ between rates. Headings
    enter relative to the start's. The speed may become negative, as in the `alpamayo` integrator.

    References
    ----------
    NVlabs/alpamayo, `action_space/unicycle_accel_curvature.py`: traj_to_action and
    estimate_t0_states, there by dense matrices.

    Examples
    --------
    >>> import numpy as np
    >>> from rollkit import Trajectory
    >>> drive = Trajectory.through(np.arange(9.0), np.zeros(9), 0.1, yaw=np.zeros(9))
    >>> initial, actions = fit_alpamayo(drive, initial_speed=np.array(10.0))
    >>> bool(np.abs(actions.accel).max() < 0.01)
    True
    """
    dt = trajectory.dt
    speeds = _Weights(v_lambda / dt**6, v_ridge)
    nobody_knows = initial_speed is None and history is None

    def steered(x: Array, y: Array, yaw: Array, v0: Array) -> tuple[Array, ...]:
        ahead = yaw - yaw[0]
        theta = _headings(ahead, _Weights(theta_lambda / dt**6, theta_ridge))
        way = _ways(x, y, theta + yaw[0], dt)
        if nobody_knows:
            v0 = _speeds(way, None, speeds)[0]
        v = _speeds(way, v0, speeds)
        a = _accelerations(v, dt, _Weights(a_lambda / dt**4, a_ridge))
        kappa = _curvatures(v, a, theta, dt, _Weights(kappa_lambda / dt**4, kappa_ridge))
        if min_speed > 0:
            slow = np.abs(v) < min_speed
            kappa = np.where(slow[:-1] | slow[1:], 0.0, kappa)
        if curvature_limit is not None:
            kappa = np.clip(kappa, -curvature_limit, curvature_limit)
        return v0, a, kappa

    batch, poses = trajectory.batch, _by_time(trajectory)
    v0, accel, kappa = in_chunks(steered, *poses, _known(initial_speed, history, speeds, poses[0]))
    x, y, yaw = (
        np.asarray(one[..., 0], np.float64) for one in (trajectory.x, trajectory.y, trajectory.yaw)
    )
    actions = Actions(accel.T.reshape(*batch, -1), kappa.T.reshape(*batch, -1), dt)
    return State(x, y, yaw, v0.reshape(batch)), actions


def _known(
    initial_speed: Array | None, history: Trajectory | None, weights: _Weights, x: Array
) -> Array:
    """The speed at the start of each case; nan where nobody knows it."""
    if initial_speed is not None:
        return np.asarray(initial_speed, np.float64).reshape(-1)
    if history is None:
        return np.full(x.shape[1], np.nan)
    dt = history.dt

    def last(x: Array, y: Array, yaw: Array) -> tuple[Array]:
        return (_speeds(_ways(x, y, yaw, dt), None, weights)[-1],)

    return in_chunks(last, *_by_time(history))[0]


def _by_time(trajectory: Trajectory) -> tuple[Array, Array, Array]:
    """x, y and yaw as `(T+1, cases)`, the yaw unwrapped."""
    x, y, yaw = (
        np.ascontiguousarray(one.reshape(-1, one.shape[-1]).T, dtype=np.float64)
        for one in (trajectory.x, trajectory.y, trajectory.yaw)
    )
    if (np.abs(yaw[1:] - yaw[:-1]) > np.pi).any():  # unwrapping costs more than all the rest here
        yaw = np.unwrap(yaw, axis=0)
    return x, y, yaw


class _Ways(NamedTuple):
    """What problem 2 is made of: the right-hand side Jᵀg, and what is beside the main diagonal."""

    right: Array  # `(T+1, cases)`, m/s
    beside: Array  # `(T, cases)`: uᵢ·uᵢ₊₁


def _ways(x: Array, y: Array, yaw: Array, dt: float) -> _Ways:
    cos, sin = arrays.cos_sin(yaw)
    dx, dy = x[1:] - x[:-1], y[1:] - y[:-1]
    right = np.empty(x.shape)
    right[-1] = 0.0
    _dot(cos[:-1], sin[:-1], dx, dy, out=right[:-1])
    right[1:] += _dot(cos[1:], sin[1:], dx, dy, out=dx)
    right *= 2 / dt
    return _Ways(right, _dot(cos[:-1], sin[:-1], cos[1:], sin[1:], out=dy))


def _dot(ux: Array, uy: Array, vx: Array, vy: Array, out: Array) -> Array:
    """u·v, into `out`, which may be a part of v: large arrays cost more to make than to fill."""
    across = uy * vy
    np.multiply(ux, vx, out)
    out += across
    return out


def _headings(theta: Array, weights: _Weights) -> Array:
    """Problem 1; the first heading is 0 and stays."""
    fitted = np.zeros(theta.shape)
    fitted[1:] = substituted(_constant(len(theta) - 1, 3, True, weights), theta[1:])
    return fitted


def _speeds(way: _Ways, v0: Array | None, weights: _Weights) -> Array:
    """Problem 2: all speeds, the first of them given or not."""
    smooth = _smooth(len(way.right), weights)
    beside = way.beside
    if v0 is None:
        return solve(_with(smooth.all, beside), way.right)
    right = way.right[1:]  # not needed again: changed in place
    right[: len(smooth.start)] -= smooth.start * v0
    right[0] -= beside[0] * v0
    speeds = np.empty(way.right.shape)
    speeds[0] = v0
    speeds[1:] = solve(_with(smooth.after_start, beside[1:]), right)
    return speeds


def _with(bands: list[Array], beside: Array) -> list[Array]:
    first = np.empty((len(bands[1]), beside.shape[1]))
    first[:-1] = bands[1][:-1] + beside
    first[-1] = 0.0
    return [bands[0], first, *bands[2:]]


def _accelerations(v: Array, dt: float, weights: _Weights) -> Array:
    """Problem 3."""
    return substituted(_constant(len(v) - 1, 2, False, weights), (v[1:] - v[:-1]) / dt)


def _curvatures(v: Array, a: Array, theta: Array, dt: float, weights: _Weights) -> Array:
    """Problem 4."""
    way = v[:-1] * dt + a * (dt * dt / 2)
    main, *others = _rough(len(a), weights.roughness)
    bands = [way * way + (main + weights.ridge), *others]
    return solve(bands, way * (theta[1:] - theta[:-1]))


@functools.lru_cache(maxsize=64)
def _constant(size: int, order: int, after_start: bool, weights: _Weights) -> Factors:
    """The factors of (1 + ρ) I + w DᵀD; D may also see a start that is not sought."""
    bands = weights.roughness * penalty(size + after_start, order)[:, int(after_start) :]
    bands[0] += 1 + weights.ridge
    return factorised(bands)


@functools.lru_cache(maxsize=64)
def _rough(points: int, roughness: float) -> list[Array]:
    """The bands of the roughness in problem 4, `(points, 1)` each."""
    return [band[:, None] for band in roughness * penalty(points, 2)]


class _Smooth(NamedTuple):
    """The bands of problem 2 that no heading changes, `(points, 1)` each."""

    all: list[Array]
    after_start: list[Array]
    start: Array  # beside the start, `(3, 1)`


@functools.lru_cache(maxsize=64)
def _smooth(points: int, weights: _Weights) -> _Smooth:
    bands = weights.roughness * penalty(points, 3)
    bands[0] += 2 + weights.ridge
    bands[0, [0, -1]] -= 1  # one step reaches the ends, two any other instant
    columns = [band[:, None] for band in bands]
    start = bands[1:points, :1]
    return _Smooth(columns, [band[1:] for band in columns], start)
