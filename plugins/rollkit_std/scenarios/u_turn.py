"""U-turn."""

from typing import Annotated

import numpy as np

from rollkit import Actions, Draws, Param, State, action_source, hookimpl
from rollkit_std.scenarios import _profiles as profiles
from rollkit_std.scenarios import _turn

SPEED = Param("m/s", 2, 5, "speed of approach and of departure")
CURVATURE = Param("1/m", 0.15, 0.2, "largest curvature, of the rear axle")


@action_source(limits=_turn.LIMITS)
def u_turn(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Annotated[float, SPEED] = 4.0,
    curvature: Annotated[float, CURVATURE] = 0.18,
    start: _turn.Start = 0.2,
    noise: profiles.Noise = 1.0,
) -> tuple[State, Actions]:
    """U-turn to the left: turn by 180°, near the tightest curvature that a car can steer.

    After `start` the speed falls to √(3 m/s² / curvature) if it is above; the curvature rises over
    1.5 s of driving, is held, and falls, so that ∫ v κ dt = π; then the speed returns to where it
    was. With the defaults the turn takes 6 s, at 2 m/s and 0.15 1/m 12 s.

    Notes
    -----
    Ramps and limits as for `left`. The seed perturbs speed by up to 10 %, curvature by up to 5 %,
    the start by up to 100 %.

    References
    ----------
    Cars turn within 10 to 12 m from kerb to kerb, 0.22 to 0.3 1/m at the rear axle: the range here
    leaves them some lock.
    """
    v, kappa, begin = profiles.perturbed(
        draws, noise, (speed, SPEED, 0.1), (curvature, CURVATURE, 0.05), (start, _turn.START, 1.0)
    )
    profile, heading = _turn.turn(
        profiles.instants(horizon, dt),
        speed=v,
        curvature=kappa,
        lateral=profiles.LATERAL_ACCEL,
        angle=np.pi,
        start=begin,
    )
    return profiles.drive(profile, dt, heading)


@hookimpl
def rollkit_action_sources():
    return [u_turn]
