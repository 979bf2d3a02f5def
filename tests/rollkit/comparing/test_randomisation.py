"""Sign flips against values worked by hand, every flip tried in a loop, and scipy.stats."""

import itertools
import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rollkit.comparing.statistics.paired import paired
from rollkit.comparing.statistics.randomisation import EXACT, SUBSETS
from rollkit.errors import DataError


def of(differences):
    """The estimate of these differences."""
    differences = np.asarray(differences, dtype=float)
    (answer,) = paired([(np.zeros_like(differences), differences)])
    return answer


# Multiples of 1/8: sums and differences are exact.
EIGHTHS = st.integers(-400, 400).map(lambda whole: whole / 8)
FEW = st.lists(EIGHTHS, min_size=2, max_size=8)
SOME = st.lists(EIGHTHS, min_size=2, max_size=40)


def by_flipping(differences, tau=0.0):
    """The share of all flips whose sum is at least that of the data: the textbook's test."""
    shifted = [one - tau for one in differences]
    flips = list(itertools.product((1, -1), repeat=len(shifted)))
    sums = [sum(sign * one for sign, one in zip(flip, shifted, strict=True)) for flip in flips]
    return sum(one >= sum(shifted) for one in sums) / len(flips)


def test_worked_by_hand():
    # The subsets of 1, 2, 6 have the means 1, 1.5, 2, 3, 3.5, 4, 6.
    answer = of([1.0, 2.0, 6.0])
    assert (answer.pairs, answer.difference) == (3, 3.0)
    assert answer.p_above(0.0) == 1 / 8
    assert answer.p_above(1.5) == 3 / 8
    assert answer.p_below(3.5) == 4 / 8
    assert answer.p_below(7.0) == 1 / 8
    assert answer.probability_above(0.0) == (1 - 1 / 8 + 1) / 2
    assert answer.std == pytest.approx(math.sqrt(7.0))  # (4 + 1 + 9) / 2
    assert answer.effect == pytest.approx(3.0 / math.sqrt(7.0))
    assert (answer.low, answer.high) == (None, None)  # 1/8 is more than 2.5 %
    assert answer.method == "sign flips of 3 pairs, all 8; too few for an interval of 95 %"


def test_six_pairs_are_the_fewest_with_an_interval():
    """One of 64 is less than 2.5 %: from the least to the largest, 1 - 2/64 = 96.9 %."""
    assert of([1.0, 2.0, 3.0, 4.0, 5.0]).low is None
    answer = of([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    assert (answer.low, answer.high) == (1.0, 6.0)
    assert answer.p_above(0.0) == 1 / 64


@given(FEW, EIGHTHS)
def test_every_flip_tried(differences, tau):
    answer = of(differences)
    assert answer.p_above(tau) == by_flipping(differences, tau)
    assert answer.p_below(tau) == by_flipping([-one for one in differences], -tau)


@pytest.mark.parametrize("n", [6, 10, 13])
def test_scipys_permutation_test(n):
    rng = np.random.default_rng(n)
    base, candidate = rng.exponential(size=(2, n))
    (answer,) = paired([(base, candidate)])
    expected = stats.permutation_test(
        (candidate, base),
        lambda a, b, axis: np.mean(a - b, axis=axis),
        permutation_type="samples",
        alternative="greater",
        n_resamples=np.inf,
        vectorized=True,
    )
    assert answer.p_above(0.0) == pytest.approx(expected.pvalue, abs=1e-12)


def test_random_flips_agree_with_all():
    """14 pairs have 16,384 flips, of which 9,999 are drawn."""
    differences = np.random.default_rng(3).normal(0.3, 1.0, 14)
    bits = (np.arange(2**14)[:, np.newaxis] >> np.arange(14)) & 1
    sums = (1 - 2 * bits) @ differences
    answer = of(differences)
    exact = np.mean(sums >= differences.sum() - 1e-12)
    assert answer.p_above(0.0) == pytest.approx(exact, abs=4 * math.sqrt(exact / 1e4))
    assert answer.method == "sign flips of 14 pairs, 9,999 random ones"


def test_many_pairs_agree_with_students_t():
    differences = np.random.default_rng(4).normal(0.02, 1.0, 2000)
    answer = of(differences)
    expected = stats.ttest_1samp(differences, 0.0, alternative="greater")
    assert answer.p_above(0.0) == pytest.approx(expected.pvalue, abs=0.015)
    interval = stats.ttest_1samp(differences, 0.0).confidence_interval()
    assert (answer.low, answer.high) == pytest.approx(tuple(interval), abs=0.003)


@pytest.mark.parametrize("n", [6, 9, 13, 14, 30, 700])
def test_interval_and_p_values_say_the_same(n):
    answer = of(np.random.default_rng(n).standard_t(3, n))
    step = 1e-9
    for low, p_value in (
        (answer.low, answer.p_above),
        (-answer.high, lambda x: answer.p_below(-x)),
    ):
        assert p_value(low - step) <= 0.025
        assert 0.025 < p_value(low + step) <= 0.025 + 1 / 64
    assert answer.probability_above(answer.low) == pytest.approx(0.975, abs=1 / 64)


@given(SOME, EIGHTHS, EIGHTHS)
def test_the_further_out_the_larger(differences, one, other):
    answer = of(differences)
    low, high = sorted((one, other))
    assert answer.p_above(low) <= answer.p_above(high)
    assert answer.p_below(low) >= answer.p_below(high)
    assert 0.0 < answer.p_above(low) <= 1.0
    assert answer.probability_above(low) >= answer.probability_above(high)
    if answer.low is not None:
        assert answer.low <= answer.difference <= answer.high


@given(SOME, EIGHTHS)
def test_swapping_the_sides(differences, tau):
    answer, swapped = of(differences), of([-one for one in differences])
    assert swapped.difference == -answer.difference
    assert swapped.p_above(-tau) == answer.p_below(tau)
    expected = 1.0 - answer.probability_above(tau)
    assert swapped.probability_above(-tau) == pytest.approx(expected)
    if answer.low is not None:
        assert (swapped.low, swapped.high) == (-answer.high, -answer.low)


@given(SOME, EIGHTHS, st.integers(-900, 900), EIGHTHS)
def test_other_units_and_a_constant_added(differences, tau, power, shift):
    answer, scaled = of(differences), of(np.ldexp(differences, power))
    assert scaled.p_above(math.ldexp(tau, power)) == answer.p_above(tau)
    assert scaled.difference == math.ldexp(answer.difference, power)
    assert scaled.effect == answer.effect
    if answer.low is not None:
        assert scaled.low == math.ldexp(answer.low, power)
    shifted = of(np.add(differences, shift))
    assert shifted.p_above(tau + shift) == answer.p_above(tau)


@given(st.lists(EIGHTHS, min_size=2, max_size=10), st.randoms())
def test_where_all_flips_are_taken_the_order_of_rows_is_nothing(differences, random):
    shuffled = random.sample(differences, len(differences))
    answer, other = of(differences), of(shuffled)
    assert (other.low, other.high) == (answer.low, answer.high)
    assert other.p_above(0.125) == answer.p_above(0.125)


@settings(max_examples=20)
@given(st.lists(st.lists(EIGHTHS | st.just(math.nan), min_size=30, max_size=30), max_size=6))
def test_a_metric_is_on_its_own(columns):
    """Neither the others, nor their order, nor rows without a pair change a bit."""
    base = np.zeros(30)
    pairs = [(base, 0.1 * np.array(column)) for column in columns]
    together = paired(pairs)
    assert paired(reversed(pairs)) == together[::-1]
    for (_, candidate), answer in zip(pairs, together, strict=True):
        kept = candidate[~np.isnan(candidate)]
        alone = of(kept)
        assert (alone.low, alone.high, alone.std) == (answer.low, answer.high, answer.std)
        assert alone.p_above(0.3) == answer.p_above(0.3)
        assert (answer.n_base, answer.n_candidate, answer.pairs) == (30, kept.size, kept.size)


def test_the_same_on_every_machine():
    """The flips are fixed: these digits are those of the artifacts that exist."""
    answer = of(np.arange(40) % 7 - 2.0)
    assert (answer.p_above(0.5), answer.p_above(1.0)) == (0.1293, 0.6789)
    assert (answer.low, answer.high) == (4 / 17, 38 / 25)


def test_pairs_that_are_all_identical():
    values = np.array([0.1, 0.7, math.nan, 1e9, 3.0, 5.0, 6.0, 8.0])
    (answer,) = paired([(values, values)])
    assert answer.identical
    assert (answer.difference, answer.std, answer.effect) == (0.0, 0.0, 0.0)
    assert (answer.low, answer.high) == (0.0, 0.0)
    assert answer.p_above(0.0) == answer.p_below(0.0) == 1.0
    assert answer.probability_above(0.0) == 0.5
    # Seven pairs are what they are: that the mean of all others is below 0.5 is not certain.
    assert answer.p_below(0.5) == 1 / 128
    few = of([0.0, 0.0])
    assert few.identical
    assert (few.low, few.p_below(0.5)) == (None, 1 / 4)
    (swapped,) = paired([(np.zeros(7), np.full(7, -0.0))])
    assert str(swapped.difference) == str(swapped.low) == str(swapped.high) == "0.0"


def test_no_random_subset_is_empty():
    """One would have no mean; of more pairs, the first 14 are as they are here."""
    law = of(np.ones(EXACT + 1)).law
    assert law.lower.size == SUBSETS
    assert np.all(np.isfinite(law.lower))


def test_differences_that_are_all_the_same():
    """Four pairs can show nothing at 5 %, however alike."""
    assert of([0.1] * 4).p_above(0.0) == 1 / 16
    answer = of([0.1] * 20)
    assert (answer.std, answer.effect, answer.identical) == (0.0, None, False)
    assert (answer.low, answer.high) == pytest.approx((0.1, 0.1), abs=1e-16)
    assert answer.low <= answer.difference <= answer.high
    assert answer.p_above(0.0) == 1e-4
    assert answer.p_above(0.1) == answer.p_below(0.1) == 1.0
    rng = np.random.default_rng(0)
    for _ in range(40):  # of some the mean is a digit off those of subsets
        value, base = rng.uniform(0.5, 1.0), rng.uniform(0.0, 5.0, 7)
        (answer,) = paired([(base, base + value)])
        assert answer.std == 0.0
        assert answer.low <= answer.difference <= answer.high


def test_what_rounding_leaves_is_a_tie():
    base = np.array([0.1, 0.2, 0.3, 0.7, 0.9, 1.1, 1.3])
    candidate = base + np.array([0.1, 0.2, -0.3, 0.1, 0.2, -0.3, 0.1])
    (answer,) = paired([(base, candidate)])
    tenths = of(np.rint(10 * (candidate - base)))
    for tau in (-2, 0, 1):
        assert answer.p_above(0.1 * tau) == tenths.p_above(tau)
        assert answer.p_below(0.1 * tau) == tenths.p_below(tau)
    # Another machine, the last digit of every value one up: nothing is worse.
    (answer,) = paired([(base, np.nextafter(base, 9.0))])
    assert answer.p_above(0.0) == 1.0
    assert answer.std == 0.0
    assert answer.identical
    (answer,) = paired([(base, base + 1e-9)])
    assert not answer.identical


@pytest.mark.parametrize("column", [[], [math.nan], [2.0], [math.nan, 2.0]])
def test_too_few_to_say_anything(column):
    answer = of(column)
    n = sum(not math.isnan(one) for one in column)
    assert answer.pairs == answer.n_candidate == n
    assert answer.difference == answer.candidate_mean == (2.0 if n else None)
    assert (answer.low, answer.high, answer.std, answer.effect) == (None,) * 4
    assert answer.p_above(-9.0) == answer.p_below(9.0) == 1.0
    assert answer.probability_above(0.0) is None
    assert not answer.identical
    assert answer.method == f"none, for want of pairs: {n}"


def test_one_identical_pair_is_a_fact_and_no_evidence():
    answer = of([0.0])
    assert answer.identical
    assert answer.low is None
    assert answer.p_below(1.0) == 1.0


@pytest.mark.parametrize("n", [7, 20, 3000])
@pytest.mark.parametrize("scale", [1e300, 1e-300, 1.7e308, 5e-324])
def test_huge_and_tiny(scale, n):
    whole = np.arange(n) % 5 + 0.0
    plain, answer = of(whole / 4), of(whole / 4 * scale)
    if scale > 1e-323:
        assert answer.p_above(0.0) == pytest.approx(plain.p_above(0.0), rel=1e-6)
        assert answer.effect == pytest.approx(plain.effect)
        assert answer.low / scale == pytest.approx(plain.low)
        assert answer.difference / scale == pytest.approx(plain.difference)
    assert math.isfinite(answer.std)


def test_beyond_the_range_of_numbers():
    (answer,) = paired([(np.full(8, -1.7e308), np.full(8, 1.7e308))])
    assert answer.difference == math.inf
    assert answer.p_above(0.0) == 1 / 256


def test_one_huge_difference_does_not_hide_the_others():
    answer = of([1e15] + [1.0] * 12)
    assert answer.p_above(0.0) == 2.0**-13
    assert of([1e15] + [1.0] * 19).p_above(0.0) == 1e-4


def test_refused():
    with pytest.raises(DataError, match="pairs: got an infinite value"):
        of([1.0, math.inf])
    with pytest.raises(DataError, match=r"shapes \(2,\) and \(3,\), expected two columns"):
        paired([(np.zeros(2), np.zeros(3))])
    with pytest.raises(DataError, match=r"shapes \(2, 1\)"):
        paired([(np.zeros((2, 1)), np.zeros((2, 1)))])
    assert paired([]) == []


def test_memory_does_not_grow_with_the_pairs():
    peaks = []
    for n in (500, 2000):
        differences = np.random.default_rng(n).normal(size=n)
        tracemalloc.start()
        of(differences)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0] < 60e6
