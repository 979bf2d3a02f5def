"""Action sources that leave what they declare: limits, ranges, finite numbers."""

from typing import Annotated, Literal

import numpy as np

from rollkit import Actions, Draws, Param, State, action_source
from rollkit.arrays import Array

LATERAL = 3.0  # m/s²

Speed = Annotated[float, Param("m/s", 2, 30, "speed at the start")]
Curvature = Annotated[float, Param("1/m", 0, 0.1, "curvature of the bend")]
Strength = Annotated[float, Param("m/s^2", 0, 3, "largest acceleration")]
Side = Annotated[Literal["left", "right"], Param(doc="where to")]


def _held(
    speed: Array, accel: Array, curvature: Array, horizon: float, dt: float
) -> tuple[State, Actions]:
    """Speed at the start, acceleration and curvature `(n,)` of each seed, held throughout."""
    still = np.zeros((len(speed), round(horizon / dt)))
    return State(speed=speed), Actions(still + accel[:, None], still + curvature[:, None], dt)


@action_source(limits={"accel": 3.0})
def pull_beyond_its_limit_for_rare_seeds(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A normally distributed acceleration that nobody clips: 2 seeds in 100 go beyond 3 m/s²."""
    accel = 1.3 * draws.normal(1)[:, 0]
    return _held(np.full(len(draws), speed), accel, 0 * accel, horizon, dt)


@action_source(limits={"accel": 3.0})
def pull_limited_before_the_noise(
    draws: Draws, *, horizon: float, dt: float, strength: Strength = 2.0
) -> tuple[State, Actions]:
    """An acceleration that is clipped first and perturbed by 10 % after."""
    share = 0.9 + 0.2 * draws.uniform(1)[:, 0]
    return _held(0 * share, min(strength, 3.0) * share, 0 * share, horizon, dt)


@action_source(limits={"accel": 0.3})
def pull_declared_in_g(
    draws: Draws, *, horizon: float, dt: float, strength: Strength = 2.9
) -> tuple[State, Actions]:
    """An acceleration up to 3 m/s² whose limit is declared in g."""
    share = 1 - 0.1 * draws.uniform(1)[:, 0]
    return _held(0 * share, strength * share, 0 * share, horizon, dt)


@action_source(limits={"accel": 3.0, "jerk": 4.0})
def pull_white_noise(
    draws: Draws, *, horizon: float, dt: float, strength: Strength = 0.5
) -> tuple[State, Actions]:
    """An acceleration drawn anew in every step, whose jerk knows no limit as dt shrinks."""
    accel = strength * (2 * draws.uniform(round(horizon / dt)) - 1)
    return State(speed=np.full(len(draws), 10.0)), Actions(accel, 0 * accel, dt)


@action_source(limits={"accel": 3.0, "jerk": 4.0})
def pull_rate_limited_by_step(
    draws: Draws, *, horizon: float, dt: float, strength: Strength = 3.0
) -> tuple[State, Actions]:
    """An acceleration that rises by 0.4 m/s² in each step, which is 4 m/s³ at 10 Hz only."""
    rise = np.minimum(0.4 * np.arange(round(horizon / dt)), strength)
    accel = (1 - 0.1 * draws.uniform(1)) * rise
    return State(speed=np.zeros(len(draws))), Actions(accel, 0 * accel, dt)


@action_source(limits={"lateral_accel": LATERAL, "accel": 0.0})
def bend_too_fast_in_a_corner(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Speed = 10.0,
    curvature: Curvature = 0.02,
) -> tuple[State, Actions]:
    """A bend within 3 m/s² by its defaults, and beyond where speed and curvature are high."""
    share = 1 - 0.1 * draws.uniform(1)[:, 0]
    return _held(speed * share, 0 * share, curvature * share, horizon, dt)


@action_source(limits={"lateral_accel": LATERAL, "accel": 0.0})
def bend_limited_by_default_speed(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Speed = 10.0,
    curvature: Curvature = 0.02,
) -> tuple[State, Actions]:
    """A bend whose curvature is limited for the speed of 10 m/s, whatever the speed."""
    v = speed * (1 - 0.1 * draws.uniform(1)[:, 0])
    return _held(v, 0 * v, np.minimum(curvature + 0 * v, LATERAL / 10.0**2), horizon, dt)


@action_source(limits={"lateral_accel": LATERAL, "accel": 1.0})
def bend_limited_by_initial_speed(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Speed = 10.0,
    curvature: Curvature = 0.02,
) -> tuple[State, Actions]:
    """A bend whose curvature is limited for the speed at the start, and that speeds up."""
    v = speed * (1 - 0.1 * draws.uniform(1)[:, 0])
    return _held(v, 1 + 0 * v, np.minimum(curvature, LATERAL / v**2), horizon, dt)


@action_source(limits={"lateral_accel": LATERAL, "accel": 0.0})
def bend_limited_by_yaw_rate(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Speed = 10.0,
    curvature: Curvature = 0.02,
) -> tuple[State, Actions]:
    """A bend whose curvature is limited to 3 / v, without the square."""
    v = speed * (1 - 0.1 * draws.uniform(1)[:, 0])
    return _held(v, 0 * v, np.minimum(curvature, LATERAL / v), horizon, dt)


@action_source(limits={"lateral_accel": LATERAL, "accel": 0.0})
def bend_limited_to_the_left(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Speed = 10.0,
    curvature: Curvature = 0.02,
    side: Side = "left",
) -> tuple[State, Actions]:
    """A bend whose curvature is limited upwards only, and so to the left only."""
    v = speed * (1 - 0.1 * draws.uniform(1)[:, 0])
    kappa = curvature if side == "left" else -curvature
    return _held(v, 0 * v, np.minimum(kappa, 0.999 * LATERAL / v**2), horizon, dt)


@action_source(limits={"lateral_accel": LATERAL, "accel": 0.0})
def bend_fails_to_the_right(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0, side: Side = "left"
) -> tuple[State, Actions]:
    """A bend that knows only one of its two sides."""
    v = speed * (1 - 0.1 * draws.uniform(1)[:, 0])
    kappa = {"left": 0.003}[side]
    return _held(v, 0 * v, kappa + 0 * v, horizon, dt)


@action_source(limits={"lateral_accel": LATERAL, "accel": 0.0})
def bend_default_outside_its_range(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Annotated[float, Param("m/s", 2, 5, "speed, held throughout")] = 10.0,
) -> tuple[State, Actions]:
    """A bend whose default speed is beyond the range it declares for it."""
    v = speed * (1 - 0.1 * draws.uniform(1)[:, 0])
    return _held(v, 0 * v, 0.02 + 0 * v, horizon, dt)


@action_source(limits={"accel": 3.0})
def pull_nan_for_rare_seeds(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """An acceleration by a root that 2 seeds in 100 take of a negative number."""
    with np.errstate(invalid="ignore"):
        accel = np.sqrt(draws.uniform(1)[:, 0] - 0.02)
    return _held(np.full(len(draws), speed), accel, 0 * accel, horizon, dt)


@action_source(limits={"accel": 1.0})
def pull_from_negative_speed_for_rare_seeds(
    draws: Draws, *, horizon: float, dt: float
) -> tuple[State, Actions]:
    """A normally distributed initial speed that 2 seeds in 100 have below 0."""
    speed = 5 + 2.4 * draws.normal(1)[:, 0]
    return _held(speed, 1 + 0 * speed, 0 * speed, horizon, dt)
