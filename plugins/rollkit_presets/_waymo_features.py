"""The kinematic features of Waymo's sim agents: central differences, twice for accelerations."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rollkit.arrays import Array

Mask = npt.NDArray[np.bool_]


class Features(NamedTuple):
    """Features of n instants: speeds `(..., n-2)` from the second on, accelerations `(..., n-4)`
    from the third on.
    """

    linear_speed: Array  # m/s, never negative
    linear_accel: Array  # m/s^2
    yaw_rate: Array  # rad/s
    yaw_accel: Array  # rad/s^2


def features(x: Array, y: Array, z: Array | None, yaw: Array, dt: float) -> Features:
    """Speeds and accelerations of poses, in space where there is a height.

    With δf[t] = (f[t+1] - f[t-1]) / 2: speed |δp| / dt, acceleration δ(speed) / dt; heading step
    h = wrap(2 δψ) / 2, yaw rate h / dt, yaw acceleration wrap(2 δh) / 2 / dt².

    Parameters
    ----------
    x, y, yaw : array, `(..., n)`
        m, m and rad.
    z : array, `(..., n)`, optional
        m.
    dt : float
        s.

    Returns
    -------
    Features
        Nan where a pose beside is; empty of fewer than three poses, or five.

    References
    ----------
    waymo-research/waymo-open-dataset, `compute_kinematic_features`; Montali et al., The Waymo Open
    Sim Agents Challenge, 2023.

    Examples
    --------
    >>> x = np.array([0.0, 1.0, 4.0, 9.0, 16.0])
    >>> found = features(x, np.zeros(5), None, np.zeros(5), 0.5)
    >>> found.linear_speed, found.linear_accel
    (array([ 4.,  8., 12.]), array([8.]))
    """
    square = np.square(_central(x)) + np.square(_central(y))
    if z is not None:
        square = square + np.square(_central(z))
    speed = np.sqrt(square) / dt
    turn = _half_wrapped(_central(yaw))
    return Features(
        speed, _central(speed) / dt, turn / dt, _half_wrapped(_central(turn)) / (dt * dt)
    )


def validity(valid: Mask) -> tuple[Mask, Mask]:
    """Where speeds and accelerations are valid, of poses that are `(..., n)`; both `(..., n)`.

    A difference is valid where both neighbours are, its own instant or not.

    >>> speeds, accels = validity(np.array([True, True, False, True, True, True]))
    >>> np.flatnonzero(speeds), np.flatnonzero(accels)
    (array([2, 4]), array([3]))
    """

    def beside(mask: Mask) -> Mask:
        both = np.zeros_like(mask)
        both[..., 1:-1] = mask[..., 2:] & mask[..., :-2]
        return both

    speeds = beside(valid)
    return speeds, beside(speeds)


def displacement_error(position: tuple[Array, ...], reference: tuple[Array, ...]) -> Array:
    """Distance in as many dimensions as both have, m: sqrt(Σ (p - r)²), `(..., n)`.

    >>> displacement_error((np.array([3.0]), np.array([4.0])), (np.zeros(1), np.zeros(1)))
    array([5.])
    """
    pairs = zip(position, reference, strict=False)
    return np.sqrt(sum(np.square(one - other) for one, other in pairs))


def _central(values: Array) -> Array:
    return (values[..., 2:] - values[..., :-2]) / 2


def _half_wrapped(angle: Array) -> Array:
    """Half of the angle's double, wrapped to -π and π: from -π/2 to π/2."""
    return (np.mod(2 * angle + np.pi, 2 * np.pi) - np.pi) / 2
