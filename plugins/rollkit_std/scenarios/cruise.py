"""Cruising on a gently bending road."""

from typing import Annotated

import numpy as np

from rollkit import Actions, Draws, Param, State, action_source, arrays, hookimpl
from rollkit.arrays import Array
from rollkit_std.scenarios import _profiles as profiles

SPEED = Param("m/s", 5, 40, "mean speed")
VARIATION = Param("m/s", 0, 2, "largest deviation from the mean speed")
CURVATURE = Param("1/m", 0, 0.01, "peak curvature of the road")

# Two slow waves of the speed, at one in 15 s and one in 9 s; the road repeats every 200 m.
_SHARE, _FREQUENCY = np.array([0.6, 0.4]), np.array([1 / 15, 1 / 9])
_WAVENUMBER = 2 * np.pi / 200


@action_source(
    limits={
        "lateral_accel": profiles.LATERAL_ACCEL,
        "accel": 1.1,
        "jerk": 0.7,
        "curvature_rate": 0.006,
    }
)
def cruise(
    draws: Draws,
    *,
    horizon: float,
    dt: float,
    speed: Annotated[float, SPEED] = 15.0,
    variation: Annotated[float, VARIATION] = 0.5,
    curvature: Annotated[float, CURVATURE] = 0.003,
    noise: profiles.Noise = 1.0,
) -> tuple[State, Actions]:
    """Cruise: hold a speed as drivers do, give or take, on a gently bending road.

    The speed is speed + variation (0.6 sin 2πt/15 s + 0.4 sin 2πt/9 s), the road's curvature over
    distance curvature × sin 2πs/200 m, each with a phase of the seed's.

    Raises
    ------
    UsageError
        (speed + variation)² × curvature above 3 m/s².

    Notes
    -----
    |a| stays within 0.53 variation per second, jerk within 0.30 variation per second², curvature
    rate within 2π/200 m × v × curvature. The seed perturbs speed, variation and curvature by up to
    10 %, and shifts the three phases; where v²κ would exceed 3 m/s², its curvature gives way.
    """
    profiles.refuse_beyond_lateral("cruise", speed + variation, curvature)
    v, wander, kappa = profiles.perturbed(
        draws, noise, (speed, SPEED, 0.1), (variation, VARIATION, 0.1), (curvature, CURVATURE, 0.1)
    )
    phase = 2 * np.pi * noise * draws.uniform(3)
    kappa = np.minimum(kappa, profiles.LATERAL_ACCEL / np.square(v + wander))
    wave = profiles.waves(profiles.instants(horizon, dt), _FREQUENCY, _SHARE, phase[:, :2])

    def heading(distance: Array) -> Array:
        cos, _ = arrays.cos_sin(_WAVENUMBER * distance + phase[:, [2]])
        return -kappa / _WAVENUMBER * cos

    return profiles.drive(v + wander * wave, dt, heading)


@hookimpl
def rollkit_action_sources():
    return [cruise]
