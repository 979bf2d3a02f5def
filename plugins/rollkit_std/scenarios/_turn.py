"""Slow down, turn by an angle, speed up again: shared by left, right and u_turn."""

from collections.abc import Callable
from typing import Annotated

import numpy as np

from rollkit import Actions, Draws, Param, State
from rollkit.arrays import Array
from rollkit_std.scenarios import _profiles as profiles

# Brisk but comfortable; jerk stays below the 4.13 m/s³ of nuPlan's comfort metric.
BRAKE, SPEED_UP, JERK = 3.0, 2.0, 4.0  # m/s², m/s², m/s³
STEER_TIME = 1.5  # s, from straight to the full curvature and back again
LIMITS = {
    "lateral_accel": profiles.LATERAL_ACCEL,
    "accel": BRAKE,
    "jerk": JERK,
    "curvature_rate": 0.3,
}

SPEED = Param("m/s", 3, 20, "speed of approach and of departure")
CURVATURE = Param("1/m", 0.05, 0.2, "largest curvature of the turn")
LATERAL = Param("m/s^2", 0.5, profiles.LATERAL_ACCEL, "v²κ in the turn; sets the turning speed")
START = Param("s", 0, 10, "time before braking begins")

Speed = Annotated[float, SPEED]
Curvature = Annotated[float, CURVATURE]
Lateral = Annotated[float, LATERAL]
Start = Annotated[float, START]


def turn(
    time: Array,
    *,
    speed: Array,
    curvature: Array,
    lateral: Array | float,
    angle: float,
    start: Array,
) -> tuple[Array, Callable[[Array], Array]]:
    """Speed over time `(n, T+1)`, and heading over distance, of one turn to the left.

    The turning speed is √(lateral / κ), or the speed of approach if that is lower. Curvature rises
    and falls as a smooth ramp over STEER_TIME. Steering begins while the last of the braking still
    goes on, and speeding up while the unwinding does.
    """
    slow = np.minimum(speed, np.sqrt(lateral * profiles.INSIDE / curvature))
    brake = profiles.ramp_time(speed - slow, accel=BRAKE, jerk=JERK)
    quicken = profiles.ramp_time(speed - slow, accel=SPEED_UP, jerk=JERK)

    # While the curvature is below half its peak, the rest of the braking adds too little to v²κ.
    early = np.minimum(0.35 * brake, STEER_TIME / 2)
    wind = STEER_TIME * slow
    held = angle / curvature  # from the begin of winding to the begin of unwinding
    enter = speed * start + (speed + slow) / 2 * brake - slow * early
    go = start + brake - early + held / slow + STEER_TIME / 4

    change = profiles.ramp(time, start, brake) - profiles.ramp(time, go, quicken)

    def heading(distance: Array) -> Array:
        wound = profiles.ramp_area(distance, enter, wind)
        wound -= profiles.ramp_area(distance, enter + held, wind)
        return np.multiply(wound, curvature, out=wound)

    return speed - (speed - slow) * change, heading


def intersection(
    draws: Draws,
    side: int,
    *,
    horizon: float,
    dt: float,
    speed: float,
    curvature: float,
    lateral_accel: float,
    start: float,
    noise: float,
) -> tuple[State, Actions]:
    """A quarter turn, to the left for side +1 and to the right for -1, perturbed by the seed."""
    v, kappa, lateral, begin = profiles.perturbed(
        draws,
        noise,
        (speed, SPEED, 0.08),
        (curvature, CURVATURE, 0.08),
        (lateral_accel, LATERAL, 0.08),
        (start, START, 1.0),
    )
    time = profiles.instants(horizon, dt)
    profile, heading = turn(
        time, speed=v, curvature=kappa, lateral=lateral, angle=np.pi / 2, start=begin
    )
    return profiles.drive(profile, dt, lambda distance: side * heading(distance))
