"""Random numbers by seed: independent of chunk, order and neighbours; uniform; normal."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rollkit import Draws, UsageError

FIRST = [[0.7152703625012006, 0.5293497223517961], [0.952726474258375, 0.5174294223756366]]


@given(st.integers(0, 2**63), st.integers(1, 20), st.integers(0, 19), st.integers(1, 7))
def test_a_seed_has_its_numbers_whatever_the_chunk(first, count, offset, k):
    offset %= count
    whole, alone = Draws(first, count), Draws(first + offset, 1)
    for kind in ("uniform", "normal", "uniform"):
        in_chunk = getattr(whole, kind)(k)
        assert in_chunk.shape == (count, k)
        np.testing.assert_array_equal(in_chunk[offset], getattr(alone, kind)(k)[0])


def test_calls_are_streams_of_their_own():
    draws = Draws(0, 1000)
    first, second = draws.uniform(1)[:, 0], draws.uniform(1)[:, 0]
    assert not (first == second).any()
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.1


def test_numbers_are_what_they_were():
    """A change here changes every scenario of every user."""
    assert Draws(0, 2).uniform(2).tolist() == FIRST


# Seeds that would be one and the same if only some of their bits, or of s k, were used.
FAR_APART = [
    *(0, 1, 2, 3),
    *(power + few for power in (2**31, 2**32, 2**53, 2**61, 2**62, 2**63) for few in (0, 1, 2, 3)),
    *(2**64 - 4, 2**64 - 3, 2**64 - 2, 2**64 - 1),
]


@pytest.mark.parametrize("kind", ["uniform", "normal"])
@pytest.mark.parametrize("k", [1, 2, 4, 5, 8])
def test_no_two_seeds_share_a_number(k, kind):
    numbers = [getattr(Draws(seed, 1), kind)(k) for seed in FAR_APART]
    assert np.unique(numbers).size == len(FAR_APART) * k


@pytest.mark.parametrize("k", [2, 4, 5, 8])
def test_the_position_is_not_taken_modulo_2_to_the_64(k):
    """The stream is longer than that: seed s begins at s k, whatever the size of that."""
    edge = 2**64 // k  # its numbers lie on both sides of position 2**64, or begin there
    run = Draws(edge - 1, 3).uniform(k)
    for offset in range(3):
        np.testing.assert_array_equal(run[offset], Draws(edge - 1 + offset, 1).uniform(k)[0])
    assert not np.isin(run, Draws(0, 4).uniform(k)).any()


@pytest.mark.parametrize("far", [2**32, 2**53, 2**63])
def test_seeds_that_far_apart_are_not_correlated(far):
    near, other = Draws(0, 1000).uniform(5), Draws(far, 1000).uniform(5)
    assert not (near == other).any()
    assert abs(np.corrcoef(near.ravel(), other.ravel())[0, 1]) < 0.06


def test_uniform_and_normal_are_distributed_so():
    draws = Draws(10_000, 20_000)
    assert stats.kstest(draws.uniform(1)[:, 0], "uniform").pvalue > 1e-3
    normal = draws.normal(2)
    assert stats.kstest(normal[:, 0], "norm").pvalue > 1e-3
    assert stats.kstest(normal[:, 1], "norm").pvalue > 1e-3
    assert abs(np.corrcoef(normal.T)[0, 1]) < 0.03


def test_seeds_beyond_64_bits_are_refused():
    assert Draws(2**64 - 1, 1).seeds.tolist() == [2**64 - 1]
    for first, count in ((-1, 1), (2**64, 1), (2**64 - 1, 2)):
        with pytest.raises(UsageError, match="expected whole numbers from 0"):
            Draws(first, count)


def test_no_seeds_give_no_numbers():
    assert Draws(5, 0).uniform(3).shape == (0, 3)
    assert len(Draws(5, 0)) == 0


def test_a_draw_that_is_interrupted_shifts_none_after_it(monkeypatch):
    from rollkit import draws

    expected = Draws(7, 4).uniform(2)
    original = draws._Stream.random

    def interrupted(self, position, shape):
        original(self, position, shape)
        raise KeyboardInterrupt

    monkeypatch.setattr(draws._Stream, "random", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Draws(3, 4).uniform(2)
    monkeypatch.undo()
    assert (Draws(7, 4).uniform(2) == expected).all()
