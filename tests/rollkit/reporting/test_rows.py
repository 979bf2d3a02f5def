"""Which rows a table lists."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rollkit
from rollkit.reporting.rows import worst_first
from rollkit.values import Values


def table(**columns):
    count = len(next(iter(columns.values())))
    seeds = {"seed": np.arange(count, dtype=np.uint64)}
    return Values(seeds, {name: np.array(one, dtype=float) for name, one in columns.items()})


@pytest.fixture(scope="module")
def gated():
    return rollkit.run(
        "left",
        metrics=["max_abs_jerk", "max_abs_accel"],
        gates=["max_abs_jerk <= 3", "p95(max_abs_accel) < 2", "std(max_abs_jerk) < 0"],
    )


@pytest.fixture(scope="module")
def plain():
    return rollkit.run("left", metrics=["max_abs_jerk", "max_abs_accel"])


def rows(result, values, most=100, metrics=("max_abs_jerk", "max_abs_accel")):
    return worst_first(result, values, metrics, most).tolist()


def test_beyond_more_limits_is_worse(gated):
    values = table(max_abs_jerk=[1, 4, 2, 9, 3], max_abs_accel=[1, 2, 1.5, 0, 1.9])
    # Row 1 is beyond both limits, 3 beyond one; of the others 4 has the highest rank, 2, then 0.
    assert rows(gated, values) == [1, 3, 4, 2, 0]
    assert rows(gated, values, most=2) == [1, 3]


def test_what_is_undefined_fails_a_gate_on_every_rollout_and_no_other(gated):
    values = table(max_abs_jerk=[1, np.nan, 2], max_abs_accel=[1, 1, np.nan])
    assert rows(gated, values)[0] == 1


def test_the_worst_of_any_metric_comes_before_the_second_worst_of_each(plain):
    values = table(max_abs_jerk=[9, 8, 0, 1], max_abs_accel=[0, 8, 9, 1])
    assert rows(plain, values) == [0, 2, 1, 3]


def test_equals_stay_in_order(plain):
    assert rows(plain, table(max_abs_jerk=[1, 1, 1], max_abs_accel=[2, 2, 2])) == [0, 1, 2]


def test_of_no_rows_none(plain):
    assert rows(plain, table(max_abs_jerk=[], max_abs_accel=[])) == []


@given(st.lists(st.one_of(st.integers(-3, 3), st.just(np.nan)), min_size=1, max_size=12))
def test_one_metric_alone_is_sorted_by_it(plain, column):
    ordered = [column[row] for row in rows(plain, table(max_abs_jerk=column), 99, ["max_abs_jerk"])]
    defined = [one for one in ordered if one == one]
    assert defined == sorted(defined, reverse=True)
    first_undefined = next((i for i, one in enumerate(ordered) if one != one), len(ordered))
    assert all(one != one or one == min(defined) for one in ordered[first_undefined:])
