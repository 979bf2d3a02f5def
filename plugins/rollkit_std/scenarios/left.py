"""Left turn at an intersection."""

from rollkit import Actions, Draws, State, action_source, hookimpl
from rollkit_std.scenarios import _turn
from rollkit_std.scenarios._profiles import Noise


@action_source(limits=_turn.LIMITS)
def left(
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
    """Left turn at an intersection: brake, turn by 90°, speed up again.

    After `start` the speed falls smoothly to the turning speed √(lateral_accel / curvature), or
    stays if it is lower already. The curvature rises over 1.5 s of driving, is held, and falls, so
    that ∫ v κ dt = π/2; with the unwinding the speed returns to where it was. With the defaults
    the turn is complete at 5.9 s.

    Notes
    -----
    Every change is a ramp 10u³ - 15u⁴ + 6u⁵. Braking stays within 3 m/s², speeding up within
    2 m/s², jerk within 4 m/s³, curvature rate within 0.3 1/(m s). The seed perturbs speed,
    curvature and lateral acceleration by up to 8 %, the start by up to 100 %.

    References
    ----------
    Radius 1/κ = 6.7 m: a turn from lane to lane at an urban intersection. Jerk below the
    4.13 m/s³ of nuPlan's comfort metric.
    """
    return _turn.intersection(
        draws,
        1,
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
    return [left]
