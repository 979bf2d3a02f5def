"""A whole file as one trajectory, and the doors to reading: formats told apart, options passed."""

import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import rollkit
from rollkit import DataError, File, Poses, UsageError


@pytest.fixture
def blocks(monkeypatch, tmp_path):
    """A file whose reader yields given blocks, by way of a plugin."""
    held = []

    def made(*some: Poses) -> dict:
        held[:] = some
        return {"path": path, "format": "held_reader", "plugins": [str(plugin)]}

    path = tmp_path / "held.bin"
    path.write_bytes(b"held")
    store = ModuleType("held_blocks")
    store.held = held
    monkeypatch.setitem(sys.modules, "held_blocks", store)
    plugin = tmp_path / "held_plugin.py"
    plugin.write_text(
        "from held_blocks import held\n"
        "from rollkit import hookimpl, reader\n"
        "@reader(suffixes=('.held',), recognises=lambda head: False)\n"
        "def held_reader(file, *, first: int = 0):\n"
        "    '''What the test holds.'''\n"
        "    yield from held[first:]\n"
        "@hookimpl\n"
        "def rollkit_readers():\n"
        "    return [held_reader]\n"
    )
    return made


def poses(x, **more) -> Poses:
    x = np.asarray(x, dtype=np.float64)
    ids = tuple(f"{more.get('dt', '')}{one}" for one in range(len(x)))
    return Poses(ids=ids, x=x, y=0 * x, frame="", origin="by hand", **more)


def test_a_single_track(blocks):
    track = poses([[[0.0, 1, 3, 6]]], time=[0.0, 0.5, 1.0, 1.5])
    got = rollkit.read_trajectory(**blocks(track))
    assert got.dt == 0.5
    np.testing.assert_array_equal(got.x, [0, 1, 3, 6])
    np.testing.assert_allclose(got.speed, [1, 3, 5, 7])  # the central differences of constant accel
    finer = rollkit.read_trajectory(**blocks(track), dt=0.25)
    assert finer.x.shape == (7,)


def test_all_cases_of_all_blocks(blocks):
    first, second = np.arange(24.0).reshape(2, 3, 4), -np.arange(12.0).reshape(1, 3, 4)
    got = rollkit.read_trajectory(**blocks(poses(first, dt=0.1), poses(second, dt=0.1)))
    np.testing.assert_array_equal(got.x, np.concatenate([first, second]))


def test_signals_of_the_file(blocks):
    signal = np.arange(24.0).reshape(2, 3, 4)
    rotation = np.broadcast_to(np.eye(3), (2, 3, 4, 3, 3))
    beside = {"yaw": signal / 30, "speed": signal, "z": signal, "rotation": rotation}
    got = rollkit.read_trajectory(**blocks(poses(signal, dt=0.1, **beside)))
    for name, values in beside.items():
        np.testing.assert_array_equal(getattr(got, name), values)
    alone = poses(signal[:1, :1], dt=0.1, rotation=rotation[:1, :1])
    assert rollkit.read_trajectory(**blocks(alone)).rotation.shape == (4, 3, 3)


def test_cases_that_cannot_be_used_are_nan(blocks):
    got = rollkit.read_trajectory(**blocks(poses(np.zeros((2, 1, 4)), dt=0.1, unusable={1: "why"})))
    assert np.isnan(got.x).any(axis=(1, 2)).tolist() == [False, True]


@pytest.mark.parametrize("other", [(1, 3, 4), (1, 2, 5), (1, 2, 4)])
def test_cases_that_are_not_alike(blocks, other):
    one, two = poses(np.zeros((1, 2, 4)), dt=0.1), poses(np.zeros(other), dt=0.2)
    call = blocks(one, two)
    with pytest.raises(
        DataError, match=r"expected all cases to be like '0\.10', of 2 x 4"
    ) as error:
        rollkit.read_trajectory(**call)
    assert "read_poses" in error.value.hint
    assert error.value.message.startswith(str(call["path"]))


def test_read_poses_hands_on_blocks_and_options(blocks):
    one, two = poses(np.zeros((1, 2, 4)), dt=0.1), poses(np.zeros((1, 3, 5)))
    call = blocks(one, two)
    assert list(rollkit.read_poses(**call)) == [one, two]
    assert list(rollkit.read_poses(**call, first=1)) == [two]
    with pytest.raises(UsageError, match="unknown option 'fist' of format 'held_reader'"):
        list(rollkit.read_poses(**call, fist=1))


def test_formats_told_apart():
    pose = b"1 0 0 0 0 1 0 0 0 0 1 0\n"
    assert rollkit.detect_format(File(Path("poses.txt"), 3 * pose)) == "kitti"
    with pytest.raises(UsageError, match="unknown format 'kity'; nearest: kitti"):
        rollkit.detect_format(File(Path("poses.txt"), pose), "kity")
