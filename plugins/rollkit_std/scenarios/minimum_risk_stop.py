"""Minimum-risk stop."""

from typing import Annotated

from rollkit import Actions, Draws, Param, State, action_source, hookimpl
from rollkit_std.scenarios import _profiles as profiles

DECEL_LIMIT, JERK = 4.0, 4.0  # m/s², m/s³

SPEED = Param("m/s", 1, 40, "speed before the stop")
DECEL = Param("m/s^2", 1, DECEL_LIMIT, "largest deceleration")
START = Param("s", 0, 10, "time before braking begins")


@action_source(limits={"lateral_accel": 0.0, "accel": DECEL_LIMIT, "jerk": JERK})
def minimum_risk_stop(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Annotated[float, SPEED] = 8.0,
    decel: Annotated[float, DECEL] = 3.5,
    start: Annotated[float, START] = 0.2,
    noise: profiles.Noise = 1.0,
) -> tuple[State, Actions]:
    """Minimum-risk stop: one smooth ramp to a standstill, straight ahead, then stand.

    v = speed (1 - 10u³ + 15u⁴ - 6u⁵), u = (t - start) / D from 0 to 1, with D the shortest time
    that keeps |a| = 15/8 speed/D within `decel` and the jerk, at most 10/√3 speed/D², within
    4 m/s³.

    Notes
    -----
    The seed perturbs speed and deceleration by up to 10 %, the deceleration to at most 4 m/s², and
    the start by up to 100 %.

    References
    ----------
    4 m/s²: UN Regulation No. 157 (automated lane keeping systems), 5.5.1, minimum risk manoeuvre.
    """
    v, strength, begin = profiles.perturbed(
        draws, noise, (speed, SPEED, 0.1), (decel, DECEL, 0.1), (start, START, 1.0)
    )
    lasting = profiles.ramp_time(v, accel=strength, jerk=JERK)
    return profiles.drive(
        v * (1 - profiles.ramp(profiles.instants(horizon, dt), begin, lasting)), dt
    )


@hookimpl
def rollkit_action_sources():
    return [minimum_risk_stop]
