"""Straight ahead at constant speed."""

from typing import Annotated

from rollkit import Actions, Draws, Param, State, action_source, hookimpl
from rollkit_std.scenarios import _profiles as profiles

SPEED = Param("m/s", 0, 50, "speed, held throughout")


@action_source(limits={"lateral_accel": 0.0, "accel": 0.0, "curvature": 0.0})
def straight(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Annotated[float, SPEED] = 10.0,
    noise: profiles.Noise = 1.0,
) -> tuple[State, Actions]:
    """Straight ahead at constant speed: a = 0 and κ = 0 throughout.

    The zero of most metrics, and the scenario to check a new one against.

    Notes
    -----
    The seed perturbs the speed by up to 10 %.
    """
    (v,) = profiles.perturbed(draws, noise, (speed, SPEED, 0.1))
    return profiles.drive(profiles.held(v, profiles.instants(horizon, dt)), dt)


@hookimpl
def rollkit_action_sources():
    return [straight]
