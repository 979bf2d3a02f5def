"""Emergency braking."""

from typing import Annotated

import numpy as np

from rollkit import Actions, Draws, Param, State, action_source, hookimpl
from rollkit_std.scenarios import _profiles as profiles

DECEL_LIMIT = 0.774 * 9.80665  # m/s²
JERK = 12.65  # m/s³

SPEED = Param("m/s", 3, 40, "speed before braking")
DECEL = Param("m/s^2", 4, DECEL_LIMIT, "deceleration reached and held")
START = Param("s", 0, 10, "time before braking begins")


@action_source(limits={"lateral_accel": 0.0, "accel": DECEL_LIMIT, "jerk": JERK})
def emergency_brake(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Annotated[float, SPEED] = 15.0,
    decel: Annotated[float, DECEL] = DECEL_LIMIT,
    start: Annotated[float, START] = 0.5,
    noise: profiles.Noise = 1.0,
) -> tuple[State, Actions]:
    """Emergency braking: a = -min(12.65 m/s³ (t - start), decel), straight ahead, to the end.

    The command stays after the vehicle has stopped, as a brake pedal does: the integrator has to
    hold the speed at 0.

    Notes
    -----
    Each action is the mean of a over its step. The seed perturbs speed and deceleration by up to
    10 %, the deceleration to at most 0.774 g, and the start by up to 50 %.

    References
    ----------
    0.774 g reached in 0.6 s, that is 12.65 m/s³: the competent and careful driver of UN Regulation
    No. 157 (automated lane keeping systems).
    """
    v, strength, begin = profiles.perturbed(
        draws, noise, (speed, SPEED, 0.1), (decel, DECEL, 0.1), (start, START, 0.5)
    )
    strength, jerk = strength * profiles.INSIDE, JERK * profiles.INSIDE
    rise = strength / jerk
    braking = np.maximum(profiles.instants(horizon, dt) - begin, 0)
    # The integral of the deceleration: a parabola while it rises, then a line.
    lost = jerk / 2 * np.square(np.minimum(braking, rise)) + strength * np.maximum(
        braking - rise, 0
    )
    return profiles.drive(v - lost, dt)


@hookimpl
def rollkit_action_sources():
    return [emergency_brake]
