"""Arrays of many cases: keys, axes, the start, time, and what stands beside the poses."""

import io
import struct
import zipfile

import numpy as np
import pytest

import rollkit
from rollkit import DataError
from rollkit_logs import npy_stream
from rollkit_logs.readers.npy import npy
from rollkit_logs.readers.npz import npz

from . import drives
from .drives import blocks


def _one(**arrays):
    (block,) = blocks(npz, drives.npz(**arrays))
    return block


def test_each_set_is_a_case_and_the_start_is_put_first():
    rng = np.random.default_rng(0)
    xyz = rng.standard_normal((2, 3, 4, 5, 3))
    share = rng.random((2, 3, 4))
    block = _one(pred_xyz=xyz, clip_id=np.array(["a", "b"]), scores=share, dt=0.5)
    assert block.ids == ("a/0", "a/1", "a/2", "b/0", "b/1", "b/2")
    assert block.x.shape == (6, 4, 6)
    assert not block.x[:, :, 0].any()
    np.testing.assert_array_equal(block.x[:, :, 1:], xyz[..., 0].reshape(6, 4, 5))
    np.testing.assert_array_equal(block.y[:, :, 1:], xyz[..., 1].reshape(6, 4, 5))
    np.testing.assert_array_equal(block.probability, share.reshape(6, 4))
    assert (block.yaw, block.z, block.rotation) == (None, None, None)
    assert (block.given, block.dt, block.whole) == (1, 0.5, False)
    assert block.frame.startswith("x forward")


@pytest.mark.parametrize(
    ("lead", "shape"),
    [
        ((2, 1, 4, 5), (2, 4, 5)),
        ((2, 4, 5), (2, 4, 5)),
        ((2, 5), (2, 1, 5)),
        ((5,), (1, 1, 5)),
    ],
)
def test_axes_may_be_left_out(lead, shape):
    x = np.arange(np.prod(lead), dtype=np.int32).reshape(lead)
    for arrays in ({"x": x, "y": -x}, {"pred_x": x, "pred_y": -x}, {"pred": np.stack([x, -x], -1)}):
        block = _one(**arrays)
        np.testing.assert_array_equal(block.x, x.reshape(shape))
        np.testing.assert_array_equal(block.y, -x.reshape(shape))
        assert block.ids == tuple(map(str, range(shape[0])))
        assert block.whole == (len(lead) == 1)
        assert block.given == int(len(lead) == 1)
        assert block.dt is None


def test_the_start_can_be_said():
    x = np.ones((2, 3, 4))
    content = drives.npz(x=x, y=x, yaw=x, speed=x)
    for start, given, instants in (("missing", 0, 4), ("included", 1, 4), ("origin", 1, 5)):
        (block,) = blocks(npz, content, start=start)
        assert (block.given, block.instants) == (given, instants)
    assert not block.yaw[..., 0].any()
    assert np.isnan(block.speed[..., 0]).all()  # nobody said how fast it was


def test_reference_and_history_come_along():
    xyz = np.arange(2 * 3 * 4 * 5 * 3, dtype=float).reshape(2, 3, 4, 5, 3)
    block = _one(
        pred_xyz=xyz,
        ego_future_xyz=xyz[:, 0, :1] + 1,
        ego_history_xyz=xyz[:, 0, :1, :3],
        ego_history_rot=np.broadcast_to(np.eye(3), (2, 1, 3, 3, 3)),
        dt=0.1,
    )
    assert block.reference.x.shape == (6, 1, 6)
    np.testing.assert_array_equal(block.reference.x[3, 0, 1:], xyz[1, 0, 0, :, 0] + 1)
    assert block.history.x.shape == (6, 1, 3)
    np.testing.assert_array_equal(block.history.yaw, np.zeros((6, 1, 3)))
    assert (block.history.dt, block.reference.dt) == (0.1, 0.1)


def test_space_is_kept_where_it_is_asked_for():
    content = drives.npz(**drives.alpamayo())
    (block,) = blocks(npz, content, space=True)
    assert block.rotation.shape == (6, 2, 22, 3, 3)
    np.testing.assert_array_equal(block.rotation[:, :, 0], np.broadcast_to(np.eye(3), (6, 2, 3, 3)))
    np.testing.assert_allclose(block.rotation[1, 1, 21, :, 0], [0, 1, 0], atol=1e-15)
    assert not block.z.any()


def test_times_that_begin_at_zero_include_the_start():
    x = np.zeros((2, 4))
    assert _one(x=x, y=x, t=0.1 * np.arange(4)).given == 1
    assert _one(x=x, y=x, t=0.1 * np.arange(1, 5)).given == 0
    pred = np.zeros((2, 4, 3))
    np.testing.assert_allclose(
        _one(pred_xyz=pred, t=0.1 * np.arange(1, 5)).time, 0.1 * np.arange(5)
    )
    np.testing.assert_allclose(_one(pred_xyz=pred, t=0.1 * np.arange(5)).time, 0.1 * np.arange(5))


def test_blocks_are_some_megabytes_and_in_order():
    x = np.arange(3000 * 6 * 64, dtype=float).reshape(3000, 6, 64)
    read = blocks(npz, drives.npz(compressed=True, x=x, y=-x, ids=np.arange(3000) + 7))
    assert len(read) == 3
    assert max(block.x.nbytes + block.y.nbytes for block in read) <= 8 << 20
    np.testing.assert_array_equal(np.concatenate([block.x for block in read]), x)
    np.testing.assert_array_equal(np.concatenate([block.y for block in read]), -x)
    assert [one for block in read for one in block.ids] == [str(i + 7) for i in range(3000)]


def test_nan_passes_and_a_case_without_a_rotation_is_named():
    arrays = drives.alpamayo()
    turned = np.array(arrays["pred_rot"])
    turned[0, 1, 0, 3, 0, 0] = np.nan
    turned[1, 0, 1, 7] *= 1.1
    turned[1, 2, 0, 2, :, 1] *= -1
    block = _one(**{**arrays, "pred_rot": turned})
    assert set(block.unusable) == {3, 5}
    assert "array 'pred_rot': [1, 0, 1, 7] is no rotation: it is off by 0.2" in block.unusable[3]
    assert "[1, 2, 0, 2] is no rotation: it is left-handed" in block.unusable[5]
    assert np.isnan(block.yaw[1, 0, 4])


_X = np.zeros((2, 3, 4))
WRONG = {
    "no poses": ({"a": _X}, "holds no poses: got the arrays 'a'"),
    "near": ({"predxyz": _X, "gt": _X}, "'predxyz' is near 'pred_xyz'"),
    "other K": ({"x": _X, "y": _X[:, :2]}, r"array 'y': got \(2, 2, 4\), expected \(2, 3, 4\)"),
    "other B": ({"x": _X, "y": _X[:1]}, r"array 'y': got \(1, 3, 4\)"),
    "other T": ({"x": _X, "y": _X, "yaw": _X[..., 1:]}, "array 'yaw': got"),
    "rank": ({"x": np.zeros((1,) * 5), "y": np.zeros((1,) * 5)}, "got 5 axes"),
    "scalar": ({"x": 1.0, "y": 1.0}, "got 0 axes"),
    "last axis": ({"pred_xyz": _X}, r"'pred_xyz': got \(2, 3, 4\), expected a last axis of"),
    "empty": ({"x": _X[:0], "y": _X[:0]}, "which holds no poses"),
    "complex": ({"x": _X * 1j, "y": _X}, "array 'x': got complex128, expected real numbers"),
    "text": ({"x": _X.astype(str), "y": _X}, "array 'x': got <U32, expected real numbers"),
    "pickled": ({"x": _X.astype(object), "y": _X}, "holds pickled objects, which rollkit never"),
    "records": ({"x": np.zeros(3, dtype=[("a", "f8")]), "y": _X}, "array 'x': got the header"),
    "both": ({"x": _X, "y": _X, "pred_xyz": _X[..., :3]}, "holds 'pred_xyz' and 'x'"),
    "ids": ({"x": _X, "y": _X, "ids": ["a"]}, r"array 'ids': got \(1,\), expected \(2,\)"),
    "id type": ({"x": _X, "y": _X, "ids": [0.5, 1]}, "expected text or integers"),
    "times": ({"x": _X, "y": _X, "t": [0, 1]}, "array 't': got 2 times, expected 4"),
    "backwards": ({"x": _X, "y": _X, "t": [0, 2, 1, 3]}, r"array 't': \[2\]: got 1 s"),
    "nan time": ({"x": _X, "y": _X, "t": [0, 2, np.nan, 3]}, r"array 't': \[2\]: got nan s"),
    "steps": ({"x": _X, "y": _X, "t": [0, 1, 2, 3], "dt": 0.1}, "times 1 s apart, but"),
    "dt": ({"x": _X, "y": _X, "dt": -0.1}, "array 'dt': got -0.1, expected a positive"),
    "dts": ({"x": _X, "y": _X, "dt": [0.1, 0.1]}, "array 'dt': got .*, expected one number"),
    "share": ({"x": _X, "y": _X, "probability": np.ones(3)}, r"expected \(2, 3\)"),
    "reference": ({"x": _X, "y": _X, "ref_x": _X, "ref_y": _X}, "'ref_x': got 3 samples"),
    "cases": (
        {"x": _X, "y": _X, "ref_x": _X[:1, 0], "ref_y": _X[:1, 0]},
        "'ref_x': got 1 cases in 1 sets, expected 2",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_arrays_are_named(name):
    arrays, message = WRONG[name]
    with pytest.raises(DataError, match=message) as caught:
        blocks(npz, drives.npz(**arrays), "bad.npz")
    assert str(caught.value).startswith("bad.npz: ")


def _zip(content: bytes, name: str = "x.npy", method: int = zipfile.ZIP_STORED) -> bytes:
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", method) as archive:
        archive.writestr(name, content)
        archive.writestr("y.npy", drives.npy(_X))
    return room.getvalue()


def _header(text: str, length: int | None = None, version: int = 1) -> bytes:
    size = struct.pack("<H" if version == 1 else "<I", len(text) if length is None else length)
    return b"\x93NUMPY" + bytes([version, 0]) + size + text.encode()


def _promising(shape: str, descr: str = "'<f8'") -> bytes:
    return _header(f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}")


HOSTILE = {
    "20 GB": (_zip(_promising("(2500000000,)")), "the header promises 20000000000 bytes"),
    "huge": (_zip(_promising("(" + "9" * 18 + ",)")), "the header promises 7999999"),
    "digits": (_zip(_promising("(" + "9" * 5000 + ",)")), "got the shape"),
    "axes": (_zip(_promising("(" + "1," * 4000 + ")")), "got the shape"),
    "text": (_zip(_header("__import__('os').abort()")), 'got the header "__import__'),
    "nested": (_zip(_header("(" * 9000)), "got the header"),
    "long": (_zip(_header("{}", length=65000)), "its header is 65000 bytes long"),
    "longer": (_zip(_header("{}", length=1 << 31, version=2)), "its header is 2147483648 bytes"),
    "cut": (_zip(_promising("(2,)")[:40]), "ends in the middle of its header"),
    "version": (_zip(_header("{}", version=2)[:6] + b"\x09\x00\x00\x00"), "is npy version 9.0"),
    "no npy": (_zip(b"PK\x03\x04" + bytes(40)), "starts with b'PK"),
    "objects": (_zip(_promising("(2,)", "'|O'")), "holds pickled objects"),
    "dates": (_zip(_promising("(2,)", "'<M8'")), "got dtype '<M8'"),
    "no size": (_zip(_promising("(2,)", "'<f3'")), "got dtype '<f3'"),
    "no arrays": (_zip(b"", name="inner.zip"), "holds no poses: got the arrays 'y'"),
    "no zip": (b"PK\x03\x04 and no more", "is no zip archive"),
    "nothing": (b"", "is no zip archive"),
    "lzma": (_zip(drives.npy(_X), method=zipfile.ZIP_LZMA), "is compressed by method 14"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_archives_are_refused(name):
    content, message = HOSTILE[name]
    assert len(content) < 12_000
    with pytest.raises(DataError, match=message):
        blocks(npz, content)


def test_every_cut_and_every_flipped_byte_of_an_archive_is_told_or_harmless():
    good = drives.npz(x=np.ones((1, 2, 3)), y=np.ones((1, 2, 3)))
    for length in range(0, len(good), 7):
        with pytest.raises(DataError):
            blocks(npz, good[:length])
    place = good.index(struct.pack("<d", 1.0))
    with pytest.raises(DataError, match="array 'x': is damaged: Bad CRC"):
        blocks(npz, good[:place] + b"\x01" + good[place + 1 :])


def test_a_directory_that_lies_about_sizes_is_refused():
    good = _zip(_promising("(2500000000,)"))
    size = struct.pack("<I", len(_promising("(2500000000,)")))
    lying = good.replace(size, struct.pack("<I", (1 << 32) - 2))
    with pytest.raises(DataError, match=r"which cannot be|is no zip archive"):
        blocks(npz, lying)


def test_a_member_twice_is_refused():
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w") as archive:
        archive.writestr("x.npy", drives.npy(_X))
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("x.npy", drives.npy(_X))
    with pytest.raises(DataError, match="is in the archive twice"):
        blocks(npz, room.getvalue())


def test_an_encrypted_member_is_refused():
    good = bytearray(drives.npz(x=_X, y=_X))
    for at in range(len(good)):
        if good[at : at + 4] == b"PK\x01\x02":
            good[at + 8] |= 1
        if good[at : at + 4] == b"PK\x03\x04":
            good[at + 6] |= 1
    with pytest.raises(DataError, match=r"array 'x': is damaged: .*encrypted"):
        blocks(npz, bytes(good))


def test_the_measured_windows_are_read(shared):
    path = shared / "golden" / "av2_metrics_dev.npz"
    with np.load(path) as golden:
        (block,) = npz(rollkit.File(path))
        np.testing.assert_array_equal(block.x, golden["pred_xy"][..., 0])
        np.testing.assert_array_equal(block.reference.y[:, 0], golden["gt_xy"][..., 1])


def test_npy_is_one_array():
    xy = np.arange(48.0).reshape(2, 3, 4, 2)
    (block,) = blocks(npy, drives.npy(xy))
    np.testing.assert_array_equal(block.x, xy[..., 0])
    np.testing.assert_array_equal(block.y, xy[..., 1])
    assert (block.given, block.dt, block.yaw) == (0, None, None)
    for content, message in (
        (drives.npy(xy)[:-1], "promises 384 bytes"),
        (drives.npy(xy) + b"1", "promises 384 bytes"),
        (drives.npy(xy[..., :1]), "expected a last axis of 2"),
        (drives.npy(xy.astype(object)), "pickled"),
        (b"x,y", "ends in the middle of its header"),
        (b"x,y" * 9, "starts with b'x,yx,yx,'"),
    ):
        with pytest.raises(DataError, match=message):
            blocks(npy, content)


def test_one_case_too_large_is_refused_before_room_is_made_for_it():
    stream = npy_stream.Stream("f: array 'x'", np.dtype("f8"), (1, 1 << 40), lambda _: None)
    with pytest.raises(DataError, match="one case of shape"):
        stream.take(1)


def test_a_folder_and_no_file_are_named(tmp_path):
    for path, message in ((tmp_path, "got a folder"), (tmp_path / "no.npz", "no such file")):
        for reader in (npz, npy):
            with pytest.raises(DataError, match=message):
                list(reader(rollkit.File(path)))
