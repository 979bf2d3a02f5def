"""A vehicle: its sizes, the places of its points, and what is refused."""

import json
import pickle
from dataclasses import replace

import numpy as np
import pytest

from rollkit import DataError, UsageError, Vehicle

SIZES = {"length": 4.9, "width": 2.1, "wheelbase": 2.9}


def test_the_middle_is_half_the_wheelbase_ahead_where_nobody_says_otherwise():
    assert Vehicle(**SIZES).rear_axle_to_center == 1.45
    assert Vehicle(**SIZES, rear_axle_to_center=1.4).position("center") == (1.4, 0.0)
    assert Vehicle(**SIZES, rear_axle_to_center=0).position("center") == (0.0, 0.0)


@pytest.mark.parametrize(
    ("point", "to", "lever"),
    [
        ("rear_axle", "rear_axle", (0, 0)),
        ("rear_axle", "center", (1.4, 0)),
        ("rear_axle", "camera", (1.6, 0.1)),
        ("center", "rear_axle", (-1.4, 0)),
        ("center", "camera", (0.2, 0.1)),
        ("camera", "rear_axle", (-1.6, -0.1)),
        ("camera", "center", (-0.2, -0.1)),
    ],
)
def test_levers(point, to, lever):
    car = Vehicle(**SIZES, reference_point=point, rear_axle_to_center=1.4, camera=(1.6, 0.1))
    assert car.lever(to) == pytest.approx(lever)


@pytest.mark.parametrize("field", ["length", "width", "wheelbase"])
@pytest.mark.parametrize("wrong", [-1, 0, float("nan"), float("inf"), "5", True, None])
def test_a_size_is_a_positive_length(field, wrong):
    with pytest.raises(DataError, match=f"Vehicle: {field}: got .*, expected a positive length"):
        Vehicle(**{**SIZES, field: wrong})


@pytest.mark.parametrize("wrong", [-0.1, float("nan"), "1", True])
def test_the_middle_is_no_length_behind_the_rear_axle(wrong):
    with pytest.raises(DataError, match="rear_axle_to_center: got"):
        Vehicle(**SIZES, rear_axle_to_center=wrong)


@pytest.mark.parametrize("wrong", [1.6, (1.6,), (1.6, 0, 1), (float("nan"), 0), "ab", ("1", "0")])
def test_a_camera_is_a_pair_of_numbers(wrong):
    with pytest.raises(DataError, match="camera: got"):
        Vehicle(**SIZES, camera=wrong)


def test_a_camera_has_a_place():
    with pytest.raises(DataError, match="camera: got none") as caught:
        Vehicle(**SIZES, reference_point="camera")
    assert "camera=1.6:0.0" in str(caught.value.hint)
    with pytest.raises(DataError, match="camera: got none"):
        Vehicle(**SIZES).lever("camera")


def test_points_that_no_vehicle_has():
    with pytest.raises(DataError, match="reference_point: got 'nose', expected one of rear_axle"):
        Vehicle(**SIZES, reference_point="nose")
    with pytest.raises(UsageError, match="unknown reference point 'centre'; nearest: center"):
        Vehicle(**SIZES).lever("centre")


def test_numbers_of_numpy_become_plain_ones():
    car = Vehicle(np.float32(5), np.int64(2), 3, camera=(np.float64(1), 0))
    assert car == Vehicle(5.0, 2.0, 3.0, camera=(1.0, 0.0))
    json.dumps(car.to_dict(), allow_nan=False)


def test_a_vehicle_there_and_back():
    for car in (
        Vehicle(**SIZES),
        Vehicle(**SIZES, reference_point="camera", rear_axle_to_center=1.3, camera=(1.6, -0.2)),
    ):
        assert Vehicle.of(json.loads(json.dumps(car.to_dict()))) == car
        assert Vehicle.of(car) is car
        assert replace(car) == car
        assert hash(replace(car)) == hash(car)
        assert pickle.loads(pickle.dumps(car)) == car


def test_mappings_that_are_no_vehicle():
    with pytest.raises(UsageError, match="unknown size of a vehicle 'widht'; nearest: width"):
        Vehicle.of({**SIZES, "widht": 2})
    with pytest.raises(UsageError, match="vehicle: got no width, no wheelbase"):
        Vehicle.of({"length": 5})
    with pytest.raises(UsageError, match="vehicle: got int, expected a Vehicle or its sizes"):
        Vehicle.of(5)
