"""The most likely drive behind noisy poses: Gauss-Newton on states and actions together.

Unknowns of each instant, side by side so that all matrices are banded with half-width 6:
x, y, yaw, speed, acceleration, curvature. The last two are held over the step that follows.
"""

from typing import NamedTuple

import numpy as np

from rollkit import arrays
from rollkit.arrays import Array
from rollkit_std.inverses.banded import solve

SIZE = 6
X, Y, YAW, SPEED, ACCEL, CURVATURE = range(SIZE)
ITERATIONS = 4  # Gauss-Newton's: the fourth moves a drive by less than a tenth of a millimetre

# How far a step may be off its closed form, in m, rad and m/s: next to nothing, but not so little
# that the rest drowns in rounding.
_SLACK = (1e-4, 1e-4, 1e-5, 1e-4)
_MET = 1e-3  # m/s: a speed that is known is that speed
_LEAST_WAY = 0.05  # m: for the first guess of a curvature, shorter steps count less


class Scales(NamedTuple):
    """Standard deviations, and what actions and their rates are like over one second."""

    position: float  # m
    heading: float | None  # rad; None: not observed
    accel: float  # m/s²
    jerk: float  # m/s³
    curvature: float  # 1/m
    curvature_rate: float  # 1/(m s)


def smoothed(
    poses: tuple[Array, Array, Array], speed: Array, known: Array, dt: float, by: Scales
) -> Array:
    """Unknowns `(6, T+1, cases)` that explain the poses x, y, yaw best.

    `speed` is a first guess; `known` holds the speeds that are to be met, nan elsewhere. The last
    acceleration and curvature lead nowhere.
    """
    found = _guess(poses, speed, dt)
    for _ in range(ITERATIONS):
        normal = _Normal(*speed.shape)
        _observe(normal, found, poses, known, by)
        _drive(normal, found, dt)
        _expect(normal, found, dt, by)
        found += normal.solution()
    return found


def _guess(poses: tuple[Array, Array, Array], speed: Array, dt: float) -> Array:
    way = (speed[:-1] + speed[1:]) * (dt / 2)
    found = np.zeros((SIZE, *speed.shape))
    found[: SPEED + 1] = *poses, speed
    found[ACCEL, :-1] = arrays.differences(speed.T, dt).T
    found[CURVATURE, :-1] = arrays.differences(poses[YAW].T).T * way / (way**2 + _LEAST_WAY**2)
    return found


class _Normal:
    """Normal equations of weighted residuals, each of unknowns at one instant and the next."""

    def __init__(self, instants: int, cases: int) -> None:
        self._bands = np.zeros((SIZE + 1, SIZE * instants, cases))
        self._right = np.zeros((SIZE * instants, cases))
        self._shape = (instants, SIZE, cases)

    def add(self, residual: Array, weight: Array | float, slopes: dict[int, Array | float]) -> None:
        """Residuals `(count, cases)` of the first instants, and their slopes.

        A slope's place is 0 to 5 for an unknown of this instant, 6 to 11 for one of the next.
        """
        count = len(residual)
        places = sorted(slopes)
        for at in places:
            weighted = weight * slopes[at]
            here = slice(at, at + SIZE * count - SIZE + 1, SIZE)
            self._right[here] -= weighted * residual
            for to in places:
                if to >= at:
                    self._bands[to - at][here] += weighted * slopes[to]

    def solution(self) -> Array:
        """What to add to the unknowns, `(6, instants, cases)`."""
        return solve(list(self._bands), self._right).reshape(self._shape).transpose(1, 0, 2)


def _observe(
    normal: _Normal, found: Array, poses: tuple[Array, Array, Array], known: Array, by: Scales
) -> None:
    """What was measured: the poses, and here and there a speed."""
    # Not observed, the yaw still has to be one: a turn by π and backwards would do as well.
    heading = np.pi / 2 if by.heading is None else by.heading
    for one, scale in ((X, by.position), (Y, by.position), (YAW, heading)):
        normal.add(found[one] - poses[one], scale**-2, {one: 1.0})
    met = np.isfinite(known)
    if met.any():
        error = np.where(met, found[SPEED] - known, 0.0)
        normal.add(error, np.where(met, _MET**-2, 0.0), {SPEED: 1.0})


def _drive(normal: _Normal, found: Array, dt: float) -> None:
    """Each step is an arc: what `exact` does, as long as the speed does not change its sign."""
    x, y, yaw, v, a, kappa = found[:, :-1]
    way = v * dt + a * (dt * dt / 2)
    half = kappa * way / 2
    chord = way * arrays.sinc(half)
    cos, sin = arrays.cos_sin(yaw + half)
    ahead, aside = chord * cos, chord * sin
    to_x, to_y = arrays.cos_sin(yaw + 2 * half)
    # Of the chord 2 sin(κ s/2)/κ: the arc bends it sideways, and shortens it a little.
    shorter = way * way * half / -6
    bent_x, bent_y = shorter * cos - aside * way / 2, shorter * sin + ahead * way / 2
    later = {one: found[one, 1:] for one in (X, Y, YAW, SPEED)}
    per_v, per_a = dt, dt * dt / 2
    weights = [one**-2 for one in _SLACK]
    normal.add(
        x + ahead - later[X],
        weights[0],
        {X: 1.0, YAW: -aside, SPEED: to_x * per_v, ACCEL: to_x * per_a, CURVATURE: bent_x}
        | {SIZE + X: -1.0},
    )
    normal.add(
        y + aside - later[Y],
        weights[1],
        {Y: 1.0, YAW: ahead, SPEED: to_y * per_v, ACCEL: to_y * per_a, CURVATURE: bent_y}
        | {SIZE + Y: -1.0},
    )
    normal.add(
        yaw + 2 * half - later[YAW],
        weights[2],
        {YAW: 1.0, SPEED: kappa * per_v, ACCEL: kappa * per_a, CURVATURE: way, SIZE + YAW: -1.0},
    )
    normal.add(v + a * dt - later[SPEED], weights[3], {SPEED: 1.0, ACCEL: dt, SIZE + SPEED: -1.0})


def _expect(normal: _Normal, found: Array, dt: float, by: Scales) -> None:
    """What drives are like: ∫ of each squared over its scale, per second."""
    last = np.zeros((found.shape[1], 1))
    last[-1] = 1.0  # leads nowhere: held at 0
    for one, size, rate in (
        (ACCEL, by.accel, by.jerk),
        (CURVATURE, by.curvature, by.curvature_rate),
    ):
        value, steep = found[one], np.ones(1)
        if one == CURVATURE:  # ∫(u² + u⁴/2): the fourth power is for what no vehicle does
            square = (value / size) ** 2
            steep = 1 + 3 * square
            value = value * (1 + square) / steep
        normal.add(value, dt / size**2 * steep + last, {one: 1.0})
        change = (found[one, 1:-1] - found[one, :-2]) / dt
        if not len(change):
            continue
        weight = np.full(change.shape, dt / rate**2)
        if one == CURVATURE:  # at speed, v²κ' is a jerk too
            weight += dt * (found[SPEED, 1:-1] ** 2 / by.jerk) ** 2
        normal.add(change, weight, {one: -1 / dt, SIZE + one: 1 / dt})
