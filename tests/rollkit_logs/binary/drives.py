"""A known drive, 10 m ahead, a left turn of 90 degrees, 10 m ahead, and files that hold it."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet

from rollkit import File, Poses

DT = 0.1
_AHEAD = np.linspace(0, 10, 11)
X = np.concatenate([_AHEAD, np.full(11, 10.0)])
Y = np.concatenate([np.zeros(11), _AHEAD])
YAW = np.concatenate([np.zeros(11), np.full(11, np.pi / 2)])
T = DT * np.arange(22)
QUATERNION = {"qx": 0 * YAW, "qy": 0 * YAW, "qz": np.sin(YAW / 2), "qw": np.cos(YAW / 2)}


def rotations(yaw: np.ndarray) -> np.ndarray:
    c, s, o = np.cos(yaw), np.sin(yaw), np.zeros_like(yaw)
    rows = [[c, -s, o], [s, c, o], [o, o, o + 1]]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def npz(compressed: bool = False, **arrays: object) -> bytes:
    room = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(room, **arrays)
    return room.getvalue()


def npy(array: np.ndarray) -> bytes:
    room = io.BytesIO()
    np.save(room, array)
    return room.getvalue()


def parquet(columns: dict, **options: object) -> bytes:
    room = io.BytesIO()
    pa.parquet.write_table(pa.table(columns), room, **options)
    return room.getvalue()


def feather(columns: dict, **options: object) -> bytes:
    room = io.BytesIO()
    pa.feather.write_feather(pa.table(columns), room, **options)
    return room.getvalue()


def file(content: bytes, name: str = "f") -> File:
    return File(Path(name), content)


def alpamayo(**more: object) -> dict:
    """The drive without its start, as one of 2 samples in 3 sets of 2 cases."""
    xyz = np.stack([X, Y, 0 * X], axis=-1)[1:]
    return {
        "pred_xyz": np.broadcast_to(xyz, (2, 3, 2, 21, 3)),
        "pred_rot": np.broadcast_to(rotations(YAW[1:]), (2, 3, 2, 21, 3, 3)),
        "dt": DT,
        **more,
    }


def long_table(**more: object) -> dict:
    return {"t": T, "x": X, "y": Y, "yaw": YAW, **more}


def egomotion(**more: object) -> dict:
    heading = {"vx": 5 * np.cos(YAW), "vy": 5 * np.sin(YAW), "vz": 0 * X}
    stamps = np.round(T * 1e6).astype(np.int64) + 17
    return {"timestamp": stamps, **QUATERNION, "x": X, "y": Y, "z": 0 * X, **heading, **more}


def ego(**more: object) -> dict:
    stamps = np.round(T * 1e9).astype(np.int64) + 315966253572412942
    return {"timestamp_ns": stamps, **QUATERNION, "tx_m": X, "ty_m": Y, "tz_m": 0 * X, **more}


def scenario(**more: object) -> dict:
    """The drive as track a, with steps 3 to 5 missing; b goes from step 2 to 9."""
    steps = np.concatenate([np.delete(np.arange(22), [3, 4, 5]), np.arange(2, 10)])
    count = len(steps)
    track = np.array(["a"] * 19 + ["b"] * 8)
    return {
        "track_id": track,
        "object_type": np.where(track == "a", "vehicle", "pedestrian"),
        "timestep": steps,
        "position_x": X[steps],
        "position_y": Y[steps],
        "heading": YAW[steps],
        "velocity_x": 5 * np.cos(YAW[steps]),
        "velocity_y": 5 * np.sin(YAW[steps]),
        "scenario_id": ["s"] * count,
        "focal_track_id": ["a"] * count,
        "start_timestamp": np.full(count, 3.15986559459579e17),
        "end_timestamp": np.full(count, 3.15986559459579e17 + 2.1e9),
        "num_timestamps": np.full(count, 22),
        **more,
    }


def blocks(reader: Callable, content: bytes, name: str = "f", **options: object) -> list[Poses]:
    return list(reader(file(content, name), **options))
