"""`rollkit explain`, as a user types it."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

MINE = Path(__file__).parents[1] / "explaining" / "mine.py"

TABLE = """\
drives.csv, case b, 4 steps of 0.5 s
chosen: the worst of 3 cases: by doubled, accel is 20% beyond its limit; verdicts differ in 1 of 3
  cases

check  unit   preset   verdict        value  limits      margin  at [s]
accel  m/s^2  plain    ok, differs      1.8  (-3, 3)        1.2    1.25
              doubled  FAIL, differs    3.6  (-3, 3)       -0.6    1.25
speed  m/s    plain    ok              10.9  (-inf, 30)    19.1     1.5
              doubled  ok              10.9  (-inf, 30)    19.1     1.5

accel: plain ok, doubled FAIL
  doubled, doubled: Differences are divided by half the time step. An acceleration reads twice what
    it is.
"""

AGREE = """\
drives.csv, case a, 4 steps of 0.5 s
chosen: as asked for

check  unit   preset   verdict  value  limits      margin  at [s]
accel  m/s^2  plain    ok           1  (-3, 3)          2    0.75
              doubled  ok           2  (-3, 3)          1    0.75
speed  m/s    plain    ok        10.5  (-inf, 30)    19.5       1
              doubled  ok        10.5  (-inf, 30)    19.5       1

the verdicts agree on every check that two or more of them judge

accel agrees, by other numbers: 1 by plain, 2 by doubled (doubled: doubled)
"""


@pytest.fixture
def drives(tmp_path):
    """Three straight drives from 10 m/s on, four steps of half a second."""
    lines = ["case,t,x,y,yaw,speed"]
    for case, accels in (("a", (0, 1, 0, 0)), ("b", (0, 0, 1.8, 0)), ("c", (0, 0, 0, 0))):
        speed = 10 + 0.5 * np.cumsum((0, *accels))
        x = np.concatenate([[0], np.cumsum(0.25 * (speed[1:] + speed[:-1]))])
        lines += [f"{case},{i / 2},{x[i]:.6f},0,0,{speed[i]:.6f}" for i in range(5)]
    path = tmp_path / "drives.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def explain(cli, drives):
    def run(*arguments, file="drives.csv", presets="plain,doubled"):
        named = ["--plugins", MINE, "--preset", presets] if presets else []
        return cli("explain", file, *named, *arguments)

    return run


@pytest.fixture
def bare(monkeypatch):
    """Without matplotlib."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setattr("rollkit.pictures.saving.find_spec", lambda name: None)


def test_the_table_and_the_reasons(explain, bare):
    ran = explain()
    assert ran.out == TABLE
    assert ran.err == "note: no picture without matplotlib: pip install 'rollkit[plot]'\n"
    assert ran.code == 0
    assert ran.wrote == ["drives.csv"]


def test_where_verdicts_agree_numbers_that_do_not_are_named(explain, bare):
    assert explain("--case", "a").out == AGREE


def test_the_picture_is_written_beside(explain):
    pytest.importorskip("matplotlib", reason="pictures need the extra plot")
    ran = explain()
    assert ran.out == TABLE
    assert ran.err == "wrote explain.svg\n"
    assert (ran.folder / "explain.svg").read_text().startswith("<?xml")
    again = explain("-o", "explain.svg", "--case", "c")  # one of ours is replaced
    assert again.code == 0


def test_somebody_elses_file_is_left_alone(explain, tmp_path):
    pytest.importorskip("matplotlib", reason="pictures need the extra plot")
    (tmp_path / "explain.svg").write_text("<svg/>")
    ran = explain()
    assert ran.code == 2
    assert "explain.svg exists and is no picture of rollkit's; it was left alone" in ran.err
    assert ran.out == ""
    assert (tmp_path / "explain.svg").read_text() == "<svg/>"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--case", "d"], "unknown case 'd' of drives.csv\n       its cases are a, b, c"),
        (["--sample", "1"], "sample: got 1, case 'a' has 0, its only one"),
        (["-o", "a.gif"], "a.gif: got suffix '.gif', expected .svg, .png, .pdf"),
        (["--plugins", "nothing"], "unknown plugin 'nothing'"),
    ],
)
def test_wrong_calls(explain, arguments, message):
    ran = explain(*arguments)
    assert ran.code == 2
    assert message in ran.err
    assert ran.wrote == ["drives.csv"]


def test_a_picture_that_is_asked_for_needs_its_library(explain, bare):
    ran = explain("-o", "a.png")
    assert ran.code == 2
    assert "a.png: a picture needs matplotlib, which is not installed\n" in ran.err
    assert "pip install 'rollkit[plot]'" in ran.err
    assert ran.out == ""


def test_presets_are_needed(explain, cli):
    ran = explain(presets=None)
    assert ran.code == 2
    assert "got no presets, expected those whose verdicts to compare" in ran.err
    ran = explain(presets="plainly")
    assert "unknown preset 'plainly'; nearest: plain" in ran.err


def test_no_such_file(explain):
    ran = explain(file="drive.csv")
    assert ran.code == 2
    assert "drive.csv: no such file\n       nearest in that folder: drives.csv" in ran.err


def test_one_preset_is_enough(explain, bare):
    ran = explain(presets="plain")
    assert "by plain, accel is 40% within its limit" in ran.out
    assert "differs" not in ran.out
    assert "agree" not in ran.out


def test_json_has_it_all(explain, bare):
    data = json.loads(explain("--json").out)
    assert (data["case"], data["differing"], data["file"]) == ("b", 1, "drives.csv")
    assert [one["check"] for one in data["differences"]] == ["accel"]
    assert data["presets"][0]["signals"]["accel"]["values"] == pytest.approx([0, 0, 1.8, 0])


def test_a_preset_that_fails_stands_in_the_table(explain, bare):
    ran = explain(presets="plain,broken")
    assert ran.code == 1
    (line,) = (one for one in ran.out.splitlines() if "broken" in one)
    assert line.split() == ["broken", "failed", "-", "(-3,", "3)", "-", "-"]
    assert "failed: plugin mine" in ran.err
    assert "no such thing" in ran.err


def test_what_is_undefined_says_why(explain, bare):
    ran = explain(presets="plain,referring")
    assert "referring is undefined: the rollouts have no reference" in ran.out
    assert "no check is judged by two of them" in ran.out


def test_an_evaluation_is_explained_from_its_artifact(explain, cli, bare):
    cli("eval", "drives.csv", "--plugins", MINE, "--preset", "plain,doubled")
    assert cli("explain", "metrics.json").out == TABLE
    other = cli("explain", "metrics.json", "--preset", "narrow")
    assert "by narrow, accel is 80% beyond its limit" in other.out
    ran = cli("explain", "metrics.json", "--dt", "0.1")
    assert ran.code == 2
    assert "metrics.json records how its files were read; it excludes --dt" in ran.err


def test_cases_that_were_left_out_are_said(explain, drives, bare):
    drives.write_text(drives.read_text().replace("c,1.0,10.000000", "c,1.0,nan"))
    ran = explain("--max-gap", "0")
    assert "left out: 1 case; c: not observed at sample 0, instant 2" in ran.err


def test_the_vehicle_reaches_the_presets(explain, tmp_path, bare):
    (tmp_path / "sized.py").write_text(
        '"""A preset of a vehicle."""\n'
        "from rollkit import Check, hookimpl, preset\n\n"
        'SIZE = Check(name="size", unit="m", high=4.0)\n\n\n'
        '@preset(project="ours", needs="vehicle", checks=(SIZE,))\n'
        "def sized(rollout):\n"
        '    """How long it is."""\n'
        '    return {"size": 0 * rollout.speed + rollout.vehicle.length}\n\n\n'
        "@hookimpl\n"
        "def rollkit_presets():\n"
        "    return [sized]\n"
    )
    vehicle = "length=5,width=2,wheelbase=3"
    ran = explain("--plugins", "./sized.py", "--vehicle", vehicle, presets="sized")
    assert "by sized, size is 25% beyond its limit" in ran.out
