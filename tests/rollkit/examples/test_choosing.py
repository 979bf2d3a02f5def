"""Which rollouts are worth looking at."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rollkit
from rollkit.examples.choosing import (
    deciding,
    extremes,
    judged,
    merged,
    metric_of,
    rows_of,
    wanted_of,
)
from rollkit.examples.example import Wanted
from rollkit.values import Values

from ..predictions.made import random


@pytest.fixture(scope="module")
def left():
    return rollkit.run("left", metrics=["max_abs_jerk", "min_speed"], seeds=50, keep_values=True)


def named(samples):
    """Predictions and references of cases whose names look like those of samples."""
    both = random(1, cases=3, samples=samples, steps=5)
    return [replace(one, ids=("a", "b#2", "7")) for one in both]


def table(**columns):
    columns = {name: np.array(one, dtype=float) for name, one in columns.items()}
    count = len(next(iter(columns.values())))
    return Values({"seed": np.arange(count, dtype=np.uint64)}, columns)


def told(result, values):
    return [(one.seed, *one.why) for one in extremes(result, values, list(values))]


def test_worst_first_then_median_then_best(left):
    values = table(max_abs_jerk=[3, 1, 2, 5, 4], min_speed=[1, 2, 3, 4, 5])
    assert told(left, values) == [
        (3, "worst max_abs_jerk"),
        (4, "largest min_speed"),
        (0, "median max_abs_jerk", "smallest min_speed"),
        (2, "median min_speed"),
        (1, "best max_abs_jerk"),
    ]  # fmt: skip


def test_where_more_is_better_the_worst_is_the_least(left):
    metrics = {"min_speed": replace(left.metrics["min_speed"], better="higher")}
    values = table(min_speed=[5, 1, 3])
    assert told(replace(left, metrics=metrics), values) == [
        (1, "worst min_speed"), (2, "median min_speed"), (0, "best min_speed")
    ]  # fmt: skip


def test_what_is_the_same_everywhere_has_one_example(left):
    assert told(left, table(min_speed=[2, 2, 2])) == [(0, "min_speed is the same everywhere")]
    assert told(left, table(min_speed=[np.nan, 7])) == [(1, "min_speed is the same everywhere")]
    assert told(left, table(min_speed=[np.nan, np.nan])) == []


@given(st.lists(st.one_of(st.floats(-1e9, 1e9), st.just(np.nan)), min_size=1, max_size=30))
def test_extremes_are_those_of_a_plain_loop(left, column):
    found = {why: one.seed for one in extremes(left, table(max_abs_jerk=column), ["max_abs_jerk"])
             for why in one.why}  # fmt: skip
    defined = [one for one in column if one == one]
    if not defined:
        assert found == {}
    elif min(defined) == max(defined):
        assert list(found.values()) == [column.index(defined[0])]
    else:
        assert column[found["worst max_abs_jerk"]] == max(defined)
        assert column[found["best max_abs_jerk"]] == min(defined)
        middle = float(np.median(defined))
        off = abs(column[found["median max_abs_jerk"]] - middle)
        assert off == min(abs(one - middle) for one in defined)


def test_each_rollout_once_with_all_reasons():
    a, b = Wanted(seed=1, why=("x",)), Wanted(seed=2, why=("y",))
    assert merged([a, b, a._replace(why=("z", "x"))]) == [a._replace(why=("x", "z")), b]


def test_gates_that_fail_come_first():
    gates = ["max_abs_jerk <= 100", "p95(max_abs_jerk) <= 1", "n(max_abs_jerk) >= 5"]
    result = rollkit.run("left", seeds=20, gates=gates)
    worst = result.metrics["max_abs_jerk"].argmax_seed
    why = ("gate p95(max_abs_jerk) <= 1: FAIL", "gate max_abs_jerk <= 100: PASS")
    assert deciding(result) == [Wanted(seed=worst, why=why)]


def test_of_all_samples_the_one_is_meant_that_the_gate_names():
    predicted, went = named(samples=4)
    asked = {"metrics": ["ade"], "samples": "all", "gates": ["ade <= 0.1"], "keep_values": True}
    result = rollkit.evaluate_predictions(predicted, went, **asked)
    (one,) = deciding(result)
    assert one.name == result.metrics["ade"].argmax_case
    (row,) = rows_of(result.values, one)
    assert result.values["ade"][row] == result.metrics["ade"].max
    assert len(rows_of(result.values, one._replace(sample=None))) == 4


@pytest.mark.parametrize("samples", ["all", "mean"])
def test_of_single_samples_the_case_is_named_alone(samples):
    predicted, went = named(samples=1)
    asked = {"metrics": ["ade"], "samples": samples, "gates": ["ade <= 0"], "keep_values": True}
    result = rollkit.evaluate_predictions(predicted, went, **asked)
    (one,) = deciding(result)
    assert (one.case, one.sample) == (result.metrics["ade"].argmax_case, None)
    assert extremes(result, result.values, ["ade"])[0].case == one.case


def test_of_a_sweep_the_cell_is_part_of_the_name():
    result = rollkit.run("left,right", metrics=["max_abs_jerk"], seeds=5, keep_values=True)
    one = extremes(result, result.values, ["max_abs_jerk"])[0]
    assert one.name == f"seed {one.seed} of cell {one.cell}"
    (row,) = rows_of(result.values, one)
    assert wanted_of(result.values, row, *one.why) == one
    assert result.values["max_abs_jerk"][row] == result.metrics["max_abs_jerk"].max


def test_a_preset_is_judged_by_its_verdict_and_its_margins(fleets):
    result = rollkit.run("left", plugins=[str(fleets)], presets=["ours"], seeds=5)
    assert judged(result.metrics.values()) == [
        "ours", "ours_speed_margin", "ours_side_margin", "ours_side_rms"
    ]  # fmt: skip


def test_a_metric_is_judged_over_the_whole_only():
    predicted, went = random(1, cases=3, samples=2, steps=5)
    result = rollkit.evaluate_predictions(predicted, went, metrics=["ade"], at=[0.2])
    assert list(result.metrics) == ["ade", "ade@0.2s"]
    assert judged(result.metrics.values()) == ["ade"]


def test_without_a_better_side_all_are_looked_at(left):
    assert judged(left.metrics.values()) == ["max_abs_jerk"]
    assert judged([left.metrics["min_speed"]]) == ["min_speed"]
    assert judged([replace(left.metrics["min_speed"], status="failed")]) == []


def test_gates_name_metrics_in_any_case():
    result = rollkit.run("left", seeds=2, gates=["MAX_ABS_JERK <= 1"])
    assert metric_of(result.gates[0], result.metrics) == "max_abs_jerk"
    assert metric_of(result.gates[0], ["min_speed"]) is None
