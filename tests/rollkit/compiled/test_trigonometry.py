"""Cosine and sine of the kernels, against mpmath at the hardest angles there are."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

numba = pytest.importorskip("numba")

from rollkit.compiled import simd  # noqa: E402
from rollkit.compiled.lanes import load, store  # noqa: E402
from rollkit.compiled.trigonometry import LARGEST  # noqa: E402

BOUND = 1.5e-16
LANES = simd.LANES


@numba.njit
def _both(angle, cosine, sine):
    for index in range(0, angle.size, LANES):
        pair = simd.cos_sin(load(angle, index))
        store(cosine, index, pair[0])
        store(sine, index, pair[1])


def both(angles):
    """Cosine and sine of some angles."""
    padded = np.zeros(-(-len(angles) // LANES) * LANES)
    padded[: len(angles)] = angles
    cosine, sine = np.empty_like(padded), np.empty_like(padded)
    _both(padded, cosine, sine)
    return cosine[: len(angles)], sine[: len(angles)]


def errors(angles):
    with mpmath.workprec(200):
        for angle, cosine, sine in zip(angles, *both(angles), strict=True):
            exact = mpmath.mpf(float(angle))
            yield angle, float(abs(mpmath.cos(exact) - float(cosine)))
            yield angle, float(abs(mpmath.sin(exact) - float(sine)))


def near(centre, count=4):
    """A number and its neighbours."""
    below = above = centre
    yield centre
    for _ in range(count):
        below, above = math.nextafter(below, -math.inf), math.nextafter(above, math.inf)
        yield from (below, above)


def hard_angles():
    quarters = [*range(-40, 41), *(2**power + odd for power in range(6, 30) for odd in (0, 1, 3))]
    with mpmath.workprec(200):
        for quarter in quarters:
            for part in (quarter * mpmath.pi / 2, (quarter + 0.5) * mpmath.pi / 2):
                if abs(part) < LARGEST:
                    yield from near(float(part))
    yield from (5e-324, -5e-324, 2.2e-308, 1e-300, 1e-160, 1e-20, 1e-8, LARGEST, -LARGEST)


def test_hard_angles():
    worst = max(errors(list(hard_angles())), key=lambda one: one[1])
    assert worst[1] <= BOUND, worst


@pytest.mark.parametrize("reach", [0.8, 4.0, 100.0, 1e6, LARGEST])
def test_random_angles(reach):
    angles = np.random.default_rng(1).uniform(-reach, reach, 4000)
    worst = max(errors(angles), key=lambda one: one[1])
    assert worst[1] <= BOUND, worst


@given(st.lists(st.floats(-LARGEST, LARGEST), min_size=1, max_size=9))
def test_any_angle(angles):
    assert max(error for _, error in errors(angles)) <= BOUND


def test_zero_and_tiny_angles_are_exact():
    angles = np.array([0.0, -0.0, 5e-324, -1e-310, 1e-17])
    cosine, sine = both(angles)
    assert cosine.tolist() == [1.0] * 5
    assert sine.tolist() == angles.tolist()


def test_nan_stays_nan():
    cosine, sine = both([np.nan])
    assert np.isnan([cosine, sine]).all()
