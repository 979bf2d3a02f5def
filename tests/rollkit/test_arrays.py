"""The array primitives: against plain loops, NaN kept, dtype kept."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rollkit import arrays

steps = hnp.arrays(np.float64, st.integers(1, 30), elements=st.floats(-5, 5))


@given(st.floats(0, 20), steps)
def test_clamped_sum_is_the_loop_that_clamps_every_step(start, increments):
    expected = [start]
    for one in increments:
        expected.append(max(0.0, expected[-1] + one))
    got = arrays.cumulative_clamped(np.float64(start), increments)
    np.testing.assert_allclose(got, expected, atol=1e-12)
    assert (got >= 0).all()


def test_clamping_each_step_is_not_clamping_the_total():
    got = arrays.cumulative_clamped(np.float64(1.0), np.array([-3.0, 2.0]))
    assert got.tolist() == [1.0, 0.0, 2.0]


@given(st.floats(-20, 20), steps)
def test_cumulative_starts_at_the_start(start, increments):
    got = arrays.cumulative(np.float64(start), increments)
    assert got[0] == start
    assert got.shape == (increments.size + 1,)
    np.testing.assert_allclose(np.diff(got), increments, atol=1e-12)


@pytest.mark.parametrize("reduce", ["max_abs", "minimum", "maximum", "mean", "rms", "total"])
def test_no_reduction_loses_nan(reduce):
    values = np.array([[1.0, np.nan, 3.0], [1.0, 2.0, 3.0]])
    assert np.isnan(getattr(arrays, reduce)(values)).tolist() == [True, False]


@pytest.mark.parametrize("scan", [arrays.cumulative, arrays.cumulative_clamped])
def test_scans_keep_nan_and_dtype(scan):
    values = np.array([1.0, np.nan, 1.0], np.float32)
    got = scan(np.float32(1.0), values)
    assert got.dtype == np.float32
    assert np.isnan(got).tolist() == [False, False, True, True]


@given(st.floats(-50, 50))
def test_sinc_is_sine_over_angle(angle):
    expected = np.sin(angle) / angle if abs(angle) > 1e-8 else 1.0
    assert arrays.sinc(np.float64(angle)) == pytest.approx(expected, abs=1e-15, rel=1e-12)


@pytest.mark.parametrize(
    ("speed", "accel", "expected"),
    [(2.0, -4.0, 0.5), (2.0, -2.0, 1.0), (0.0, 0.0, 1.0), (0.0, -1.0, 0.0), (3.0, 9.0, 1.0)],
)
def test_time_moving_ends_where_the_speed_does(speed, accel, expected):
    assert arrays.time_moving(np.float64(speed), np.float64(accel), 1.0) == expected


def test_differences_by_hand():
    assert arrays.differences(np.array([0.0, 0.5, -0.5]), 0.5).tolist() == [1.0, -2.0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_long_stand_costs_no_precision(dtype):
    """Ten minutes on the brake at 0.1 s, then three seconds at 2 m/s²."""
    held = np.concatenate([np.full(6000, -0.4), np.full(30, 0.2)]).astype(dtype)
    assert arrays.cumulative_clamped(dtype(5), held)[-1] == pytest.approx(6.0, rel=1e-6)


def test_one_huge_value_does_not_swallow_what_follows():
    got = arrays.cumulative_clamped(np.float64(5), np.array([-1e17, 1, 1, 1]))
    assert got.tolist() == [5, 0, 1, 2, 3]


def test_only_rows_that_stop_are_done_again():
    increments = np.array([[-3.0, 1.0], [0.5, 0.5]])
    got = arrays.cumulative_clamped(np.array([1.0, 1.0]), increments)
    assert got.tolist() == [[1.0, 0.0, 1.0], [1.0, 1.5, 2.0]]
