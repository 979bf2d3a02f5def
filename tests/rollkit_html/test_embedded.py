"""What is embedded: few bytes, nothing lost that is seen, nothing that ends the script."""

import doctest
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit import Rollout, Trajectory, signals_of
from rollkit_html import compact, limits, words
from rollkit_html import histogram as bins
from rollkit_html import traces as lines
from rollkit_html.compact import embedded, short
from rollkit_html.data import SIGNALS, page_data
from rollkit_html.histogram import histogram
from rollkit_html.table import table
from rollkit_html.traces import peaks, traces

from . import reports

numbers = st.floats(allow_nan=True, allow_infinity=True, width=64)


@given(st.lists(numbers, max_size=20))
def test_numbers_keep_five_digits(values):
    back = json.loads(embedded(short(values)))
    for got, value in zip(back, values, strict=True):
        if np.isnan(value):
            assert got is None
        elif np.isinf(value):
            assert got == ("Infinity" if value > 0 else "-Infinity")
        else:
            assert got == pytest.approx(value, rel=1e-4, abs=1e-300)


@given(st.recursive(st.text(), lambda some: st.dictionaries(st.text(), some, max_size=3)))
def test_no_text_leaves_its_script(value):
    text = embedded(value)
    assert not set("<>&\u2028\u2029").intersection(text)
    assert json.loads(text) == value


@given(st.lists(numbers, max_size=60))
def test_every_finite_value_is_in_a_bar(values):
    column = np.array(values, dtype=np.float64)
    found = histogram(column)
    kept = np.abs(column) < 1e300
    if not kept.any():
        assert found is None
        return
    assert found.counts[0].sum() == kept.sum()
    assert found.infinite == (np.count_nonzero(~np.isnan(column)) - kept.sum(),)
    assert np.all(np.diff(found.edges) > 0)
    assert len(found.counts[0]) <= 41


def test_bars_of_two_sides_are_the_same():
    found = histogram(np.array([0.0, 0.1, 0.2]), np.array([1.05]))
    assert found.edges[[0, -1]].tolist() == [0.0, 1.05]
    assert [one.sum() for one in found.counts] == [3, 1]


@given(st.lists(st.floats(-10, 10) | st.just(np.nan), min_size=1, max_size=80), st.integers(2, 30))
def test_no_peak_is_lost(values, most):
    array = np.array(values)
    kept = peaks(array, most)
    assert kept[0] == 0
    assert kept[-1] == len(array) - 1
    assert np.all(np.diff(kept) > 0)
    assert len(kept) <= 3 * max(1, most // 2) + 2
    if not np.isnan(array).all():
        assert np.nanmax(array[kept]) == np.nanmax(array)
        assert np.nanmin(array[kept]) == np.nanmin(array)


def test_a_path_is_seen_from_its_start():
    (example,) = (one for one in reports.of_run().shown.examples[:1])
    x, y = 100 - np.arange(5.0), np.full(5, -7.0)  # to the west
    there = Trajectory(x[None], y[None], np.full((1, 5), np.pi), np.ones((1, 5)), dt=1.0)
    moved = type(example)(example.wanted, Rollout(there))
    (found,) = traces([moved])
    assert found["paths"] == [[[0, 1, 2, 3, 4], [0, 0, 0, 0, 0]]]
    assert found["arrows"][-1] == [4, 0, 0]
    assert found["t"] == [0, 1, 2, 3, 4]


def test_samples_stand_beside_their_reference():
    report = reports.of_samples()
    for one, example in zip(traces(report.shown.examples), report.shown.examples, strict=True):
        assert one["samples"] == len(one["paths"]) == 3
        assert len(one["reference"][0]) == example.rollout.steps + 1
        deviation = one["signals"]["deviation"][1]
        assert deviation["v"][-1] == pytest.approx(example.rollout.deviation[1, -1], rel=1e-4)


def test_the_signals_are_those_of_the_core():
    rollout = reports.of_run().shown.examples[0].rollout
    assert {one.name: one.unit for one in signals_of(rollout)}.items() <= {
        name: unit for name, (_, unit) in SIGNALS.items()
    }.items()


def test_a_case_has_the_verdict_of_the_gates_on_each():
    report = reports.of_run()
    found = table(report.shown, {name: name for name in report.shown.values})
    jerk = report.shown.values["max_abs_jerk"][report.shown.rows]
    assert found["verdicts"] == "".join("f" if one > 3.9 else "p" for one in jerk)
    assert found["keys"]["seed"] == report.shown.rows.tolist()
    (before, after) = found["again"][0]
    assert f"{before}7{after}".startswith("rollkit run --scenario left --integrator rk4 --seed 7 ")


def test_a_cell_of_a_sweep_has_its_own_command():
    report = reports.of_preset()
    found = table(report.shown, {"max_abs_jerk": "m0"})
    assert found["cells"] == ["left", "right"]
    assert ["--scenario right" in one[0] for one in found["again"]] == [False, True]


def test_limits_are_drawn_where_they_apply():
    result = reports.of_preset().shown.result
    jerk = limits.on_signal(result, "jerk", "m/s^3")
    assert {(one.at, one.label) for one in jerk} == {
        (3.9, "max_abs_jerk <= 3.9"),
        (-3.9, "max_abs_jerk <= 3.9"),
        (3.5, "p95(max_abs_jerk) <= 3.5"),
        (-3.5, "p95(max_abs_jerk) <= 3.5"),
        (4.13, "nuplan_comfort −4.13 to 4.13"),
        (-4.13, "nuplan_comfort −4.13 to 4.13"),
    }
    assert limits.on_signal(result, "jerk", "m/s^2") == []
    names = [one.label for one in limits.on_metric(result, "max_abs_jerk")]
    assert names == ["≤ 3.9", "p95 ≤ 3.5"]
    assert [one.at for one in limits.on_metric(result, "nuplan_comfort_lon_jerk")] == [-4.13, 4.13]
    assert [one.at for one in limits.on_signal(result, "accel", "m/s^2")] == [-4.05, 2.4]
    assert limits.on_signal(result, "speed", "m/s") == []  # a mean is no limit of an instant


def test_the_first_are_the_best_the_median_and_the_worst():
    report = reports.of_run()
    data = page_data(report)
    reasons = [report.shown.examples[one].wanted.why for one in data["first"]]
    assert len(reasons) == 3
    for word in ("worst", "median", "best"):
        assert any(f"{word} max_abs_jerk" in one for one in reasons)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("m/s^2", "m/s²"), ("1/(m s)", "1/(m s)"), ("1", ""), ("m^-1", "m⁻¹"), ("a^b", "a^b")],
)
def test_units(text, shown):
    assert words.unit(text) == shown


def test_numbers_in_text():
    assert words.number(-1234.5) == "−1234.5"
    assert words.number(1234567) == "1,234,567"
    assert words.number(float("inf")) == "∞"
    assert words.number(float("nan")) == words.number(None) == "–"
    assert words.number(True) == "True"


@pytest.mark.parametrize("module", [bins, compact, lines, words])
def test_examples(module):
    assert doctest.testmod(module).failed == 0
