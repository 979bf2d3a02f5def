"""The action source: its declared limits, its seeds, the road it drives."""

import numpy as np
import pytest

import rollkit
from rollkit_example.source import slalom

CORNERS = [
    {"speed": speed, "spacing": spacing, "lateral_accel": lateral, "noise": noise}
    for speed in (5.0, 20.0)
    for spacing in (10.0, 30.0)
    for lateral in (0.5, 3.0)
    for noise in (0.0, 1.0)
]


def drive(first=0, count=20, horizon=6.4, dt=0.1, **options):
    return slalom(rollkit.Draws(first, count), horizon=horizon, dt=dt, **options)


@pytest.mark.parametrize("options", CORNERS)
@pytest.mark.parametrize("dt", [0.5, 0.1, 0.01])
def test_keeps_its_limits_at_every_corner(options, dt):
    initial, actions = drive(horizon=2.0, dt=dt, **options)
    rollout = rollkit.rollout(actions, initial)
    assert np.abs(rollout.lateral_accel).max() <= options["lateral_accel"]
    assert (rollout.accel == 0).all()


def test_reaches_the_lateral_acceleration_it_is_told():
    initial, actions = drive(dt=0.01, lateral_accel=2.5, noise=0.0)
    assert np.abs(rollkit.rollout(actions, initial).lateral_accel).max() > 2.499


def test_a_seed_does_not_depend_on_its_chunk():
    initial, actions = drive(0, 10)
    for first, count in ((0, 4), (4, 5), (9, 1)):
        part_initial, part_actions = drive(first, count)
        rows = slice(first, first + count)
        np.testing.assert_array_equal(part_actions.curvature, actions.curvature[rows])
        np.testing.assert_array_equal(part_initial.speed, initial.speed[rows])
        np.testing.assert_array_equal(part_initial.yaw, initial.yaw[rows])


def test_seeds_differ_and_noise_0_makes_them_alike():
    def different(noise):
        return len(np.unique(drive(noise=noise)[1].curvature, axis=0))

    assert different(1.0) == 20
    assert different(0.0) == 1


def test_weaves_along_the_row_of_cones():
    # Two spacings bring the vehicle back to the same side, having passed two cones.
    initial, actions = drive(horizon=7.2, dt=0.1, speed=10.0, spacing=18.0, noise=0.0)
    path = rollkit.rollout(actions, initial, "exact").trajectory
    assert path.y[0, 36] == pytest.approx(path.y[0, 0], abs=1e-12)
    assert path.y[0, 72] == pytest.approx(path.y[0, 0], abs=1e-12)
    assert np.ptp(path.y[0]) > 1
