"""Gates as they are given: in files, in lists, by plugins; and what is none."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit import DataError, Gate, PluginError, UsageError
from rollkit.gates.files import read_gates
from rollkit.gates.given import gates_of
from rollkit.plugins import Plugins


def written(tmp_path, text, name="limits.toml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_says_all_that_a_gate_can(tmp_path):
    path = written(
        tmp_path,
        """
        [[gates]]
        expr = "max_abs_jerk<=4.130"
        [[gates]]
        expr = "mean(ade) < 1"
        severity = "warning"
        where = {horizon = 3}
        name = "  ADE \\n at 3 s"
        why = "agreed in March"
        """,
    )
    first, second = read_gates(path)
    assert first == Gate("max_abs_jerk <= 4.13")
    assert (second.severity, second.name) == ("warning", "ADE at 3 s")
    assert second.why == "agreed in March"
    assert second.expression.name == "ade@3s"


def test_a_list_of_expressions_will_do(tmp_path):
    path = written(tmp_path, 'gates = ["a < 1", {expr = "b > 2"}]')
    assert [one.expr for one in read_gates(path)] == ["a < 1", "b > 2"]


def test_a_pyproject_has_them_in_its_own_table(tmp_path):
    tables = '[[tool.rollkit.gates]]\nexpr = "a < 1"\n'
    inline = '[tool.rollkit]\ngates = ["b < 1"]\n'
    for text, expr in ((tables, "a < 1"), (inline, "b < 1")):
        other = '[project]\nname = "x"\n[tool.other]\ngates = 1\n'
        path = written(tmp_path, other + text, "pyproject.toml")
        assert [one.expr for one in read_gates(path)] == [expr]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "limits.toml has no gates; expected tables [[gates]]"),
        ("gates = []", "has no gates"),
        ("gates = 'a < 1'", "has no gates"),
        ("[gates]\nexpr = 'a < 1'", "has no gates"),
        ("[[gate]]\nexpr = 'a < 1'", "unknown key 'gate' of"),
        ("gates = ['a < 1']\ngate = ['b < 1']", "unknown key 'gate' of"),
        ("gates = ['a < 1', 'b <']", "limits.toml, gate 2: got the end at character 4, expected"),
        ("gates = [3]", "gate 1: got int, expected an expression, or a table"),
        ("[[gates]]\nname = 'x'", "gate 1: got name, expected `expr`, an expression"),
        ("[[gates]]", "gate 1: got nothing, expected `expr`"),
        ("[[gates]]\nexpr = 3", "gate 1: got int, expected text"),
        ("[[gates]]\nexpr='a < 1'\nsverity='error'", "unknown key 'sverity' of a gate; nearest: s"),
        ("[[gates]]\nexpr='a < 1'\nseverity='warn'", "unknown severity 'warn' of gate a < 1; near"),
        ("[[gates]]\nexpr='a < 1'\nseverity=1", "unknown severity '1'"),
        ("[[gates]]\nexpr='a < 1'\nname=1", "gate a < 1: name: got 1, expected text"),
        ("[[gates]]\nexpr='a < 1'\nwhere='left'", "where: got 'left', expected source and horizon"),
        ("[[gates]]\nexpr='a < 1'\nwhere={sorce='x'}", "unknown filter 'sorce' of gate a < 1"),
        ("[[gates]]\nexpr='a < 1'\nwhere={source=1}", "where: source: got 1, expected its name"),
        ("[[gates]]\nexpr='a < 1'\nwhere={horizon='3'}", "where: horizon: got '3', expected sec"),
        ("[[gates]]\nexpr='a < 1'\nwhere={horizon=true}", "where: horizon: got True, expected sec"),
        ("[[gates]]\nexpr='a < 1'\nwhere={horizon=nan}", "got nan, expected more than 0 s"),
        ("[[gates]]\nexpr='a@3s<1'\nwhere={horizon=5}", "horizon: got 5 s, and 3 s in its text"),
        ("gates = [", "limits.toml is no TOML"),
        ("gates = " + "[" * 5000, "limits.toml is no TOML"),
    ],
)
def test_files_that_hold_none(tmp_path, text, message):
    with pytest.raises(DataError, match=re.escape(message)):
        read_gates(written(tmp_path, text))


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(DataError, match=r"cannot read gates from .*: No such file"):
        read_gates(tmp_path / "limits.toml")
    with pytest.raises(DataError, match="cannot read gates from"):
        read_gates(tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="is no TOML"):
        read_gates(tmp_path / "bytes.toml")
    text = '[tool.rollkit]\nother = 1\n[[tool.rollkit.gates]]\nexpr = "a < 1"\n'
    with pytest.raises(DataError, match="unknown key 'other' of"):
        read_gates(written(tmp_path, text, "pyproject.toml"))
    for text in ("tool = 3", "[tool]\nrollkit = 3", ""):
        with pytest.raises(DataError, match=r"has no gates; expected tables .*tool.rollkit.gates"):
            read_gates(written(tmp_path, text, "pyproject.toml"))


def test_each_gate_is_taken_once_in_order(tmp_path):
    path = written(tmp_path, 'gates = ["b < 1", "a < 1"]')
    found = gates_of(["a<1.0", path, str(path), Gate("c < 1"), "a < 1"])
    assert [one.expr for one in found] == ["a < 1", "b < 1", "c < 1"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("a < 1", "gates: got 'a < 1', expected a list of gates"),
        (Gate("a < 1"), "expected a list of gates"),
        (Path("limits.toml"), "expected a list of gates"),
        (3, "gates: got 3, expected a list"),
        ([3], "gates: got 3, expected an expression"),
        (["max_abs_jerk"], "unknown gates 'max_abs_jerk'"),
        (["jerk"], "plugin jerk brings no gates"),
    ],
)
def test_what_is_no_list_of_gates(given, message):
    with pytest.raises(UsageError, match=re.escape(message)):
        gates_of(given)


def test_gates_of_a_plugin_know_it():
    first, *others = gates_of(["COMFORT-BOUNDS"])
    assert others
    assert first.plugin == "COMFORT-BOUNDS"


texts = st.text(max_size=20)


@given(texts, texts, st.sampled_from([{}, {"source": "left"}, {"horizon": 3}]))
def test_a_gate_reads_back_as_it_was_written(name, why, where):
    gate = Gate("p95(x) <= 4", "warning", where, name, why)
    assert Gate.from_dict(gate.to_dict()) == gate


def test_a_plugin_may_bring_nothing_but_gates(tmp_path):
    path = tmp_path / "fleet.py"
    for said, wrong in (("('fleet.toml',)", False), ("'fleet.toml'", True), ("(1,)", True)):
        path.write_text(f"rollkit_gates = {said}\n# {'#' * len(said)}", encoding="utf-8")
        plugins = Plugins()
        plugins.load([str(path)])
        assert bool(plugins.failures) == wrong
        if wrong:
            assert "expected a tuple of paths" in plugins.failures[0].message
            with pytest.raises(PluginError, match="expected a tuple of paths"):
                plugins.gate_files(str(path))
        else:
            assert plugins.gate_files(str(path)) == [Path("fleet.toml")]
