"""A difference against a tolerance: by hand, by scipy.stats, and by what must not matter."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rollkit.comparing.statistics.events import at_most
from rollkit.comparing.statistics.unpaired import moments
from rollkit.comparing.tolerances import Size
from rollkit.comparing.weighing import weighed_apart, weighed_pairs

RNG = np.random.default_rng(17)
FIVE = Size(0.05, relative=True)


def of(base, candidate, size=FIVE):
    """The difference of pairs, weighed."""
    (one,) = weighed_pairs([(np.asarray(base, float), np.asarray(candidate, float), size)])
    return one


def p_values(one):
    """All that a verdict rests on."""
    return (*one.lower[:2], *one.upper[:2])


def test_a_number_is_held_against_the_difference_as_it_is():
    base = RNG.normal(5, 1, 40)
    candidate = base + RNG.normal(0.2, 0.5, 40)
    one = of(base, candidate, Size(0.1))
    plain = one.estimate
    assert one.tolerance == 0.1
    assert p_values(one) == (
        *(plain.p_above(-0.1), plain.p_below(-0.1)),
        *(plain.p_above(0.1), plain.p_below(0.1)),
    )
    assert one.upper.probability_above == plain.probability_above(0.1)
    assert one.upper.std == one.lower.std == plain.std
    assert one.p_equal() == max(plain.p_above(-0.1), plain.p_below(0.1))


@pytest.mark.parametrize("sign", [1, -1])
def test_a_share_of_many_pairs_by_scipy(sign):
    base = sign * RNG.gamma(4, 1, 2500)
    candidate = base * 1.03 + RNG.normal(0, 0.2, 2500)
    base[:20], candidate[40:60] = math.nan, math.nan
    one = of(base, candidate)
    both = ~np.isnan(base + candidate)
    base, candidate = base[both], candidate[both]
    assert one.tolerance == pytest.approx(0.05 * abs(base.mean()))
    for edge, factor in ((one.lower, 1 - sign * 0.05), (one.upper, 1 + sign * 0.05)):
        above = stats.ttest_rel(candidate, factor * base, alternative="greater").pvalue
        assert edge.above == pytest.approx(above, rel=1e-6)
        assert edge.below == pytest.approx(1 - above, rel=1e-6)
        assert edge.std == pytest.approx(np.std(candidate - factor * base, ddof=1))


def test_a_share_of_few_pairs_by_every_flip():
    base, candidate = RNG.exponential(size=(2, 9)) + 1
    one = of(base, candidate)
    for edge, factor in ((one.lower, 0.95), (one.upper, 1.05)):
        for got, alternative in ((edge.above, "greater"), (edge.below, "less")):
            expected = stats.permutation_test(
                (candidate, factor * base),
                lambda x, y: np.mean(x) - np.mean(y),
                permutation_type="samples",
                alternative=alternative,
            )
            assert got == pytest.approx(expected.pvalue)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_share_without_pairs_by_scipy(sign):
    base, candidate = sign * RNG.normal(5, 1, 30), sign * RNG.normal(5.3, 2, 50)
    one = weighed_apart(moments(base), moments(candidate), FIVE)
    for edge, factor in ((one.lower, 1 - sign * 0.05), (one.upper, 1 + sign * 0.05)):
        test = stats.ttest_ind(candidate, factor * base, equal_var=False, alternative="greater")
        assert edge.above == pytest.approx(test.pvalue)
        assert edge.std == pytest.approx(
            math.hypot(factor * np.std(base, ddof=1), np.std(candidate, ddof=1))
        )
    assert one.tolerance == pytest.approx(0.05 * abs(base.mean()))


def test_the_mean_of_a_share_is_that_of_the_pairs():
    """The base's mean is negative; that of the pairs, of which alone is spoken, is not."""
    base = np.append(np.linspace(1, 2, 20), [-500.0])
    candidate = np.append(1.01 * base[:-1], [math.nan])
    one = of(base, candidate)
    assert one.upper.below == one.lower.above == 1e-4
    assert p_values(one) == p_values(of(base[:-1], candidate[:-1]))


def test_a_change_in_proportion_is_seen_as_such():
    """Every pair is 4 % up, whatever its size: 3 % is exceeded, 5 % is not."""
    base = RNG.lognormal(0, 2, 30)
    one = of(base, 1.04 * base, Size(0.03, relative=True))
    assert one.upper.above == 1e-4
    assert of(base, 1.04 * base).p_equal() == 1e-4
    # On the very edge nothing is beyond it and nothing within it, but for rounding.
    for side in (1, -1):
        edge = of(base, (1 + side * 0.05) * base)
        assert edge.p_equal() == 1.0
        assert min(edge.upper.above, edge.lower.below) == 1.0


def test_a_share_of_nothing_is_nothing():
    base = np.tile([1.0, -1.0], 10)
    one = of(base, base + 1)
    plain = of(base, base + 1, Size(0.0))
    assert one.tolerance == 0
    assert p_values(one) == p_values(plain)
    nothing = of([math.nan], [1.0])
    assert (nothing.tolerance, nothing.p_equal()) == (0.0, 1.0)


def test_sizes_and_metrics_stay_together():
    base = RNG.normal(5, 1, (4, 30))
    candidate = base + RNG.normal(0.3, 0.3, (4, 30))
    sizes = [FIVE, Size(0.2), Size(0.1, relative=True), Size(0.0)]
    together = weighed_pairs(zip(base, candidate, sizes, strict=True))
    for one, *column in zip(together, base, candidate, sizes, strict=True):
        assert p_values(one) == p_values(of(*column))
        assert one.estimate == of(*column).estimate


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(5, 15), st.integers(-9, 9))
def test_other_units_and_other_signs(seed, n, power):
    random = np.random.default_rng(seed)
    base, candidate = random.normal(2, 1, (2, n))
    one, scaled = of(base, candidate), of(np.ldexp(base, power), np.ldexp(candidate, power))
    assert p_values(scaled) == p_values(one)
    assert scaled.tolerance == math.ldexp(one.tolerance, power)
    mirrored = of(-base, -candidate)
    assert mirrored.lower[:2] == one.upper[1::-1]
    assert mirrored.upper[:2] == one.lower[1::-1]
    assert mirrored.p_equal() == one.p_equal()


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.5), st.floats(1.0, 4.0))
def test_a_larger_tolerance_is_kept_more_easily(seed, share, more):
    random = np.random.default_rng(seed)
    base = random.gamma(3, 1, 12)
    candidate = base * random.normal(1, 0.1, 12)
    small, large = (of(base, candidate, Size(one, relative=True)) for one in (share, more * share))
    assert large.p_equal() <= small.p_equal()
    assert large.upper.above >= small.upper.above


def test_few_events_by_hand():
    assert at_most(0, 10, 0.1) == pytest.approx(0.9**10)
    assert at_most(1, 10, 0.1) == pytest.approx(0.9**10 + 10 * 0.1 * 0.9**9)
    assert (at_most(10, 10, 0.1), at_most(0, 10, 1.0), at_most(3, 10, 1.0)) == (1.0, 0.0, 0.0)
    assert at_most(7, 200, 0.05) == pytest.approx(stats.binom.cdf(7, 200, 0.05))


def test_identical_pairs_of_a_metric_with_bounds():
    """The rule of three: none of n differs, so at 95 % fewer than 3/n do."""
    zeros = np.zeros(100)
    for tolerance, p in ((0.01, 0.99**100), (0.03, 0.97**100)):
        one = of(zeros, zeros, Size(tolerance))
        assert one.p_equal() == 1e-4  # if it could be anything, and so alike it was
        assert one.p_equal(span=1.0) == pytest.approx(p)
        assert one.p_equal(span=2.0) == pytest.approx((1 - tolerance / 2) ** 100)
    assert of(zeros, zeros, Size(2.0)).p_equal(span=1.0) == 1e-4  # no difference is as large
    assert of(zeros, zeros, Size(2.0)).p_equal(span=0.0) == 1e-4  # nor is there any


def test_few_pairs_that_differ_of_a_metric_with_bounds():
    base = np.zeros(200)
    base[:3] = 1.0
    candidate = np.zeros(200)
    candidate[3:5] = 1.0
    one = of(base, candidate, Size(0.04))
    assert (one.estimate.rose, one.estimate.fell) == (2, 3)
    exact = stats.binom.cdf(3, 200, 0.04)  # that fell: the more likely of both
    assert one.p_equal() < 1e-3 < exact == pytest.approx(one.p_equal(span=1.0))
    assert of(candidate, base, Size(0.04)).p_equal(span=1.0) == one.p_equal(span=1.0)


def test_a_last_digit_is_no_event():
    base = RNG.uniform(size=100)
    one = of(base, np.nextafter(base, RNG.choice([-1, 2], 100)), Size(0.03))
    assert (one.estimate.rose, one.estimate.fell) == (0, 0)
    assert one.estimate.identical
    assert one.p_equal(span=1.0) == pytest.approx(0.97**100)


@pytest.mark.parametrize(("differ", "known"), [(29, False), (30, True)])
def test_the_spread_of_many_that_differ_is_known(differ, known):
    candidate = np.zeros(100)
    candidate[:differ] = 1.0
    one = of(np.zeros(100), candidate, Size(differ / 100 + 0.08))
    assert (one.p_equal(span=1.0) == one.p_equal()) == known
    some = np.zeros(10)
    some[:5] = 0.1
    half = of(np.zeros(10), some, Size(0.2))  # most differ, so that it is not about rare events
    assert half.p_equal(span=1.0) == half.p_equal()


def test_neither_side_varies_without_pairs():
    one = weighed_apart(moments(np.zeros(30)), moments(np.zeros(50)), Size(0.05))
    assert one.p_equal(span=1.0) == pytest.approx(math.exp(-30 * 0.05))
    assert one.p_equal() < 1e-20
    # It bounds the worst that shares x + y = 0.05 of both sides can be.
    worst = max((1 - x) ** 30 * (0.95 + x) ** 50 for x in np.linspace(0, 0.05, 101))
    assert worst <= one.p_equal(span=1.0) < 1.1 * worst
    beyond = weighed_apart(moments(np.zeros(30)), moments(np.full(50, 0.04)), Size(0.03))
    assert beyond.p_equal(span=1.0) == 1.0
    apart = weighed_apart(moments(np.zeros(30)), moments(np.full(50, 0.04)), Size(0.05))
    assert apart.p_equal(span=2.0) == pytest.approx(math.exp(-30 * 0.01 / 2))
    varies = weighed_apart(moments(np.zeros(30)), moments(np.arange(50) % 2 / 99), Size(0.03))
    assert varies.p_equal(span=1.0) == varies.p_equal() < 1e-9


def test_rare_events_are_not_called_equal_too_often():
    """Simulated: at a rate of just the tolerance, 5 % and by chance up to 8 of 100."""
    for expected in (1, 3, 5, 10):
        rate = expected / 300
        events = (RNG.random((100, 300)) < rate).astype(float)
        found = weighed_pairs((np.zeros(300), one, Size(rate)) for one in events)
        assert sum(one.p_equal(span=1.0) <= 0.05 for one in found) <= 11, expected
