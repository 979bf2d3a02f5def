"""`rollkit eval`, as a user types it."""

import json

import jsonschema
import numpy as np
import pytest

from rollkit.cli import tables
from rollkit.predictions.results import SCHEMA

CASES, SAMPLES, STEPS = 4, 3, 20


@pytest.fixture
def predictions(tmp_path):
    """Predictions with the reference beside them, of a car that turns."""
    rng = np.random.default_rng(0)
    way = 0.5 * np.arange(1, STEPS + 1)
    yaw = 0.02 * way
    x, y = way * np.cos(yaw / 2), way * np.sin(yaw / 2)
    aside = rng.normal(0, 0.05, (CASES, SAMPLES, 1)) * way
    np.savez(
        tmp_path / "predictions.npz",
        pred_x=x - aside * np.sin(yaw),
        pred_y=y + aside * np.cos(yaw),
        pred_yaw=yaw + 0 * aside,
        ref_x=np.tile(x, (CASES, 1)),
        ref_y=np.tile(y, (CASES, 1)),
        ref_yaw=np.tile(yaw, (CASES, 1)),
        probability=np.full((CASES, SAMPLES), 1 / SAMPLES),
        dt=0.1,
        ids=np.array([f"clip-{number}" for number in range(CASES)]),
    )
    return tmp_path / "predictions.npz"


@pytest.fixture
def drive(tmp_path):
    """A drive in a table."""
    time = 0.1 * np.arange(121)
    table = np.stack([time, 8 * time, 0.01 * time**2, 0 * time], axis=1)
    np.savetxt(
        tmp_path / "drive.csv", table, delimiter=",", header="t,x,y,yaw", comments="", fmt="%.6f"
    )
    return tmp_path / "drive.csv"


def artifact(tmp_path, name="metrics.json"):
    data = json.loads((tmp_path / name).read_text(encoding="utf-8"))
    jsonschema.validate(data, json.loads(SCHEMA.read_text(encoding="utf-8")))
    return data


def test_a_file_is_measured_printed_and_recorded(cli, tmp_path, predictions):
    ran = cli("eval", "predictions.npz", "--at", "1,2", "--samples", "min")
    assert ran.code == 0, ran.err
    assert "predictions.npz, 4 cases, min of 3 samples, 20 steps of 0.1 s" in ran.out
    head = ran.out.splitlines()[1].split()
    assert head == ["metric", "unit", "mean", "p95", "max", "@1s", "@2s"]
    assert ran.err == "wrote metrics.json\n"
    data = artifact(tmp_path)
    assert data["eval"]["samples"] == "min"
    assert data["cases"]["evaluated"] == CASES
    assert data["provenance"]["inputs"][0]["path"] == "predictions.npz"
    assert data["provenance"]["argv"][:2] == ["eval", "predictions.npz"]
    assert {one["argmax_case"] for one in data["metrics"] if one["n"]} <= {
        f"clip-{number}" for number in range(CASES)
    }


def test_json_is_the_artifact(cli, tmp_path, predictions):
    ran = cli("eval", "predictions.npz", "--json")
    assert json.loads(ran.out) == artifact(tmp_path)


def test_an_evaluation_is_done_again_from_its_artifact(cli, tmp_path, predictions):
    cli("eval", "predictions.npz", "--at", "1", "--metrics", "ade,max_abs_jerk", "--fit", "spline")
    first = artifact(tmp_path)
    ran = cli("eval", "--from", "metrics.json", "-o", "again.json")
    assert ran.code == 0, ran.err
    again = artifact(tmp_path, "again.json")
    for one in (first, again):
        del one["volatile"], one["provenance"]["argv"]
    assert again == first


def test_what_each_file_decides_is_decided_again(cli, tmp_path, drive):
    """A drive's short gaps are filled, those of predictions are not: in both evaluations."""
    lines = drive.read_text().splitlines(keepends=True)
    (tmp_path / "gap.csv").write_text("".join(lines[:30] + lines[32:]))
    time = 0.1 * np.arange(121)
    np.savez(tmp_path / "one.npz", x=[8 * time], y=[0.01 * time**2], t=time)
    ran = cli("eval", "one.npz", "--reference", "gap.csv", "--metrics", "ade")
    assert ran.code == 0, ran.err
    ran = cli("eval", "--from", "metrics.json", "-o", "again.json")
    assert ran.code == 0, ran.err
    assert artifact(tmp_path, "again.json")["metrics"] == artifact(tmp_path)["metrics"]


def test_from_excludes_what_would_change_it(cli, predictions):
    cli("eval", "predictions.npz")
    ran = cli("eval", "--from", "metrics.json", "--at", "1")
    assert ran.code == 2
    assert "--from repeats an evaluation as it was; it excludes --at" in ran.err


def test_baselines_stand_beside_the_model(cli, tmp_path, drive):
    ran = cli(
        "eval", "drive.csv", "--horizon", "2", "--history", "1", "--metrics", "ade,fde",
        "--reference", "drive.csv", "--baseline", "constant-velocity,stationary",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert "constant-velocity  stationary" in ran.out
    data = artifact(tmp_path)
    assert [one["name"] for one in data["baselines"]] == ["constant_velocity", "stationary"]
    assert [one["n"] for one in data["baselines"][0]["metrics"]] == [5, 5]


def test_cases_that_were_left_out_are_said_and_counted(cli, tmp_path):
    (tmp_path / "some.csv").write_text(
        "case,t,x,y\n" + "".join(f"{case},{t / 10},{t},0\n" for case in "abc" for t in range(9))
    )
    text = (tmp_path / "some.csv").read_text().replace("b,0.4,4,0", "b,0.4,nan,0")
    (tmp_path / "bad.csv").write_text(text)
    (tmp_path / "two.csv").write_text("".join(text.splitlines(keepends=True)[:19]))
    ran = cli("eval", "bad.csv", "--max-gap", "0", "--reference", "some.csv")
    assert ran.code == 0, ran.err
    assert "bad.csv against some.csv, 2 of 3 cases" in ran.out
    assert "left out: 1 of 3 cases, invalid\n  b: not observed at sample 0, instant 4" in (ran.err)
    ran = cli("eval", "some.csv", "--reference", "two.csv")
    assert "left out: 1 of 3 cases, unmatched\n  c: no such case in the reference" in ran.err
    ran = cli("eval", "two.csv", "--reference", "some.csv")
    assert "not predicted: 1 case of the reference, such as c" in ran.err


def test_a_horizon_between_two_instants_is_noted(cli, predictions):
    ran = cli("eval", "predictions.npz", "--at", "1.04", "--metrics", "fde")
    assert "note: no instant is at 1.04 s, the nearest is at 1 s; --dt resamples" in ran.err


@pytest.mark.parametrize(
    ("arguments", "note"),
    [
        (["--at", "1", "--metrics", "path_length"], "--at is for errors from a reference; none of"),
        (["--at", "9", "--metrics", "fde"], "the predictions have no instant at 9 s"),
        (["--horizon", "1"], "--horizon: only recorded drives are cut; these are cases already"),
        (["--horizon", "1", "--history", "1"], "--horizon and --history: only recorded drives"),
    ],
)
def test_what_a_reader_of_the_table_may_not_expect_is_noted(cli, predictions, arguments, note):
    ran = cli("eval", "predictions.npz", *arguments)
    assert ran.code == 0, ran.err
    assert f"note: {note}" in ran.err


def test_of_many_cases_that_were_left_out_some_are_named(cli, tmp_path):
    x = np.tile(0.1 * np.arange(1, 6), (9, 1))
    x[1:, 2] = np.nan
    np.savez(tmp_path / "bad.npz", x=x, y=0 * x, dt=0.1)
    ran = cli("eval", "bad.npz", "--metrics", "path_length")
    assert "left out: 8 of 9 cases, invalid\n" in ran.err
    assert ran.err.count("not observed at") == 5
    assert "  and 3 more: `cases` in the artifact\n" in ran.err


def test_steps_that_are_taken_as_even_are_noted(cli, tmp_path):
    (tmp_path / "uneven.csv").write_text("t,x,y\n0,0,0\n0.1,1,0\n0.25,2,0\n0.35,3,0\n")
    ran = cli("eval", "uneven.csv", "--resample", "none", "--metrics", "path_length")
    assert "note: steps differ from 0.1 s by up to 0.05 s; with --resample none they ar" in ran.err


def test_a_baseline_of_fewer_cases_than_the_model_is_noted(cli, tmp_path):
    future, past = 0.1 * np.arange(1, 6), 0.1 * np.arange(-5, 1) * np.ones((3, 1))
    past[1, -1] = np.nan
    x = np.tile(future, (3, 1))
    np.savez(
        tmp_path / "some.npz", x=x, y=0 * x, ref_x=x, ref_y=0 * x, t=future,
        history_x=past, history_y=0 * past,
    )  # fmt: skip
    ran = cli("eval", "some.npz", "--metrics", "ade", "--baseline", "stationary")
    assert "note: stationary has no ade in 1 of 3 cases; the model has one in all of th" in ran.err


def test_values_of_every_case_are_saved(cli, tmp_path, predictions):
    parquet = pytest.importorskip("pyarrow.parquet")
    ran = cli(
        "eval", "predictions.npz", "--metrics", "ade", "--samples", "all", "--save", "c.parquet"
    )
    assert ran.err == "wrote c.parquet, metrics.json\n"
    table = parquet.read_table(tmp_path / "c.parquet").to_pydict()
    assert table["case"][:4] == ["clip-0"] * 3 + ["clip-1"]
    assert table["sample"][:4] == [0, 1, 2, 0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "got no file of predictions"),
        (["nothing.npz"], "nothing.npz: no such file"),
        (["."], ".: got a folder, expected a file"),
        (["predictions.npz", "--at", "soon"], "--at: got 'soon', expected seconds"),
        (["predictions.npz", "--format", "kity"], "unknown format 'kity'; nearest: kitti"),
        (["predictions.npz", "--set", "axes=up"], "unknown option 'axes'"),
        (["predictions.npz", "--samples", "best"], "unknown samples 'best'"),
        (["predictions.npz", "--baseline", "stationary"], "got no history in case 'clip-0', and"),
        (["predictions.npz", "-o", "predictions.npz"], "exists and is no artifact of rollkit's"),
    ],
)  # fmt: skip
def test_wrong_calls_are_one_clear_line(cli, tmp_path, predictions, arguments, message):
    ran = cli("eval", *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "metrics.json").exists()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120])
def test_no_number_is_cut_on_a_narrow_terminal(monkeypatch, capsys, width):
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(tables, "on_terminal", lambda: True)
    heads = [f"column {number}" for number in range(6)]
    rows = [
        [f"metric_{row}", "1/(m s)", *(f"0.{ord(row)}4567{one}" for one in range(6))]
        for row in "ab"
    ]
    columns = ["metric", "unit", *heads]
    tables.print_in_parts("title", columns, rows, keys=2, numbers=set(heads))
    printed = capsys.readouterr().out.split()
    for row in rows:
        assert set(row[2:]) <= set(printed)
        assert printed.count(row[0]) == printed.count("unit")  # each part says what its rows are
