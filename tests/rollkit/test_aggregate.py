"""Statistics: against NumPy and SciPy, merged anyhow, undefined values apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rollkit.aggregate import Aggregate, quantile

values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50).map(np.array)


@given(values, st.data())
def test_parts_merge_to_the_whole(numbers, data):
    cut = data.draw(st.integers(0, numbers.size))
    whole, first, second = Aggregate(), Aggregate(), Aggregate()
    whole.add(7, numbers)
    first.add(7, numbers[:cut])
    second.add(7 + cut, numbers[cut:])
    first.merge(second)
    got, expected = vars(first.summary()), vars(whole.summary())
    for name, value in expected.items():
        if value is None:
            assert got[name] is None, name
        else:
            assert got[name] == pytest.approx(value, rel=1e-9, abs=1e-6), name


@given(values)
def test_against_numpy_and_scipy(numbers):
    aggregate = Aggregate()
    aggregate.add(0, numbers)
    summary = aggregate.summary()
    assert summary.mean == pytest.approx(np.mean(numbers), rel=1e-12, abs=1e-9)
    assert (summary.min, summary.max) == (numbers.min(), numbers.max())
    assert (summary.argmin_seed, summary.argmax_seed) == (numbers.argmin(), numbers.argmax())
    if numbers.size > 1:
        assert summary.std == pytest.approx(np.std(numbers, ddof=1), rel=1e-9, abs=1e-6)
        assert summary.stderr == pytest.approx(stats.sem(numbers), rel=1e-9, abs=1e-6)
    else:
        assert summary.std is None


@given(values, st.floats(0, 1))
def test_quantile_is_numpys(numbers, share):
    expected = np.quantile(numbers, share)
    assert quantile(np.sort(numbers), share) == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_undefined_values_are_counted_and_left_out():
    aggregate = Aggregate()
    aggregate.add(10, np.array([np.nan, 3.0, np.nan, 1.0]))
    summary = aggregate.summary()
    assert (summary.n, summary.n_undefined, summary.mean) == (2, 2, 2.0)
    assert (summary.argmin_seed, summary.argmax_seed) == (13, 11)


def test_nothing_defined_states_nothing():
    aggregate = Aggregate()
    aggregate.add(0, np.array([np.nan]))
    summary = aggregate.summary()
    assert (summary.n, summary.n_undefined) == (0, 1)
    assert summary.mean is summary.std is summary.p50 is summary.argmax_seed is None


def test_of_equal_values_the_first_seed_is_named():
    aggregate = Aggregate()
    aggregate.add(0, np.array([5.0, 5.0]))
    aggregate.add(2, np.array([5.0]))
    assert (aggregate.argmin_seed, aggregate.argmax_seed) == (0, 0)


def test_std_survives_a_large_offset():
    numbers = 1e9 + np.arange(10.0)
    aggregate = Aggregate()
    for start in range(10):
        aggregate.add(start, numbers[start : start + 1])
    assert aggregate.summary().std == pytest.approx(np.std(np.arange(10), ddof=1), rel=1e-9)
