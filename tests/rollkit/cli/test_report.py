"""`rollkit report`, as a user types it."""

import json
import re

import pytest

WORDS = '''
from rollkit import hookimpl, reporter


@reporter(suffixes=(".txt",))
def words(report):
    """What a report holds, in words."""
    lines = ["generator: rollkit report", report.title]
    for shown in (report.shown, report.base):
        if shown is not None:
            drawn = ", ".join(one.name for one in shown.examples)
            lines.append(f"{shown.label}: {len(shown.values)} values, drawn: {drawn or 'none'}")
    if report.comparison is not None:
        lines += [f"{one.name}: {one.verdict}" for one in report.comparison.metrics.values()]
    return "\\\\n".join([*lines, *(f"note: {one}" for one in report.notes)]) + "\\\\n"


@hookimpl
def rollkit_reporters():
    return [words]
'''.replace("\\\\", "\\")


@pytest.fixture
def report(cli, tmp_path):
    """`rollkit report` with a reporter that writes words."""
    (tmp_path / "words.py").write_text(WORDS.lstrip(), encoding="utf-8")

    def run(*arguments):
        return cli("report", "--plugins", "./words.py", "-o", "report.txt", *arguments)

    return run


@pytest.fixture
def ran(cli):
    def run(*arguments):
        assert cli("run", "--metrics", "max_abs_jerk", "--seeds", "20", *arguments).code == 0

    return run


def text(done):
    return (done.folder / "report.txt").read_text(encoding="utf-8")


def test_of_the_artifact_here(ran, report):
    ran()
    done = report()
    assert (done.code, done.out, done.err) == (0, "", "wrote report.txt\n")
    assert text(done).splitlines()[1:] == [
        "left, 20 rollouts",
        "metrics.json: 20 values, drawn: seed 14, seed 13, seed 19",
    ]
    assert report("--title", "Ours").code == 0
    assert text(done).splitlines()[1] == "Ours"


def test_a_failed_gate_is_shown_and_is_no_failure_of_the_report(cli, report):
    assert cli("run", "--gate", "max_abs_jerk <= 1").code == 1
    assert report().code == 0


def test_beside_a_base(ran, report):
    pytest.importorskip("scipy", reason="comparing needs the extra compare")
    ran("-o", "base.json")
    ran("--set", "speed=8.5")
    done = report("--base", "base.json")
    assert done.err == "wrote report.txt\n"
    shown, base, verdict = text(done).splitlines()[2:]
    assert shown.startswith("metrics.json: 20 values")
    assert base.startswith("base.json: 20 values")
    assert shown.partition("drawn")[2] == base.partition("drawn")[2]
    assert re.fullmatch("max_abs_jerk: (worse|better|undecided)", verdict)
    ran("--dt", "0.2")
    assert report("--base", "base.json").code == 2
    assert report("--base", "base.json", "--anyway").code == 0


def test_notes_go_to_stderr_too(cli, ran, report, tmp_path):
    (tmp_path / "drive.csv").write_text("t,x,y\n0,0,0\n1,5,0\n2,11,0\n3,18,0\n")
    assert cli("eval", "drive.csv", "--metrics", "min_speed").code == 0
    (tmp_path / "drive.csv").unlink()
    done = report()
    assert done.code == 0
    note = "it cannot be done again, so there are statistics only: drive.csv: no such file"
    assert done.err == f"note: {note}\nwrote report.txt\n"
    assert text(done).splitlines()[2:] == ["metrics.json: 0 values, drawn: none", f"note: {note}"]


def test_what_is_wrong_is_said_and_nothing_is_written(cli, ran, report, tmp_path):
    ran()
    artifact = json.loads((tmp_path / "metrics.json").read_text())
    (tmp_path / "newer.json").write_text(json.dumps({**artifact, "schema_version": 7}))
    (tmp_path / "cut.json").write_text(json.dumps(artifact)[:-9])
    (tmp_path / "other.json").write_text("{}")
    (tmp_path / "values.parquet").write_bytes(b"PAR1")
    for arguments, says in (
        (["gone.json"], "cannot read gone.json"),
        (["newer.json"], "schema version 7, this rollkit reads up to"),
        (["cut.json"], "cut.json is no JSON"),
        (["other.json"], "other.json is no artifact of rollkit's"),
        (["--base", "gone.json"], "cannot read gone.json"),
        (["values.parquet"], "values.parquet is a Parquet file; expected a metrics.json"),
        (["--anyway"], "--anyway goes with --base"),
        (["-o", ""], "got suffix ''"),
        (["--reporter", "wrds"], "unknown reporter 'wrds'; nearest: words"),
        (["--plugins", ""], "expected names separated by commas"),
    ):
        done = report(*arguments)
        assert done.code == 2, arguments
        assert says in done.err
        assert "report.txt" not in done.wrote


def test_somebody_elses_file_is_left_alone(ran, report, tmp_path):
    ran()
    (tmp_path / "report.txt").write_text("mine")
    done = report()
    assert done.code == 2
    assert "report.txt exists and is no report of rollkit's; it was left alone" in done.err
    assert report("--force").code == 0


def test_a_reporter_that_fails_ends_in_1(ran, report, tmp_path):
    ran()
    (tmp_path / "words.py").write_text(WORDS.replace("report.title]", "report.titel]"))
    done = report()
    assert done.code == 1
    assert re.search(r"plugin words, words: compute failed at words\.py:\d+: Attr", done.err)
    assert "report.txt" not in done.wrote


def test_what_a_reporter_prints_is_not_data(ran, report, tmp_path):
    ran()
    (tmp_path / "words.py").write_text(
        WORDS.replace("    lines =", "    print('hello')\n    lines =")
    )
    done = report()
    assert (done.out, done.err) == ("", "hello\nwrote report.txt\n")


def test_reporters_are_listed(cli, tmp_path):
    (tmp_path / "words.py").write_text(WORDS)
    shown = cli("plugins", "show", "./words.py")
    assert shown.out.endswith(
        "reporter words\n  What a report holds, in words.\n  suffixes: .txt\n"
    )
    (plugin,) = json.loads(cli("plugins", "show", "./words.py", "--json").out)
    assert plugin["reporters"] == [
        {"name": "words", "suffixes": [".txt"], "definition": "What a report holds, in words."}
    ]
