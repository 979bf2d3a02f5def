"""What the scenarios are made of: the time grid, what the seed perturbs, smooth changes, actions.

A scenario writes down its speed over time and its heading over distance. The actions are their
means over each step, so they inherit the bounds of the smooth profile at every dt: |a| stays below
the steepest slope of the speed, the jerk below its sharpest bend.
"""

from collections.abc import Callable
from typing import Annotated

import numpy as np

from rollkit import Actions, Draws, Param, State, UsageError, arrays
from rollkit.arrays import Array

LATERAL_ACCEL = 3.0  # m/s², the largest v²κ of any scenario
INSIDE = 1 - 1e-6  # keeps rounding on the near side of a declared limit

# The steepest slope and the sharpest bend of `ramp`, for a change of 1 in a time of 1.
_SLOPE, _BEND = 15 / 8, 10 / np.sqrt(3)

Noise = Annotated[float, Param("1", 0, 1, "how much the seed perturbs the scenario; 0: not at all")]


def steps(horizon: float, dt: float) -> int:
    """Number of steps T of a horizon that is a multiple of dt."""
    return round(horizon / dt)


def instants(horizon: float, dt: float) -> Array:
    """The instants 0, dt, ..., horizon in s, `(T+1,)`."""
    return np.arange(steps(horizon, dt) + 1) * dt


def perturbed(draws: Draws, noise: float, *nominal: tuple[float, Param, float]) -> list[Array]:
    """Each nominal value, perturbed per seed by up to ±share and clipped to its declared range.

    Takes `(value, about, share)` for each and gives a column `(n, 1)` for each.
    """
    shift = noise * (2 * draws.uniform(len(nominal)) - 1)
    return [
        np.clip(value * (1 + share * shift[:, [i]]), about.low, about.high)
        for i, (value, about, share) in enumerate(nominal)
    ]


def held(speed: Array, time: Array) -> Array:
    """A constant speed `(n, 1)` at all instants."""
    profile = arrays.empty((len(speed),), len(time))
    profile[...] = speed
    return profile


def ramp(time: Array, start: Array | float, duration: Array) -> Array:
    """From 0 at the start to 1 after the duration: 10 u³ - 15 u⁴ + 6 u⁵, smooth at both ends."""
    *batch, length = np.broadcast_shapes(np.shape(time), np.shape(start), np.shape(duration))
    u = np.subtract(time, start, out=arrays.empty(tuple(batch), length))
    u /= np.maximum(duration, 1e-9)
    return _times_power(np.clip(u, 0, 1, out=u), 3, 6, -15, 10)


def ramp_area(distance: Array, start: Array, length: Array) -> Array:
    """Integral of `ramp` over distance: length (5/2 u⁴ - 3 u⁵ + u⁶), and linear after the ramp."""
    u = distance - start
    u /= length
    np.maximum(u, 0, out=u)
    within = np.minimum(u, 1)
    u -= within
    u += _times_power(within, 4, 1, -3, 2.5)
    u *= length
    return u


def _times_power(u: Array, power: int, a: float, b: float, c: float) -> Array:
    """uᵖ (a u² + b u + c), in place: fresh arrays would double its cost."""
    value = u * a
    value += b
    value *= u
    value += c
    for _ in range(power):
        value *= u
    return value


def ramp_time(change: Array, *, accel: float | Array, jerk: float) -> Array:
    """The least duration in s of a ramp that changes the speed within these bounds."""
    least = np.maximum(_SLOPE * change / accel, np.sqrt(_BEND * change / jerk))
    return np.asarray(least / INSIDE)


def weave(distance: Array, start: Array, length: Array, swing: Array) -> Array:
    """Heading in rad that swings out and back once: swing (1 - cos 2πu)/2 over the length.

    Its curvature is one period of a sine, π swing / length at its peak.
    """
    u = np.clip((distance - start) / length, 0, 1)
    cos, _ = arrays.cos_sin(2 * np.pi * u)
    return swing * (1 - cos) / 2


def waves(time: Array, frequency: Array, amplitude: Array, phase: Array) -> Array:
    """Sum of the waves amplitude sin(2π frequency t + phase), `(n, len(time))`; phases `(n, k)`."""
    angle = 2 * np.pi * np.outer(frequency, time)
    total, term = (arrays.empty((len(phase),), len(time)) for _ in range(2))
    total[...] = 0
    # sin(ω t + φ) taken apart: sines for each instant and for each seed, none for each of both.
    for sin, cos, size, turned in zip(
        np.sin(angle), np.cos(angle), amplitude, phase.T, strict=True
    ):
        total += np.multiply((size * np.cos(turned))[:, None], sin, out=term)
        total += np.multiply((size * np.sin(turned))[:, None], cos, out=term)
    return total


def drive(
    speed: Array, dt: float, heading: Callable[[Array], Array] | None = None
) -> tuple[State, Actions]:
    """The state and the actions that follow a speed profile `(n, T+1)` along a path.

    The heading in rad is a function of distance in m; without it the path is straight. Curvature
    is the change of heading over the distance of each step, so that `exact` and `rk4` reproduce the
    heading at every instant. v²κ is held within `LATERAL_ACCEL`; a scenario whose parameters keep
    to it loses at most a sliver there, in the step in which braking ends and steering begins.
    """
    accel = arrays.differences(speed, dt)
    curvature = np.zeros_like(accel)
    if heading is not None:
        before = speed[:, :-1]
        length = (before + speed[:, 1:]) * (dt / 2)
        turned = arrays.differences(heading(arrays.cumulative(np.zeros(len(speed)), length)))
        turned *= np.abs(turned) > 1e-12  # less is rounding of the heading, not steering
        curvature = turned / np.maximum(length, 1e-9)
        bound = LATERAL_ACCEL * INSIDE / np.maximum(before * before, 1e-9)
        np.clip(curvature, -bound, bound, out=curvature)
    return State(speed=speed[:, 0]), Actions(accel, curvature, dt)


def refuse_beyond_lateral(owner: str, speed: float, curvature: float) -> None:
    """Refuse nominal parameters whose v²κ is beyond what any scenario drives."""
    got = speed * speed * curvature
    if got > LATERAL_ACCEL:
        raise UsageError(
            f"{owner}: speed up to {speed:g} m/s at curvature {curvature:g} 1/m: "
            f"got v²κ = {got:.3g} m/s², expected at most {LATERAL_ACCEL:g}",
            # 0.995: three digits must not round up beyond what is allowed.
            hint=f"at this speed set curvature <= {0.995 * LATERAL_ACCEL / speed**2:.3g}, or at "
            f"this curvature keep it <= {0.995 * np.sqrt(LATERAL_ACCEL / curvature):.3g} m/s",
        )
