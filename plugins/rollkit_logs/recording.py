"""One recorded drive: positions and rotations in space, as poses in the plane."""

from typing import Literal

from rollkit import Poses
from rollkit.arrays import Array
from rollkit_logs.attitude import heading
from rollkit_logs.rotation import positions_from_camera, rotations_from_camera
from rollkit_logs.rows import Rows

Axes = Literal["vehicle", "camera"]

_FRAMES = {
    "vehicle": "x, y of a z-up frame; yaw of the body's x axis, which points forward",
    "camera": "camera (x right, y down, z forward) to plane: x = z, y = -x; height = -y",
}


def recording(
    rows: Rows,
    *,
    position: Array,
    rotation: Array,
    time: Array | None,
    axes: Axes,
    origin: str,
) -> Poses:
    """The drive as one case of one sample, called as its file.

    Parameters
    ----------
    rows : Rows
        Their places.
    position : array, `(n, 3)`
        m.
    rotation : array, `(n, 3, 3)`
        From the body's axes to the world's.
    time : array, `(n,)`, optional
        s.
    axes : {"vehicle", "camera"}
        Those of both frames: x forward, y left, z up; or x right, y down, z forward.
    origin : str
        Where the times come from, in words.

    Raises
    ------
    DataError
        A pose whose forward axis points straight up or down.
    """
    if axes == "camera":
        position, rotation = positions_from_camera(position), rotations_from_camera(rotation)
    x, y, z = position.T[:, None, None]
    return Poses(
        ids=(rows.path.stem,),
        x=x,
        y=y,
        z=z,
        yaw=heading(rows, rotation)[None, None],
        rotation=rotation[None, None],
        time=time,
        frame=_FRAMES[axes],
        origin=origin,
        whole=True,
    )
