"""Smoothing against SciPy, resampling against what it is exact for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicHermiteSpline
from scipy.signal import savgol_filter

from rollkit_logs.resample import METHODS, cubic, linear
from rollkit_logs.savgol import savgol, window_samples


@pytest.mark.parametrize("window", [5, 7, 11, 51, 101])
def test_savgol_equals_scipy(window):
    values = np.cumsum(np.random.default_rng(window).normal(size=101))
    expected = savgol_filter(values, window, 3, mode="interp")
    np.testing.assert_allclose(savgol(values, window), expected, atol=1e-9, rtol=0)


@pytest.mark.parametrize("window", [5, 11, 101])
def test_savgol_far_from_the_origin(window):
    """Map coordinates are half a million metres out; SciPy itself is 7e-8 m off there."""
    values = np.cumsum(np.random.default_rng(window).normal(size=101))
    np.testing.assert_allclose(
        savgol(values + 5e5, window) - 5e5, savgol(values, window), atol=2e-9
    )


@given(st.lists(st.floats(-3, 3), min_size=4, max_size=4), st.sampled_from([5, 9, 21]))
def test_savgol_keeps_cubics(coefficients, window):
    values = np.polyval(coefficients, np.linspace(-1, 1, 30))
    np.testing.assert_allclose(savgol(values, window), values, atol=1e-12)


@pytest.mark.parametrize("window", [1, 3])
def test_short_windows_smooth_nothing(window):
    values = np.array([0.0, 5.0, 1.0])
    np.testing.assert_array_equal(savgol(values, window), values)


@pytest.mark.parametrize(
    ("seconds", "dt", "samples"), [(0.0, 0.1, 1), (1.0, 0.1, 11), (1.0, 0.10361, 11), (1, 0.5, 3)]
)
def test_window_in_samples(seconds, dt, samples):
    assert window_samples(seconds, dt) == samples


@pytest.fixture
def irregular() -> np.ndarray:
    return np.cumsum(np.random.default_rng(0).uniform(0.05, 0.15, 200))


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_samples_come_back(method, irregular):
    values = np.sin(irregular)
    np.testing.assert_allclose(method(irregular, irregular, values), values, atol=1e-14)


@pytest.mark.parametrize(("method", "degree"), [(linear, 1), (cubic, 2)])
def test_exact_for_polynomials(method, degree, irregular):
    at = np.linspace(irregular[0], irregular[-1], 333)
    polynomial = np.arange(1.0, degree + 2)
    got = method(at, irregular, np.polyval(polynomial, irregular))
    np.testing.assert_allclose(got, np.polyval(polynomial, at), rtol=1e-12)


def test_cubic_equals_scipy(irregular):
    values = np.cos(3 * irregular)
    at = np.linspace(irregular[0], irregular[-1], 777)
    slope = np.gradient(values, irregular, edge_order=2)  # parabolas, at the ends too
    expected = CubicHermiteSpline(irregular, values, slope)(at)
    np.testing.assert_allclose(cubic(at, irregular, values), expected, atol=1e-12)


def test_cubic_stays_within_the_log(irregular):
    """Rounding may put an instant a hair outside: it is not extrapolated."""
    at = irregular[[0, -1]] + [-1e-9, 1e-9]
    np.testing.assert_array_equal(cubic(at, irregular, irregular), irregular[[0, -1]])
