"""Holm's correction against values worked by hand, its definition, and Bonferroni's."""

import math

from hypothesis import given
from hypothesis import strategies as st

from rollkit.comparing.statistics.holm import holm

P = st.floats(0.0, 1.0)


def by_definition(p_values):
    """Each p-value: the largest of (number that are not smaller ranks) times p, up to its rank."""
    adjusted = []
    for index, p in enumerate(p_values):
        order = sorted(range(len(p_values)), key=lambda other: (p_values[other], other))
        rank = order.index(index)
        steps = [(len(p_values) - k) * p_values[order[k]] for k in range(rank + 1)]
        adjusted.append(min(1.0, max(steps)))
        assert p_values[order[rank]] == p
    return adjusted


def test_values_worked_by_hand():
    # 4 x 0.005, 3 x 0.01, 2 x 0.03, and 0.04 is not below the one before it.
    assert holm([0.01, 0.04, 0.03, 0.005]) == [0.03, 0.06, 0.06, 0.02]
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([0.02]) == [0.02]
    assert holm([]) == []


def test_what_was_not_tested_does_not_count():
    assert holm([None, 0.01, math.nan, 0.04]) == [None, 0.02, None, 0.04]
    assert holm([None]) == [None]


@given(st.lists(P, max_size=12))
def test_definition(p_values):
    assert holm(p_values) == by_definition(p_values)


@given(st.lists(P, min_size=1, max_size=12), st.randoms())
def test_between_the_p_values_and_bonferroni(p_values, random):
    adjusted = holm(p_values)
    for p, corrected in zip(p_values, adjusted, strict=True):
        assert p <= corrected <= min(1.0, len(p_values) * p)
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    assert [adjusted[index] for index in order] == sorted(adjusted)
    shuffled = list(range(len(p_values)))
    random.shuffle(shuffled)
    assert holm([p_values[index] for index in shuffled]) == [adjusted[index] for index in shuffled]
