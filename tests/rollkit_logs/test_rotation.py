"""Rotations against SciPy's, and what counts as none."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from rollkit_logs import rotation

RANDOM = Rotation.random(50, random_state=4)
# From camera axes (right, down, forward) to the vehicle's (forward, left, up).
CAMERA = Rotation.from_matrix([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])


@pytest.mark.parametrize("size", [1.0, -1.0, 0.5])
def test_quaternions_of_any_length_and_sign(size):
    got = rotation.from_quaternion(*(size * RANDOM.as_quat()).T)
    np.testing.assert_allclose(got, RANDOM.as_matrix(), atol=1e-14)


def test_yaw_is_the_first_of_the_angles_about_z_y_x():
    np.testing.assert_allclose(
        rotation.yaw(RANDOM.as_matrix()), RANDOM.as_euler("ZYX")[:, 0], atol=1e-12
    )


def test_a_camera_that_turns_left_is_a_vehicle_that_turns_left():
    """About y, which points down, by a negative angle."""
    left = Rotation.from_euler("y", -0.3).as_matrix()
    assert rotation.yaw(rotation.rotations_from_camera(left)) == pytest.approx(0.3)
    whole = rotation.rotations_from_camera(RANDOM.as_matrix())
    np.testing.assert_allclose(whole, (CAMERA * RANDOM * CAMERA.inv()).as_matrix(), atol=1e-14)
    points = np.random.default_rng(1).normal(size=(9, 3))
    np.testing.assert_allclose(rotation.positions_from_camera(points), CAMERA.apply(points))


@pytest.mark.parametrize("place", list(np.ndindex(3, 3)))
@pytest.mark.parametrize("off", [0.1, -0.1, np.nan])
def test_one_entry_that_is_off_is_noticed(place, off):
    matrices = RANDOM.as_matrix()
    assert rotation.departure(matrices).max() < 1e-14
    assert rotation.off_rigid(matrices).max() < 1e-14
    matrices[(slice(None), *place)] += off
    for measured in (rotation.departure(matrices), rotation.off_rigid(matrices)):
        assert (~(measured < 0.005)).all()


def test_left_handed_matrices_are_none():
    mirrored = RANDOM.as_matrix() * [1.0, 1.0, -1.0]
    assert np.isinf(rotation.off_rigid(mirrored)).all()
    assert (rotation.departure(mirrored) >= 2 / np.sqrt(3) - 1e-12).all()
    np.testing.assert_allclose(rotation.determinant(mirrored), -1)
