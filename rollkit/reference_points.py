"""The motion of one point of a vehicle from that of another: rear axle, centre, camera.

The vehicle is rigid, and its rear axle does not slip sideways: there the velocity is along the
body. At a point ahead of it or beside it the velocity has a part across, so `speed`, the length of
the velocity with the sign of its part along the body, is another one, and so are the accelerations.
"""

import numpy as np

from rollkit import arrays, motion
from rollkit.arrays import Array
from rollkit.errors import DataError
from rollkit.model import Trajectory
from rollkit.motion import RATES, Kinematics
from rollkit.vehicles import REAR_AXLE, Vehicle

_Place = tuple[float, float]


def at_point(trajectory: Trajectory, vehicle: Vehicle, to: str) -> Trajectory:
    """The same motion, of another point of the vehicle.

    With the lever (f, l) from one point to the other, yaw ψ, yaw rate ω and yaw acceleration α::

        position         x + f cos ψ - l sin ψ,  y + f sin ψ + l cos ψ
        accel            + (-f ω² - l α)
        lateral_accel    + (f α - l ω²)
        speed            |(v - b ω, a ω)|, negative where v - b ω is,
                         v that of the rear axle, the point (a, b) ahead and to the left of it

    Parameters
    ----------
    trajectory : Trajectory, `(..., T+1)`
        Of the vehicle's `reference_point`.
    vehicle : Vehicle
    to : {"rear_axle", "center", "camera"}

    Returns
    -------
    Trajectory, `(..., T+1)`
        Its yaw and yaw rates are those that came; `recorded` holds all four rates, since at a point
        that moves across the body no difference of its speed is its acceleration. The trajectory
        itself where it is one of that point already. nan where what came is nan; a speed by
        differences is nan beside such an instant, too.

    Raises
    ------
    UsageError
        No such point.
    DataError
        A camera at no known place; a trajectory of another point than the rear axle whose yaw
        nobody measured: the direction of its path is not that of the body.

    Notes
    -----
    Rates are as `kinematics` has them. Where the trajectory has its rotations, the lever is turned
    by these and `z` moves with it; without them it lies in the plane, and `z` stays. Speed and
    rates are those of the motion in the plane either way. Where the speed of another point is less
    than the yaw rate alone would give it, as noise makes it of a vehicle that stands, the rear axle
    stands.

    Examples
    --------
    A circle of 10 m at the rear axle is one of 10.44 m at a point 3 m ahead, and v²κ is that much
    more there:

    >>> import numpy as np
    >>> yaw = np.arange(5) * 0.1
    >>> circle = Trajectory(10 * np.sin(yaw), -10 * np.cos(yaw), yaw, np.full(5, 10.0), dt=0.1)
    >>> car = Vehicle(length=4.9, width=2.1, wheelbase=2.9, rear_axle_to_center=3.0)
    >>> middle = at_point(circle, car, "center")
    >>> np.hypot(middle.x, middle.y).round(2), middle.speed.round(2)
    (array([10.44, 10.44, 10.44, 10.44, 10.44]), array([10.44, 10.44, 10.44, 10.44, 10.44]))
    >>> rates = middle.kinematics
    >>> rates.accel.round(9), rates.lateral_accel.round(9)
    (array([-3., -3., -3., -3., -3.]), array([10., 10., 10., 10., 10.]))
    """
    lever = vehicle.lever(to)
    if to == vehicle.reference_point:
        return trajectory
    if trajectory.yaw_of_path and vehicle.reference_point != REAR_AXLE:
        raise DataError(
            f"at_point: got a trajectory of the vehicle's {vehicle.reference_point} without a yaw: "
            "the direction of its path is not that of the body; expected a yaw"
        )
    rates = kinematics(trajectory, vehicle)
    rear = _rear_speed(trajectory.speed, vehicle.position(vehicle.reference_point), rates.yaw_rate)
    ahead, aside = vehicle.position(to)
    along, across = rear - aside * rates.yaw_rate, ahead * rates.yaw_rate
    length = arrays.distance(along, across)
    x, y, z = _moved(trajectory, lever)
    return Trajectory(
        x,
        y,
        trajectory.yaw,
        np.where(along < 0, -length, length),
        trajectory.dt,
        z=z,
        rotation=trajectory.rotation,
        recorded=_carried(rates, lever)._asdict(),
    )


def kinematics(trajectory: Trajectory, vehicle: Vehicle) -> Kinematics:
    """Accelerations and yaw rates at the vehicle's reference point, `(..., T+1)`.

    What was recorded; what was not, by differences of the yaw and of the speed at the rear axle,
    carried to that point. Where it is the rear axle, this is `trajectory.kinematics`.

    >>> line = Trajectory([0, 1, 3], [0, 0, 0], [0, 0, 0], [0, 2, 4], dt=1.0)
    >>> kinematics(line, Vehicle(4.9, 2.1, 2.9, "center")).accel
    array([2., 2., 2.])
    """
    known = trajectory.recorded
    if vehicle.reference_point == REAR_AXLE or len(known) == len(RATES):
        return trajectory.kinematics
    place = vehicle.position(vehicle.reference_point)
    turning = {name: known[name] for name in ("yaw_rate", "yaw_accel") if name in known}
    yaw_rate = turning.setdefault("yaw_rate", motion.derivative(trajectory.yaw, trajectory.dt))
    rear = _rear_speed(trajectory.speed, place, yaw_rate)
    here = _carried(motion.kinematics(rear, trajectory.yaw, trajectory.dt, turning), place)
    return Kinematics(**{**here._asdict(), **known})


def _rear_speed(speed: Array, place: _Place, yaw_rate: Array) -> Array:
    """The speed of the rear axle from that of a point ahead and to the left of it."""
    ahead, aside = place
    if place == (0.0, 0.0):
        return speed
    across = np.abs(ahead * yaw_rate)
    length = np.abs(speed)
    along = np.sqrt(np.maximum((length - across) * (length + across), 0))
    return np.where(speed < 0, -along, along) + aside * yaw_rate


def _carried(rates: Kinematics, lever: _Place) -> Kinematics:
    """The rates at the other end of a lever."""
    forward, left = lever
    accel, lateral, turn, turning = rates
    centripetal = np.square(turn)
    return Kinematics(
        accel - forward * centripetal - left * turning,
        lateral + forward * turning - left * centripetal,
        turn,
        turning,
    )


def _moved(one: Trajectory, lever: _Place) -> tuple[Array, Array, Array | None]:
    """The position at the other end of a lever."""
    forward, left = lever
    if one.rotation is None:
        cosine, sine = arrays.cos_sin(one.yaw)
        x = one.x + (forward * cosine - left * sine)
        return x, one.y + (forward * sine + left * cosine), one.z
    way = forward * one.rotation[..., 0] + left * one.rotation[..., 1]
    z = None if one.z is None else one.z + way[..., 2]
    return one.x + way[..., 0], one.y + way[..., 1], z
