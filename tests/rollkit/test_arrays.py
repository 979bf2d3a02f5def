"""The array primitives: against plain loops, NaN kept, dtype kept."""

import mpmath
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


@given(st.floats(-20, 20), steps, st.sampled_from([(), (3,), (70,)]))
def test_the_unsigned_sum_is_the_loop_that_drops_the_sign_before_every_step(start, steps, batch):
    expected = [start]
    for one in steps:
        expected.append(abs(expected[-1]) + one)
    increments = np.broadcast_to(steps, (*batch, steps.size))
    got = arrays.cumulative_unsigned(np.full(batch, start), increments)
    np.testing.assert_array_equal(got, np.broadcast_to(expected, got.shape))


SCANS = [arrays.cumulative, arrays.cumulative_clamped, arrays.cumulative_unsigned]


@pytest.mark.parametrize("scan", SCANS)
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


def hard_angles():
    """Where the reduction and the tangent are hardest: near multiples of pi/2, tiny, huge."""
    random = np.random.default_rng(0)
    quarters = np.arange(-400, 401) * np.pi / 2
    near = [np.nextafter(quarters, quarters + way) for way in (-1, 1)]
    close = [quarters + shift for shift in (0, 1e-15, -1e-12, 1e-8, -1e-8, 1e-4)]
    tiny = np.geomspace(1e-300, 1, 300)
    huge = [1e5, 1e8, 1e15, 6381956970095103 * 2.0**797]  # the hardest double to reduce
    return np.concatenate([random.uniform(-10, 10, 4000), *near, *close, tiny, -tiny, huge])


def test_cos_and_sin_are_within_their_bound_at_the_hard_angles():
    angles = hard_angles()
    with mpmath.workprec(1400):
        for got, exact in zip(arrays.cos_sin(angles), (mpmath.cos, mpmath.sin), strict=True):
            errors = [
                abs(float(mpmath.mpf(float(one)) - exact(mpmath.mpf(float(angle)))))
                for one, angle in zip(got, angles, strict=True)
            ]
            assert max(errors) <= 2.5e-16, angles[int(np.argmax(errors))]


def test_cos_and_sin_at_the_exact_places():
    cos, sin = arrays.cos_sin(np.array([0.0, -0.0]))
    assert cos.tolist() == [1.0, 1.0]
    assert np.signbit(sin).tolist() == [False, True]
    assert abs(arrays.cos_sin(np.float64(0.5))[1] - np.sin(0.5)) < 2e-16
    cos, sin = arrays.cos_sin(np.float32([0.5, np.nan]))
    assert cos.dtype == sin.dtype == np.float32
    assert np.isnan(cos).tolist() == [False, True]
    assert cos[0] == pytest.approx(np.cos(0.5), abs=2e-7)


@pytest.mark.parametrize("angle", [5e-324, 1e-310, 1e-200, 1e-9, -1e-160])
def test_sinc_is_1_near_0(angle):
    assert arrays.sinc(np.float64(angle)) == 1.0


def test_sinc_keeps_nan():
    assert np.isnan(arrays.sinc(np.array([np.nan, 0.0]))).tolist() == [True, False]


def test_distance_is_hypot():
    random = np.random.default_rng(0)
    x, y = random.normal(size=(2, 1000)) * 10.0 ** random.integers(-100, 100, 1000)
    np.testing.assert_allclose(arrays.distance(x, y), np.hypot(x, y), rtol=4e-16)
    assert np.isnan(arrays.distance(np.array([np.nan]), np.array([1.0])))


def test_a_primitive_is_answered_by_what_is_no_array():
    class Other:
        def __rollkit_primitive__(self, name, arguments):
            return name, len(arguments)

    assert arrays.differences(Other(), 0.1) == ("differences", 2)
    assert arrays.max_abs(Other()) == ("max_abs", 1)
    assert arrays.max_abs(values=np.array([-2.0, 1.0])) == 2.0


@pytest.mark.parametrize("rows", [3, 100])
@pytest.mark.parametrize("kind", [bool, np.int64, np.uint8, np.float32, np.float64])
def test_any_numbers_serve_in_batches_of_any_size(rows, kind):
    numbers = np.asfortranarray(np.arange(rows * 5).reshape(rows, 5) % 3).astype(kind, order="K")
    exact = numbers.astype(np.float64)
    dtype = np.float32 if kind is np.float32 else np.float64
    for name in ("max_abs", "minimum", "maximum", "mean", "rms", "total", "last"):
        got = getattr(arrays, name)(numbers)
        np.testing.assert_allclose(got, getattr(arrays, name)(exact), rtol=1e-6, err_msg=name)
    got = arrays.differences(numbers, 0.5)
    assert got.dtype == dtype
    np.testing.assert_array_equal(got, np.diff(exact, axis=-1) / 0.5)
    np.testing.assert_allclose(arrays.distance(numbers, numbers), np.hypot(exact, exact), rtol=1e-6)


def test_distance_of_different_shapes_and_kinds():
    x, y = np.float32([[3.0], [6.0]]), np.array([[4.0, 8.0], [8.0, 0.0]])
    got = arrays.distance(x, y)
    assert got.dtype == np.float64
    np.testing.assert_allclose(got, np.hypot(x.astype(float), y))


@pytest.mark.parametrize("scan", [arrays.cumulative, arrays.cumulative_clamped])
def test_a_scan_starts_from_a_bare_number_too(scan):
    assert scan(1.0, [2.0, 3.0]).tolist() == [1.0, 3.0, 6.0]
    assert scan(0, np.ones((100, 2)))[-1].tolist() == [0.0, 1.0, 2.0]
