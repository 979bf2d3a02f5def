"""Student's and Welch's t against scipy.stats, and values worked by hand."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rollkit.comparing.statistics.paired import paired
from rollkit.comparing.statistics.unpaired import Moments, moments, unpaired
from rollkit.errors import DataError, UsageError

VALUES = st.lists(st.integers(-400, 400).map(lambda whole: whole / 8), min_size=2, max_size=30)


def agrees(answer, expect, tau=0.0):
    """Whether an estimate is what a test of scipy.stats says; `expect(alternative)` runs it."""
    assert answer.p_above(tau) == pytest.approx(expect("greater").pvalue, rel=1e-9)
    assert answer.p_below(tau) == pytest.approx(expect("less").pvalue, rel=1e-9)
    interval = expect("two-sided").confidence_interval(0.95)
    assert (answer.low, answer.high) == pytest.approx(tuple(interval), rel=1e-9)
    assert answer.p_above(answer.low) == pytest.approx(0.025)
    assert answer.p_below(answer.high) == pytest.approx(0.025)
    probability = 1.0 - expect("greater").pvalue
    assert answer.probability_above(tau) == pytest.approx(probability, rel=1e-9)


def test_more_than_2000_pairs():
    rng = np.random.default_rng(1)
    base, candidate = rng.exponential(size=(2, 2500)) + np.array([[0.0], [0.02]])
    base[:200], candidate[100:300] = math.nan, math.nan
    (answer,) = paired([(base, candidate)])
    assert (answer.n_base, answer.n_candidate, answer.pairs) == (2300, 2300, 2200)
    assert answer.method == "Student's t of 2,200 paired differences"
    base, candidate = base[300:], candidate[300:]
    agrees(answer, lambda side: stats.ttest_rel(candidate, base, alternative=side))
    assert answer.base_mean == pytest.approx(base.mean())
    assert answer.effect == pytest.approx(answer.difference / np.std(candidate - base, ddof=1))


def test_2000_pairs_are_still_flipped():
    differences = np.random.default_rng(2).normal(size=2001)
    short, long = paired([(np.zeros(2000), differences[1:]), (np.zeros(2001), differences)])
    assert short.method == "sign flips of 2,000 pairs, 9,999 random ones"
    assert long.method == "Student's t of 2,001 paired differences"
    assert (short.low, short.high) == pytest.approx((long.low, long.high), abs=0.005)


def test_many_pairs_that_do_not_vary():
    base = np.linspace(0.0, 9.0, 2001)
    same, one_up = paired([(base, base), (base, base + 1.0)])
    assert (same.identical, same.low, same.high, same.effect) == (True, 0.0, 0.0, 0.0)
    assert same.p_above(0.0) == same.p_below(0.0) == 1.0
    assert same.p_below(1e-9) < 1e-300
    assert (one_up.identical, one_up.std, one_up.effect) == (False, 0.0, None)
    assert (one_up.low, one_up.high) == pytest.approx((1.0, 1.0))
    assert one_up.p_above(0.0) < 1e-300
    assert one_up.p_above(1.0) == 1.0


def test_welch_worked_by_hand():
    # s² = 4/4 + 9/9 = 2; t = 2 / √2; ν = 2² / (1/3 + 1/8) = 96/11
    answer = unpaired(Moments(4, 1.0, 2.0), Moments(9, 3.0, 3.0))
    assert answer.p_above(0.0) == pytest.approx(stats.t.sf(math.sqrt(2.0), 96 / 11), rel=1e-9)
    assert answer.std == pytest.approx(math.sqrt(13.0))
    # Pooled: √((3 x 4 + 8 x 9) / 11); Hedges: 1 - 3/43.
    assert answer.effect == pytest.approx(2.0 / math.sqrt(84 / 11) * 40 / 43)
    assert (answer.pairs, answer.n_base, answer.n_candidate) == (None, 4, 9)
    assert answer.method == "Welch's t of 4 and 9 values"


@given(VALUES, VALUES, st.integers(-9, 9))
def test_welch_by_scipy(base, candidate, tau):
    answer = unpaired(moments(base), moments(candidate))
    assert answer.difference == pytest.approx(np.mean(candidate) - np.mean(base))
    if np.ptp(base) > 0.0 and np.ptp(candidate) > 0.0:  # else scipy warns
        shifted = np.subtract(candidate, tau)
        if tau == 0:
            agrees(
                answer,
                lambda side: stats.ttest_ind(candidate, base, equal_var=False, alternative=side),
            )
        expected = stats.ttest_ind(shifted, base, equal_var=False, alternative="greater")
        assert answer.p_above(tau) == pytest.approx(expected.pvalue, rel=1e-9)


@given(VALUES, VALUES, st.integers(-9, 9))
def test_swapping_the_sides(base, candidate, tau):
    answer = unpaired(moments(base), moments(candidate))
    swapped = unpaired(moments(candidate), moments(base))
    assert swapped.difference == -answer.difference
    assert swapped.p_above(-tau) == answer.p_below(tau)
    if answer.low is not None:
        assert (swapped.low, swapped.high) == pytest.approx((-answer.high, -answer.low))
        assert answer.low <= answer.difference <= answer.high


def test_two_sides_that_do_not_vary():
    """Two and two values can be exchanged in six ways, so that nothing is more than likely."""
    answer = unpaired(Moments(2, 1.0, 0.0), Moments(2, 2.0, 0.0))
    assert answer.p_above(0.0) == pytest.approx(1 / 6)
    assert (answer.low, answer.high, answer.effect) == (None, None, None)
    answer = unpaired(Moments(10, 1.0, 0.0), Moments(20, 1.0, 0.0))
    assert answer.identical
    assert (answer.low, answer.high, answer.effect) == (1.0 - 1.0, 0.0, 0.0)
    assert answer.p_above(0.0) == 1.0
    assert answer.p_above(-1.0) == pytest.approx(1 / math.comb(30, 10))
    one_up = math.nextafter(1.0, 2.0)  # but for rounding, the same
    assert unpaired(Moments(10, 1.0, 0.0), Moments(20, one_up, 0.0)).p_above(0.0) == 1.0
    assert not unpaired(Moments(10, 1.0, 0.5), Moments(20, 1.0, 0.5)).identical  # means are equal
    half = unpaired(Moments(10, 1.0, 0.0), Moments(20, 2.0, 1.0))  # only one side varies
    expected = stats.t.sf(math.sqrt(20.0), 19)
    assert half.p_above(0.0) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("base", "difference"), [(Moments(1, 2.0, None), 1.0), (Moments(0, None, None), None)]
)
def test_too_few_to_say_anything(base, difference):
    answer = unpaired(base, Moments(9, 3.0, 1.0))
    assert answer.difference == difference
    assert (answer.low, answer.std, answer.effect, answer.identical) == (None, None, None, False)
    assert answer.p_above(-9.0) == answer.p_below(9.0) == 1.0
    assert answer.probability_above(0.0) is None
    assert answer.method == f"none, for want of values: {base.n} and 9"


def test_moments():
    assert moments(np.array([])) == moments(np.array([math.nan])) == Moments(0, None, None)
    assert moments(np.array([math.nan, 2.0])) == Moments(1, 2.0, None)
    assert moments(np.full(7, 0.1)) == Moments(7, 0.1, 0.0)
    for scale in (1e300, 1e-300):
        huge = moments(scale * np.array([1.0, 2.0, 3.0]))
        assert (huge.mean / scale, huge.std / scale) == pytest.approx((2.0, 1.0))
        answer = unpaired(huge, huge)
        assert answer.p_above(0.0) == pytest.approx(0.5)
        assert answer.high / scale == pytest.approx(stats.t.ppf(0.975, 4) * math.sqrt(2 / 3))
    with pytest.raises(DataError, match="moments: got an infinite value"):
        moments(np.array([1.0, -math.inf]))


def test_scipy_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(UsageError, match="comparing needs SciPy, which is not installed") as error:
        unpaired(Moments(4, 1.0, 2.0), Moments(9, 3.0, 3.0))
    assert error.value.hint == "pip install 'rollkit[compare]'"
    differences = np.arange(30.0)
    (flipped,) = paired([(np.zeros(30), differences)])  # does without
    assert flipped.p_above(0.0) == 1e-4


def test_where_only_rounding_varies_nothing_is_worse():
    """An unchanged policy, measured on other seeds, differs in its last digits alone."""
    base, candidate = Moments(30, 1.4, 1.1e-16), Moments(13, 1.4 + 4.4e-16, 2.2e-16)
    answer = unpaired(base, candidate)
    assert answer.identical
    assert (answer.std, answer.p_above(), answer.p_below()) == (0.0, 1.0, 1.0)
    assert not unpaired(base, candidate._replace(mean=1.4 + 1e-12)).identical
