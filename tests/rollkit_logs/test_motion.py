"""Actions recovered from drives whose actions are known, and what happens at standstill."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit import Actions, State
from rollkit_logs.motion import motion
from rollkit_std.integrators.exact import exact

DT = 0.1
ORIGINS = pytest.mark.parametrize("origin", ["path", "recorded"])


def driven(accel, curvature, *, speed=8.0, yaw=0.7):
    """The closed form's path, the truth of these tests."""
    return exact(State(3.0, -2.0, yaw, speed), Actions(accel, curvature, DT))


def recover(path, *, yaw=True, origin="path", standstill=0.5):
    return motion(
        path.x, path.y, path.yaw if yaw else None, path.dt, origin=origin, standstill=standstill
    )


def again(path, found):
    initial = State(path.x[0], path.y[0], found.heading[0], found.forward_speed[0])
    return exact(initial, Actions(found.accel, found.curvature, path.dt))


def strays(path, found) -> float:
    rollout = again(path, found)
    return float(np.hypot(rollout.x - path.x, rollout.y - path.y).max())


@ORIGINS
@pytest.mark.parametrize("curvature", [-0.1, 0.0, 0.02, 0.1])
def test_circle(origin, curvature):
    path = driven(np.zeros(200), np.full(200, curvature))
    found = recover(path, origin=origin)
    np.testing.assert_allclose(found.speed, 8, atol=1e-9)
    np.testing.assert_allclose(found.accel, 0, atol=1e-9)
    np.testing.assert_allclose(found.curvature, curvature, atol=1e-9)
    np.testing.assert_allclose(found.heading, path.yaw, atol=1e-9)
    assert strays(path, found) < 1e-8


@ORIGINS
def test_accelerating_in_a_turn(origin):
    path = driven(np.full(100, 0.8), np.full(100, 0.05))
    found = recover(path, origin=origin)
    np.testing.assert_allclose(found.speed, path.speed, atol=1e-4)  # 1e-7 but at the ends
    np.testing.assert_allclose(found.accel[2:-2], 0.8, atol=1e-6)
    np.testing.assert_allclose(found.curvature, 0.05, atol=1e-5)
    assert strays(path, found) < 1e-3


def test_yaw_changes_nothing_for_the_path():
    path = driven(np.full(50, 0.5), np.full(50, 0.03))
    with_yaw, without = recover(path), recover(path, yaw=False)
    np.testing.assert_allclose(np.exp(1j * with_yaw.heading), np.exp(1j * without.heading))
    np.testing.assert_array_equal(with_yaw.accel, without.accel)


@ORIGINS
@given(
    st.floats(5, 15),
    st.tuples(st.floats(0, 1.5), st.floats(0.2, 1), st.floats(0, 6)),
    st.tuples(st.floats(0, 0.05), st.floats(0.2, 1), st.floats(0, 6)),
)
def test_round_trip(origin, speed, accelerating, turning):
    """Smooth actions come back, and their rollout stays on the path over 12 s."""
    t = np.arange(120) * DT
    accel, curvature = (
        size * np.sin(rate * t + phase) for size, rate, phase in (accelerating, turning)
    )
    accel -= accel.mean()  # stay on the move
    path = driven(accel, curvature, speed=speed)
    if path.speed.min() < 1:
        return
    found = recover(path, origin=origin)
    np.testing.assert_allclose(found.accel[1:-1], accel[1:-1], atol=0.1)
    # Half a sample is missing at the ends: a milliradian off at the start is not made up for.
    assert strays(path, found) < 0.002 * float(path.speed.sum() * DT)


@ORIGINS
def test_pulling_away_in_a_turn_and_stopping(origin):
    """From rest to rest on one circle: slow steps take the curvature of their neighbours."""
    accel = np.concatenate([np.zeros(20), np.full(40, 1.5), np.zeros(20), np.full(40, -1.5),
                            np.zeros(20), np.full(40, 1.5)])  # fmt: skip
    path = driven(accel, np.full(len(accel), 0.08), speed=0.0)
    found = recover(path, origin=origin)
    assert np.abs(found.curvature).max() < 0.09
    standing = again(path, found).speed == 0
    assert standing.any()
    assert strays(path, found) < 0.05


@pytest.mark.parametrize("yaw", [True, False])
def test_jitter_at_standstill_is_no_motion(yaw):
    """Ten minutes parked with 5 mm of noise: no direction, and next to no creeping."""
    noise = np.random.default_rng(1).normal(scale=0.005, size=(2, 6000))
    facing = np.full(6000, 2.0) if yaw else None
    found = motion(*noise, facing, DT, origin="path", standstill=0.5)
    assert np.abs(found.curvature).max() == 0
    assert not found.reverse.any()
    # Noise that goes back is not driven and noise that goes forward is: 8 m in these ten minutes.
    assert found.forward_speed.mean() < 0.015
    if yaw:
        np.testing.assert_array_equal(found.heading, 2.0)


def test_a_turn_at_standstill_is_made_up_for_when_moving():
    """What the heading does between stopping and starting is driven, over the slow steps."""
    speed = np.concatenate([np.linspace(5, 0, 26), np.zeros(50), np.linspace(0, 5, 26)])
    heading = np.concatenate([np.zeros(51), np.full(51, 0.02)])
    x = np.concatenate([[0], np.cumsum(speed[1:] * np.cos(heading[1:]) * DT)])
    y = np.concatenate([[0], np.cumsum(speed[1:] * np.sin(heading[1:]) * DT)])
    found = motion(x, y, heading, DT, origin="path", standstill=0.5)
    assert found.heading[-1] == pytest.approx(0.02)
    assert np.abs(found.curvature).max() < 0.2
    initial = State(yaw=found.heading[0], speed=found.forward_speed[0])
    rollout = exact(initial, Actions(found.accel, found.curvature, DT))
    assert rollout.yaw[-1] == pytest.approx(0.02)


@pytest.mark.parametrize(("yaw", "origin"), [(True, "path"), (False, "path"), (True, "recorded")])
def test_reversing(yaw, origin):
    """Forward, back, forward: the rollout waits, then drives on at the right speed."""
    speed = np.interp(np.arange(150) * DT, [0, 4, 5, 6, 8, 9, 10, 15], [3, 3, 0, -2, -2, 0, 3, 3])
    x = np.concatenate([[0], np.cumsum((speed[1:] + speed[:-1]) / 2 * DT)])
    y = np.zeros(150)
    found = motion(x, y, y if yaw else None, DT, origin=origin, standstill=0.5)
    np.testing.assert_allclose(found.speed[1:-1], speed[1:-1], atol=0.16)  # the ramps' corners
    assert np.count_nonzero(found.reverse) == np.count_nonzero(np.diff(x) < -0.5 * DT)
    rollout = exact(State(speed=found.forward_speed[0]), Actions(found.accel, found.curvature, DT))
    np.testing.assert_allclose(rollout.speed, np.maximum(found.speed, 0), atol=1e-9)
    np.testing.assert_allclose(found.curvature, 0, atol=1e-9)


def test_turning_in_reverse_is_no_curvature():
    """A three-point turn: the heading is right afterwards, without a spike in the actions."""
    speed = np.repeat([3.0, -1.5, 3.0], 30)
    turning = np.repeat([0.0, 0.3, 0.0], 30)
    yaw = np.cumsum(turning * DT)
    x, y = np.cumsum(speed * np.cos(yaw) * DT), np.cumsum(speed * np.sin(yaw) * DT)
    found = motion(x, y, yaw, DT, origin="path", standstill=0.5)
    assert np.abs(found.curvature).max() < 0.1
    assert found.heading[-1] == pytest.approx(0.9)
    assert found.reverse.sum() == 30


def test_se2_and_mirror():
    """Where the map's origin and north are makes no difference to the actions."""
    t = np.arange(100) * DT
    path = driven(np.sin(t), 0.05 * np.cos(t))
    turned = np.exp(2.1j) * (path.x + 1j * path.y) + (40 - 9j)
    found = recover(path)
    moved = motion(turned.real, turned.imag, path.yaw + 2.1, DT, origin="path", standstill=0.5)
    np.testing.assert_allclose(moved.curvature, found.curvature, atol=1e-9)
    np.testing.assert_allclose(moved.accel, found.accel, atol=1e-9)
    mirrored = motion(path.x, -path.y, -path.yaw, DT, origin="path", standstill=0.5)
    np.testing.assert_allclose(mirrored.curvature, -found.curvature, atol=1e-9)
