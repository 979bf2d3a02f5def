"""Verdicts: from p-values and a tolerance to a word, by hand and by what must not matter."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit.comparing.statistics.unpaired import Moments
from rollkit.comparing.tolerances import Size
from rollkit.comparing.verdicts import Measured, verdicts
from rollkit.comparing.weighing import weighed_apart, weighed_pairs

RNG = np.random.default_rng(7)
BASE = RNG.normal(10, 1, 40)


def measured(base, candidate, tolerance=0.0, relative=False, **others):
    """A metric of pairs; less of it is better."""
    size = Size(tolerance, relative)
    (weighed,) = weighed_pairs([(np.asarray(base, float), np.asarray(candidate, float), size)])
    counts = {"n_base": weighed.estimate.n_base, "n_candidate": weighed.estimate.n_candidate}
    values = {"name": "m", "unit": "m", "better": "lower", "definition": "", **counts}
    return Measured(**{**values, "weighed": weighed, **others})


def verdict(one, *, alpha=0.05, equivalence=False):
    """The comparison of one metric."""
    return verdicts([one], alpha=alpha, equivalence=equivalence)[one.name]


def shifted(by, noise=0.1):
    """The base, shifted, and not by quite the same everywhere."""
    return BASE + by + noise * np.sin(np.arange(BASE.size))


@pytest.mark.parametrize(
    ("by", "better", "tolerance", "expected"),
    [
        (1.0, "lower", 0.0, "worse"),
        (1.0, "higher", 0.0, "better"),
        (1.0, None, 0.0, "differs"),
        (-1.0, "lower", 0.0, "better"),
        (-1.0, "higher", 0.0, "worse"),
        (-1.0, None, 0.0, "differs"),
        (1.0, "lower", 0.5, "worse"),
        (1.0, "lower", 1.5, "equal"),
        (-1.0, "lower", 1.5, "equal"),
        (1.0, None, 1.5, "equal"),
        (1.0, "lower", 1.0, "undecided"),
        (0.0, "lower", 0.0, "undecided"),
        (0.0, "lower", 0.5, "equal"),
    ],
)
def test_by_hand(by, better, tolerance, expected):
    one = verdict(measured(BASE, shifted(by), better=better, tolerance=tolerance))
    assert one.verdict == expected
    assert (one.p_worse is None) == (better is None) == (one.probability_worse is None)
    assert (one.p_differs is None) == (better is not None)
    assert (one.p_equal is None) == (tolerance == 0)


def test_two_pairs_say_nothing_but_what_they_are():
    one = verdict(measured([1, 2], [2, 4]))
    assert (one.verdict, one.difference, one.low) == ("undecided", 1.5, None)
    assert (one.base_mean, one.candidate_mean) == (1.5, 3.0)


def test_five_pairs_are_the_fewest_that_can_be_worse():
    # All five up: one of the 2^5 ways to flip signs is as extreme, 1/32 = 3.1 %.
    four, five = (verdict(measured(np.zeros(n), np.arange(1, n + 1))) for n in (4, 5))
    assert (four.verdict, four.p_worse) == ("undecided", 1 / 16)
    assert (five.verdict, five.p_worse) == ("worse", 1 / 32)


def test_identical_pairs_are_equal_but_no_claim_of_equivalence():
    few = measured([1, 2, 3], [1, 2, 3], tolerance=0.1)
    assert verdict(few).verdict == "equal"
    assert verdict(few, equivalence=True).verdict == "undecided"  # 3 pairs: 1/8 at best
    many = measured(BASE, BASE, tolerance=0.1)
    assert verdict(many, equivalence=True).verdict == "equal"


def test_the_bounds_of_a_metric_count_in_a_claim_of_equivalence():
    """No event in 40 pairs does not show that the rate is below 2 %: (1 - 0.02)^40 = 45 %."""
    nothing = np.zeros(40)
    for bounds, p in (((0, 1), 0.98**40), ((-1, 1), 0.99**40), ((0, None), 1e-4), (None, 1e-4)):
        one = verdict(measured(nothing, nothing, 0.02, bounds=bounds), equivalence=True)
        np.testing.assert_allclose(one.p_equal, p)
        assert one.verdict == ("equal" if p < 0.05 else "undecided")
    assert verdict(measured(nothing, nothing, 0.02, bounds=(0, 1))).verdict == "equal"


def test_a_share_of_the_base_as_pairs_see_it():
    base = RNG.lognormal(0, 1, 40)
    one = verdict(measured(base, 1.06 * base, 0.05, relative=True))
    assert (one.verdict, one.p_worse) == ("worse", 1e-4)
    np.testing.assert_allclose(one.tolerance, 0.05 * base.mean())
    assert one.probability_worse > 0.99
    one = verdict(measured(base, 1.04 * base, 0.05, relative=True, better=None))
    assert (one.verdict, one.p_equal, one.p_differs) == ("equal", 1e-4, 1.0)
    one = verdict(measured(base, 0.94 * base, 0.05, relative=True, better="higher"))
    assert (one.verdict, one.probability_worse > 0.99) == ("worse", True)


def test_as_scipy_finds_it():
    stats = pytest.importorskip("scipy.stats")
    base = RNG.normal(5, 1, 3000)
    candidate = base + RNG.normal(0.02, 1, base.size)
    one = verdict(measured(base, candidate, tolerance=0.01))
    above = stats.ttest_rel(candidate - 0.01, base, alternative="greater").pvalue
    below = stats.ttest_rel(candidate + 0.01, base, alternative="less").pvalue
    equal = max(
        stats.ttest_rel(candidate + 0.01, base, alternative="greater").pvalue,
        stats.ttest_rel(candidate - 0.01, base, alternative="less").pvalue,
    )
    np.testing.assert_allclose([one.p_worse, one.p_better, one.p_equal], [above, below, equal])
    interval = stats.ttest_rel(candidate, base).confidence_interval()
    np.testing.assert_allclose([one.low, one.high], interval)


def test_unpaired_as_scipy_finds_it():
    stats = pytest.importorskip("scipy.stats")
    there, here = Moments(30, 1.0, 0.5), Moments(40, 1.3, 0.6)
    weighed = weighed_apart(there, here, Size(0.0))
    one = verdict(measured([0], [0], weighed=weighed, n_base=30, n_candidate=40))
    order = (here.mean, here.std, here.n, there.mean, there.std, there.n)
    oracle = stats.ttest_ind_from_stats(*order, equal_var=False, alternative="greater")
    np.testing.assert_allclose(one.p_worse, oracle.pvalue)
    assert one.pairs is None


def test_many_metrics_are_corrected_each_direction_by_itself():
    # p-values of 1/32 for each; times 2, more than 5 %.
    up = measured(np.zeros(5), np.arange(1, 6))
    down = measured(np.zeros(5), -np.arange(1, 6))
    aimless = replace(up, name="c", better=None)
    found = verdicts([replace(up, name="a"), replace(down, name="b"), aimless], alpha=0.05)
    assert (found["a"].p_worse, found["a"].verdict) == (2 / 32, "undecided")
    assert (found["b"].p_better, found["b"].verdict) == (2 / 32, "undecided")
    assert (found["c"].p_differs, found["c"].verdict) == (2 / 32, "undecided")  # two-sided, alone
    nothing = replace(up, name="d", weighed=None, reason="missing")
    found = verdicts([replace(up, name="a"), nothing], alpha=0.05)
    assert (found["a"].p_worse, found["d"].verdict) == (1 / 32, "undecided")
    assert found["d"].reason == "missing"


def test_what_has_lost_values_may_be_worse_but_not_better():
    held = {"held": "undefined in CAND for 3 that BASE has"}
    assert verdict(measured(BASE, shifted(1), **held)).verdict == "worse"
    for candidate, tolerance in ((shifted(-1), 0.0), (shifted(0), 0.5), (BASE, 0.0)):
        one = verdict(measured(BASE, candidate, tolerance=tolerance, **held))
        assert one.verdict == "undecided"
        assert one.reason.startswith("undefined in CAND for 3")


arrays = st.integers(0, 2**32 - 1)


@given(arrays, st.integers(3, 15), st.sampled_from(["lower", "higher", None]), st.booleans())
def test_swapped_sides_swap_the_verdict(seed, n, better, tolerated):
    random = np.random.default_rng(seed)
    base = random.normal(0, 1, n)
    candidate = base + random.normal(random.normal(0, 1), 1, n)
    tolerance = abs(random.normal()) if tolerated else 0.0
    there = verdict(measured(base, candidate, better=better, tolerance=tolerance))
    back = verdict(measured(candidate, base, better=better, tolerance=tolerance))
    other = {"worse": "better", "better": "worse"}
    assert back.verdict == other.get(there.verdict, there.verdict)
    assert back.difference == -there.difference
    assert (back.p_worse, back.p_better) == (there.p_better, there.p_worse)
    assert (back.p_equal, back.p_differs) == (there.p_equal, there.p_differs)
    if there.low is not None:
        assert (back.low, back.high) == (-there.high, -there.low)
    if better is not None and tolerance == 0:
        both = back.probability_worse + there.probability_worse
        np.testing.assert_allclose(both, 1)


@given(arrays, st.integers(3, 15), st.integers(-8, 8))
def test_another_unit_of_length_changes_nothing_but_numbers(seed, n, power):
    random = np.random.default_rng(seed)
    base, candidate = random.normal(0, 1, (2, n))
    scale = 2.0**power
    one = verdict(measured(base, candidate, tolerance=0.25))
    other = verdict(measured(base * scale, candidate * scale, tolerance=0.25 * scale))
    for name in ("verdict", "p_worse", "p_better", "p_equal", "effect", "probability_worse"):
        assert getattr(one, name) == getattr(other, name)
    assert other.difference == one.difference * scale


@given(arrays, st.integers(3, 15), st.sampled_from([0.0, 0.3]), st.booleans())
def test_lower_is_better_is_higher_is_better_of_the_negative(seed, n, tolerance, relative):
    random = np.random.default_rng(seed)
    base, candidate = random.normal(0, 1, (2, n))
    one = verdict(measured(base, candidate, tolerance, relative))
    other = verdict(measured(-base, -candidate, tolerance, relative, better="higher"))
    assert (one.verdict, one.p_worse, one.p_better) == (
        other.verdict,
        other.p_worse,
        other.p_better,
    )
    np.testing.assert_allclose(one.probability_worse, other.probability_worse, rtol=1e-12)
