"""Savitzky-Golay against SciPy, and against exact fractions where SciPy itself rounds."""

from fractions import Fraction
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import savgol_filter

from rollkit import DataError, UsageError, savgol
from rollkit.layout import arranged, by_instant


@st.composite
def filters(draw):
    """Window, order, derivative; windows odd and even, and the derivative beyond the order too."""
    window = draw(st.integers(1, 21))
    order = draw(st.integers(0, min(window - 1, 5)))
    return window, order, draw(st.integers(0, order + 1))


@st.composite
def problems(draw):
    """A filter, and series it applies to; often just as long as the window."""
    window, order, derivative = draw(filters())
    count = window + draw(st.sampled_from([0, 0, 1, 2, 5, 30]))
    batch = draw(st.sampled_from([(), (1,), (3,), (2, 3), (70,)]))
    seed = draw(st.integers(0, 1000))
    values = np.random.default_rng(seed).normal(size=(*batch, count))
    return values, (window, order, derivative, draw(st.sampled_from([1.0, 0.1, 0.02])))


def by_fractions(values, window, order, derivative, at):
    """The derivative at a place in the window of the polynomial through it, without rounding."""
    places = [Fraction(2 * i - (window - 1), 2) for i in range(window)]
    rows = [[place**power for power in range(order + 1)] for place in places]
    normal = [
        [sum(row[i] * row[j] for row in rows) for j in range(order + 1)]
        + [sum(row[i] * Fraction(value) for row, value in zip(rows, values, strict=True))]
        for i in range(order + 1)
    ]
    for i in range(order + 1):  # Gauss and Jordan; the matrix is positive definite
        normal[i] = [one / normal[i][i] for one in normal[i]]
        for j in range(order + 1):
            if j != i:
                normal[j] = [
                    a - normal[j][i] * b for a, b in zip(normal[j], normal[i], strict=True)
                ]
    place = Fraction(at) - Fraction(window - 1, 2)
    return float(
        sum(
            normal[k][-1] * factorial(k) / factorial(k - derivative) * place ** (k - derivative)
            for k in range(derivative, order + 1)
        )
    )


@given(problems())
def test_it_equals_scipy(problem):
    values, (window, order, derivative, dt) = problem
    expected = savgol_filter(values, window, order, derivative, dt, mode="interp")
    size = max(np.abs(expected).max(), np.abs(values).max() / dt**derivative)
    got = savgol(values, window, order, derivative, dt)
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12 * size)


@pytest.mark.parametrize("window", [5, 6, 8, 15])
@pytest.mark.parametrize(("order", "derivative"), [(2, 0), (2, 1), (2, 2), (3, 2), (4, 1)])
def test_it_is_the_least_squares_polynomial(window, order, derivative):
    """Each end from the window there; between them a window reaches further on than back."""
    values = np.random.default_rng(window).normal(size=window + 4)
    got = savgol(values, window, order, derivative)
    half = window // 2
    for at in range(len(values)):
        if at < half:
            start, place = 0, Fraction(at)
        elif at >= len(values) - half:
            start, place = 4, Fraction(at - 4)
        else:
            start, place = at - (window - 1) // 2, Fraction(window - 1, 2)
        exact = by_fractions(values[start : start + window], window, order, derivative, place)
        assert got[at] == pytest.approx(exact, rel=1e-12, abs=1e-14)


@given(filters(), st.lists(st.floats(-3, 3), min_size=6, max_size=6), st.sampled_from([1.0, 0.1]))
def test_polynomials_of_its_order_are_kept(chosen, coefficients, dt):
    window, order, derivative = chosen
    curve = np.polynomial.Polynomial(coefficients[: order + 1])
    time = np.arange(window + 9) * dt
    # An even window reads all but the ends half a step later.
    late = np.zeros(len(time))
    if window % 2 == 0:
        late[window // 2 : len(time) - window // 2] = dt / 2
    got = savgol(curve(time), window, order, derivative, dt)
    size = max(1.0, np.abs(curve(time)).max()) / dt**derivative
    np.testing.assert_allclose(got, curve.deriv(derivative)(time + late), atol=1e-10 * size)


@pytest.mark.parametrize("shape", [(5, 30), (300, 30), (40, 7, 30), (0, 30)])
@pytest.mark.parametrize("window", [8, 15])
def test_a_row_is_the_same_in_any_batch_and_memory(shape, window):
    values = np.random.default_rng(0).normal(size=shape)
    whole = savgol(values, window, 2, 1, 0.1)
    for row in list(np.ndindex(shape[:-1]))[:: max(1, values.size // 300)]:
        np.testing.assert_array_equal(whole[row], savgol(values[row], window, 2, 1, 0.1))
    changed = arranged(values)
    np.testing.assert_array_equal(savgol(changed, window, 2, 1, 0.1), whole)
    assert by_instant(savgol(changed, window, 2, 1, 0.1)) == by_instant(changed)
    for loose in (np.asfortranarray(values), np.repeat(values, 2, axis=-1)[..., ::2]):
        np.testing.assert_array_equal(savgol(loose, window, 2, 1, 0.1), whole)


@pytest.mark.parametrize(("window", "derivative"), [(5, 0), (5, 1), (8, 0), (15, 1)])
def test_single_precision_stays_and_is_summed_in_double(window, derivative):
    values = np.random.default_rng(0).normal(size=(9, 40)).astype(np.float32) + 1000
    got = savgol(values, window, 2, derivative, 0.1)
    assert got.dtype == np.float32
    wide = savgol(values.astype(np.float64), window, 2, derivative, 0.1)
    np.testing.assert_array_equal(got, wide.astype(np.float32))


def test_whole_numbers_become_double_precision():
    got = savgol([0, 1, 4, 9, 16], 5, 2)
    assert got.dtype == np.float64
    np.testing.assert_allclose(got, [0, 1, 4, 9, 16], atol=1e-14)


@pytest.mark.parametrize("window", [4, 5, 8])
@pytest.mark.parametrize("derivative", [0, 1, 2, 3])
@pytest.mark.parametrize("at", [0, 3, 10, 19])
def test_nan_is_wherever_the_window_holds_it(window, derivative, at):
    """Where a weight is 0, too: in the middle of a first derivative, beyond the order.

    SciPy agrees between the ends, and refuses nan in the windows there.
    """
    values = np.random.default_rng(0).normal(size=(2, 20))
    values[0, at] = np.nan
    got = np.isnan(savgol(values, window, 2, derivative))
    half, back = window // 2, (window - 1) // 2
    starts = np.clip(np.arange(20) - back, 0, 20 - window)
    starts[:half], starts[20 - half :] = 0, 20 - window
    np.testing.assert_array_equal(got[0], (starts <= at) & (at < starts + window))
    assert not got[1].any()
    if window <= at < 20 - window:
        scipys = savgol_filter(values[0], window, 2, derivative, mode="interp")
        np.testing.assert_array_equal(got[0], np.isnan(scipys))


def test_the_input_is_left_alone():
    values = np.arange(9.0)
    values.flags.writeable = False
    got = savgol(values, 5, 2)
    assert got.flags.writeable
    assert not np.shares_memory(got, values)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((np.zeros((2, 4)), 5, 2), DataError, "got 4 samples, expected at least 5"),
        ((1.0, 1, 0), DataError, "got 0 samples"),
        ((np.zeros(9), 5, 5), UsageError, "order: got 5, expected less than 5"),
        ((np.zeros(9), 0, 0), UsageError, "window: got 0, expected a whole number >= 1"),
        ((np.zeros(9), 5.0, 2), UsageError, "window: got 5.0"),
        ((np.zeros(9), 5, -1), UsageError, "order: got -1"),
        ((np.zeros(9), 5, 2, True), UsageError, "derivative: got True"),
        ((np.zeros(9), 5, 2, 1, 0.0), UsageError, "dt: got 0.0, expected a positive number"),
        ((np.zeros(9), 5, 2, 1, float("nan")), UsageError, "dt: got nan"),
    ],
)
def test_wrong_calls_say_so_in_one_line(arguments, error, says):
    with pytest.raises(error, match="savgol: ") as caught:
        savgol(*arguments)
    assert says in str(caught.value)
    assert "\n" not in caught.value.message
