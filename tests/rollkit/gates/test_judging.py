"""Gates held against runs and evaluations: the number, the reason, the worst and how to see it."""

import json
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rollkit
from rollkit import DataError, Gate, UsageError, judge
from rollkit.cli import main
from rollkit.errors import ExitCode
from rollkit.gates.expression import COMPARISONS, parse

PLUGIN = '''
import numpy as np
from rollkit import arrays, hookimpl, metric

@metric(unit="1", better="lower", bounds=(0, 1), needs="actions", min_steps=2)
def rough(rollout):
    """1 where the jerk exceeds 3.7 m/s³ somewhere."""
    return (arrays.max_abs(rollout.jerk) > 3.7) * 1.0

@metric(unit="m/s^3", needs="actions", min_steps=2)
def calm(rollout):
    """Largest jerk, undefined where it exceeds 3.7 m/s³."""
    jerk = arrays.max_abs(rollout.jerk)
    return np.where(jerk > 3.7, np.nan, jerk)

@metric(unit="1")
def never(rollout):
    """Nowhere defined."""
    return np.full(rollout.batch, np.nan)

@metric(unit="1")
def broken(rollout):
    """Raises."""
    raise RuntimeError("no idea")

@hookimpl
def rollkit_metrics():
    return [rough, calm, never, broken]
'''
SEEDS = 40


@pytest.fixture(scope="module")
def plugin(tmp_path_factory):
    path = tmp_path_factory.mktemp("plugin") / "odd.py"
    path.write_text(PLUGIN, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def whole(plugin, tmp_path_factory):
    """A run, and the values of every rollout."""
    table = pytest.importorskip("pyarrow.parquet")
    path = tmp_path_factory.mktemp("values") / "values.parquet"
    result = rollkit.run("left", seeds=SEEDS, plugins=["jerk", "speed", plugin], save=path)
    columns = table.read_table(path).to_pydict()
    values = {name: np.array(columns[name], dtype=float) for name in result.metrics}
    return result, values


@pytest.fixture(scope="module")
def sweep():
    return rollkit.run(
        "left,right", grid={"speed": [5, 9]}, seeds=10, metrics=["min_speed", "max_abs_jerk"]
    )


def plainly(values, expression):
    """Whether it holds, by a loop over the values; None where it has no say."""
    holds = COMPARISONS[expression.comparison]
    known = [one for one in values if not math.isnan(one)]
    if not known:
        return False
    if expression.statistic is None:
        return all(holds(one, expression.limit) for one in values)
    if expression.statistic == "n":
        return holds(len(known), expression.limit)
    numbers = {
        "min": min,
        "max": max,
        "mean": np.mean,
        "rate": np.mean,
        "std": lambda some: np.std(some, ddof=1),
        "p50": lambda some: np.percentile(some, 50),
        "p95": lambda some: np.percentile(some, 95),
        "p99": lambda some: np.percentile(some, 99),
    }
    number = numbers[expression.statistic](known)
    if math.isclose(number, expression.limit, rel_tol=1e-12):
        return None  # the order of a sum decides
    return holds(number, expression.limit)


@settings(max_examples=150)
@given(st.data())
def test_verdicts_are_those_of_a_loop_over_the_values(whole, data):
    result, values = whole
    name = data.draw(st.sampled_from(["max_abs_jerk", "min_speed", "calm", "rough", "never"]))
    statistics = [None, "min", "max", "mean", "std", "p50", "p95", "p99", "n"]
    statistic = data.draw(st.sampled_from([*statistics, "rate"] if name == "rough" else statistics))
    own = [float(one) for one in values[name] if not math.isnan(one)] or [0.0]
    limit = data.draw(st.sampled_from(own) | st.floats(-1, 50))
    comparison = data.draw(st.sampled_from(list(COMPARISONS)))
    subject = name if statistic is None else f"{statistic}({name})"
    (verdict,) = judge(result, [f"{subject} {comparison} {limit!r}"])
    expected = plainly(values[name], parse(verdict.expr))
    if expected is not None:
        assert verdict.passed == expected
    assert verdict.n == np.count_nonzero(~np.isnan(values[name]))
    for worst in verdict.worst:
        assert values[name][worst.seed] == worst.value


@pytest.mark.parametrize(
    ("expr", "reason"),
    [
        ("never <= 1", "undefined: for every rollout"),
        ("n(never) >= 0", "undefined: for every rollout"),
        ("broken <= 1", "failed: plugin odd, broken: compute failed"),
        ("mean(broken) <= 1", "failed: plugin odd"),
        ("calm <= 99", f"undefined for 24 of {SEEDS} rollouts"),
        ("max_jerk <= 99", "missing: unknown metric 'max_jerk'; nearest: max_abs_jerk"),
    ],
)
def test_no_number_is_no_pass_and_has_a_reason(whole, expr, reason):
    (verdict,) = judge(whole[0], [expr])
    assert (verdict.passed, verdict.verdict) == (False, "FAIL")
    assert verdict.reason.startswith(reason)


def test_a_statistic_is_of_those_that_have_a_value(whole):
    (verdict,) = judge(whole[0], ["max(calm) <= 3.7"])
    assert verdict.passed
    assert (verdict.n, verdict.n_undefined) == (SEEDS - 24, 24)


def test_std_of_one_rollout_is_no_number():
    result = rollkit.run("left", metrics=["min_speed"])
    (verdict,) = judge(result, ["std(min_speed) < 1"])
    assert (verdict.passed, verdict.value) == (False, None)
    assert verdict.reason == "undefined: std of 1 rollouts"


def test_too_short_a_rollout_fails_with_the_metrics_own_reason():
    result = rollkit.run("left", horizon=0.1, gates=["max_abs_jerk <= 99"])
    assert result.gates[0].reason == "undefined: needs 2 steps, the rollouts have 1"
    assert not result.ok


def test_rate_is_for_what_is_0_or_1(whole):
    result, values = whole
    (verdict,) = judge(result, ["rate(rough) <= 0.05"])
    assert verdict.value == np.mean(values["rough"])
    assert (verdict.unit, verdict.worst[0].value) == ("1", 1.0)
    message = "gate rate(max_abs_jerk) <= 1: rate is for metrics that are 0 or 1, and the bounds"
    with pytest.raises(UsageError, match=re.escape(message)):
        judge(result, ["rate(max_abs_jerk) <= 1"])
    with pytest.raises(UsageError, match=re.escape(message)):
        rollkit.run("left", gates=["rate(max_abs_jerk) <= 1"])


def test_equality_is_judged_at_the_end_that_is_further_off(whole):
    result, values = whole
    (verdict,) = judge(result, ["rough == 0"])
    assert (verdict.passed, verdict.value) == (False, 1.0)
    assert values["rough"][verdict.worst[0].seed] == 1
    (verdict,) = judge(result, [f"n(rough) == {SEEDS}"])
    assert verdict.passed
    assert verdict.worst == ()


def test_upper_and_lower_case_are_alike():
    result = rollkit.run("left", gates=["MAX-ABS_jerk <= 99".replace("-", "_")])
    assert result.gates[0].passed


def test_metrics_of_gates_are_computed_beside_those_asked_for():
    result = rollkit.run("left", plugins=["speed"], gates=["path_length > 1"])
    assert list(result.metrics) == ["min_speed", "final_speed", "path_length"]
    result = rollkit.run("left", metrics=["min_speed"], gates=["min_speed > 0", "n(min_speed)>0"])
    assert list(result.metrics) == ["min_speed"]
    starter = set(rollkit.run("left").metrics)
    assert set(rollkit.run("left", gates=["path_length > 1"]).metrics) == starter | {"path_length"}


def test_an_unknown_metric_is_refused_before_anything_is_done(tmp_path):
    def source(draws, *, horizon, dt):
        raise AssertionError("it was asked for actions")

    with pytest.raises(UsageError) as caught:
        rollkit.run(source, gates=["mean(max_jerk) <= 4"])
    assert caught.value.message == (
        "gate mean(max_jerk) <= 4: unknown metric 'max_jerk'; nearest: max_abs_jerk"
    )
    with pytest.raises(UsageError, match="unknown metric 'min_adee'; nearest: min_ade"):
        rollkit.evaluate_predictions(tmp_path / "none.npz", gates=["min_adee < 1"])


def test_a_metric_that_only_a_broken_plugin_could_have_fails_its_gate(tmp_path):
    path = tmp_path / "hopeless.py"
    path.write_text("raise RuntimeError('no')", encoding="utf-8")
    gates = ["theirs <= 4", "max_abs_jerk <= 9"]
    result = rollkit.run("left", plugins=[str(path), "jerk"], gates=gates)
    assert [one.passed for one in result.gates] == [False, True]
    assert result.gates[0].reason.startswith("missing: unknown metric 'theirs'")
    assert result.exit_code == ExitCode.FAILED


def test_a_warning_is_reported_and_changes_nothing():
    gate = Gate("max_abs_jerk <= 1", severity="warning")
    result = rollkit.run("left", gates=[gate])
    assert (result.ok, result.exit_code) == (True, ExitCode.OK)
    assert (result.gates[0].passed, result.gates[0].verdict) == (False, "WARN")
    result = rollkit.run("left", gates=["max_abs_jerk <= 1"])
    assert (result.ok, result.exit_code) == (False, ExitCode.FAILED)


def test_without_a_filter_all_cells_are_one(sweep):
    slow = min(one.metrics["min_speed"].min for one in sweep.cells)
    (verdict,) = judge(sweep, [f"min_speed > {slow!r}"])
    assert (verdict.passed, verdict.value, verdict.n) == (False, slow, 40)
    first, *others = verdict.worst
    assert sweep.cells[first.cell].metrics["min_speed"].min == slow
    assert all(one.value > slow for one in others) == (not others)


def test_the_worst_of_each_cell_beyond_the_limit_are_named(sweep):
    lows = [one.metrics["max_abs_jerk"].max for one in sweep.cells]
    limit = sorted(lows)[1]
    (verdict,) = judge(sweep, [f"max_abs_jerk <= {limit!r}"])
    beyond = [number for number, one in enumerate(lows) if one > limit]
    assert sorted(one.cell for one in verdict.worst) == beyond
    assert [one.value for one in verdict.worst] == sorted((lows[n] for n in beyond), reverse=True)


def test_of_a_source_each_cell_has_to_hold(sweep):
    values = {number: one.metrics["min_speed"].mean for number, one in enumerate(sweep.cells)}
    right = [number for number, one in enumerate(sweep.cells) if one.source == "right"]
    low = min(values[number] for number in right)
    for limit, passes in ((low, True), (math.nextafter(low, 99), False)):
        gate = Gate(f"mean(min_speed) >= {limit!r}", where={"source": "RIGHT"})
        (verdict,) = judge(sweep, [gate])
        assert (verdict.passed, verdict.value, verdict.n) == (passes, low, 10)
        assert {one.cell for one in verdict.worst} <= set(right)


def test_a_filter_that_leaves_nothing_is_refused(sweep):
    gate = Gate("min_speed > 0", where={"source": "lft"})
    with pytest.raises(UsageError, match="unknown source 'lft' of gate min_speed > 0, lft; near"):
        judge(sweep, [gate])
    with pytest.raises(UsageError, match="unknown source 'lft'"):
        rollkit.run("left", gates=[gate])
    for gate in ("ade@3s < 1", Gate("ade < 1", where={"horizon": 3})):
        with pytest.raises(UsageError, match="a run has no horizons"):
            rollkit.run("left", gates=[gate])


def test_what_is_no_result_is_refused():
    with pytest.raises(UsageError, match="judge: got str, expected the result of a run"):
        judge("metrics.json", ["min_speed > 0"])


def test_a_plain_run_has_its_source():
    result = rollkit.run("left", gates=[Gate("max_abs_jerk < 9", where={"source": "LEFT"})])
    assert result.ok


def test_the_command_does_the_worst_rollout_again(sweep, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (verdict,) = judge(sweep, ["max_abs_jerk <= 1"])
    worst = verdict.worst[0]
    words = worst.again.split()
    assert words[:2] == ["rollkit", "run"]
    assert main(words[1:]) == 0
    again = rollkit.read_result("metrics.json")
    assert (again.run.seeds[0], again.run.source) == (worst.seed, sweep.cells[worst.cell].source)
    assert again.metrics["max_abs_jerk"].max == worst.value
    capsys.readouterr()


def test_a_source_that_no_command_line_finds_has_no_command():
    def turn(draws, *, horizon, dt):
        steps = round(horizon / dt)
        still = np.zeros((len(draws.seeds), steps))
        return rollkit.State(speed=np.ones(len(still))), rollkit.Actions(still, still, dt)

    result = rollkit.run(turn, gates=["min_speed > 2"])
    assert result.gates[0].worst[0].again is None
    assert result.gates[0].worst[0].seed == 0


def test_an_artifact_is_judged_later_as_it_was_then(whole, tmp_path, validated):
    exprs = ["max_abs_jerk <= 3.8", "p95(min_speed) > 0", "calm < 9", "n(rough) > 3"]
    gated = rollkit.run("left", seeds=SEEDS, plugins=list(whole[0].run.plugins), gates=exprs)
    validated(json.loads(gated.to_json()))
    path = gated.save(tmp_path / "gated.json")
    read = rollkit.read_result(path)
    assert read == gated
    assert judge(read, exprs) == gated.gates
    assert judge(rollkit.read_result(path), read.run.gates) == gated.gates


def test_an_artifact_from_before_gates_is_read(sweep, tmp_path):
    path = tmp_path / "old.json"
    old = sweep.to_dict()
    del old["gates"], old["run"]["gates"]
    path.write_text(json.dumps(old), encoding="utf-8")
    assert rollkit.read_result(path) == sweep
    old["run"]["gates"] = [{"expr": "a <"}]
    path.write_text(json.dumps(old), encoding="utf-8")
    with pytest.raises(DataError, match="the run section is damaged"):
        rollkit.read_result(path)


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_compute_what_gates_name(workers):
    result = rollkit.run(
        "left,right",
        seeds=2,
        metrics=["min_speed"],
        workers=workers,
        gates=["path_length > 1", Gate("max_abs_jerk < 9", where={"source": "right"})],
    )
    assert [one.passed for one in result.gates] == [True, True]
