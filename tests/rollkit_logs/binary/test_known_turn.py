"""The same drive in every format: 10 m ahead, a left turn of 90 degrees, 10 m ahead."""

import json

import numpy as np
import pytest

import rollkit
from rollkit_logs.readers.argoverse_ego import av2_ego
from rollkit_logs.readers.argoverse_forecasting import av2_forecasting
from rollkit_logs.readers.feather import feather
from rollkit_logs.readers.npy import npy
from rollkit_logs.readers.npz import npz
from rollkit_logs.readers.parquet import parquet
from rollkit_logs.readers.physical_ai import physical_ai

from . import drives
from .drives import DT, YAW, T, X, Y, blocks

_QUATERNIONS = {"t": T, "x": X, "y": Y, **drives.QUATERNION}
_WIDE = {name: [one.tolist()] for name, one in drives.long_table().items()}
CASES = {
    "npz, pred_xyz": (npz, drives.npz(**drives.alpamayo())),
    "npz, compressed": (npz, drives.npz(compressed=True, **drives.alpamayo())),
    "npz, float32": (
        npz,
        drives.npz(**{k: np.asarray(v, np.float32) for k, v in drives.alpamayo().items()}),
    ),
    "npz, big-endian Fortran": (
        npz,
        drives.npz(
            pred_xyz=np.asfortranarray(drives.alpamayo()["pred_xyz"].astype(">f8")),
            pred_yaw=np.broadcast_to(YAW[1:], (2, 3, 2, 21)),
            hz=10,
        ),
    ),
    "npz, plain": (npz, drives.npz(x=X, y=Y, yaw=YAW, t=T)),
    "npz, trajectory": (npz, drives.npz(trajectory=np.stack([X, Y, YAW], -1)[None], time=T)),
    "npz, reference alone": (
        npz,
        drives.npz(
            ego_future_xyz=drives.alpamayo()["pred_xyz"][:, 0, :1],
            ego_future_rot=drives.alpamayo()["pred_rot"][:, 0, :1],
            dt=DT,
        ),
    ),
    "npy": (npy, drives.npy(np.stack([X, Y, YAW], axis=-1))),
    "parquet, long": (parquet, drives.parquet(drives.long_table())),
    "parquet, quaternions": (parquet, drives.parquet(_QUATERNIONS)),
    "parquet, wide": (parquet, drives.parquet(_WIDE)),
    "feather, long": (feather, drives.feather(drives.long_table())),
    "feather, wide": (feather, drives.feather(_WIDE, compression="zstd")),
    "argoverse ego": (av2_ego, drives.feather(drives.ego())),
    "argoverse ego by feather": (feather, drives.feather(drives.ego())),
    "argoverse forecasting": (av2_forecasting, drives.parquet(drives.scenario())),
    "argoverse forecasting by parquet": (parquet, drives.parquet(drives.scenario())),
    "physical ai": (physical_ai, drives.parquet(drives.egomotion())),
    "physical ai by parquet": (parquet, drives.parquet(drives.egomotion())),
}


@pytest.mark.parametrize("name", CASES)
def test_one_drive_in_every_format(name):
    reader, content = CASES[name]
    for block in blocks(reader, content):
        there = np.isfinite(block.x[0, 0])
        assert there.sum() >= 19
        tolerance = 1e-6 if "32" in name else 1e-12
        for got, values in ((block.x, X), (block.y, Y), (block.yaw, YAW)):
            expected = np.broadcast_to(values, got.shape)[..., there]
            np.testing.assert_allclose(got[..., there], expected, atol=tolerance)
        if reader is not npy:
            np.testing.assert_allclose(block.times, T, atol=1e-9)
        assert block.given == 1


def test_torch_reads_the_same(tmp_path):
    library = pytest.importorskip("torch", reason="PyTorch is not installed")
    from rollkit_logs.readers.torch import torch

    path = tmp_path / "p.pt"
    tensors = {k: library.tensor(np.array(v)) for k, v in drives.alpamayo().items()}
    library.save({**tensors, "ids": ["a", "b"]}, path)
    (block,) = torch(rollkit.File(path))
    assert block.ids == ("a/0", "a/1", "a/2", "b/0", "b/1", "b/2")
    np.testing.assert_allclose(block.x, np.broadcast_to(X, block.x.shape))
    np.testing.assert_allclose(block.yaw, np.broadcast_to(YAW, block.x.shape))
    library.save(library.tensor(np.stack([X, Y, YAW], axis=-1)).to(library.bfloat16), path)
    (block,) = torch(rollkit.File(path))
    np.testing.assert_allclose(block.x[0, 0], X)
    path.write_bytes(drives.npz(a=np.zeros(3)))
    with pytest.raises(rollkit.DataError, match="holds more than tensors"):
        list(torch(rollkit.File(path)))
    for wrong in (object, [1, 2], {"x": {"y": library.zeros(2)}}, 3):
        library.save(wrong, path)
        with pytest.raises(rollkit.DataError, match=r"p\.pt"):
            list(torch(rollkit.File(path)))


def test_without_torch_the_error_says_how_to_install_it(tmp_path, monkeypatch):
    import sys

    from rollkit_logs.readers.torch import torch

    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(rollkit.UsageError, match=r"rollkit\[torch\]"):
        blocks(torch, drives.npz(a=np.zeros(3)))


def test_rollkits_own_trajectories_are_predictions(tmp_path):
    path = tmp_path / "paths.parquet"
    result = rollkit.run("left", seeds=(5, 3000), save_trajectories=path, metrics=["path_length"])
    read = list(parquet(rollkit.File(path)))
    assert sum(block.cases for block in read) == 2995
    assert [one for block in read for one in block.ids] == [str(seed) for seed in range(5, 3000)]
    assert {block.given for block in read} == {1}
    assert {block.dt for block in read} == {0.1}
    length = [np.hypot(np.diff(b.x), np.diff(b.y)).sum(axis=-1)[:, 0] for b in read]
    np.testing.assert_allclose(np.concatenate(length).mean(), result.metrics["path_length"].mean)
    assert json.dumps(read[0].origin)


def test_the_real_scenario_and_the_real_ego_poses(shared):
    path = next((shared / "data").glob("av2_scenario_*.parquet"))
    read = list(parquet(rollkit.File(path)))
    assert sum(block.cases for block in read) == 32
    (focal,) = av2_forecasting(rollkit.File(path), types="focal")
    assert focal.x.shape == (1, 1, 110)
    np.testing.assert_allclose(focal.time, 0.1 * np.arange(110))
    moved = np.hypot(np.diff(focal.x), np.diff(focal.y)) / 0.1
    np.testing.assert_allclose(np.median(moved - focal.speed[..., 1:]), 0, atol=0.2)
    path = next((shared / "data").glob("av2_*egovehicle.feather"))
    (ego,) = feather(rollkit.File(path))
    assert ego.x.shape == (1, 1, 2706)
    steps = np.diff(ego.time)
    assert (steps < 1e-6).sum() == 314
    assert steps.min() > 0
    motion = np.arctan2(np.diff(ego.y[0, 0, ::100]), np.diff(ego.x[0, 0, ::100]))
    turned = np.angle(np.exp(1j * (motion - ego.yaw[0, 0, 50::100][: len(motion)])))
    assert np.abs(np.median(turned)) < 0.05  # it drives where it points
