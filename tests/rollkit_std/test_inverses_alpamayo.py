"""Alpamayo's inverse against the numbers of its own code, and against dense matrices."""

import numpy as np
import pytest

import rollkit
from rollkit import Trajectory
from rollkit_std.inverses.alpamayo import fit_alpamayo

DT = 0.1


@pytest.fixture(scope="module")
def golden(request):
    path = request.getfixturevalue("shared") / "golden" / "alpamayo_unicycle_dev.npz"
    if not path.exists():
        pytest.skip(f"no reference numbers: {path.name}")
    return np.load(path)


def poses(xy, yaw, dt=DT):
    return Trajectory.through(xy[..., 0], xy[..., 1], dt, yaw=yaw)


def from_origin(xy, yaw, dt=DT):
    """Poses after a start at the origin, which the files leave out."""
    xy = np.concatenate([np.zeros_like(xy[:, :1]), xy], axis=1)
    return poses(xy, np.concatenate([np.zeros_like(yaw[:, :1]), yaw], axis=1), dt)


def test_real_windows_with_their_history(golden):
    xy, yaw = golden["real_xy"], golden["real_yaw"]
    history, future = poses(xy[:, :16], yaw[:, :16]), poses(xy[:, 15:], yaw[:, 15:])
    initial, actions = rollkit.fit(future, "alpamayo", history=history)
    np.testing.assert_allclose(initial.speed, golden["real_v0_est"], rtol=0, atol=1e-9)
    expected = golden["real_action"]
    np.testing.assert_allclose(actions.accel, expected[..., 0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(actions.curvature, expected[..., 1], rtol=0, atol=1e-9)
    # The states that the original reports beside them follow from the actions' own smoothing.
    assert np.abs(golden["real_states_v_a_theta"][..., 1] - actions.accel).max() < 1e-9
    assert np.abs(golden["real_states_v_a_theta"][:, 0, 0] - initial.speed).max() < 1e-9


def test_synthetic_actions_with_a_speed_that_is_given(golden):
    future = from_origin(golden["syn_rollout_xy"], golden["syn_rollout_yaw_wrapped"])
    _, actions = rollkit.fit(future, "alpamayo", initial_speed=golden["syn_v0"])
    expected = golden["syn_inverse_action"]
    np.testing.assert_allclose(actions.accel, expected[..., 0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(actions.curvature, expected[..., 1], rtol=0, atol=1e-9)


@pytest.mark.parametrize("key", ["N512_dt0.1", "N64_dt0.05", "N64_dt0.2", "N64_dt0.02"])
def test_other_horizons_and_rates(golden, key):
    name, dt = f"long_{key}", float(key.partition("dt")[2])
    future = from_origin(golden[f"{name}_xy"], golden[f"{name}_yaw_wrapped"], dt)
    _, actions = rollkit.fit(future, "alpamayo", initial_speed=golden[f"{name}_v0"])
    expected = golden[f"{name}_inverse_action"]
    np.testing.assert_allclose(actions.accel, expected[..., 0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(actions.curvature, expected[..., 1], rtol=0, atol=1e-9)


def rough(order, points):
    return np.diff(np.eye(points), order, axis=0)


def dense(x, y, yaw, dt, v0):
    """The four problems by least squares of stacked rows, as they are written down."""
    theta, steps = yaw - yaw[0], len(x) - 1
    third, second = rough(3, steps + 1), rough(2, steps)
    rows = np.vstack([np.eye(steps), 1e-3 / dt**3 * third[:, 1:], 1e-4 * np.eye(steps)])
    rights = np.concatenate([theta[1:], np.zeros(len(rows) - steps)])
    theta = np.concatenate([[0], np.linalg.lstsq(rows, rights, rcond=None)[0]])
    along = np.zeros((2 * steps, steps + 1))
    for i in range(steps):
        for j in (i, i + 1):
            along[2 * i : 2 * i + 2, j] = np.cos(theta[j] + yaw[0]), np.sin(theta[j] + yaw[0])
    moved = 2 / dt * np.stack([np.diff(x), np.diff(y)], axis=-1).reshape(-1)
    rows = np.vstack([along, 1e-3 / dt**3 * third, 1e-2 * np.eye(steps + 1)])
    rights = np.concatenate([moved, np.zeros(len(rows) - 2 * steps)])
    if v0 is None:
        v = np.linalg.lstsq(rows, rights, rcond=None)[0]
        v0 = v[0]
    v0_row = np.flatnonzero((rows == [1e-2, *[0] * steps]).all(axis=1))
    rows, rights = np.delete(rows, v0_row, axis=0), np.delete(rights, v0_row)
    v = np.linalg.lstsq(rows[:, 1:], rights - rows[:, 0] * v0, rcond=None)[0]
    v = np.concatenate([[v0], v])

    def smooth(weights, data):
        rows = np.vstack([np.diag(weights), 1e-2 / dt**2 * second, 1e-2 * np.eye(steps)])
        rights = np.concatenate([data, np.zeros(len(rows) - steps)])
        return np.linalg.lstsq(rows, rights, rcond=None)[0]

    a = smooth(np.ones(steps), np.diff(v) / dt)
    return v0, a, smooth(v[:-1] * dt + a * dt**2 / 2, np.diff(theta))


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 20])
@pytest.mark.parametrize("v0", [None, 4.0])
def test_the_banded_solution_is_the_least_squares_one(steps, v0):
    t = np.arange(steps + 1) * DT
    x, y, yaw = 5 * t + 0.3 * np.sin(4 * t), 0.4 * t**2, 0.7 + 0.3 * np.sin(t)
    drive = Trajectory.through(x, y, DT, yaw=yaw)
    initial, actions = fit_alpamayo(drive, initial_speed=None if v0 is None else np.float64(v0))
    speed, accel, curvature = dense(x, y, yaw, DT, v0)
    assert initial.speed == pytest.approx(speed, abs=1e-9)
    np.testing.assert_allclose(actions.accel, accel, atol=1e-8)
    np.testing.assert_allclose(actions.curvature, curvature, atol=1e-8)


def test_neither_place_nor_direction_nor_turns_of_the_frame_matter():
    t = np.arange(65) * DT
    x, y, yaw = 8 * t, 0.2 * t**2, np.arctan2(0.4 * t, 8)
    _, here = fit_alpamayo(Trajectory.through(x, y, DT, yaw=yaw))
    turned = (x * np.cos(2) - y * np.sin(2) + 1e4, x * np.sin(2) + y * np.cos(2) - 5e3)
    there = Trajectory.through(*turned, DT, yaw=yaw + 2 + 6 * np.pi)
    _, actions = fit_alpamayo(there)
    np.testing.assert_allclose(actions.accel, here.accel, atol=1e-8)
    np.testing.assert_allclose(actions.curvature, here.curvature, atol=1e-9)


def test_a_wrapped_yaw_is_unwrapped():
    yaw = 3.0 + np.arange(30) * 0.02
    x, y = np.cumsum(np.cos(yaw)), np.cumsum(np.sin(yaw))
    wrapped = np.mod(yaw + np.pi, 2 * np.pi) - np.pi
    both = [Trajectory(x, y, one, np.full(30, np.nan), DT) for one in (yaw, wrapped)]
    (_, plain), (_, other) = map(fit_alpamayo, both)
    np.testing.assert_allclose(other.curvature, plain.curvature, atol=1e-12)


def test_any_batch_and_any_company_give_the_same_bits():
    rng = np.random.default_rng(0)
    t = np.arange(33) * DT
    x = 6 * t + rng.normal(0, 0.02, (3, 700, 33))
    drives = Trajectory.through(x, rng.normal(0, 0.02, x.shape), DT, yaw=np.zeros(x.shape))
    initial, actions = fit_alpamayo(drives)
    assert actions.accel.shape == (3, 700, 32)
    alone = Trajectory.through(drives.x[2, 5], drives.y[2, 5], DT, yaw=drives.yaw[2, 5])
    initial_alone, actions_alone = fit_alpamayo(alone)
    assert initial_alone.speed == initial.speed[2, 5]
    np.testing.assert_array_equal(actions_alone.accel, actions.accel[2, 5])
    np.testing.assert_array_equal(actions_alone.curvature, actions.curvature[2, 5])


def test_the_later_version_bounds_the_curvature_and_drops_it_when_slow():
    yaw = np.arange(40) * 0.05
    speed = np.linspace(0, 2, 40)
    x, y = np.cumsum(speed * np.cos(yaw)) * DT, np.cumsum(speed * np.sin(yaw)) * DT
    drive = Trajectory.through(x, y, DT, yaw=yaw)
    _, plain = fit_alpamayo(drive)
    _, later = fit_alpamayo(drive, min_speed=0.6, curvature_limit=0.33)
    assert np.abs(plain.curvature).max() > 0.34
    assert np.abs(later.curvature).max() == 0.33
    slow = later.curvature == 0
    assert slow[:8].all()
    assert not slow[16:].any()
    np.testing.assert_array_equal(later.accel, plain.accel)


def test_standing_still_is_no_action():
    _, actions = fit_alpamayo(Trajectory.through(np.zeros((2, 20)), np.ones((2, 20)), DT))
    assert not actions.accel.any()
    assert not actions.curvature.any()
