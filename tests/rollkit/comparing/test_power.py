"""Power against Cohen's tables, scipy.stats, and simulated tests."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rollkit.comparing.statistics.paired import paired
from rollkit.comparing.statistics.power import (
    cases_needed_unpaired,
    pairs_needed,
    power_of,
    power_of_unpaired,
)
from rollkit.errors import UsageError


@pytest.mark.parametrize(
    ("effect", "pairs", "cases"), [(0.2, 156, 310), (0.5, 27, 51), (0.8, 12, 21)]
)
def test_cohens_tables(effect, pairs, cases):
    """One-sided alpha 5 %, power 80 %."""
    assert pairs_needed(1.0, effect) == pairs
    assert cases_needed_unpaired(1.0, 1.0, effect) == cases
    assert pairs_needed(3.0, -3.0 * effect) == pairs  # the unit does not matter, nor the side


@settings(max_examples=30)
@given(st.floats(0.05, 3.0), st.floats(0.1, 4.0), st.floats(0.001, 0.2), st.floats(0.3, 0.99))
def test_the_fewest_by_an_independent_formula(effect, ratio, alpha, power):
    def paired_power(n):
        steps = 2**n if n <= 13 else 10_000 if n <= 2_000 else None
        reached = alpha if steps is None else math.floor(alpha * steps) / steps
        critical = stats.t.isf(reached, n - 1)
        return stats.nct.sf(critical, n - 1, math.sqrt(n) * effect)

    n = pairs_needed(2.0, 2.0 * effect, alpha=alpha, power=power)
    assert power_of(n, 2.0, 2.0 * effect, alpha=alpha) == pytest.approx(paired_power(n), abs=1e-7)
    assert paired_power(n) >= power - 1e-7
    if n > 2 and 2.0 ** -(n - 1) <= alpha:
        assert paired_power(n - 1) < power + 1e-7

    def unpaired_power(n):
        variances = np.array([1.0, ratio**2]) / n
        freedom = variances.sum() ** 2 / np.sum(variances**2 / (n - 1))
        shift = effect / math.sqrt(variances.sum())
        return stats.nct.sf(stats.t.isf(alpha, freedom), freedom, shift)

    n = cases_needed_unpaired(1.0, ratio, effect, alpha=alpha, power=power)
    assert unpaired_power(n) >= power - 1e-7
    if n > 6:
        assert unpaired_power(n - 1) < power + 1e-7


def test_so_many_are_needed_that_flips_can_show_it():
    assert pairs_needed(1.0, 1e3) == 5  # 1/32 < 5 % < 1/16
    assert pairs_needed(0.0, 1e-3) == 5
    assert pairs_needed(0.0, 1e-3, alpha=0.3) == 2
    assert pairs_needed(1.0, 1e3, alpha=0.01) == 7
    assert power_of(4, 1.0, 1e3) == 0.0
    # 9,999 random flips give no p-value below 1 in 10,000.
    assert pairs_needed(1.0, 1e3, alpha=1e-4) == 14
    assert pairs_needed(1.0, 1e3, alpha=9e-5) == 2001
    # 3 + 3 values can be exchanged in 20 ways, 2 + 2 in 6.
    assert cases_needed_unpaired(0.0, 0.0, 1.0) == 3


def test_the_steps_of_few_flips_are_the_alpha_that_there_is():
    """Of 6 pairs 3/64 is the largest p-value below 5 %, of 14 and more 500 in 10,000."""
    for n, alpha in ((5, 1 / 32), (6, 3 / 64), (7, 6 / 128), (13, 409 / 8192), (14, 0.05)):
        expected = stats.nct.sf(stats.t.isf(alpha, n - 1), n - 1, math.sqrt(n))
        assert power_of(n, 1.0, 1.0) == pytest.approx(expected), n
    expected = stats.nct.sf(stats.t.isf(3e-4, 99), 99, 5.0)
    assert power_of(100, 1.0, 0.5, alpha=3.7e-4) == pytest.approx(expected)
    assert power_of(100, 1.0, 0.5, alpha=3e-4) == pytest.approx(expected)
    assert power_of(2001, 1.0, 0.1, alpha=3.7e-4) > power_of(2001, 1.0, 0.1, alpha=3e-4)


@pytest.mark.parametrize(("effect", "n"), [(1.6, 6), (1.2, 9)])
def test_few_flips_see_as_much_as_promised(effect, n):
    rng = np.random.default_rng(n)
    found = paired((np.zeros(n), rng.normal(effect, 1.0, n)) for _ in range(1500))
    share = np.mean([one.p_above(0.0) <= 0.05 for one in found])
    assert share == pytest.approx(power_of(n, 1.0, effect), abs=0.045)


def test_huge_and_tiny():
    z = stats.norm.ppf(0.95) + stats.norm.ppf(0.8)
    assert pairs_needed(1.0, 1e-5) == pytest.approx((z * 1e5) ** 2, rel=1e-9)
    assert pairs_needed(1.0, 1e-9) == pytest.approx((z * 1e9) ** 2, rel=1e-9)
    many = pairs_needed(1e300, 1e-300)
    assert isinstance(many, int)
    assert len(str(many)) == 1201
    assert isinstance(cases_needed_unpaired(1e300, 0.0, 1e-300), int)
    assert pairs_needed(1e-300, 1e300) == 5
    below, above = pairs_needed(1.0, 2.49e-6), pairs_needed(1.0, 2.48e-6)  # either side of 1e12
    assert below < 10**12 < above
    assert above / below == pytest.approx((2.49 / 2.48) ** 2, rel=1e-9)


def test_where_the_noncentral_t_is_out_of_reach():
    """Beyond a noncentrality of 1e4 only the chi-square of the standard error counts."""
    std = 1.0
    for n, alpha in ((2_500, 1e-300), (5, 0.05)):
        near, far = (
            power_of(n, std, shift / math.sqrt(n), alpha=alpha) for shift in (9.99e3, 1e4 + 1)
        )
        assert near == pytest.approx(far, abs=1e-2)
    assert power_of_unpaired(2, 1.0, 1.0, 1e9, alpha=0.2) == 1.0
    assert power_of(5, std, 1e9, alpha=0.6) == 1.0


def test_simulated():
    """The tests themselves, by sign flips, see the difference as often as promised."""
    rng = np.random.default_rng(7)
    n = pairs_needed(1.0, 0.5)
    zeros = np.zeros(n)
    found = paired((zeros, rng.normal(0.5, 1.0, n)) for _ in range(1500))
    share = np.mean([one.p_above(0.0) <= 0.05 for one in found])
    assert share == pytest.approx(power_of(n, 1.0, 0.5), abs=0.04)  # four standard errors


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: pairs_needed(1.0, 0.0), "difference: got 0, expected a number that is not 0"),
        (lambda: pairs_needed(1.0, math.inf), "difference: got inf"),
        (lambda: pairs_needed(-1.0, 1.0), "standard deviation: got -1"),
        (lambda: cases_needed_unpaired(1.0, math.nan, 1.0), "standard deviation: got nan"),
        (lambda: pairs_needed(1.0, 1.0, alpha=0.0), "alpha: got 0, expected a number between"),
        (lambda: pairs_needed(1.0, 1.0, power=1.0), "power: got 1, expected a number between"),
    ],
)
def test_refused(call, words):
    with pytest.raises(UsageError, match=words):
        call()
