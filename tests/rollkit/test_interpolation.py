"""Between the samples: against SciPy, and against what each method is exact for."""

import numpy as np
import pytest
from scipy.interpolate import CubicHermiteSpline
from scipy.spatial.transform import Rotation, Slerp

from rollkit.interpolation import METHODS, cubic, linear, slerp

BOTH = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)


@pytest.fixture
def irregular() -> np.ndarray:
    return np.cumsum(np.random.default_rng(0).uniform(0.05, 0.15, 200))


@BOTH
def test_samples_come_back_to_the_last_bit(method, irregular):
    values = np.random.default_rng(1).normal(size=(3, 2, 200))
    np.testing.assert_array_equal(method(irregular, irregular, values), values)


@pytest.mark.parametrize(("method", "degree"), [(linear, 1), (cubic, 2)])
def test_exact_for_polynomials(method, degree, irregular):
    at = np.linspace(irregular[0], irregular[-1], 333)
    polynomial = np.arange(1.0, degree + 2)
    got = method(at, irregular, np.polyval(polynomial, irregular))
    np.testing.assert_allclose(got, np.polyval(polynomial, at), rtol=1e-12)


def test_linear_equals_numpy(irregular):
    values, at = np.cos(3 * irregular), np.linspace(irregular[0], irregular[-1], 777)
    expected = np.interp(at, irregular, values)
    np.testing.assert_allclose(linear(at, irregular, values), expected, atol=1e-14)


def test_cubic_equals_scipy(irregular):
    values, at = np.cos(3 * irregular), np.linspace(irregular[0], irregular[-1], 777)
    slope = np.gradient(values, irregular, edge_order=2)  # parabolas, at the ends too
    expected = CubicHermiteSpline(irregular, values, slope)(at)
    np.testing.assert_allclose(cubic(at, irregular, values), expected, atol=1e-12)


@BOTH
def test_nothing_is_extrapolated(method, irregular):
    """Rounding may put an instant a hair outside."""
    at = irregular[[0, -1]] + [-1e-9, 1e-9]
    np.testing.assert_array_equal(method(at, irregular, irregular), irregular[[0, -1]])


@BOTH
def test_a_row_is_the_same_alone_and_in_a_block(method, irregular):
    values = np.random.default_rng(2).normal(size=(4, 3, 200))
    at = np.linspace(irregular[0], irregular[-1], 99)
    block = method(at, irregular, values)
    np.testing.assert_array_equal(block[2, 1], method(at, irregular, values[2, 1]))


@BOTH
@pytest.mark.parametrize("count", [1, 2])
def test_few_samples_are_a_line(method, count):
    got = method(np.array([0.0, 0.5]), np.arange(float(count)), np.arange(float(count)))
    assert got.tolist() == [0, 0.5 * (count - 1)]


@pytest.mark.parametrize("size", [1e-9, 0.01, 1.0, 3.1, np.pi])
def test_slerp_equals_scipy(size):
    """From no turn at all to half a turn between two samples."""
    random = np.random.default_rng(3)
    axes = random.normal(size=(20, 3))
    turns = Rotation.from_rotvec(size * axes / np.linalg.norm(axes, axis=-1, keepdims=True))
    first = Rotation.random(random_state=4)
    every = [first]
    for one in turns:
        every.append(every[-1] * one)
    rotation = Rotation.concatenate(every)
    time = np.cumsum(random.uniform(0.5, 1.5, 21))
    at = np.linspace(time[0], time[-1], 100)
    got, expected = slerp(at, time, rotation.as_matrix()), Slerp(time, rotation)(at).as_matrix()
    if size == np.pi:  # either way round is a shortest one; a quarter of the way is 45 degrees off
        np.testing.assert_allclose(np.linalg.det(got), 1, atol=1e-12)
    else:
        np.testing.assert_allclose(got, expected, atol=1e-9 if size < 3 else 1e-7)
    product = np.swapaxes(got, -1, -2) @ got
    np.testing.assert_allclose(product, np.broadcast_to(np.eye(3), product.shape), atol=1e-12)


def test_slerp_between_samples_of_four_digits_is_a_rotation():
    rotation = Rotation.random(30, random_state=5).as_matrix().round(4)
    time = np.arange(30.0)
    got = slerp(time[:-1] + 0.3, time, rotation)
    product = np.swapaxes(got, -1, -2) @ got
    np.testing.assert_allclose(product, np.broadcast_to(np.eye(3), product.shape), atol=1e-12)
    np.testing.assert_array_equal(slerp(time, time, rotation), rotation)


def test_slerp_of_a_block():
    rotation = Rotation.random(12, random_state=6).as_matrix().reshape(2, 2, 3, 3, 3)
    at = np.array([0.25, 1.5])
    got = slerp(at, np.arange(3.0), rotation)
    assert got.shape == (2, 2, 2, 3, 3)
    np.testing.assert_allclose(got[1, 0], slerp(at, np.arange(3.0), rotation[1, 0]), atol=1e-15)
