"""Change of lane at constant speed."""

from typing import Annotated, Literal

import numpy as np

from rollkit import Actions, Draws, Param, State, action_source, hookimpl
from rollkit.arrays import Array
from rollkit_std.scenarios import _profiles as profiles

# Any combination keeps to the lateral limit: about 2π width / duration², 2.9 m/s² at the most.
SPEED = Param("m/s", 5, 40, "speed, held throughout")
WIDTH = Param("m", 2.5, 4.0, "how far to the side: the width of a lane")
DURATION = Param("s", 3, 12, "time from leaving the lane's direction to being parallel again")
START = Param("s", 0, 10, "time before the change begins")


@action_source(
    limits={"lateral_accel": profiles.LATERAL_ACCEL, "accel": 0.0, "curvature_rate": 0.3}
)
def lane_change(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Annotated[float, SPEED] = 15.0,
    width: Annotated[float, WIDTH] = 3.5,
    duration: Annotated[float, DURATION] = 5.0,
    start: Annotated[float, START] = 0.5,
    side: Annotated[Literal["left", "right"], Param(doc="where to")] = "left",
    noise: profiles.Noise = 1.0,
) -> tuple[State, Actions]:
    """Change of lane: swing out and back to parallel, `width` to the side, at constant speed.

    From `start` on the heading is ψ = A (1 - cos 2πu)/2 over the distance speed × duration, u from
    0 to 1, and κ = dψ/ds one period of a sine. A is such that ∫ sin ψ ds is the width exactly, not
    for small angles only.

    Notes
    -----
    The curvature rate stays within 0.3 1/(m s), at common speeds below 0.01. The seed perturbs
    speed and duration by up to 10 %, the width by up to 5 %, the start by up to 50 %.

    References
    ----------
    Lane width 3.5 m: common for motorways and rural roads. Duration: 6.3 s with a deviation of 2 s
    over 7192 lane changes, Olsen, Lee, Wierwille and Goodman, Analysis of Distribution, Frequency,
    and Duration of Naturalistic Lane Changes, HFES 2002; the default is a brisker one.
    """
    v, lateral, lasting, begin = profiles.perturbed(
        draws, noise, (speed, SPEED, 0.1), (width, WIDTH, 0.05), (duration, DURATION, 0.1),
        (start, START, 0.5),
    )  # fmt: skip
    length = v * lasting
    swing = _swing(lateral / length) * (1 if side == "left" else -1)
    profile = profiles.held(v, profiles.instants(horizon, dt))
    return profiles.drive(profile, dt, lambda s: profiles.weave(s, v * begin, length, swing))


def _swing(ratio: Array) -> Array:
    """The A in rad whose mean of sin ψ over u is this ratio of width to length, up to 0.4."""
    swings = np.linspace(0, 1, 201)
    u = np.arange(32) / 32  # the mean over a full period converges at once
    ratios = np.mean(np.sin(np.outer(swings, (1 - np.cos(2 * np.pi * u)) / 2)), axis=1)
    return np.interp(ratio, ratios, swings)


@hookimpl
def rollkit_action_sources():
    return [lane_change]
