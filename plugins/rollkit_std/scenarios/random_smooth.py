"""Random smooth driving."""

from typing import Annotated

import numpy as np

from rollkit import Actions, Draws, Param, State, UsageError, action_source, hookimpl
from rollkit_std.scenarios import _profiles as profiles

SPEED = Param("m/s", 1, 40, "mean speed")
ACCEL = Param("m/s^2", 0, 2, "bound of the acceleration")
CURVATURE = Param("1/m", 0, 0.1, "bound of the curvature")
BANDWIDTH = Param("Hz", 0.05, 1, "highest frequency in acceleration and curvature")

LIMITS = {"lateral_accel": profiles.LATERAL_ACCEL, "accel": 2.0, "jerk": 6.4}

# Frequencies of the waves as shares of the bandwidth: in ratios of primes they meet again late.
_SHARES = np.array([2, 3, 5, 7, 11, 13, 17, 19]) / 19


@action_source(limits={**LIMITS, "curvature_rate": 0.32})
def random_smooth(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Annotated[float, SPEED] = 10.0,
    accel: Annotated[float, ACCEL] = 1.5,
    curvature: Annotated[float, CURVATURE] = 0.02,
    bandwidth: Annotated[float, BANDWIDTH] = 0.5,
    noise: profiles.Noise = 1.0,
) -> tuple[State, Actions]:
    """Random smooth driving: a and κ are sums of eight waves each, with phases of the seed's own.

    a = accel/8 Σ cos(2πft + φ) and κ = curvature/8 Σ sin(2πft + θ) for f = bandwidth × p/19, p the
    primes up to 19. The speed is thereby within 0.55 accel / bandwidth of its mean.

    Raises
    ------
    UsageError
        The speed could fall below 0; its peak² × curvature could exceed 3 m/s²; or the bandwidth is
        above 1/(2 dt), the highest frequency that steps of dt can carry.

    Notes
    -----
    Jerk stays within 3.2 accel × bandwidth, curvature rate within 3.2 curvature × bandwidth. The
    seed draws the phases and perturbs speed, accel and curvature by up to 10 %, as far as the speed
    and v²κ keep their bounds.
    """
    if bandwidth > 0.5 / dt:
        raise UsageError(
            f"random_smooth: bandwidth: got {bandwidth:g} Hz, expected at most {0.5 / dt:g} Hz",
            hint=f"steps of dt = {dt:g} s carry no more: lower the bandwidth or dt",
        )
    size = 1 / (len(_SHARES) * 2 * np.pi * bandwidth * _SHARES)  # of the speed's waves, accel 1
    swing = float(size.sum())
    if accel * swing > speed:
        raise UsageError(
            f"random_smooth: speed: got {speed:g} m/s, expected at least {accel * swing:.3g} m/s, "
            f"by which accel {accel:g} m/s² below {bandwidth:g} Hz can lower it",
            hint="raise speed or bandwidth, or lower accel",
        )
    profiles.refuse_beyond_lateral("random_smooth", speed + accel * swing, curvature)
    v, strength, kappa = profiles.perturbed(
        draws, noise, (speed, SPEED, 0.1), (accel, ACCEL, 0.1), (curvature, CURVATURE, 0.1)
    )
    strength = np.minimum(strength, v / swing) * profiles.INSIDE
    kappa = np.minimum(kappa, profiles.LATERAL_ACCEL / np.square(v + strength * swing))
    # For noise 0 fixed phases whose crests do not meet, for noise 1 any.
    phase = 2 * np.pi * (0.618 * np.square(np.arange(16)) + noise * draws.uniform(16))
    time = profiles.instants(horizon, dt)
    wander = profiles.waves(time, bandwidth * _SHARES, size, phase[:, :8])
    state, actions = profiles.drive(v + strength * wander, dt)
    middle = time[:-1] + dt / 2
    bend = profiles.waves(middle, bandwidth * _SHARES, np.full(8, 1 / 8), phase[:, 8:])
    return state, Actions(actions.accel, profiles.INSIDE * kappa * bend, dt)


@hookimpl
def rollkit_action_sources():
    return [random_smooth]
