"""What is drawn of a result."""

import numpy as np
import pytest

import rollkit
from rollkit.errors import UsageError
from rollkit.plotting.drawn import MOST, drawn
from rollkit.plotting.histograms import counted, near, span_of
from rollkit.plotting.sparks import spark

from .results import evaluation, run


def test_the_worst_the_median_and_the_best_of_the_gate_that_does_not_hold():
    result = run()
    one = drawn(result)
    assert one.title == "max_abs_jerk: worst, median and best of 20 rollouts"
    assert [shown.roles for shown in one.shown] == [("worst",), ("median",), ("best",)]
    column = result.values["max_abs_jerk"]
    worst = one.shown[0]
    assert worst.name == f"seed {np.argmax(column)}"
    assert one.value(worst) == f"{column.max():.5g} m/s^3"
    assert one.bounds["jerk"] == (-3.6, 3.6)
    assert one.bounds["speed"] == one.bounds["accel"] == ()


def test_without_gates_the_first_metric_with_a_better_side_says():
    assert drawn(run(gates=())).title.startswith("max_abs_accel: worst, median and best")


def test_a_metric_that_is_the_same_everywhere_does_not_say():
    result = run(
        "lane_change", seeds=5, gates=(), metrics=["max_abs_jerk", "max_abs_lateral_accel"]
    )
    assert drawn(result).title.startswith("max_abs_lateral_accel: ")


def test_histograms_are_of_metrics_with_a_better_side_and_of_those_with_gates():
    one = drawn(run())
    assert [each.metric.name for each in one.histograms] == [
        "max_abs_accel",
        "max_abs_curvature",
        "min_speed",  # by a gate
        "max_abs_jerk",
        "max_abs_curvature_rate",
        "max_abs_lateral_accel",
    ]
    assert one.left_out == 1
    assert [limit.text for limit in one.histograms[5].limits] == ["p95 <= 3"]
    many = drawn(run(seeds=2, gates=(), presets=["nuplan_comfort"]))
    assert len(many.histograms) <= MOST


def test_a_sweep_says_which_cell_and_takes_the_rollouts_of_all():
    one = drawn(run("left,right", seeds=5, gates=()))
    assert one.title.endswith("of 10 rollouts")
    assert all(shown.name.endswith(("(left)", "(right)")) for shown in one.shown)
    assert len(one.histograms[0].values) == 10


def test_what_is_the_same_everywhere_is_shown_once():
    result = run("straight", seeds=3, gates=(), params={"noise": 0})
    one = drawn(result)
    assert one.title == "max_abs_accel is the same everywhere: the first of 3 rollouts"
    assert [shown.roles for shown in one.shown] == [("first",)]
    assert one.histograms[0].why_not == "all 3 values are 0 m/s^2"


def test_one_rollout_is_called_by_its_seed():
    one = drawn(run(seeds=(7, 8), gates=()))
    assert (one.title, one.shown[0].roles) == ("seed 7", ())
    assert one.histograms[0].why_not.startswith("one value, ")


def test_no_metric_that_has_a_value():
    one = drawn(run(seeds=2, gates=(), horizon=0.1, metrics=["max_abs_jerk"]))
    assert one.title == "no metric has a value: the first of 2 rollouts"
    assert one.histograms[0].why_not == "undefined"


def test_cases_have_a_panel_each_and_samples():
    result, predictions, reference = evaluation(samples=3)
    one = drawn(result, predictions=predictions, reference=reference)
    assert one.apart
    assert one.title == "ade: worst, median and best of 4 cases"
    assert {shown.samples for shown in one.shown} == {3}
    assert {shown.sample for shown in one.shown} == {None}
    every, predictions, reference = evaluation(samples=3, rule="all")
    one = drawn(every, predictions=predictions, reference=reference)
    assert one.title.endswith("of 12 samples")
    assert one.shown[0].sample == 2  # the widest turn is furthest off


def test_names_are_shown_in_one_line():
    result, predictions, reference = evaluation(names=("a\x1b[31m\n",))
    one = drawn(result, predictions=predictions, reference=reference)
    assert one.shown[0].name == "a?[31m?"


def test_without_values_there_is_nothing_to_draw():
    with pytest.raises(UsageError, match="expected the value of every rollout"):
        drawn(rollkit.run("left"))


@pytest.mark.parametrize("other", [None, "metrics.json"])
def test_what_is_no_result_is_refused(other):
    with pytest.raises(UsageError, match="expected the result of a run or an evaluation"):
        drawn(other)


def test_spans_and_counts():
    values = np.array([1.0, 1.0, 2.0, 5.0])
    assert span_of(values) == (1.0, 5.0)
    counts, edges = counted(values, (1.0, 5.0), 4)
    assert (counts.tolist(), edges.tolist()) == ([2, 1, 0, 1], [1, 2, 3, 4, 5])
    assert span_of(np.array([1.0, 1.0 + 1e-13])) is None
    assert span_of(np.array([-1.7e308, 1.7e308])) is None
    assert near(8.9, (1.0, 5.0))
    assert not near(9.1, (1.0, 5.0))


def test_sparks_are_histograms_of_ten_bins():
    pytest.importorskip("sparklines", reason="sparklines need the extra plot")
    assert spark(np.arange(10.0)) == "█" * 10
    assert spark(np.array([0.0, 1.0])) == "█        █"
    assert spark(np.array([0.0] * 100 + [1.0])) == "█        ▁"
    assert spark(np.array([np.nan, np.inf, 3.0])) == ""
