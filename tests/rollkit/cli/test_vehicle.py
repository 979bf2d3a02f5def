"""`--vehicle` on run and eval: spelt out or in a file, recorded, repeated, refused."""

import json
from pathlib import Path

import numpy as np
import pytest

import rollkit
from rollkit.cli import main
from rollkit.cli.vehicle import vehicle_of

CAR = "length=4.9,width=2.1,wheelbase=2.9"
METRICS = '''
"""Metrics that ask for the vehicle."""

from rollkit import arrays, hookimpl, metric


@metric(unit="m", needs="vehicle")
def first_x_of_the_rear_axle(rollout):
    """Where the rear axle starts."""
    return rollout.at_point("rear_axle").trajectory.x[..., 0]


@metric(unit="m/s", needs="vehicle")
def top_speed_of_the_centre(rollout):
    """Largest speed of the centre."""
    return arrays.max_abs(rollout.at_point("center").speed)


@hookimpl
def rollkit_metrics():
    return [first_x_of_the_rear_axle, top_speed_of_the_centre]
'''


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "points.py").write_text(METRICS)
    (tmp_path / "drive.csv").write_text(
        "t,x,y,yaw,v\n" + "".join(f"{i * 0.1:.1f},{5 + i},0,0,10\n" for i in range(8))
    )


def artifact():
    return json.loads(Path("metrics.json").read_text(encoding="utf-8"))


def value(name):
    return next(one["mean"] for one in artifact()["metrics"] if one["name"] == name)


def test_poses_of_the_centre_are_brought_to_the_rear_axle(capsys):
    call = ["eval", "drive.csv", "--plugins", "./points.py", "--vehicle"]
    assert main([*call, f"{CAR},reference_point=center,rear_axle_to_center=1.4"]) == 0
    assert value("first_x_of_the_rear_axle") == pytest.approx(3.6)
    said = artifact()["eval"]["vehicle"]
    assert said == {
        "length": 4.9,
        "width": 2.1,
        "wheelbase": 2.9,
        "reference_point": "center",
        "rear_axle_to_center": 1.4,
        "camera": None,
    }
    before = artifact()["metrics"]
    assert main(["eval", "--from", "metrics.json"]) == 0
    assert artifact()["eval"]["vehicle"] == said
    assert artifact()["metrics"] == before
    assert main(["eval", "--from", "metrics.json", "--vehicle", CAR]) == 2
    assert "it excludes --vehicle" in capsys.readouterr().err


def test_a_run_has_the_vehicle_and_repeats_it():
    call = ["run", "--plugins", "./points.py", "--scenario", "left", "--vehicle", CAR]
    assert main(call) == 0
    first = artifact()
    assert first["run"]["vehicle"]["rear_axle_to_center"] == 1.45
    assert value("top_speed_of_the_centre") > 5
    assert main(["run", "--from", "metrics.json"]) == 0
    again = artifact()
    assert (again["run"], again["metrics"]) == (first["run"], first["metrics"])
    assert main(["run", "--plugins", "./points.py", "--scenario", "left"]) == 0
    assert artifact()["run"]["vehicle"] is None
    assert artifact()["metrics"][0]["error"] == "the rollouts have no vehicle"


@pytest.mark.parametrize("point", ["center", "camera"])
def test_integrators_move_the_rear_axle(point, capsys):
    given = f"{CAR},camera=1:0,reference_point={point}"
    assert main(["run", "--vehicle", given]) == 2
    said = capsys.readouterr().err
    assert f"vehicle: got reference_point '{point}': integrators move the rear axle" in said


def test_a_vehicle_in_a_file(tmp_path):
    text = (
        'length = 4.9\nwidth = 2\nwheelbase = 2.9\nreference_point = "camera"\ncamera = [1, 0.1]\n'
    )
    (tmp_path / "car.toml").write_text(text)
    spelt_out = vehicle_of("length=4.9,width=2,wheelbase=2.9,reference_point=camera,camera=1:0.1")
    assert vehicle_of("car.toml") == spelt_out
    (tmp_path / "table.toml").write_text(f"[vehicle]\n{text}")
    assert vehicle_of("table.toml") == spelt_out
    assert spelt_out.lever("rear_axle") == (-1.0, -0.1)
    assert vehicle_of(None) is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("length=4.9", "vehicle: got no width, no wheelbase"),
        (f"{CAR},height=2", "unknown size of a vehicle 'height'"),
        (f"{CAR},width=3", "width: given twice"),
        (f"{CAR},", "got '', expected name=value"),
        ("length=long,width=2,wheelbase=3", "length: got 'long', expected metres"),
        (f"{CAR},camera=1", "camera: got '1', expected FORWARD:LEFT in metres"),
        (f"{CAR},camera=1:2:3", "camera: got '1:2:3', expected FORWARD:LEFT in metres"),
        (f"{CAR},reference_point=camera", "camera: got none, expected where it is"),
        (f"{CAR},reference_point=nose", "reference_point: got 'nose', expected one of rear_axle"),
        ("length=nan,width=2,wheelbase=3", "length: got nan, expected a positive length in m"),
        ("", "got nothing, expected sizes or a file"),
        ("none.toml", "No such file"),
        ("drive.csv", "no TOML"),
        ("car.toml", "length: got '5', expected a positive length"),
        ("empty.toml", "got no length, no width, no wheelbase"),
        ("tables.toml", "got height, run beside the table [vehicle], expected it alone"),
        ("inside.toml", "got no width"),
        ("number.toml", "unknown size of a vehicle 'vehicle'"),
    ],
)
@pytest.mark.parametrize("verb", [["run"], ["eval", "drive.csv"]])
def test_vehicles_that_are_none(verb, given, said, tmp_path, capsys):
    (tmp_path / "car.toml").write_text('length = "5"\nwidth = 2\nwheelbase = 3\n')
    (tmp_path / "empty.toml").write_text("")
    (tmp_path / "tables.toml").write_text("height = 2\n[vehicle]\nlength = 5\n[run]\n")
    (tmp_path / "inside.toml").write_text("[vehicle]\nlength = 5\nwheelbase = 3\n")
    (tmp_path / "number.toml").write_text("vehicle = 5\n")
    assert main([*verb, "--vehicle", given]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert f"error: --vehicle {given}: " in error


def test_poses_without_a_yaw_are_those_of_the_rear_axle(tmp_path, capsys):
    (tmp_path / "path.csv").write_text("t,x,y\n0,0,0\n0.1,1,0\n0.2,2,0.1\n")
    call = ["eval", "path.csv", "--vehicle"]
    assert main([*call, CAR]) == 0
    assert main([*call, f"{CAR},reference_point=center"]) == 2
    said = capsys.readouterr().err
    assert "has no yaw, and the direction in which the vehicle's center moves is not that" in said


def test_from_python():
    car = {"length": 4.9, "width": 2.1, "wheelbase": 2.9}
    ran = rollkit.run("straight", plugins=["./points.py"], vehicle=car)
    assert ran.run.vehicle == rollkit.Vehicle(**car)
    about = {"ids": ("a",), "dt": 0.1, "frame": "plane", "origin": "by hand"}
    x = np.arange(5.0)
    one = rollkit.Poses(x=[[x]], y=[[0 * x]], yaw=[[0 * x]], **about)
    at_center = rollkit.Vehicle(**car, reference_point="center")
    result = rollkit.evaluate_predictions(one, plugins=["./points.py"], vehicle=at_center)
    assert result.metrics["first_x_of_the_rear_axle"].mean == -1.45
    assert rollkit.evaluate_predictions(one).eval.vehicle is None
    with pytest.raises(rollkit.UsageError, match="vehicle: got no wheelbase"):
        rollkit.run("straight", vehicle={"length": 4.9, "width": 2.1})


def test_a_source_with_a_vehicle_of_its_own():
    car = rollkit.Vehicle(5.0, 2.0, 3.0)

    @rollkit.action_source()
    def brings_its_own(draws, *, horizon, dt):
        """Straight on, in a car of its own."""
        still = np.zeros((len(draws), round(horizon / dt)))
        actions = rollkit.Actions(still, still, dt)
        return rollkit.Episodes(rollkit.State(speed=5.0), actions, vehicle=car)

    options = {"plugins": ["./points.py"], "horizon": 1.0, "dt": 0.1}
    for asked in (None, car):
        result = rollkit.run(brings_its_own, vehicle=asked, **options)
        assert result.metrics["top_speed_of_the_centre"].mean == 5
    with pytest.raises(rollkit.UsageError, match="brings its own: Vehicle"):
        rollkit.run(brings_its_own, vehicle=rollkit.Vehicle(4.0, 2.0, 3.0), **options)
