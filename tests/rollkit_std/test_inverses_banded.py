"""Banded systems against dense ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit_std.inverses import banded


def dense(bands, case):
    size = len(bands[0])
    matrix = np.zeros((size, size))
    for k, band in enumerate(bands):
        column = band[:, case if band.shape[1] > 1 else 0]
        for i in range(size - k):
            matrix[i, i + k] = matrix[i + k, i] = column[i]
    return matrix


def system(seed, size, half_width, cases):
    """A diagonally dominant one, so positive definite, with a band that all cases share."""
    rng = np.random.default_rng(seed)
    bands = [rng.uniform(-1, 1, (size, cases)) for _ in range(half_width + 1)]
    bands[-1] = bands[-1][:, :1]
    bands[0] = np.abs(bands[0]) + 2 * half_width + 1
    return bands, rng.normal(size=(size, cases))


@given(st.integers(0, 999), st.integers(1, 20), st.integers(1, 6), st.sampled_from([1, 3, 13]))
def test_solve_is_the_dense_solution(seed, size, half_width, cases):
    bands, right = system(seed, size, half_width, cases)
    found = banded.solve(bands, right)
    for case in range(cases):
        expected = np.linalg.solve(dense(bands, case), right[:, case])
        np.testing.assert_allclose(found[:, case], expected, rtol=1e-12, atol=1e-13)


@given(st.integers(0, 999), st.integers(1, 20), st.integers(1, 5), st.sampled_from([1, 3, 13]))
def test_a_matrix_factorised_once_serves_all(seed, size, half_width, cases):
    bands, right = system(seed, size, half_width, cases)
    bands = [band[:, :1] for band in bands]
    factors = banded.factorised(np.stack([band[:, 0] for band in bands]))
    expected = np.linalg.solve(dense(bands, 0), right)
    np.testing.assert_allclose(banded.substituted(factors, right), expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("half_width", [1, 2, 3, 6])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 13, 50, 51])
def test_alone_and_among_others_it_is_the_same_to_the_last_bit(size, half_width):
    bands, right = system(5, size, half_width, 40)
    factors = banded.factorised(np.stack([band[:, 0] for band in bands]))

    def same_bits(some):
        mine = [band[:, some] if band.shape[1] > 1 else band for band in bands]
        for found, expected in (
            (banded.solve(mine, right[:, some]), together),
            (banded.substituted(factors, right[:, some]), at_once),
        ):
            assert found.tobytes() == np.ascontiguousarray(expected[:, some]).tobytes()

    together, at_once = banded.solve(bands, right), banded.substituted(factors, right)
    for some in (slice(0, 1), slice(17, 18), slice(39, 40), slice(3, 8), slice(3, 20)):
        same_bits(some)


def test_what_cannot_be_computed_stays_in_its_case():
    bands, right = system(5, 30, 3, 12)
    expected = banded.solve(bands, right)
    right[4, 7] = np.nan
    found = banded.solve(bands, right)
    assert np.isnan(found[:, 7]).all()
    others = np.arange(12) != 7
    np.testing.assert_array_equal(found[:, others], expected[:, others])
    alone = banded.solve(
        [band[:, 7:8] if band.shape[1] > 1 else band for band in bands], right[:, 7:8]
    )
    assert np.isnan(alone).all()


def test_what_is_given_is_left_as_it_was():
    for cases in (1, 9):
        bands, right = system(5, 30, 3, cases)
        before = [one.copy() for one in (*bands, right)]
        banded.solve(bands, right)
        banded.substituted(banded.factorised(np.stack([band[:, 0] for band in bands])), right)
        for one, copy in zip((*bands, right), before, strict=True):
            np.testing.assert_array_equal(one, copy)


def test_an_ill_conditioned_smoothing_is_solved_like_a_dense_one():
    """Weights as of 50 Hz: condition number 4e6."""
    bands = 1e-6 / 0.02**6 * banded.penalty(200, 3)
    bands[0] += 1
    right = np.random.default_rng(0).normal(size=(200, 9))
    expected = np.linalg.solve(dense([band[:, None] for band in bands], 0), right)
    for some in (right, right[:, :1]):
        found = banded.substituted(banded.factorised(bands), some)
        np.testing.assert_allclose(found, expected[:, : some.shape[1]], atol=1e-10)
        found = banded.solve([band[:, None] for band in bands], some)
        np.testing.assert_allclose(found, expected[:, : some.shape[1]], atol=1e-10)


@given(st.integers(1, 12), st.integers(1, 3))
def test_the_penalty_is_that_of_the_difference_matrix(points, order):
    difference = np.diff(np.eye(points), order, axis=0) if points > order else np.empty((0, points))
    expected = difference.T @ difference
    bands = banded.penalty(points, order)
    assert bands.shape == (order + 1, points)
    for k in range(min(order + 1, points)):
        np.testing.assert_array_equal(bands[k][: points - k], np.diag(expected, k))
        assert not bands[k][points - k :].any()


def test_chunks_come_back_in_order():
    values = np.arange(10.0)[None]
    (doubled,) = banded.in_chunks(lambda one: (2 * one,), values, at_once=3)
    np.testing.assert_array_equal(doubled, 2 * values)
