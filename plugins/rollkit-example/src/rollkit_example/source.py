"""A slalom past evenly spaced cones."""

from typing import Annotated

import numpy as np

from rollkit import Actions, Draws, Param, State, action_source, arrays

LATERAL_ACCEL = 3.0  # m/s², the most that any setting reaches
INSIDE = 1 - 1e-6  # keeps rounding on the near side of it

SPEED = Param("m/s", 5, 20, "speed, held throughout")
SPACING = Param("m", 10, 30, "distance from cone to cone")
PEAK = Param("m/s^2", 0.5, LATERAL_ACCEL, "largest lateral acceleration")
NOISE = Param("1", 0, 1, "how much the seed perturbs the rest; 0: not at all")


@action_source(limits={"lateral_accel": LATERAL_ACCEL, "accel": 0.0})
def slalom(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Annotated[float, SPEED] = 10.0,
    spacing: Annotated[float, SPACING] = 18.0,
    lateral_accel: Annotated[float, PEAK] = 2.0,
    noise: Annotated[float, NOISE] = 1.0,
) -> tuple[State, Actions]:
    """Slalom at constant speed: the curvature alternates, with one peak at every cone.

    Along the distance s, κ = lateral_accel / speed² × cos(π s / spacing). The row of cones lies
    along x; the rollout begins with the heading that the weave has there.

    Parameters
    ----------
    draws : Draws
        n seeds.
    horizon, dt : float
        s, from the run.
    speed, spacing, lateral_accel, noise : float
        Options; units and ranges above.

    Returns
    -------
    State `(n,)` and Actions `(n, T)`

    Notes
    -----
    The seed takes up to 10 % off the speed and 20 % off the lateral acceleration, and begins up to
    one spacing further on. Curvature is the mean over each step, so the heading does not depend on
    dt.
    """
    less_speed, less_peak, further = noise * draws.uniform(3).T[..., None]
    v = speed * (1 - 0.1 * less_speed)
    peak = INSIDE * lateral_accel * (1 - 0.2 * less_peak) / np.square(v)
    time = np.arange(round(horizon / dt) + 1) * dt
    angle = np.pi * (further + v * time / spacing)
    yaw = peak * spacing / np.pi * np.sin(angle)
    curvature = arrays.differences(yaw) / (v * dt)
    return State(yaw=yaw[:, 0], speed=v[:, 0]), Actions(0 * curvature, curvature, dt)
