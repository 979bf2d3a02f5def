"""`rollkit compare`, as a user types it: runs that differ, a table, files, an exit code."""

import contextlib
import io
import json
import re
from xml.etree import ElementTree

import jsonschema
import numpy as np
import pytest

from rollkit.cli import main
from rollkit.comparing.results import SCHEMA

pytest.importorskip("scipy", reason="comparisons need the extra compare")
pytest.importorskip("pyarrow", reason="values are saved by the extra parquet")

POLICY = '''
"""A metric of what the source draws: every training a little different, some worse."""

import numpy as np

from rollkit import Actions, State, hookimpl, metric


def drive(draws, *, horizon, dt, training: int = 0, gain: float = 1.0):
    mood = draws.uniform(1)
    chance = draws.normal(4)[:, training, None]
    accel = gain * (1 + mood + 0.1 * chance) * np.ones((len(draws), round(horizon / dt)))
    return State(speed=8 + 0 * mood[:, 0]), Actions(accel, 0 * accel, dt)


@metric(unit="m/s^2", better="lower", needs="actions")
def push(rollout):
    """Mean acceleration."""
    return np.mean(rollout.actions.accel, axis=-1)


@metric(unit="m/s^2", better="higher", needs="actions")
def pull(rollout):
    """The same, the other way round."""
    return -np.mean(rollout.actions.accel, axis=-1)


@metric(unit="1", needs="actions")
def steps(rollout):
    """How many steps; neither side is better."""
    return 0 * rollout.actions.accel[..., 0] + rollout.actions.steps


@hookimpl
def rollkit_metrics():
    return [push, pull, steps]
'''


TRAININGS = {
    "base": ["--dt", "0.1"],
    "harder": ["--dt", "0.1", "--set", "gain=1.05", "--set", "training=1"],
    "again": ["--dt", "0.1", "--set", "training=2"],
    "fine": ["--dt", "0.05"],
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Three trainings of a policy: the base, one that is 5 % harder, one that is as it was."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "trainings.py").write_text(POLICY.lstrip())
    common = ["--source", "trainings:drive", "--plugins", "./trainings.py", "--horizon", "1"]
    quiet = contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())
    with contextlib.chdir(folder), quiet[0], quiet[1]:
        for name, options in TRAININGS.items():
            files = ["--save", f"{name}.parquet", "-o", f"{name}.json"]
            assert main(["run", *common, "--seeds", "100", *options, *files]) == 0
    return folder


@pytest.fixture
def compare(cli, runs, tmp_path):
    for name in TRAININGS:
        for suffix in ("json", "parquet"):
            (tmp_path / f"{name}.{suffix}").write_bytes((runs / f"{name}.{suffix}").read_bytes())
    before = {one.name for one in tmp_path.iterdir()}

    def run(*arguments):
        ran = cli("compare", *arguments)
        run.wrote = sorted(set(ran.wrote) - before)
        return ran

    return run


def rows(out):
    """The rows of the first table, by metric: the verdict."""
    found = {}
    for line in out.splitlines()[2:]:
        if not line:
            break
        name, verdict = line.split()[:2]
        found[name] = verdict
    return found


def test_a_regression_is_seen(compare):
    ran = compare("base.parquet", "harder.parquet")
    assert ran.code == 1
    first, head, *_ = ran.out.splitlines()
    assert first == "base.parquet -> harder.parquet, 100 pairs by seed"
    assert head.split("  ")[0] == "metric"
    assert rows(ran.out) == {"push": "worse", "pull": "worse", "steps": "equal"}
    assert ran.out.splitlines()[-1] == "2 of 3 metrics worse, 1 equal"
    assert re.search(r"failed: 2 of 3 metrics: \w+ worse by [\d.]+%, \w+ worse by", ran.err)
    assert compare.wrote == []


def test_all_numbers_are_in_the_tables(compare):
    out = compare("base.json", "harder.json", "--metrics", "push", "--tolerance", "0.01").out
    heads = re.split(r"  +", out.splitlines()[1])
    assert heads[:3] == ["metric", "verdict", "base"]
    for head in ("in %", "difference", "95% interval", "P(worse)", "effect", "p", "tolerance"):
        assert re.search(rf"(^|  ){re.escape(head)}( |$)", out, re.M), head
    assert max(map(len, out.splitlines())) <= 100


def test_a_retraining_that_is_as_good_is_not_called_worse(compare):
    ran = compare("base.json", "again.json")
    assert ran.code == 0
    assert rows(ran.out) == {"push": "undecided", "pull": "undecided", "steps": "equal"}
    assert "failed" not in ran.err


def test_undecided_fails_where_asked(compare):
    ran = compare("base.json", "again.json", "--fail-on", "undecided")
    assert ran.code == 1
    assert "failed: 2 of 3 metrics" in ran.err
    assert compare("base.json", "harder.json", "--fail-on", "undecided").code == 1
    assert compare("base.json", "harder.json", "--fail-on", "never").code == 0


def test_a_tolerance(compare):
    ran = compare("base.json", "again.json", "--tolerance", "20%")
    assert ran.code == 0
    assert rows(ran.out) == {"push": "equal", "pull": "equal", "steps": "equal"}
    ran = compare("base.json", "again.json", "--tolerance", "20%,pull=0.0001")
    assert rows(ran.out) == {"pull": "undecided", "push": "equal", "steps": "equal"}


def test_equivalence_is_shown_or_fails(compare):
    ran = compare("base.json", "again.json", "--tolerance", "20%", "--equivalence")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "3 of 3 metrics equal")
    ran = compare("base.json", "again.json", "--tolerance", "0.01%", "--equivalence")
    assert ran.code == 1
    assert rows(ran.out)["push"] == "undecided"
    ran = compare("base.json", "again.json", "--equivalence")
    assert ran.code == 2
    assert "--equivalence: got no --tolerance" in ran.err


def test_alpha(compare):
    found = json.loads(compare("base.json", "harder.json", "--alpha", "0.01", "--json").out)
    assert found["comparison"]["alpha"] == 0.01
    ran = compare("base.json", "harder.json", "--alpha", "5")
    assert (ran.code, ran.out) == (2, "")
    assert "alpha: got 5.0, expected a number between 0 and 0.5" in ran.err


def test_other_definitions_are_refused_unless_told(compare):
    ran = compare("base.json", "fine.json")
    assert (ran.code, ran.out) == (2, "")
    assert "defined differently: dt: 0.1 there, 0.05 here" in ran.err
    assert "--anyway" in ran.err
    ran = compare("base.json", "fine.json", "--anyway")
    assert rows(ran.out)["steps"] == "differs"
    assert "note: definitions differ: dt: 0.1 there, 0.05 here" in ran.err


def test_without_values_nothing_is_paired(compare, tmp_path):
    for name in ("base", "harder"):
        (tmp_path / f"{name}.parquet").unlink()
    ran = compare("base.json", "harder.json")
    assert ran.out.startswith("base.json -> harder.json, unpaired, 100 and 100 values\n")
    assert "base.parquet is not there" in ran.err
    assert rows(ran.out)["push"] == "undecided"  # what pairs show, moments alone do not
    assert re.search(r"about [\d,]+ values on either side may settle \w+", ran.err)


def test_json_is_the_artifact(compare):
    ran = compare("base.json", "harder.json", "--json", "-o", "c.json")
    data = json.loads(ran.out)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(data, schema, cls=jsonschema.Draft202012Validator)
    assert (ran.folder / "c.json").read_text(encoding="utf-8") == ran.out
    assert data["ok"] is False
    assert data["verdicts"] == {"worse": 2, "better": 0, "differs": 0, "undecided": 0, "equal": 1}
    inputs = [one["path"] for one in data["provenance"]["inputs"]]
    assert inputs == ["base.json", "base.parquet", "harder.json", "harder.parquet"]
    assert data["provenance"]["argv"][:3] == ["compare", "base.json", "harder.json"]
    assert ran.err.endswith("wrote c.json\n")


def test_only_what_is_volatile_changes(compare):
    once, twice = (json.loads(compare("base.json", "harder.json", "--json").out) for _ in range(2))
    for one in (once, twice):
        one.pop("volatile")
    assert once == twice


def test_markdown(compare):
    ran = compare("base.json", "harder.json", "--markdown")
    assert ran.code == 1
    assert ran.out.startswith("<!-- rollkit compare -->\n### ❌ rollkit compare: 2 of 3 metrics")
    assert re.search(r"^\| \*\*worse\*\* \| `push` \| m/s\^2 \|", ran.out, re.M)
    assert "<summary>1 equal</summary>" in ran.out
    ran = compare("base.json", "harder.json", "--markdown", "--json")
    assert ran.code == 2
    assert "--json and --markdown exclude each other" in ran.err


def test_junit(compare):
    pytest.importorskip("junitparser", reason="JUnit XML needs the extra compare")
    ran = compare("base.json", "harder.json", "--junit", "compare.xml")
    assert compare.wrote == ["compare.xml"]
    (suite,) = ElementTree.parse(ran.folder / "compare.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "2", "0")
    assert compare("base.json", "again.json", "--junit", "compare.xml").code == 0  # replaced
    (suite,) = ElementTree.parse(ran.folder / "compare.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "0", "2")
    assert ran.out.startswith("base.json")


def test_junit_needs_its_library_before_any_work(compare, monkeypatch):
    monkeypatch.setattr("rollkit.comparing.junit.find_spec", lambda name: None)
    ran = compare("base.json", "harder.json", "--junit", "c.xml", "-o", "c.json")
    assert (ran.code, ran.out, compare.wrote) == (2, "", [])
    assert "pip install 'rollkit[compare]'" in ran.err


@pytest.mark.parametrize("option", ["-o", "--junit"])
def test_other_files_are_left_alone(compare, tmp_path, option):
    pytest.importorskip("junitparser", reason="JUnit XML needs the extra compare")
    (tmp_path / "mine").write_text("mine")
    ran = compare("base.json", "harder.json", option, "mine")
    assert (ran.code, ran.out) == (2, "")
    assert "mine exists and is no" in ran.err
    assert (tmp_path / "mine").read_text() == "mine"
    assert compare("base.json", "harder.json", option, "mine", "--force").code == 1
    assert (tmp_path / "mine").read_text() != "mine"


def test_neither_side_is_written_over(compare, tmp_path):
    before = (tmp_path / "base.json").read_bytes()
    for option in ("-o", "--junit"):
        ran = compare("base.json", "harder.json", option, "./base.json", "--force")
        assert ran.code == 2
        assert "./base.json: expected another place than base.json" in ran.err
    ran = compare("base.json", "harder.json", "-o", "a", "--junit", "a")
    assert ran.code == 2
    assert (tmp_path / "base.json").read_bytes() == before
    ran = compare("base.json", "harder.json", "-o", "again.json")  # a run: hours of work
    assert "again.json exists and is no comparison of rollkit's" in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["base.json"], "got BASE alone, expected what to compare it with"),
        ([], "Missing argument 'BASE'"),
        (["base.json", "none.json"], "cannot read none.json"),
        (["base.json", "harder.json", "--metrics", "puhs"], "unknown metric 'puhs'"),
        (["base.json", "harder.json", "--metrics", ","], "--metrics: got ','"),
        (["base.json", "harder.json", "--tolerance", "much"], "tolerance: got 'much'"),
        (["base.json", "harder.json", "--tolerance", "puhs=1"], "unknown metric 'puhs'"),
        (["base.json", "harder.json", "--fail-on", "better"], "Invalid value for '--fail-on'"),
        (["base.json", "harder.json", "-o", "no/such/c.json"], "folder"),
        (["base.json", "harder.json", "--difference", "5%"], "--difference goes with --plan"),
        (["base.json", "harder.json", "--power", "0.8"], "--power goes with --plan"),
        (["base.json", "--plan"], "--plan: got no --difference"),
        (["base.json", "--plan", "--difference", "5%", "-o", "a"], "--plan compares nothing"),
    ],
)
def test_wrong_calls(compare, arguments, message):
    ran = compare(*arguments)
    assert (ran.code, ran.out, compare.wrote) == (2, "", [])
    assert message in ran.err
    assert ran.err.startswith("error: ")


def test_what_the_candidate_broke_fails(cli, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    seeds, values = np.arange(20), np.random.default_rng(2).normal(size=20)
    here = {"seed": seeds, "push": np.full(20, np.nan), "steer": values}
    pq.write_table(pa.table({"seed": seeds, "push": values, "steer": values}), tmp_path / "a")
    pq.write_table(pa.table(here), tmp_path / "b")
    ran = cli("compare", "a", "b")
    assert ran.code == 1
    assert rows(ran.out) == {"push": "broken", "steer": "equal"}
    assert "push: undefined in b\n1 of 2 metrics broken, 1 equal\n" in ran.out
    assert ran.err.endswith("failed: 1 of 2 metrics: push broken\n")
    assert cli("compare", "a", "b", "--fail-on", "never").code == 0


def test_of_many_metrics_those_that_matter_have_rows(capsys):
    from rollkit import Comparison, MetricComparison
    from rollkit.cli.comparisons import print_comparison

    unknown = ("reason", "method", "base_mean", "candidate_mean", "difference", "low", "high")
    unknown += ("effect", "probability_worse", "p_worse", "p_better", "p_equal")
    counts = dict.fromkeys(("pairs", "n_base", "n_candidate", "only_base", "only_candidate"), 9)
    about = {"unit": "m", "better": "lower", "definition": "", "tolerance": 0.0}
    metrics = {}
    for name, verdict, count in (("u", "undecided", 40), ("w", "worse", 30), ("d", "differs", 2)):
        for number in range(count):
            metrics[f"{name}{number}"] = MetricComparison(
                name=f"{name}{number}",
                verdict=verdict,
                **about,
                **counts,
                **dict.fromkeys(unknown),
            )
    sides = {"base": "a", "candidate": "b", "paired_by": "case", "alpha": 0.05}
    sides |= dict.fromkeys(("pairs", "only_base", "only_candidate"), 0)
    print_comparison(Comparison(metrics=metrics, **sides))
    out = capsys.readouterr().out
    assert set(rows(out).values()) == {"worse"}
    assert len(rows(out)) == 30
    assert "\ndiffers, without a row: d0, d1\n" in out
    assert "undecided, without a row: u0, u1, u2" in out
    assert " and 28 more\n30 of 72 metrics worse, 2 differ, 40 undecided\n" in out


def test_of_many_equal_metrics_the_first_have_rows_and_others_are_named(cli, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    draws = np.random.default_rng(1)
    columns = {f"m{n}": draws.normal(size=50) for n in range(60)}
    pq.write_table(pa.table({"seed": np.arange(50), **columns}), tmp_path / "a.parquet")
    columns["m7"] = columns["m7"] + 1
    pq.write_table(pa.table({"seed": np.arange(50), **columns}), tmp_path / "b.parquet")
    ran = cli("compare", "a.parquet", "b.parquet")
    assert rows(ran.out) == {"m7": "differs", **dict.fromkeys([f"m{n}" for n in range(7)], "equal")}
    assert "equal, without a row: m8, m9, m10" in ran.out
    assert " and 40 more" in ran.out
    assert ran.out.splitlines()[-1] == "1 of 60 metrics differs, 59 equal"
    assert ran.code == 0


def test_on_a_terminal_verdicts_have_colours(compare, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("rollkit.cli.tables.on_terminal", lambda: True)
    monkeypatch.setattr("rollkit.cli.comparisons.on_terminal", lambda: True)
    out = compare("base.json", "harder.json").out
    assert "\x1b[1;31mworse\x1b[0m" in out
    plain = re.sub(r"\x1b\[[\d;]*m", "", out)
    assert max(map(len, plain.splitlines())) <= 80
    assert "…" not in plain


def test_a_plan_says_how_many_seeds(compare):
    ran = compare("base.json", "--plan", "--difference", "5%", "--metrics", "push")
    assert ran.code == 0
    first, head, row, _, last = ran.out.splitlines()
    assert first == "base.json: to see a difference with power 0.9, alpha 0.05"
    heads = [*("metric", "unit", "mean", "difference", "pairs", "unpaired", "std", "std of pairs")]
    assert re.split(r"  +", head) == heads
    cells = dict(zip(heads, row.split(), strict=True))
    assert float(cells["difference"]) == pytest.approx(0.05 * float(cells["mean"]), rel=1e-3)
    assert float(cells["std of pairs"]) == pytest.approx(2**0.5 * float(cells["std"]), rel=1e-3)
    assert last == (
        f"it takes {cells['pairs']} seeds that both sides have; {cells['unpaired']} on each if not"
    )
    assert "taken as unrelated; CAND, a pilot of a few seeds" in ran.err
    ran = compare("base.json", "--plan", "--difference", "push=5%", "--correlation", "0.9")
    assert "taken as correlated by 0.9" in ran.err
    assert int(ran.out.splitlines()[2].split()[4]) < int(cells["pairs"]) / 5


def test_a_plan_beyond_a_tolerance(compare):
    asked = ("base.json", "--plan", "--metrics", "push", "--tolerance", "2%", "--difference")
    ran = compare(*asked, "5%")
    _, head, row, *_ = ran.out.splitlines()
    assert head.split()[-1] == "tolerance"
    mean, difference, tolerance = (float(row.split()[at]) for at in (2, 3, -1))
    assert (difference / mean, tolerance / mean) == pytest.approx((0.05, 0.02), rel=1e-3)
    plain = compare("base.json", "--plan", "--metrics", "push", "--difference", "5%")
    pairs = [int(one.out.splitlines()[2].split()[4].replace(",", "")) for one in (plain, ran)]
    assert pairs[1] > 2 * pairs[0]
    assert "a difference of 2% is not beyond the tolerance, 2%" in compare(*asked, "2%").out


def test_a_plan_from_a_pilot_is_kept(compare):
    """The seeds that it recommends see the difference, which the pilot was too small for."""
    ran = compare("base.json", "again.json", "--plan", "--difference", "push=5%", "--json")
    plan = json.loads(ran.out)
    assert (plan["names"], plan["correlation"]) == (["base.json", "again.json"], None)
    assert 10 < plan["pairs"] <= 100 < plan["unpaired"]
    assert compare("base.json", "harder.json", "--metrics", "push").code == 1
    assert ran.err == ""
    more = compare("base.json", "again.json", "--plan", "--difference", "5%", "--power", "0.99")
    assert "power 0.99, alpha 0.05" in more.out
    assert "steps: all 100 values are the same" in more.out
