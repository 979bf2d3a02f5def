"""Stop-and-go traffic."""

from typing import Annotated

import numpy as np

from rollkit import Actions, Draws, Param, State, action_source, hookimpl
from rollkit_std.scenarios import _profiles as profiles

BRAKE, SPEED_UP, JERK = 3.0, 2.0, 4.0  # m/s², m/s², m/s³: brisk but comfortable

SPEED = Param("m/s", 1, 8, "speed between the stops")
STAND = Param("s", 2, 20, "time standing at each stop")
ROLL = Param("s", 0, 20, "time at speed between speeding up and braking again")
START = Param("s", 0, 10, "time before the first braking")


@action_source(limits={"lateral_accel": 0.0, "accel": BRAKE, "jerk": JERK})
def stop_and_go(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Annotated[float, SPEED] = 5.0,
    stand: Annotated[float, STAND] = 2.0,
    roll: Annotated[float, ROLL] = 2.0,
    start: Annotated[float, START] = 0.2,
    noise: profiles.Noise = 1.0,
) -> tuple[State, Actions]:
    """Stop-and-go: brake to a standstill, stand, drive off, roll, over and over, straight ahead.

    Every change of speed is a ramp 10u³ - 15u⁴ + 6u⁵ as short as |a| <= 3 m/s² braking, 2 m/s²
    speeding up, and |jerk| <= 4 m/s³ allow. Each stop lasts `stand` and one step more, so that
    the rollout stands at instants that are at least `stand` apart.

    Notes
    -----
    The seed perturbs speed, standing and rolling by up to 20 %, the start by up to 100 %. All
    stops of a seed are alike.
    """
    v, standing, rolling, begin = profiles.perturbed(
        draws, noise, (speed, SPEED, 0.2), (stand, STAND, 0.2), (roll, ROLL, 0.2),
        (start, START, 1.0),
    )  # fmt: skip
    brake = profiles.ramp_time(v, accel=BRAKE, jerk=JERK)
    quicken = profiles.ramp_time(v, accel=SPEED_UP, jerk=JERK)
    go = brake + standing + dt
    cycle = go + quicken + rolling
    time = np.maximum(profiles.instants(horizon, dt) - begin, 0) % cycle
    stopped = profiles.ramp(time, 0.0, brake) - profiles.ramp(time, go, quicken)
    return profiles.drive(v * (1 - stopped), dt)


@hookimpl
def rollkit_action_sources():
    return [stop_and_go]
