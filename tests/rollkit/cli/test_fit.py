"""`rollkit fit`, as a user types it."""

import json
import math

import numpy as np
import pyarrow.parquet as parquet
import pytest

METHODS = ["differences", "alpamayo", "waymax", "spline"]


@pytest.fixture
def turn(tmp_path):
    """A left turn of 20 m radius at 5 m/s, 10 Hz, 8 s, as a CSV."""
    path = tmp_path / "turn.csv"
    t = np.arange(81) * 0.1
    yaw = 0.25 * t
    rows = zip(t, 20 * np.sin(yaw), 20 - 20 * np.cos(yaw), yaw, strict=True)
    text = "".join(",".join(repr(float(one)) for one in row) + "\n" for row in rows)
    path.write_text("t,x,y,yaw\n" + text, encoding="utf-8")
    return path


def fits(ran):
    return {one["method"]: one for one in json.loads(ran.out)["fits"]}


def test_a_drive_by_every_method(cli, turn):
    ran = cli("fit", "turn.csv")
    assert (ran.code, ran.err) == (0, "")
    title, head, *rows = ran.out.splitlines()
    assert title == "turn.csv, csv, dt 0.1 s"
    assert head.split("  ")[0] == "method"
    assert [part.strip() for part in head.split("  ") if "[" in part][:3] == [
        "ADE [m]",
        "FDE [m]",
        "rms accel [m/s^2]",
    ]
    assert [row.split()[0] for row in rows] == METHODS
    assert ran.wrote == ["turn.csv"]


def test_windows_with_a_history_as_strict_json(cli, turn):
    ran = cli("fit", "turn.csv", "--horizon", 3.2, "--history", 1.6, "--json", "-o", "fit.json")
    answer = json.loads(ran.out, parse_constant=pytest.fail)
    assert json.loads((turn.parent / "fit.json").read_text()) == answer
    assert ran.err == "wrote fit.json\n"
    assert answer["cases"]["fitted"] == 2
    assert answer["time"]["dt_s"] == [0.1]
    values = fits(ran)["spline"]["values"]
    assert values["rollout_ade"]["value"] < 0.005
    assert values["max_abs_curvature"]["value"] == pytest.approx(0.05, abs=1e-3)
    assert values["rms_accel"]["unit"] == "m/s^2"


def test_options_go_to_who_knows_them(cli, turn):
    call = ["fit", "turn.csv", "--method", "alpamayo,spline", "--json"]
    ran = cli(*call, "--set", "position_noise=0.1", "--set", "min_speed=0.6")
    options = {name: one["options"] for name, one in fits(ran).items()}
    assert options["spline"]["position_noise"] == 0.1
    assert options["alpamayo"]["min_speed"] == 0.6
    ran = cli(*call, "--set", "minspeed=1")
    assert ran.code == 2
    assert "unknown option 'minspeed'" in ran.err
    assert "nearest: min_speed" in ran.err


def test_the_actions_can_be_kept(cli, turn):
    ran = cli("fit", "turn.csv", "--method", "spline,waymax", "--horizon", 2, "--save", "a.parquet")
    assert (ran.code, ran.err) == (0, "wrote a.parquet\n")
    table = parquet.read_table(turn.parent / "a.parquet")
    rows = table.to_pylist()
    assert [(row["case"], row["method"]) for row in rows] == [
        (f"{rows[0]['case'].rpartition('/')[0]}/{window}", method)
        for method in ("spline", "waymax")
        for window in range(4)
    ]
    first = rows[0]
    assert (first["integrator"], first["dt"], first["sample"]) == ("exact", 0.1, 0)
    assert first["speed0"] == pytest.approx(5, abs=0.01)
    assert np.shape(first["accel"]) == np.shape(first["curvature"]) == (20,)
    assert np.mean(first["curvature"]) == pytest.approx(0.05, abs=1e-3)
    assert table.schema.field("accel").metadata[b"unit"] == b"m/s^2"


def test_of_several_samples_each_keeps_its_number(cli, tmp_path):
    """Two cases of three samples, at 1 to 6 m/s."""
    way = np.arange(1.0, 7.0).reshape(2, 3, 1) * np.arange(11) * 0.1
    np.savez(tmp_path / "six.npz", x=way, y=0 * way, yaw=0 * way, dt=0.1)
    ran = cli("fit", "six.npz", "--method", "differences", "--save", "six.parquet")
    assert ran.code == 0, ran.err
    rows = parquet.read_table(tmp_path / "six.parquet").to_pylist()
    assert [row["sample"] for row in rows] == [0, 1, 2, 0, 1, 2]
    assert len({row["case"] for row in rows[:3]}) == len({row["case"] for row in rows[3:]}) == 1
    np.testing.assert_allclose([row["speed0"] for row in rows], [1, 2, 3, 4, 5, 6])


def test_a_case_of_one_instant_is_left_out(cli, tmp_path):
    np.savez(tmp_path / "one.npz", x=np.zeros((2, 1, 1)), y=np.zeros((2, 1, 1)), dt=0.1)
    ran = cli("fit", "one.npz", "--method", "differences")
    assert ran.code == 2
    assert "one.npz: no case can be fitted" in ran.err


def test_pooled_figures_are_those_of_all_steps(cli, tmp_path):
    text = "t,x,y,yaw\n" + "".join(f"{k / 10},{k * k / 20},0,0\n" for k in range(41))
    (tmp_path / "push.csv").write_text(text, encoding="utf-8")
    ran = cli("fit", "push.csv", "--method", "differences", "--horizon", 1, "--json")
    values = fits(ran)["differences"]["values"]
    assert values["rms_accel"]["value"] == pytest.approx(10.0)
    assert values["rms_jerk"]["value"] == pytest.approx(0, abs=1e-6)


def test_cases_that_cannot_be_fitted_are_counted(cli, turn):
    lines = turn.read_text().splitlines()
    gap = [*lines[:20], *lines[50:]]
    (turn.parent / "gap.csv").write_text("\n".join(gap) + "\n", encoding="utf-8")
    ran = cli("fit", "gap.csv", "--horizon", 1.0, "--method", "spline")
    assert ran.code == 0
    assert "left out: 4 of 8 cases" in ran.err
    assert "not observed" in ran.err
    whole = cli("fit", "gap.csv", "--method", "spline", "--json", "--save", "none.parquet")
    assert whole.code == 2
    assert "gap.csv: no case can be fitted" in whole.err
    assert json.loads(whole.out)["cases"]["fitted"] == 0
    assert json.loads(whole.out)["fits"][0]["values"]["rollout_ade"]["value"] is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.csv"], "no such file"),
        (["turn.csv", "--method", "splines"], "unknown fitting method 'splines'; nearest: spline"),
        (["turn.csv", "--method", "spline,spline"], "got 'spline' twice"),
        (["turn.csv", "--format", "tmu"], "unknown format 'tmu'"),
        (["turn.csv", "--resample", "magic"], "unknown resample 'magic'"),
        (["turn.csv", "--horizon", "0"], "horizon: got 0 s"),
        (["turn.csv", "--horizon", "60"], "left out: 1 of 1 cases"),
        (["turn.csv", "--save", "a.parquet", "-o", "a.parquet"], "cannot both go to a.parquet"),
        (["turn.csv", "-o", "turn.csv"], "turn.csv exists and is no artifact of rollkit's"),
    ],
)
def test_wrong_calls(cli, turn, arguments, message):
    ran = cli("fit", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_a_method_of_ones_own(cli, turn):
    (turn.parent / "mine.py").write_text(
        '''"""A method."""
from rollkit import Actions, State, hookimpl, inverse


@inverse(integrator="exact")
def nothing(trajectory, *, history=None, initial_speed=None):
    """No action at all."""
    still = 0 * trajectory.x[..., 1:]
    return State(*[0 * trajectory.x[..., 0]] * 4), Actions(still, still, trajectory.dt)


@hookimpl
def rollkit_inverses():
    return [nothing]
''',
        encoding="utf-8",
    )
    ran = cli("fit", "turn.csv", "--plugins", "./mine.py", "--method", "nothing", "--json")
    assert ran.code == 0
    (one,) = fits(ran).values()
    away = np.hypot(*(np.array([math.sin(2), 1 - math.cos(2)]) * 20))
    assert one["values"]["rollout_fde"]["value"] == pytest.approx(away)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("KITTI_00_gt.txt", ["--dt", "0.1036", "--horizon", "64"]),
        ("KITTI_00_ORB.txt", ["--dt", "0.1036", "--horizon", "64"]),
        ("av2_7fab2350_city_SE3_egovehicle.feather", ["--dt", "0.1"]),
        ("av2_scenario_0a1e6f0a-1817-4a98-b02e-db8c9327d151.parquet", []),
    ],
)
def test_recorded_drives(cli, shared, name, options):
    path = shared / "data" / name
    if not path.exists():
        pytest.skip(f"no recorded drive: {name}")
    ran = cli("fit", path, *options, "--json")
    assert ran.code == 0
    answer = {method: one["values"] for method, one in fits(ran).items()}
    assert list(answer) == METHODS
    spline = answer["spline"]
    assert spline["rollout_ade"]["value"] < 0.25
    assert spline["rollout_ade"]["value"] <= min(
        one["rollout_ade"]["value"] for one in answer.values()
    )
    assert spline["rms_jerk"]["value"] < 6
    assert spline["max_abs_curvature"]["value"] < 1
