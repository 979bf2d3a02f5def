"""NVIDIA PhysicalAI-AV: the motion of the ego vehicle in one clip, `*.egomotion.parquet`."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from rollkit import File, Poses, reader
from rollkit_logs.ego import ego
from rollkit_logs.readers.columns import QUATERNION

_TIME = "timestamp"
_POSITION = ("x", "y", "z")
COLUMNS = (_TIME, *QUATERNION, *_POSITION)
_FRAME = "the clip's anchor: the vehicle at its beginning, x forward, y left, z up"


# A Parquet file has its columns at its end: `parquet` looks there, and hands it over.
@reader(suffixes=(".parquet",), recognises=lambda _: False)
def physical_ai(file: File) -> Iterator[Poses]:
    """PhysicalAI-AV egomotion: `timestamp` (µs), `qx` .. `qw`, `x`, `y`, `z`, and `vx`, `vy`.

    Positions in m and velocities in m/s are in the clip's anchor frame; the speed is the part of
    the velocity along the heading. The case is called as the clip: the file's name up to its first
    dot. Other columns are left out. `parquet` knows such a file by its columns.

    Raises
    ------
    DataError
        A missing column, a quaternion that is not of length 1, times that run backwards.
    """
    drive, velocity = ego(file, time=_TIME, unit=1e-6, position=_POSITION, beside=("vx", "vy"))
    speed = None
    if velocity and drive.yaw is not None:
        speed = velocity["vx"] * np.cos(drive.yaw) + velocity["vy"] * np.sin(drive.yaw)
    yield replace(drive, ids=(file.path.name.split(".")[0],), speed=speed, frame=_FRAME)
