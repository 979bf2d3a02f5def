"""A bend to the left and back to the right."""

from typing import Annotated

import numpy as np

from rollkit import Actions, Draws, Param, State, action_source, hookimpl
from rollkit_std.scenarios import _profiles as profiles

SPEED = Param("m/s", 3, 24, "speed, held throughout")
CURVATURE = Param("1/m", 0.005, 0.05, "peak curvature of both bends")
DURATION = Param("s", 3, 10, "time for both bends")
START = Param("s", 0, 10, "time before the first bend")


@action_source(
    limits={"lateral_accel": profiles.LATERAL_ACCEL, "accel": 0.0, "curvature_rate": 0.11}
)
def s_curve(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Annotated[float, SPEED] = 10.0,
    curvature: Annotated[float, CURVATURE] = 0.02,
    duration: Annotated[float, DURATION] = 5.0,
    start: Annotated[float, START] = 0.5,
    noise: profiles.Noise = 1.0,
) -> tuple[State, Actions]:
    """S-curve: a bend to the left and one to the right, back to the old heading.

    From `start` on κ = curvature × sin 2πu over the distance speed × duration, u from 0 to 1, at
    constant speed; straight before and after. The heading swings out by curvature × length / π.

    Raises
    ------
    UsageError
        speed² × curvature above 3 m/s².

    Notes
    -----
    The curvature rate stays within 2π curvature / duration. The seed perturbs speed, curvature and
    duration by up to 10 %, the start by up to 50 %; where speed² × curvature would exceed 3 m/s²,
    its curvature gives way.
    """
    profiles.refuse_beyond_lateral("s_curve", speed, curvature)
    v, kappa, lasting, begin = profiles.perturbed(
        draws, noise, (speed, SPEED, 0.1), (curvature, CURVATURE, 0.1), (duration, DURATION, 0.1),
        (start, START, 0.5),
    )  # fmt: skip
    length = v * lasting
    swing = np.minimum(kappa, profiles.LATERAL_ACCEL / np.square(v)) * length / np.pi
    profile = profiles.held(v, profiles.instants(horizon, dt))
    return profiles.drive(profile, dt, lambda s: profiles.weave(s, v * begin, length, swing))


@hookimpl
def rollkit_action_sources():
    return [s_curve]
