"""Right turn at an intersection."""

from rollkit import Actions, Draws, State, action_source, hookimpl
from rollkit_std.scenarios import _turn
from rollkit_std.scenarios._profiles import Noise


@action_source(limits=_turn.LIMITS)
def right(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: _turn.Speed = 8.0,
    curvature: _turn.Curvature = 0.15,
    lateral_accel: _turn.Lateral = 2.5,
    start: _turn.Start = 0.2,
    noise: Noise = 1.0,
) -> tuple[State, Actions]:
    """Right turn at an intersection: the mirror image of `left`.

    Brake after `start` to √(lateral_accel / curvature), steer to -curvature and back so that
    ∫ v κ dt = -π/2, speed up again.

    Notes
    -----
    Ramps, limits, what the seed perturbs and where the numbers come from: as for `left`. A right
    turn in right-hand traffic is often tighter: set curvature up to 0.2 1/m.
    """
    return _turn.intersection(
        draws,
        -1,
        horizon=horizon,
        dt=dt,
        speed=speed,
        curvature=curvature,
        lateral_accel=lateral_accel,
        start=start,
        noise=noise,
    )


@hookimpl
def rollkit_action_sources():
    return [right]
