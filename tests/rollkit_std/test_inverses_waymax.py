"""Waymax's inverse against the numbers of its own code, and by hand."""

import numpy as np
import pytest

import rollkit
from rollkit import DataError, Trajectory
from rollkit_std.inverses.waymax import fit_waymax

DT = 0.1


@pytest.fixture(scope="module")
def golden(request):
    path = request.getfixturevalue("shared") / "golden" / "waymax_bicycle_dev.npz"
    if not path.exists():
        pytest.skip(f"no reference numbers: {path.name}")
    return np.load(path)


def poses(x, y, yaw):
    return Trajectory(x, y, yaw, np.full_like(x, np.nan), DT)


@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("clipped", {"clip": True}),
        ("raw_velyaw", {}),
        ("raw_logyaw", {"use_logged_heading": True}),
    ],
)
def test_real_windows(golden, key, options):
    drives = poses(golden["real_x"], golden["real_y"], golden["real_yaw"])
    velocity = (golden["real_vx"], golden["real_vy"])
    _, actions = rollkit.fit(drives, "waymax", velocity=velocity, **options)
    expected = golden[f"real_inverse_{key}_f64"]
    np.testing.assert_allclose(actions.accel, expected[..., 0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(actions.curvature, expected[..., 1], rtol=0, atol=1e-9)


def test_velocities_that_nobody_recorded_are_central_differences(golden):
    made = ~golden["vel_is_recorded"]
    drives = poses(*(golden[f"real_{name}"][made] for name in ("x", "y", "yaw")))
    _, actions = fit_waymax(drives)
    expected = golden["real_inverse_raw_velyaw_f64"][made]
    np.testing.assert_allclose(actions.accel, expected[..., 0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(actions.curvature, expected[..., 1], rtol=0, atol=1e-9)


def test_synthetic_rollouts(golden):
    x, y, yaw, vx, vy = np.moveaxis(golden["syn_rollout_noclip_f64"], -1, 0)
    _, actions = fit_waymax(poses(x, y, yaw), velocity=(vx, vy))
    expected = golden["syn_inverse_of_noclip_f64"]
    np.testing.assert_allclose(actions.accel, expected[..., 0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(actions.curvature, expected[..., 1], rtol=0, atol=1e-9)


def test_two_steps_by_hand():
    drive = poses(np.zeros(3), np.zeros(3), np.array([0.0, 0.1, 0.3]))
    speed = np.array([1.0, 2.0, 0.5])
    direction = np.array([0.0, 0.2, 0.4])
    velocity = (speed * np.cos(direction), speed * np.sin(direction))
    initial, actions = fit_waymax(drive, velocity=velocity)
    np.testing.assert_allclose(actions.accel, [10.0, -15.0])
    # 1 m/s for 0.1 s and half of 10 m/s² 0.01 s²: 0.15 m; then the next speed is below 0.6 m/s.
    np.testing.assert_allclose(actions.curvature, [0.2 / 0.15, 0.0])
    assert initial.speed == pytest.approx(1.0)
    _, logged = fit_waymax(drive, velocity=velocity, use_logged_heading=True)
    assert logged.curvature[0] == pytest.approx(0.1 / 0.15)
    _, clipped = fit_waymax(drive, velocity=velocity, clip=True)
    np.testing.assert_array_equal(clipped.accel, [6.0, -6.0])
    assert clipped.curvature[0] == np.float32(0.3)


def test_just_0_6_metres_a_second_is_fast_enough_and_steers_by_the_heading():
    drive = poses(np.zeros(3), np.zeros(3), np.array([0.0, 0.1, 0.3]))
    across = np.array([0.0, 0.0, 1.0])  # the velocity turns left at last
    _, actions = fit_waymax(drive, velocity=(np.array([0.6, 0.6, 0.0]), across))
    np.testing.assert_allclose(actions.curvature, [0.1 / 0.06, (np.pi / 2 - 0.1) / 0.08])
    _, actions = fit_waymax(drive, velocity=(np.array([0.6, 0.6, 0.0]), across * 0.59))
    assert actions.curvature[1] == 0


def test_a_given_speed_is_the_states():
    initial, _ = fit_waymax(poses(*np.zeros((3, 4))), initial_speed=np.float64(3))
    assert initial.speed == 3


def test_a_velocity_that_does_not_fit_is_refused():
    drive = poses(*np.zeros((3, 4)))
    with pytest.raises(DataError, match=r"velocity: got shape \(2, 3\)"):
        fit_waymax(drive, velocity=(np.zeros(3), np.zeros(3)))
    with pytest.raises(DataError, match="not finite"):
        fit_waymax(drive, velocity=(np.zeros(4), np.full(4, np.nan)))
