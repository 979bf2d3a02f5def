"""Smoothing of a log."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import savgol_filter

from rollkit_logs.smoothing import smooth_cubic, window_samples


@pytest.mark.parametrize("window", [5, 7, 11, 51, 101])
def test_smoothing_equals_scipy(window):
    values = np.cumsum(np.random.default_rng(window).normal(size=101))
    expected = savgol_filter(values, window, 3, mode="interp")
    np.testing.assert_allclose(smooth_cubic(values, window), expected, atol=1e-9, rtol=0)


@pytest.mark.parametrize("window", [5, 11, 101])
def test_smoothing_far_from_the_origin(window):
    """Map coordinates are half a million metres out; SciPy itself is 7e-8 m off there."""
    values = np.cumsum(np.random.default_rng(window).normal(size=101))
    np.testing.assert_allclose(
        smooth_cubic(values + 5e5, window) - 5e5, smooth_cubic(values, window), atol=2e-9
    )


@given(st.lists(st.floats(-3, 3), min_size=4, max_size=4), st.sampled_from([5, 9, 21]))
def test_smoothing_keeps_cubics(coefficients, window):
    values = np.polyval(coefficients, np.linspace(-1, 1, 30))
    np.testing.assert_allclose(smooth_cubic(values, window), values, atol=1e-12)


@pytest.mark.parametrize("window", [1, 3])
def test_short_windows_smooth_nothing(window):
    values = np.array([0.0, 5.0, 1.0])
    np.testing.assert_array_equal(smooth_cubic(values, window), values)


@pytest.mark.parametrize(
    ("seconds", "dt", "samples"), [(0.0, 0.1, 1), (1.0, 0.1, 11), (1.0, 0.10361, 11), (1, 0.5, 3)]
)
def test_window_in_samples(seconds, dt, samples):
    assert window_samples(seconds, dt) == samples
