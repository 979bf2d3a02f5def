"""`--gate` and `--gates`, as a user types them: a table, a verdict and an exit code."""

import json

import pytest

PASSES, FAILS = "max_abs_jerk <= 9", "max_abs_jerk <= 3"

LIMITS = """
[[gates]]
expr = "max_abs_jerk <= 3"
name = "jerk"
why = "passengers stand"
severity = "warning"

[[gates]]
expr = "mean(min_speed) > 1"
where = {source = "left"}
"""


@pytest.fixture
def limits(tmp_path):
    (tmp_path / "limits.toml").write_text(LIMITS, encoding="utf-8")


def table(out):
    """The rows of the table of gates, by its first column."""
    lines = out.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("gate "))
    return lines[start:]


def test_gates_that_hold(cli):
    ran = cli("run", "--seeds", 5, "--gate", PASSES, "--gate", "n(min_speed)>=5")
    assert (ran.code, ran.err) == (0, "wrote metrics.json\n")
    assert table(ran.out) == [
        "gate               verdict   value  limit  unit   worst",
        "max_abs_jerk <= 9  PASS     3.9699  <= 9   m/s^3  seed 2",
        "n(min_speed) >= 5  PASS          5  >= 5   1      -",
    ]
    assert [one["passed"] for one in ran.artifact["gates"]] == [True, True]


def test_a_gate_that_does_not_hold(cli):
    ran = cli("run", "--seeds", 5, "--gate", PASSES, "--gate", FAILS, "--metrics", "min_speed")
    assert ran.code == 1
    assert ran.err == f"failed: 1 of 2 gates: {FAILS}\nwrote metrics.json\n"
    head, *rows, again = table(ran.out)
    assert head.split() == ["gate", "verdict", "value", "limit", "unit", "worst"]
    assert [row.split()[3] for row in rows] == ["PASS", "FAIL"]
    worst = ran.artifact["gates"][1]["worst"][0]
    assert again == f"again: {worst['again']}"
    repeated = cli(*worst["again"].split()[1:])
    assert repeated.means == {"max_abs_jerk": worst["value"]}


def test_a_warning_and_a_filter_of_a_file(cli, limits):
    ran = cli("run", "--scenario", "left,right", "--gates", "limits.toml")
    assert ran.code == 0
    assert "failed" not in ran.err
    rows = table(ran.out)
    assert rows[1].split()[:2] == ["jerk", "WARN"]
    assert rows[2].startswith("mean(min_speed) > 1 (left)  PASS")
    assert rows[3] == "jerk: passengers stand"


def test_what_has_no_number_says_why(cli):
    ran = cli("run", "--horizon", 0.1, "--gate", PASSES)
    assert ran.code == 1
    assert table(ran.out)[1].endswith("undefined: needs 2 steps, the rollouts have 1")


def test_json_alone_goes_to_stdout(cli):
    ran = cli("run", "--gate", FAILS, "--json")
    assert ran.code == 1
    assert json.loads(ran.out)["gates"] == ran.artifact["gates"]
    assert "failed: 1 of 1 gates" in ran.err


def test_from_repeats_gates(cli, limits, tmp_path):
    first = cli("run", "--gates", "limits.toml", "--gate", FAILS)
    (tmp_path / "limits.toml").unlink()
    again = cli("run", "--from", "metrics.json", "-o", "again.json")
    assert (first.code, again.code) == (1, 1)
    told = json.loads((tmp_path / "again.json").read_text(encoding="utf-8"))
    assert told["gates"] == first.artifact["gates"]
    assert told["run"] == first.artifact["run"]
    refused = cli("run", "--from", "metrics.json", "--gate", PASSES, "--gates", "limits.toml")
    assert refused.code == 2
    assert "--gate" in refused.err
    assert "--gates" in refused.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--gate", "max_jerk <= 4"], "unknown metric 'max_jerk'; nearest: max_abs_jerk"),
        (["--gate", "jerk < 4 < 5"], "got '<' at character 10, expected the end"),
        (["--gate", "limits.toml"], "got '.' at character 7"),
        (["--gate", "comfort_bounds"], "got the end at character 15"),
        (["--gate", "rate(max_abs_jerk) < 1"], "rate is for metrics that are 0 or 1"),
        (["--gate", "max_abs_jerk@3s < 1"], "a run has no horizons"),
        (["--gates", "none.toml"], "cannot read gates from none.toml"),
        (["--gates", "comfort_bonds"], "unknown gates 'comfort_bonds'; nearest: comfort_bounds"),
        (["--gates", "jerk"], "plugin jerk brings no gates"),
        (["--gates", " , "], "--gates: got ' , '"),
    ],
)
def test_a_wrong_call_does_nothing(cli, arguments, message):
    ran = cli("run", *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert (ran.out, ran.wrote) == ("", [])


def test_the_mistake_is_pointed_at(cli):
    ran = cli("run", "--gate", "p95(max_abs_jerk <= 4")
    assert ran.err.splitlines() == [
        "error: gate: got '<=' at character 18, expected ')'",
        "       p95(max_abs_jerk <= 4",
        "                        ^",
    ]


@pytest.mark.parametrize("profile", ["comfort_bounds", "regulatory_bounds", "physical_bounds"])
def test_profiles_come_with_the_package(cli, profile):
    ran = cli("run", "--gates", profile, "--metrics", "min_speed")
    assert ran.code == 0
    assert {one["plugin"] for one in ran.artifact["run"]["gates"]} == {profile}
    assert profile in [one["name"] for one in ran.artifact["plugins"]]
    ran = cli("run", "--gates", profile, "--scenario", "emergency_brake", "--set", "noise=0")
    assert ran.code == 1


def test_evaluations_have_gates_too(cli, tmp_path):
    lines = ["case,t,x,y", *(f"{case},{t},{t * 5},0" for case in "ab" for t in range(5))]
    (tmp_path / "went.csv").write_text("\n".join(lines), encoding="utf-8")
    moved = [line.replace(",0,0", ",0,0").replace(",20,0", ",23,0") for line in lines]
    (tmp_path / "said.csv").write_text("\n".join(moved), encoding="utf-8")
    call = ["eval", "said.csv", "--reference", "went.csv", "--metrics", "ade"]
    ran = cli(*call, "--gate", "ade@2s <= 0", "--gate", "max(fde) < 3")
    assert ran.code == 1, ran.err
    assert "failed: 1 of 2 gates: max(fde) < 3" in ran.err
    rows = table(ran.out)
    assert rows[1].split()[3:5] == ["PASS", "0"]
    again = cli("eval", "--from", "metrics.json", "-o", "again.json")
    assert again.code == 1
    assert table(again.out) == rows
    assert cli(*call, "--gate", "min_adee < 3").code == 2
    assert cli("eval", "--from", "metrics.json", "--gate", "ade < 3").code == 2


def test_names_do_not_command_the_terminal(cli, tmp_path):
    (tmp_path / "g.toml").write_text(
        '[[gates]]\nexpr = "max_abs_jerk > 0"\nname = "\\u001b[31mred\\u202e"\n'
    )
    ran = cli("run", "--metrics", "max_abs_jerk", "--gates", "g.toml")
    assert "?[31mred?  PASS" in ran.out


def test_what_a_terminal_would_obey_is_not_printed(cli):
    ran = cli("run", "--gate", "max_\x1b[31mjerk <= 1")
    assert ran.code == 2
    assert "\x1b[31mjerk" not in ran.err
