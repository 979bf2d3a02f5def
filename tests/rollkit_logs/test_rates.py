"""Rates measured beside the poses: read by every format, and brought to where metrics see them."""

import io
import json
from pathlib import Path

import numpy as np
import pytest

import rollkit
from rollkit import DataError, File, Poses, Rollout, read_poses, read_trajectory
from rollkit.motion import RATES as MODEL_RATES
from rollkit.plugins import Plugins
from rollkit.predictions.rollouts import cases_of, rollout_of
from rollkit.predictions.spec import IN_MEMORY, EvalSpec
from rollkit_logs.rates import RATES

from .binary import drives

N = 12
T = 0.1 * np.arange(N)
DRIVE = {
    "x": 8 * T,
    "y": 0.3 * T**2,
    "yaw": 0.1 * T,
    "speed": 8 + 0 * T,
    "accel": np.sin(T),
    "lateral_accel": np.cos(T),
    "yaw_rate": 0.1 + 0.01 * T,
    "yaw_accel": 0.02 - 0.05 * T,
}
POSES = [{"t": t, **{n: float(v[i]) for n, v in DRIVE.items()}} for i, t in enumerate(T.tolist())]
LISTS = {name: one.tolist() for name, one in DRIVE.items()}


def text(rows):
    return "".join(f"{one}\n" for one in rows).encode()


def tensors():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    room = io.BytesIO()
    torch.save({"dt": 0.1, **{n: torch.tensor(v) for n, v in DRIVE.items()}}, room)
    return room.getvalue()


FILES = {
    "csv": lambda: text([",".join(POSES[0]), *(",".join(map(repr, o.values())) for o in POSES)]),
    "jsonl, poses": lambda: text(map(json.dumps, POSES)),
    "jsonl, a case": lambda: text([json.dumps({"t": T.tolist(), **LISTS})]),
    "npz": lambda: drives.npz(t=T, **DRIVE),
    "npz, pred_": lambda: drives.npz(t=T, **{f"pred_{n}": v for n, v in DRIVE.items()}),
    "parquet, long": lambda: drives.parquet({"t": T, **DRIVE}),
    "parquet, wide": lambda: drives.parquet({"t": [T], **{n: [v] for n, v in DRIVE.items()}}),
    "feather, long": lambda: drives.feather({"t": T, **DRIVE}),
    "feather, wide": lambda: drives.feather({"dt": [0.1], **{n: [v] for n, v in DRIVE.items()}}),
    "pt": tensors,
}


def written(name, tmp_path):
    path = tmp_path / f"drive.{name.partition(',')[0]}"
    path.write_bytes(FILES[name]())
    return path


def test_formats_and_the_model_know_the_same_rates():
    assert RATES == MODEL_RATES


@pytest.mark.parametrize("name", FILES)
def test_every_format_has_them(name, tmp_path):
    path = written(name, tmp_path)
    (block,) = read_poses(path)
    assert set(block.recorded) == set(RATES)
    for rate in RATES:
        assert getattr(block, rate)[0, 0] == pytest.approx(DRIVE[rate], rel=1e-15)
    trajectory = read_trajectory(path)
    for rate, got in trajectory.kinematics._asdict().items():
        assert got == pytest.approx(DRIVE[rate], rel=1e-15)


@pytest.mark.parametrize("name", ["csv", "npz", "parquet, long", "parquet, wide", "jsonl, a case"])
def test_any_of_them_will_do(name, tmp_path, monkeypatch):
    for rate in RATES[1:]:
        monkeypatch.delitem(DRIVE, rate)
        monkeypatch.delitem(LISTS, rate)
        for one in POSES:
            monkeypatch.delitem(one, rate)
    rates = read_trajectory(written(name, tmp_path)).kinematics
    assert rates.accel == pytest.approx(DRIVE["accel"])
    assert rates.yaw_rate == pytest.approx(0.1), "by differences of the yaw"


CSV = "t,x,y,yaw_rate\n"


def test_what_was_not_observed_is_nan(tmp_path):
    (tmp_path / "a.csv").write_text(CSV + "0,0,0,0.1\n0.1,1,0,\n0.2,2,0,0.3\n")
    (block,) = read_poses(tmp_path / "a.csv")
    assert np.isnan(block.yaw_rate[0, 0]).tolist() == [False, True, False]
    result = rollkit.evaluate_predictions(tmp_path / "a.csv", metrics=["path_length"])
    assert result.cases["evaluated"] == 1, "a missing rate leaves no case out"
    assert read_trajectory(tmp_path / "a.csv").recorded["yaw_rate"][1] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", CSV.encode() + b"0,0,0,0.1\n0.1,1,0,1e10\n", "a.csv:3: yaw_rate: got 1e+10"),
        ("a.csv", CSV.encode() + b"0,0,0,fast\n", "a.csv:2: yaw_rate: got 'fast'"),
        ("a.csv", b"t,x,y,accel,accel\n0,0,0,1,1\n", "column 'accel' is there twice"),
        (
            "a.jsonl",
            b'{"x": [0, 1, 2], "y": [0, 0, 0], "accel": [1, 2], "dt": 0.1}\n',
            "a.jsonl:1: accel: got 1 samples of 2 instants, expected 1 of 3, as x has",
        ),
        ("a.npz", drives.npz(x=T, y=T, accel=T[1:], t=T), "array 'accel': got (11,), expected (12"),
        (
            "a.parquet",
            drives.parquet({"x": [T], "y": [T], "accel": [1.0], "dt": [0.1]}),
            "column 'accel': got one number a row, expected a list",
        ),
        ("a.parquet", drives.parquet({"t": T, "x": T, "y": T, "accel": ["b"] * N}), "got string"),
    ],
)
def test_rates_that_are_none(name, content, said, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError) as caught:
        list(read_poses(tmp_path / name))
    assert said in str(caught.value)


def test_an_infinite_rate_leaves_its_case_out(tmp_path):
    ways = {"x": np.stack([T, T]), "y": np.stack([T, T]), "t": T}
    accel = np.zeros((2, N))
    accel[1, 3] = np.inf
    (tmp_path / "a.npz").write_bytes(drives.npz(**ways, accel=accel))
    (tmp_path / "b.npz").write_bytes(drives.npz(**ways, accel=accel[::-1]))
    alone = rollkit.evaluate_predictions(tmp_path / "a.npz", metrics=["path_length"])
    assert alone.cases["listed"] == [
        {"case": "1", "kind": "invalid", "reason": "accel is inf at sample 0, instant 3 (0.3 s)"}
    ]
    both = {"reference": tmp_path / "a.npz", "metrics": ["ade"]}
    beside = rollkit.evaluate_predictions(tmp_path / "a.npz", **both)
    assert beside.cases["left_out"]["invalid"] == 1
    with pytest.raises(DataError, match="none of 2 cases could be measured"):
        rollkit.evaluate_predictions(tmp_path / "b.npz", **both)


def seen_by_a_metric(predictions, reference=None, **options):
    """The rollout of the last block of an evaluation."""
    in_memory = isinstance(predictions, Poses)
    name = IN_MEMORY if in_memory else str(predictions)
    spec = EvalSpec(name, None if reference is None else IN_MEMORY, **options)
    blocks = {"predictions": [predictions] if in_memory else None}
    cases = cases_of(spec, Plugins(), **blocks, reference=reference and [reference])
    return rollout_of(list(cases.blocks)[-1])


def test_metrics_see_what_was_recorded(tmp_path):
    rollout = seen_by_a_metric(written("npz", tmp_path))
    assert rollout.kinematics.accel[0, 0] == pytest.approx(DRIVE["accel"], rel=1e-15)
    result = rollkit.evaluate_predictions(written("npz", tmp_path), metrics=["path_length"])
    held = result.provenance["predictions"]["signals"]
    assert held == ["x", "y", "yaw", "speed", *RATES]


def test_references_have_theirs():
    def track(k, **more):
        about = {"ids": ("a",), "dt": 0.1, "frame": "plane", "origin": "by hand"}
        return Poses(x=np.tile(T, (1, k, 1)), y=np.zeros((1, k, N)), **about, **more)

    went = track(1, accel=np.arange(N, dtype=float).reshape(1, 1, N))
    rollout = seen_by_a_metric(track(3), went)
    assert rollout.reference.kinematics.accel[0].tolist() == list(range(N))
    assert rollout.target.kinematics.accel[0, 0].tolist() == list(range(N))
    assert rollout.until(4).reference.kinematics.accel[0].tolist() == [0, 1, 2, 3, 4]


def test_they_are_resampled_as_everything_is(tmp_path):
    fine = read_trajectory(written("csv", tmp_path), dt=0.05)
    between = np.sin(0.05 * np.arange(2 * N - 1))
    assert fine.recorded["accel"] == pytest.approx(between, abs=1e-4)
    straight = read_trajectory(tmp_path / "drive.csv", dt=0.05, method="linear")
    assert straight.recorded["accel"][1] == pytest.approx(np.sin([0, 0.1]).mean())


def test_they_are_cut_into_windows_and_histories(tmp_path):
    path = written("csv", tmp_path)
    rollout = seen_by_a_metric(path, horizon=0.3, history=0.2)
    assert rollout.kinematics.accel[1, 0] == pytest.approx(np.sin([0.5, 0.6, 0.7, 0.8]))


XYZ = np.stack([T, 0 * T, 0 * T], axis=-1)[None, None, None, 1:]
PAST = np.stack([T - T[-1], 0 * T, 0 * T], axis=-1)[None, None]
AHEAD = np.arange(1.0, N)[None, None, None]


def read_one(**arrays):
    (block,) = read_poses(File(Path("a.npz"), drives.npz(dt=0.1, **arrays)))
    return block


def test_of_a_start_that_is_left_out_the_rates_are_those_of_the_history():
    """Where it is and which way it points is all that the origin says."""
    ways = {"pred_xyz": XYZ, "pred_accel": AHEAD, "ego_history_xyz": PAST}
    assert np.isnan(read_one(**ways).accel[0, 0, 0])
    assert read_one(**ways).accel[0, 0, 1:].tolist() == AHEAD.reshape(-1).tolist()
    known = read_one(**ways, ego_history_accel=np.full((1, 1, N), 0.5))
    assert known.accel[0, 0].tolist() == [0.5, *range(1, N)]
    later = read_poses(File(Path("a.npz"), drives.npz(dt=0.1, **ways)), start="missing")
    assert not np.isnan(next(iter(later)).accel).any(), "the start is none of the instants then"


def test_rates_beside_every_family_of_arrays():
    plain = {"ref_x": T[None], "ref_y": T[None], "ref_accel": T[None]}
    block = read_one(pred_xy=np.ones((1, N, 2)), pred_yaw_rate=T[None], **plain)
    assert block.yaw_rate[0, 0].tolist() == T.tolist()
    assert block.reference.accel[0, 0].tolist() == T.tolist()
    framed = read_one(pred_xyz=XYZ, gt_xyz=XYZ[:, 0], gt_lateral_accel=AHEAD[:, 0])
    assert framed.reference.lateral_accel[0, 0, 1:].tolist() == AHEAD.reshape(-1).tolist()
    sets = read_one(pred_xyz=np.tile(XYZ, (2, 3, 2, 1, 1)), pred_accel=np.tile(AHEAD, (2, 3, 2, 1)))
    assert sets.accel.shape == (6, 2, N)


def test_a_vehicle_carries_them_to_another_point(tmp_path):
    car = rollkit.Vehicle(4.9, 2.1, 2.9, rear_axle_to_center=2.0)
    rollout = Rollout(read_trajectory(written("npz", tmp_path)), vehicle=car)
    moved = rollout.at_point("center").kinematics
    turn = DRIVE["yaw_rate"] ** 2
    assert moved.accel == pytest.approx(DRIVE["accel"] - 2 * turn)
    assert moved.lateral_accel == pytest.approx(DRIVE["lateral_accel"] + 2 * DRIVE["yaw_accel"])
