"""Small valid files of the binary formats, for the fuzzing of their readers.

A name is the reader's, up to a first `__`.
"""

import io
import zipfile
from importlib.util import find_spec

import numpy as np

from . import drives

_RNG = np.random.default_rng(0)
_XYZ = _RNG.standard_normal((2, 2, 2, 3, 3))
_LISTS = [[0.0, 1.0, 2.0], [0.0, 1.5, 3.0], [1.0, 2.0, 3.0]]
_WIDE = {
    "case": ["a", "a", "b"],
    "x": _LISTS,
    "y": _LISTS,
    "yaw_rate": _LISTS,
    "dt": [0.1] * 3,
    "probability": [0.5] * 3,
}
_LONG = drives.long_table(case=["a"] * 11 + ["b"] * 11, sample=[0] * 22, accel=drives.T)
_ARRAY = drives.npy(_XYZ[..., :2])

SEEDS: dict[str, bytes] = {
    "npz": drives.npz(pred_xyz=_XYZ, pred_accel=_XYZ[..., 0], ids=np.array(["a", "b"]), dt=0.1),
    "npz__compressed": drives.npz(
        compressed=True, x=_XYZ[..., 0], y=_XYZ[..., 1], t=np.arange(3), scores=np.ones((2, 2, 2))
    ),
    "npz__array": drives.npy(_XYZ[..., 0]),
    "npz__ids": drives.npy(np.array(["a", "b"])),
    "npy": _ARRAY,
    "parquet": drives.parquet(_LONG),
    "parquet__plain": drives.parquet(
        _LONG, compression="none", use_dictionary=False, row_group_size=8
    ),
    "parquet__checked": drives.parquet(_LONG, compression="zstd", write_page_checksum=True),
    "parquet__wide": drives.parquet(_WIDE, compression="none"),
    "feather": drives.feather(_LONG, compression="uncompressed"),
    "feather__wide": drives.feather(_WIDE, compression="uncompressed"),
    "feather__lz4": drives.feather(_WIDE, compression="lz4"),
    "av2_ego": drives.feather(drives.ego(), compression="zstd"),
    "av2_forecasting": drives.parquet(drives.scenario()),
    "physical_ai": drives.parquet(drives.egomotion(), compression="none"),
}
if find_spec("torch"):
    import torch

    _ROOM = io.BytesIO()
    torch.save({"pred_xyz": torch.tensor(_XYZ), "ids": ["a", "b"], "dt": 0.1}, _ROOM)
    SEEDS["torch"] = _ROOM.getvalue()

_MEMBERS = {"npz__array": "x", "npz__ids": "ids"}


def prepared(name: str, content: bytes) -> bytes:
    """The damaged bytes as a file: what is one array of an archive is put into a sound one."""
    if name not in _MEMBERS:
        return content
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w") as archive:
        archive.writestr(f"{_MEMBERS[name]}.npy", content)
        for key in {"x", "y"} - {_MEMBERS[name]}:
            archive.writestr(f"{key}.npy", drives.npy(_XYZ[..., 0]))
    return room.getvalue()
