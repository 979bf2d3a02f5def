"""`check_*`: what a record says, and what becomes of plugins that misbehave."""

import json
import subprocess
import sys
from dataclasses import replace
from types import FunctionType

import numpy as np
import pytest
from hypothesis import strategies as st

from rollkit import Actions, State, action_source, arrays, errors, metric
from rollkit.testing import (
    check_action_source,
    check_integrator,
    check_metric,
    check_plugin,
    checks,
    plugin_checks,
    repeat,
)
from rollkit.testing.invariant import Violation, invariant
from rollkit.testing.subjects import Raised

PLUGIN = '''\
from rollkit import arrays, hookimpl, metric


@metric(unit="m", invariant_under=("se2",))
def furthest(rollout):
    """How far ahead it gets."""
    return arrays.maximum(rollout.trajectory.x)


@hookimpl
def rollkit_metrics():
    return [furthest]
'''


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """A file plugin whose metric is not what it declares: invariant under se2."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "far.py").write_text(PLUGIN, encoding="utf-8")
    return "./far.py"


def declared(function, **traits):
    """A metric of that code, a new one each time."""
    copy = FunctionType(
        function.__code__, function.__globals__, function.__name__, None, function.__closure__
    )
    copy.__doc__ = function.__doc__ or "A number."
    return metric(unit="1", name="mine", **traits)(copy)


def record_of(report, law):
    (found,) = [one for one in report if one.invariant == law]
    return found


def test_a_violation_says_all_there_is_to_say(plugin):
    report = check_plugin(plugin, seed=1, max_examples=20)
    (record,) = report.failures
    assert not report.ok
    assert (record.plugin, record.kind, record.subject) == ("far", "metric", "furthest")
    assert (record.invariant, record.verdict) == ("se2", "violated")
    assert record.statement == "Turning and moving the world does not change the value."
    assert record.message.startswith("value: got ")
    assert ", expected " in record.message
    assert (record.file, record.line) == ("far.py", 4)
    assert record.command == "rollkit check ./far.py --law se2 --seed 1 --max-examples 20"
    assert record.examples > 0
    shown = str(record)
    for part in (record.statement, record.message, record.command, "far.py:4", "Trajectory("):
        assert part in shown
    assert repr(report) == shown


def test_a_record_is_strict_json(plugin):
    for record in check_plugin(plugin, seed=1, max_examples=5):
        values = record.to_dict()
        assert json.loads(json.dumps(values, allow_nan=False)) == values


def test_a_pasted_example_raises_the_same(plugin):
    (record,) = check_plugin(plugin, seed=1).failures
    with pytest.raises(Violation) as raised:
        exec(record.example, {})
    assert str(raised.value) == record.message


def one_short(rollout):
    """A metric with an off-by-one fault, in a module of its own name."""
    return rollout.trajectory.x[..., -2]


def test_an_example_of_a_function_imports_it(monkeypatch):
    wrong = declared(one_short, invariant_under=("time_shift", "mirror", "se2"))
    monkeypatch.setitem(sys.modules, one_short.__module__, sys.modules[__name__])
    (record,) = check_metric(wrong, seed=1).failures
    assert record.command == ""  # no command line reaches a function
    assert f"from {one_short.__module__} import one_short" in record.example
    with pytest.raises(Violation) as raised:
        repeat(wrong, "mine", "se2", **arguments_of(record.example))
    assert str(raised.value) == record.message


def arguments_of(example):
    """What an example hands to `repeat`."""
    handed = {}
    lines = example.splitlines()
    call = "\n".join(lines[lines.index("") + 1 :])
    names = {"repeat": lambda *given, **drawn: handed.update(drawn), "one_short": one_short}
    imports = [one for one in lines[: lines.index("")] if "rollkit import" in one]
    exec("\n".join(imports), names)
    exec(call, names)
    return handed


@pytest.mark.parametrize("seed", [0, 7])
def test_the_same_seed_gives_the_same_counterexample(plugin, seed):
    first, second = (check_plugin(plugin, seed=seed) for _ in range(2))
    assert first.failures
    assert list(first) == list(second)


def test_an_expected_failure_does_not_fail(plugin):
    for name in ("se2", "furthest.se2"):
        report = check_plugin(plugin, expected_failures={name: "x is along the road"}, seed=1)
        record = record_of(report, "se2")
        assert report.ok
        assert (record.verdict, record.message) == ("expected", "x is along the road")


def test_an_expected_failure_that_passes_is_reported(plugin):
    report = check_plugin(
        plugin, expected_failures={"se2": "so it is", "inputs_untouched": "it writes"}, seed=1
    )
    (record,) = report.failures
    assert (record.invariant, record.verdict) == ("inputs_untouched", "unexpected")
    assert record.message == "was expected to fail (it writes), and holds"


def test_an_expected_failure_of_no_check_is_a_wrong_call(plugin):
    with pytest.raises(errors.UsageError, match="unknown check 'se3'; nearest: se2"):
        check_plugin(plugin, expected_failures={"se3": "a typing error"})
    with pytest.raises(errors.UsageError, match="unknown check"):
        plugin_checks(plugin, expected_failures={"mirror": "not declared"})


def test_a_flaky_plugin_is_called_not_deterministic():
    calls = []

    def flaky(rollout):
        calls.append(1)
        if len(calls) % 7 == 0:
            raise RuntimeError("the device is busy")
        return arrays.last(rollout.speed)

    report = check_metric(declared(flaky), seed=1)
    messages = {one.message for one in report.failures}
    assert "it is not deterministic: the same input failed once and then did not" in messages
    assert "hypothesis" not in repr(report).lower()
    assert "Flaky" not in repr(report)
    assert {one.verdict for one in report.failures} == {"violated"}


def test_noise_is_told_by_its_law():
    random = np.random.default_rng(0)
    noisy = declared(lambda rollout: arrays.last(rollout.speed) + random.normal())
    record = record_of(check_metric(noisy, seed=1), "same_input_same_bits")
    assert record.verdict == "violated"
    assert "to the last bit" in record.message


def fails(rollout):
    """Raise."""
    raise ZeroDivisionError("no speed\nat all")


def leaves(rollout):
    """End the interpreter, if it may."""
    sys.exit("done")


def returns_text(rollout):
    """Say it in words."""
    return np.full(rollout.batch, "fast")


def returns_one_for_all(rollout):
    """Reduce over everything."""
    return np.max(rollout.speed, initial=0)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (fails, "it raised ZeroDivisionError: no speed at all"),
        (leaves, "it raised SystemExit: done"),
        (returns_text, "type: got dtype <U4, expected real numbers"),
        (returns_one_for_all, "shape, one number per rollout: got (), expected"),
    ],
)
def test_what_a_function_does_wrong_is_its_violation(function, message):
    record = record_of(check_metric(declared(function), seed=1), "one_number_per_rollout")
    assert record.verdict == "violated"
    assert record.message.startswith(message)


def test_a_warning_is_no_violation():
    def warns(rollout):
        with np.errstate(all="warn"):
            return np.log(np.zeros_like(rollout.speed[..., 0])) * 0 + rollout.speed[..., 0]

    record = record_of(check_metric(declared(warns), seed=1), "finite_or_undefined")
    assert record.verdict == "passed"


@invariant("metric", at=st.integers(0, 3))
def law_with_a_bug(subject, at):
    """A law of which the kit itself is at fault."""
    return [][at]


@invariant("metric", at=st.integers(0, 3))
def law_that_never_starts(subject, at):
    """A law that permits no example."""
    from hypothesis import assume

    assume(at > 3)


def test_a_bug_of_a_law_is_told_from_a_bug_of_the_plugin():
    subject = checks.subject_of(declared(lambda rollout: rollout.speed[..., 0]))
    record = checks.check(law_with_a_bug, subject, seed=1)
    assert record.failed
    assert record.verdict == "broken"
    assert record.message.startswith("a bug in the law: IndexError")
    expected = checks.check(law_with_a_bug, subject, {"law_with_a_bug": "known"}, seed=1)
    assert expected.verdict == "broken"


def test_a_law_without_an_example_is_skipped():
    subject = checks.subject_of(declared(lambda rollout: rollout.speed[..., 0]))
    record = checks.check(law_that_never_starts, subject, seed=1)
    assert (record.verdict, record.message) == ("skipped", "no example was permitted")


@action_source()
def needs_a_path(draws, *, horizon, dt, path: str):
    """Hold the speed of a file that is not there."""
    actions = np.zeros((len(draws), round(horizon / dt)))
    return State(speed=np.arange(len(draws)) + draws.first % 100 * 1.0), Actions(
        actions, actions + len(path), dt
    )


def test_a_source_without_its_options_is_skipped():
    report = check_action_source(needs_a_path, max_examples=5)
    assert {one.verdict for one in report} == {"skipped"}
    assert {one.message for one in report} == {"needs values for path"}
    given = check_action_source(needs_a_path, params={"path": "a.csv"}, max_examples=5, seed=1)
    assert "skipped" not in {one.verdict for one in given}


def test_wrong_calls():
    with pytest.raises(errors.UsageError, match="unknown metric 'max_jerk'"):
        check_metric("max_jerk")
    with pytest.raises(errors.UsageError, match="not declared with @integrator"):
        check_integrator(declared(fails))
    with pytest.raises(errors.UsageError, match="unknown law 'se3' of mine"):
        repeat(declared(fails), "mine", "se3")
    with pytest.raises(errors.UsageError, match="unknown function 'jrk'"):
        repeat("jerk", "jrk", "se2")


def test_a_plugin_that_cannot_be_loaded(tmp_path):
    (tmp_path / "boom.py").write_text("1 / 0\n", encoding="utf-8")
    with pytest.raises(errors.PluginError, match="ZeroDivisionError"):
        check_plugin(str(tmp_path / "boom.py"))


def test_checks_for_parametrize_raise_the_record(plugin):
    found = {one.__name__: one for one in plugin_checks(plugin, seed=1)}
    assert len(found) == len(check_plugin(plugin, max_examples=1, seed=1))
    found["furthest.one_number_per_rollout"]()
    with pytest.raises(AssertionError, match=r"furthest: se2: violated at far.py:4"):
        found["furthest.se2"]()


def test_without_shrinking_the_first_violation_will_do():
    wrong = checks.subject_of(declared(fails))
    law = checks.law_named(wrong, "one_number_per_rollout")
    quick, thorough = (checks.check(law, wrong, seed=1, shrink=shrink) for shrink in (False, True))
    assert quick.examples < thorough.examples
    assert replace(quick, examples=0, example="") == replace(thorough, examples=0, example="")


def test_a_raised_error_keeps_its_cause():
    with pytest.raises(Raised) as raised:
        repeat(declared(fails), "mine", "short_input", **short())
    assert isinstance(raised.value.__cause__, ZeroDivisionError)


def short():
    import rollkit

    actions = Actions([0.0], [0.0], 0.1)
    return {"rollout": rollkit.rollout(actions, State(speed=1.0), "exact")}


def test_no_pytest_is_needed(plugin):
    code = (
        "import sys\n"
        "sys.modules['pytest'] = None\n"
        "from rollkit.testing import check_metric, check_plugin\n"
        "assert check_metric('max_abs_jerk', max_examples=5).ok\n"
        f"print([one.invariant for one in check_plugin({plugin!r}, seed=1).failures])\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stdout.strip()) == (0, "['se2']"), answer.stderr
