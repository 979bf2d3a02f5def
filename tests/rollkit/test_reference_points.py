"""The motion of one point from that of another: by hand, against an oracle, there and back."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rollkit import DataError, Rollout, Trajectory, UsageError, Vehicle, at_point
from rollkit.motion import RATES
from rollkit.reference_points import kinematics
from rollkit.testing import strategies

POINTS = ("rear_axle", "center", "camera")
CAR = Vehicle(4.9, 2.1, 2.9, rear_axle_to_center=1.4, camera=(1.6, 0.3))
SIGNALS = ("x", "y", "yaw", "speed")


def of_point(point, car=CAR):
    return replace(car, reference_point=point)


def circle(radius=20.0, speed=8.0, dt=0.1, instants=40):
    """Of the rear axle, around the origin; negative to the right."""
    turn = speed / radius * dt * np.arange(instants)
    return Trajectory(
        radius * np.sin(turn), -radius * np.cos(turn), turn, np.full(instants, speed), dt
    )


@pytest.mark.parametrize("radius", [20.0, -20.0, 6.0])
@pytest.mark.parametrize("speed", [8.0, -3.0])
@pytest.mark.parametrize("point", ["center", "camera"])
def test_a_steady_circle_has_its_own_speed_and_radius_at_each_point(radius, speed, point):
    rear = circle(radius, speed)
    moved = at_point(rear, CAR, point)
    ahead, left = CAR.position(point)
    own = math.hypot(radius - left, ahead)  # its radius
    turn = speed / radius
    assert np.hypot(moved.x, moved.y) == pytest.approx(own, rel=1e-12)
    assert moved.speed == pytest.approx(math.copysign(own * abs(turn), speed), rel=1e-12)
    rates = moved.kinematics
    # v²κ towards the centre of the circle, which is to the left and, of a point ahead, behind it.
    assert np.hypot(rates.accel, rates.lateral_accel) == pytest.approx(moved.speed**2 / own)
    assert rates.lateral_accel == pytest.approx((radius - left) * turn**2, rel=1e-12)
    assert rates.accel == pytest.approx(-ahead * turn**2, rel=1e-9, abs=1e-12)
    assert rates.yaw_rate == pytest.approx(turn)
    assert np.array_equal(moved.yaw, rear.yaw)


def test_worked_by_hand():
    """Turning on the spot of the rear axle, faster and faster, seen 2 m ahead and 1 m left."""
    rates = {"accel": 0.0, "lateral_accel": 0.0, "yaw_rate": 2.0, "yaw_accel": 3.0}
    recorded = {name: np.full(2, value) for name, value in rates.items()}
    rear = Trajectory([5, 5], [7, 7], [np.pi / 2] * 2, [0, 0], 0.1, recorded=recorded)
    moved = at_point(rear, Vehicle(4, 2, 3, camera=(2, 1)), "camera")
    assert moved.x == pytest.approx(4)  # to the left of north is west
    assert moved.y == pytest.approx(9)
    assert moved.speed == pytest.approx(-math.hypot(2, 4))  # (-l ω, f ω), backwards
    assert moved.kinematics.accel == pytest.approx(-2 * 4 - 1 * 3)
    assert moved.kinematics.lateral_accel == pytest.approx(2 * 3 - 1 * 4)
    assert moved.kinematics.yaw_rate.tolist() == [2, 2]
    assert moved.kinematics.yaw_accel.tolist() == [3, 3]


# A motion with varying speed, yaw rate and direction: closed forms, so that what is differentiated
# below is known to the last digit.
def yaw_of(t):
    return 0.4 + 0.5 * np.sin(0.9 * t) + 0.2 * t


def speed_of(t):
    return 7 + 3 * np.sin(0.7 * t + 0.3)


def slope(function, t, h=1e-3):
    """The derivative, by six points around; its error is h⁶."""
    weights = ((1, 45), (2, -9), (3, 1))
    return sum(w * (function(t + k * h) - function(t - k * h)) for k, w in weights) / (60 * h)


def velocity_of(t, place):
    """Of a point of the body in the world: that of the rear axle, and that of the lever."""
    ahead, left = place
    turned = (
        lambda s: ahead * np.cos(yaw_of(s)) - left * np.sin(yaw_of(s)),
        lambda s: ahead * np.sin(yaw_of(s)) + left * np.cos(yaw_of(s)),
    )
    along = speed_of(t) * np.cos(yaw_of(t)), speed_of(t) * np.sin(yaw_of(t))
    return along[0] + slope(turned[0], t), along[1] + slope(turned[1], t)


def in_body(vector, yaw):
    x, y = vector
    return x * np.cos(yaw) + y * np.sin(yaw), y * np.cos(yaw) - x * np.sin(yaw)


def truth(t, place):
    """Speed and accelerations of a point, by differentiating where it is."""
    yaw = yaw_of(t)
    velocity = velocity_of(t, place)
    pull = tuple(slope(lambda s, i=i: velocity_of(s, place)[i], t, 3e-3) for i in (0, 1))
    along = in_body(velocity, yaw)[0]
    return np.copysign(np.hypot(*velocity), along), *in_body(pull, yaw)


def driven(t, *, recorded):
    """What is seen of the rear axle at these instants."""
    yaw, speed = yaw_of(t), speed_of(t)
    step = np.diff(t, prepend=t[0])
    x, y = np.cumsum(speed * np.cos(yaw) * step), np.cumsum(speed * np.sin(yaw) * step)
    rate = slope(yaw_of, t)
    rates = {
        "accel": slope(speed_of, t),
        "lateral_accel": speed * rate,
        "yaw_rate": rate,
        "yaw_accel": slope(lambda s: slope(yaw_of, s), t, 3e-3),
    }
    return Trajectory(x, y, yaw, speed, t[1] - t[0], recorded=rates if recorded else {})


@pytest.mark.parametrize("point", ["center", "camera"])
def test_recorded_rates_against_numerical_differentiation(point):
    t = np.linspace(0, 12, 60)
    moved = at_point(driven(t, recorded=True), CAR, point)
    speed, accel, lateral = truth(t, CAR.position(point))
    assert moved.speed == pytest.approx(speed, abs=1e-9)
    assert moved.kinematics.accel == pytest.approx(accel, abs=1e-8)
    assert moved.kinematics.lateral_accel == pytest.approx(lateral, abs=1e-8)


@pytest.mark.parametrize("point", ["center", "camera"])
def test_rates_by_differences_come_nearer_with_the_square_of_the_step(point):
    errors = []
    for count in (301, 601):
        t = np.linspace(0, 12, count)
        rates = at_point(driven(t, recorded=False), CAR, point).kinematics
        _, *expected = truth(t, CAR.position(point))
        # The yaw acceleration at the ends, of differences that are one-sided there, is of order 1.
        pairs = zip((rates.accel, rates.lateral_accel), expected, strict=True)
        errors.append([np.abs(got - right)[2:-2].max() for got, right in pairs])
    assert max(errors[0]) < 5e-3
    for coarse, fine in zip(*errors, strict=True):
        assert coarse / fine > 3.4


@pytest.mark.parametrize("point", ["center", "camera"])
def test_what_is_told_at_a_point_has_its_rates_there(point):
    """A speed at the centre is no speed along the body: its differences are not `accel`."""
    t = np.linspace(0, 12, 1201)
    told = at_point(driven(t, recorded=False), CAR, point)
    told = Trajectory(told.x, told.y, told.yaw, told.speed, told.dt)  # nobody recorded rates
    _, accel, lateral = truth(t, CAR.position(point))
    rollout = Rollout(told, vehicle=of_point(point))
    assert rollout.kinematics.accel == pytest.approx(accel, abs=2e-3)
    assert rollout.kinematics.lateral_accel[1:-1] == pytest.approx(lateral[1:-1], abs=2e-3)
    assert np.abs(told.kinematics.accel - accel).max() > 0.1
    back = rollout.at_point("rear_axle")
    assert back.trajectory.speed == pytest.approx(speed_of(t), abs=1e-3)
    assert back.kinematics.accel == pytest.approx(slope(speed_of, t), abs=2e-3)
    assert Rollout(told).kinematics is told.kinematics


def test_what_was_recorded_stands_before_what_can_be_computed():
    told = replace_recorded(circle(), {"accel": np.full(40, 0.25), "yaw_rate": np.full(40, 0.3)})
    rates = kinematics(told, of_point("center"))
    assert (rates.accel == 0.25).all()
    assert (rates.yaw_rate == 0.3).all()
    assert rates.lateral_accel == pytest.approx(math.sqrt(64 - 0.42**2) * 0.3)
    assert kinematics(told, CAR) is told.kinematics


def replace_recorded(one, recorded):
    return Trajectory(one.x, one.y, one.yaw, one.speed, one.dt, recorded=recorded)


places = st.tuples(st.floats(-3, 4), st.floats(-2, 2))
cars = st.builds(
    Vehicle,
    length=st.floats(3, 12),
    width=st.floats(1, 3),
    wheelbase=st.floats(2, 7),
    reference_point=st.sampled_from(POINTS),
    rear_axle_to_center=st.floats(0, 4),
    camera=places,
)


@settings(max_examples=60)
@given(st.data(), cars, st.sampled_from(POINTS))
def test_there_and_back(data, car, to):
    """From the rear axle on; other points come from it, since not all speeds are some of theirs."""
    batch = data.draw(st.sampled_from(((), (3,), (2, 2), (0,))))
    rear = data.draw(strategies.trajectories(batch=batch, profile="physical"))
    first = at_point(rear, of_point("rear_axle", car), car.reference_point)
    there = at_point(first, car, to)
    back = at_point(there, of_point(to, car), car.reference_point)
    largest = 1 + max(np.abs(one).max(initial=0) for one in first.kinematics)
    across = 4 * np.abs(first.kinematics.yaw_rate)
    for name in ("x", "y", "yaw"):
        assert getattr(back, name) == pytest.approx(getattr(first, name), abs=1e-9)
    # Across the body and hardly along it, half of the digits are gone from the speed's length.
    slack = 1e-9 * (1 + np.abs(first.speed)) + 1e-6 * across
    length = np.abs(np.abs(back.speed) - np.abs(first.speed))
    assert (length <= slack).all()
    for name in RATES:
        got, expected = getattr(back.kinematics, name), getattr(first.kinematics, name)
        assert got == pytest.approx(expected, abs=1e-9 * largest)


@given(cars, st.sampled_from(POINTS), st.sampled_from(POINTS))
def test_by_way_of_a_third_point(car, by, to):
    t = np.linspace(0, 5, 20)
    start = at_point(driven(t, recorded=True), of_point("rear_axle", car), car.reference_point)
    assume((start.speed > 0.1).all())
    direct = at_point(start, car, to)
    around = at_point(at_point(start, car, by), of_point(by, car), to)
    for name in SIGNALS:
        assert getattr(around, name) == pytest.approx(getattr(direct, name), abs=1e-6)
    for name in RATES:
        got, expected = getattr(around.kinematics, name), getattr(direct.kinematics, name)
        assert got == pytest.approx(expected, abs=1e-9)


def test_the_same_point_is_the_same_trajectory():
    one = circle()
    assert at_point(one, CAR, "rear_axle") is one


def test_a_speed_that_the_turn_alone_exceeds_is_a_rear_axle_that_stands():
    noisy = Trajectory([0, 0], [0, 0], [0, 0], [0.001, 0], 0.1, recorded={"yaw_rate": [0.01, 0.02]})
    assert at_point(noisy, of_point("center"), "rear_axle").speed.tolist() == [0, 0]


def test_nan_stays_nan_and_the_rest_is_known():
    one = circle(instants=9)
    x, yaw, speed = one.x.copy(), one.yaw.copy(), one.speed.copy()
    x[2], yaw[5], speed[7] = np.nan, np.nan, np.nan
    moved = at_point(Trajectory(x, one.y, yaw, speed, one.dt), CAR, "center")
    assert np.isnan(moved.x).nonzero()[0].tolist() == [2, 5]
    assert np.isnan(moved.y).nonzero()[0].tolist() == [5]
    assert np.isnan(moved.speed).nonzero()[0].tolist() == [4, 5, 6, 7]  # no yaw rate beside a gap
    whole = at_point(one, CAR, "center")
    assert moved.speed[:4] == pytest.approx(whole.speed[:4])


def test_one_pose_has_a_place_and_no_rates():
    moved = at_point(Trajectory([1], [2], [0], [3], 0.1), CAR, "center")
    assert (moved.x[0], moved.y[0]) == (2.4, 2)
    assert np.isnan(moved.speed[0])
    assert np.isnan(moved.kinematics.accel[0])


def test_precision_is_kept():
    one = circle()
    single = Trajectory(*(getattr(one, name).astype(np.float32) for name in SIGNALS), one.dt)
    moved = at_point(single, CAR, "camera")
    assert {getattr(moved, name).dtype for name in SIGNALS} == {np.dtype(np.float32)}
    assert {rate.dtype for rate in moved.kinematics} == {np.dtype(np.float32)}


def test_height_stays_in_the_plane():
    one = circle(instants=5)
    told = Trajectory(one.x, one.y, one.yaw, one.speed, one.dt, z=np.arange(5.0))
    assert at_point(told, CAR, "camera").z.tolist() == [0, 1, 2, 3, 4]


def test_in_space_the_lever_turns_with_the_vehicle():
    """Up a slope of 30°, to the north: the centre is higher, and less far ahead on the map."""
    cosine, sine = math.cos(math.pi / 6), 0.5
    north_and_up = np.array([[0, -1, 0], [cosine, 0, -sine], [sine, 0, cosine]])
    told = Trajectory(
        *([0, 0], [0, 0], [np.pi / 2] * 2, [1, 1], 0.1),
        z=[5, 5],
        rotation=np.broadcast_to(north_and_up, (2, 3, 3)),
    )
    moved = at_point(told, CAR, "camera")
    assert moved.x == pytest.approx(-0.3)
    assert moved.y == pytest.approx(1.6 * cosine)
    assert moved.z == pytest.approx(5 + 1.6 * sine)
    assert np.array_equal(moved.rotation, told.rotation)
    back = at_point(moved, of_point("camera"), "rear_axle")
    for name in ("x", "y", "z"):
        assert getattr(back, name) == pytest.approx(getattr(told, name), abs=1e-12)


def test_a_path_is_the_direction_of_the_rear_axle_only():
    path = Trajectory.through([0, 1, 2, 3], [0, 0, 0.1, 0.3], 0.1)
    moved = at_point(path, CAR, "center")
    assert moved.x[0] == pytest.approx(1.4, abs=0.01)
    assert not moved.yaw_of_path, "the centre's path has another direction"
    with pytest.raises(DataError, match="trajectory of the vehicle's center without a yaw"):
        at_point(path, of_point("center"), "rear_axle")


def test_the_reference_moves_with_the_rollout_and_the_actions_stay():
    from rollkit import Actions, State, rollout

    actions = Actions(np.full((2, 3, 5), 0.5), np.full((2, 3, 5), 0.1), 0.1)
    driven = rollout(actions, State(speed=5.0), integrator="exact")
    one = replace(driven, reference=circle_batch(2, 6), vehicle=CAR, sampled=True, given=1)
    moved = one.at_point("center")
    assert moved.actions is None
    assert moved.vehicle.reference_point == "center"
    assert moved.reference.batch == (2,)
    expected = at_point(one.reference, CAR, "center")
    assert np.array_equal(moved.reference.x, expected.x)
    assert moved.samples == one.samples
    assert moved is one.at_point("center"), "computed once"
    assert one.at_point("rear_axle") is one
    assert driven.at_point("center") is driven, "without a vehicle there is no other point"
    with pytest.raises(UsageError, match="unknown reference point 'centre'"):
        driven.at_point("centre")
    assert moved.kinematics.accel == pytest.approx(moved.trajectory.recorded["accel"])


def circle_batch(cases, instants):
    one = circle(instants=instants)
    return Trajectory(*(np.broadcast_to(getattr(one, n), (cases, instants)) for n in SIGNALS), 0.1)


def test_the_beginning_of_a_rollout_is_the_beginning_of_the_whole_at_another_point():
    t = np.linspace(0, 4, 41)
    whole = Rollout(driven(t, recorded=False), vehicle=CAR)
    moved = whole.until(10).at_point("center")
    assert moved.steps == 10
    assert np.array_equal(moved.trajectory.speed, whole.at_point("center").trajectory.speed[:11])
