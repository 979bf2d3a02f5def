"""Telling a manoeuvre from noise: where a path turns back, and in which gear it is driven."""

from itertools import pairwise

import numpy as np
import pytest

from rollkit_logs.gear import backwards, legs
from rollkit_logs.motion import motion
from rollkit_logs.smoothing import smooth_cubic

DT = 0.1
SEEDS = range(8)
NOISES = (0.0, 0.05, 0.1, 0.2, 0.3)  # m
YAWS = pytest.mark.parametrize("with_yaw", [True, False], ids=["yaw", "no yaw"])


def driven(*parts: tuple[float, float, float]):
    """x, y, yaw and the speed of each step over parts of (seconds, m/s, 1/m) from the origin."""
    speed = np.concatenate([np.full(round(time / DT), speed) for time, speed, _ in parts])
    kappa = np.concatenate([np.full(round(time / DT), kappa) for time, _, kappa in parts])
    yaw = np.concatenate([[0], np.cumsum(speed * kappa * DT)])
    step = speed * DT * np.exp(0.5j * (yaw[1:] + yaw[:-1]))
    path = np.concatenate([[0], np.cumsum(step)])
    return path.real, path.imag, yaw, speed


def noisy(noise: float, seed: int, x, y):
    """The positions as a log has them, and as the default smoothing leaves them."""
    scatter = np.random.default_rng(seed).normal(scale=noise, size=(2, len(x)))
    rough = x + scatter[0], y + scatter[1]
    return rough, tuple(smooth_cubic(one, 11) for one in rough)


def reverse(x, y, yaw):
    return motion(x, y, yaw, DT, origin="path", standstill=0.5).reverse


def line(*along: float):
    """The legs along the x axis through these points, 1/8 m a step."""
    x = np.concatenate([np.arange(a, b, np.sign(b - a) / 8) for a, b in pairwise(along)])
    return legs(x, 0 * x)


STOP, THREE_POINT_TURN = (
    driven((10, 8, 0), (20, 0, 0), (10, 8, 0)),
    driven((4, 5, 0), (4, 2, 0.2), (20, 0, 0), (4, -1.5, -0.2), (20, 0, 0), (5, 2, 0.2), (4, 5, 0)),
)


@YAWS
@pytest.mark.parametrize("noise", NOISES)
def test_noise_at_a_stop_changes_no_gear(noise, with_yaw):
    x, y, yaw, _ = STOP
    for seed in SEEDS:
        for log in noisy(noise, seed, x, y):
            assert not reverse(*log, yaw if with_yaw else None).any(), seed


@YAWS
@pytest.mark.parametrize("noise", NOISES)
def test_a_three_point_turn_backs_up_in_the_middle(noise, with_yaw):
    x, y, yaw, speed = THREE_POINT_TURN
    for seed in SEEDS:
        for log, share in zip(noisy(noise, seed, x, y), (0.2, 0.7), strict=True):
            backed = reverse(*log, yaw if with_yaw else None)
            assert backed[speed < 0].mean() > (share if noise else 0.99), seed
            assert not backed[speed > 0].any(), seed


@YAWS
def test_a_log_that_begins_in_reverse(with_yaw):
    """Only a yaw can tell: without one the first leg is taken as forward."""
    x, y, yaw, speed = driven((4, -2, 0), (2, 0, 0), (10, 8, 0))
    backed = reverse(x, y, yaw if with_yaw else None)
    np.testing.assert_array_equal(backed, (speed < 0) & with_yaw)


@pytest.mark.parametrize("radius", [3.5, 6.0])
@pytest.mark.parametrize("every", [1, 10])
def test_turning_on_the_spot_is_no_cusp(radius, every):
    """Round and round, in steps of 0.3 m and in steps of 3 m, which turn by up to 49 degrees."""
    x, y, *_ = driven((60, 3, 1 / radius))
    onward, leg = legs(x[::every], y[::every])
    assert onward.all()
    assert not leg.any()


@pytest.mark.parametrize(("back", "count"), [(2.75, 1), (3.25, 3)])
def test_a_way_back_counts_from_3_m_on(back, count):
    _, leg = line(0, 10, 10 - back, 30)
    assert leg[-1] + 1 == count


@pytest.mark.parametrize(("there", "count"), [(2.75, 1), (3.25, 2)])
def test_so_does_the_way_there(there, count):
    _, leg = line(0, there, -20)
    assert leg[-1] + 1 == count


def test_legs_part_at_the_cusps_and_nothing_leads_on_between():
    """10 m, 4 m back, 14 m on, 1 m back, 5 m on: the last metre back is made up for first."""
    onward, leg = line(0, 10, 6, 20, 19, 24)
    np.testing.assert_array_equal(leg, np.repeat([0, 1, 2], [80, 32, len(leg) - 112]))
    np.testing.assert_array_equal(np.flatnonzero(~onward), np.arange(224, 240))


def test_what_comes_before_the_first_3_m_leads_on_where_it_gets_further():
    onward, leg = line(0, 1, -1, 10)
    np.testing.assert_array_equal(np.flatnonzero(~onward), np.arange(8, 40))
    assert not leg.any()


def test_too_short_a_way_back_turns_nothing_round():
    """2 m back without a yaw: the vehicle stands, and does not turn to drive them forward."""
    x, y, *_ = driven((4, 5, 0), (1, -2, 0), (4, 5, 0))
    found = motion(x, y, None, DT, origin="path", standstill=0.5)
    assert not found.reverse.any()
    np.testing.assert_allclose(found.curvature, 0, atol=1e-9)
    assert found.forward_speed[42:49].max() == 0


def test_a_path_that_gets_nowhere_is_one_leg_and_leads_on():
    onward, leg = line(0, 2, 0, 2)
    assert onward.all()
    assert not leg.any()


def test_gears_alternate_but_nobody_backs_up_for_50_m():
    leg = np.array([0, 1, 1, 2, 3, 4, 5])
    length = np.array([60.0, 2.0, 2.0, 40.0, 51.0, 49.0, 4.0])
    got = backwards(leg, length, None)
    assert got.tolist() == [False, True, True, False, False, True, False]


def test_the_recorded_yaw_decides_by_the_length_of_a_leg():
    leg, length = np.array([0, 0, 0, 1]), np.array([1.0, 2.0, 0.0, 1.0])
    lean = np.array([1.0, -1.0, 1.0, 1.0])
    assert backwards(leg, length, lean).tolist() == [True, True, True, False]
