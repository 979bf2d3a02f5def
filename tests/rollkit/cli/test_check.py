"""`rollkit check`, as a user types it."""

import json
from xml.etree import ElementTree

import pytest

from rollkit.testing.checks import subjects

FAST = ["--no-database", "--max-examples", "10", "--seed", "1"]
BROKEN = '''
from rollkit import arrays, hookimpl, metric

@metric(unit="m", invariant_under=("se2",))
def furthest(rollout):
    """How far ahead it gets."""
    return arrays.maximum(rollout.trajectory.x)

@hookimpl
def rollkit_metrics():
    return [furthest]
'''


def test_a_builtin_keeps_its_laws(cli):
    ran = cli("check", "jerk", *FAST)
    assert ran.code == 0, ran.out
    assert "max_abs_jerk" in ran.out
    assert ran.out.splitlines()[-1].endswith("passed")


def test_a_violation_says_all_that_is_needed_to_mend_it(cli, tmp_path):
    (tmp_path / "far.py").write_text(BROKEN)
    ran = cli("check", "./far.py", "--law", "se2", *FAST)
    assert ran.code == 1
    for part in (
        "furthest: se2: violated at far.py:4",
        "law: Turning and moving the world does not change the value.",
        "got ",
        "expected ",
        "smallest example:",
        "from rollkit.testing import repeat",
        "again: rollkit check ./far.py --law se2 --seed 1 --max-examples 10",
    ):
        assert part in ran.out, part
    assert "Traceback" not in ran.out + ran.err


def test_the_same_seed_finds_the_same_example(cli, tmp_path):
    (tmp_path / "far.py").write_text(BROKEN)
    first, second = (cli("check", "./far.py", *FAST) for _ in range(2))
    assert first.out == second.out


def test_json_and_junit_carry_every_record(cli, tmp_path):
    (tmp_path / "far.py").write_text(BROKEN)
    ran = cli("check", "./far.py", "--json", "--junit-xml", "report.xml", *FAST)
    assert ran.code == 1
    records = json.loads(ran.out)
    suite = ElementTree.parse(tmp_path / "report.xml").getroot()
    failed = [one for one in records if one["verdict"] == "violated"]
    assert suite.get("tests") == str(len(records))
    assert suite.get("failures") == str(len(failed))
    assert {case.get("name") for case in suite} == {one["invariant"] for one in records}
    assert "smallest example" in suite.find("testcase/failure").text


def test_the_list_has_every_law_with_its_statement(cli):
    from rollkit.testing import invariants

    listed = json.loads(cli("check", "--list", "--json").out)
    assert [(one["name"], one["statement"]) for one in listed] == [
        (law.name, law.statement) for law in invariants.ALL
    ]
    assert "nan_is_never_lost" in cli("check", "--list").out


def test_examples_are_kept_where_hypothesis_users_expect_them(cli, tmp_path):
    (tmp_path / "far.py").write_text(BROKEN)
    cli("check", "./far.py", "--law", "se2", "--no-database")
    assert not (tmp_path / ".hypothesis" / "examples").exists()  # constants are its own cache
    cli("check", "./far.py", "--law", "se2")
    assert list((tmp_path / ".hypothesis" / "examples").rglob("*"))


def test_everything_is_checked_where_nothing_is_named(cli):
    ran = cli(
        "check", "--json", "--law", "initial_state_kept", "--law", "a_row_for_each_seed", *FAST
    )
    assert ran.code == 0
    records = json.loads(ran.out)
    assert {"euler", "rk4", "exact", "left", "random_smooth"} <= {one["subject"] for one in records}
    (recorded,) = [one for one in records if one["subject"] == "recorded"]
    assert (recorded["verdict"], recorded["message"]) == ("skipped", "needs values for path")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["jrk"], "unknown plugin 'jrk'; nearest: jerk"),
        (["jerk", "--law", "mirrors"], "unknown law 'mirrors'; nearest: mirror"),
        (["jerk", "--law", "causality"], "no law applies"),
        (["jerk", "--max-examples", "0"], "--max-examples"),
        (["jerk", "--time-limit", "0"], "--time-limit"),
        (["jerk", "--junit-xml", "no/report.xml"], "does not exist"),
    ],
)
def test_wrong_calls_end_in_2(cli, arguments, message):
    ran = cli("check", *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert ran.out == ""


def test_presets_are_checked_where_they_are_named(cli, monkeypatch):
    options = ("--law", "same_input_same_bits", "--json", *FAST)
    named = {one["subject"] for one in json.loads(cli("check", "comma_presets", *options).out)}
    assert "comma_controls_total_cost" in named
    monkeypatch.setattr("rollkit.cli.check._builtins", lambda: ["jerk", "comma_presets"])
    everything = {one["subject"] for one in json.loads(cli("check", *options).out)}
    assert everything == {"max_abs_jerk"}


def test_of_a_preset_what_only_follows_is_not_checked_again():
    found = {one.spec.name for one in subjects("navsim_presets")}
    assert {"navsim_comfort", "navsim_comfort_jerk_margin", "navsim_comfort_jerk_ok"} <= found
    assert not {"navsim_comfort_jerk", "navsim_comfort_jerk_time"} & found
