"""Statistics: against NumPy and SciPy, merged anyhow, undefined values apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rollkit import UsageError
from rollkit.aggregate import Aggregate, Tree
from rollkit.intervals import interval95, t975
from rollkit.quantiles import EXACT, Exact, Sketch, for_rollouts, quantile

values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50).map(np.array)


@given(values, st.data())
def test_parts_merge_to_the_whole(numbers, data):
    cut = data.draw(st.integers(0, numbers.size))
    whole, first, second = Aggregate(), Aggregate(), Aggregate()
    whole.add(7, numbers)
    first.add(7, numbers[:cut])
    second.add(7 + cut, numbers[cut:])
    before = vars(first.summary())
    got, expected = vars(first.merged(second).summary()), vars(whole.summary())
    assert vars(first.summary()) == before, "a merge may have to be done again"
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
    summary = aggregate.summary()
    assert (summary.argmin_seed, summary.argmax_seed) == (0, 0)


def test_std_survives_a_large_offset():
    numbers = 1e9 + np.arange(10.0)
    aggregate = Aggregate()
    for start in range(10):
        aggregate.add(start, numbers[start : start + 1])
    assert aggregate.summary().std == pytest.approx(np.std(np.arange(10), ddof=1), rel=1e-9)


@given(values)
def test_the_interval_is_scipys(numbers):
    aggregate = Aggregate()
    aggregate.add(0, numbers)
    summary = aggregate.summary()
    if numbers.size == 1:
        assert summary.ci95_low is summary.ci95_high is None
        return
    mean, error = np.mean(numbers), stats.sem(numbers)
    reach = stats.t.ppf(0.975, numbers.size - 1) * error
    assert summary.ci95_low == pytest.approx(mean - reach, rel=1e-8, abs=1e-6)
    assert summary.ci95_high == pytest.approx(mean + reach, rel=1e-8, abs=1e-6)


def test_students_t_is_scipys():
    for freedom in [*range(1, 420), 1000, 12_345, 10**6, 10**9]:
        assert t975(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-9), freedom


def test_the_interval_covers_the_mean_19_times_in_20():
    random = np.random.default_rng(1)
    for n in (3, 20):
        covered = 0
        for _ in range(4000):
            drawn = random.normal(5.0, 2.0, n)
            low, high = interval95(n, drawn.mean(), drawn.std(ddof=1))
            covered += low <= 5.0 <= high
        assert covered / 4000 == pytest.approx(0.95, abs=0.012)  # three standard errors and more


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=40), st.integers(0, 4))
def test_a_tree_is_the_same_whoever_merges_its_branches(numbers, level):
    """Aligned blocks of 2^level parts, merged elsewhere, give the same root to the last bit."""

    def part(index):
        aggregate = Aggregate()
        aggregate.add(index, np.array(numbers[index : index + 1]))
        return aggregate

    def merge(left, right):
        return left.merged(right)

    alone, shared = Tree(merge), Tree(merge)
    for index in range(len(numbers)):
        alone.add(part(index))
    for start in range(0, len(numbers), 2**level):
        block = Tree(merge)
        for index in range(start, min(start + 2**level, len(numbers))):
            block.add(part(index))
        for height, node in block.nodes():
            shared.add(node, height)
    assert vars(shared.root().summary()) == vars(alone.root().summary())


def test_an_empty_tree_has_no_root():
    assert Tree(lambda left, right: left).root() is None


shapes = {
    "normal": lambda random, n: random.normal(size=n),
    "heavy tails": lambda random, n: random.standard_t(2, n),
    "skewed": lambda random, n: random.lognormal(sigma=2, size=n),
    "zero-inflated": lambda random, n: np.where(random.random(n) < 0.7, 0, random.random(n)),
    "sorted": lambda random, n: np.sort(random.random(n)),
}


@pytest.mark.parametrize("shape", shapes)
def test_the_sketch_is_within_its_error_in_rank(shape):
    numbers = shapes[shape](np.random.default_rng(3), 200_000)
    parts = [Sketch() for _ in range(13)]
    for sketch, some in zip(parts, np.array_split(numbers, 13), strict=True):
        sketch.add(some)
    whole = parts[0]
    for sketch in parts[1:]:
        whole = whole.merged(sketch)
    ordered = np.sort(numbers)
    for share, got in zip((0.5, 0.95, 0.99), whole.at((0.5, 0.95, 0.99)), strict=True):
        low, high = (
            np.searchsorted(ordered, got, side) / numbers.size for side in ("left", "right")
        )
        assert low - 2e-3 <= share <= high + 2e-3, (share, got)


def test_exact_up_to_the_bound_and_a_sketch_beyond():
    assert for_rollouts(EXACT) is Exact
    assert for_rollouts(EXACT + 1) is Sketch


def test_beyond_the_bound_the_library_is_named(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert for_rollouts(EXACT) is Exact
    with pytest.raises(UsageError, match="need fastdigest") as caught:
        for_rollouts(EXACT + 1)
    assert caught.value.hint == "pip install 'rollkit[sketch]'"
