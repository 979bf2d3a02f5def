"""A whole file as one trajectory."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from rollkit.arrays import Array
from rollkit.errors import DataError
from rollkit.formats import AUTO, Source, read_poses
from rollkit.model import Trajectory
from rollkit.motion import RATES
from rollkit.poses import Poses
from rollkit.reading import File
from rollkit.resampling import Method, uniform


def read_trajectory(
    path: Source,
    format: str = AUTO,
    dt: float | None = None,
    *,
    method: Method = "cubic",
    max_gap: float = 0.5,
    plugins: Iterable[str] = (),
    **options: Any,
) -> Trajectory:
    """The trajectories in a file, at uniform instants.

    Parameters
    ----------
    path, format, plugins, **options
        As for `read_poses`.
    dt : float, optional
        s; by default what the timestamps say.
    method, max_gap
        As for `uniform`.

    Returns
    -------
    Trajectory, `(n, K, T+1)`
        K samples of n cases in the order of the file; `(T+1,)` where it holds a single track. Index
        0 is the first instant in the file. Speed as in the file, else through the positions. nan
        where nothing was observed, and in cases that cannot be used.

    Raises
    ------
    UsageError
        No such format, option or method.
    DataError
        What is wrong with the file or its time step; cases of different lengths or steps.

    Examples
    --------
    >>> from pathlib import Path
    >>> from rollkit import File
    >>> log = File(Path("drive.csv"), b"t,x,y\\n0.0,0,0\\n0.5,1,0\\n1.0,3,0\\n")
    >>> read_trajectory(log).speed
    array([1., 3., 5.])
    """
    where = str(path.path if isinstance(path, File) else path)
    blocks = [
        uniform(block, dt=dt, method=method, max_gap=max_gap, where=where).poses
        for block in read_poses(path, format, plugins=plugins, **options)
    ]
    _check_alike(blocks, where)
    alone = len(blocks) == blocks[0].cases == blocks[0].samples == 1

    def together(name: str) -> Array | None:
        values = [_usable(one, getattr(one, name)) for one in blocks]
        if any(one is None for one in values):
            return None
        stacked = np.concatenate([one for one in values if one is not None])
        return stacked[0, 0] if alone else stacked

    x, y, step = together("x"), together("y"), blocks[0].dt
    assert x is not None
    assert y is not None
    assert step is not None
    recorded = {name: one for name in RATES if (one := together(name)) is not None}
    return Trajectory.through(
        x,
        y,
        step,
        yaw=together("yaw"),
        speed=together("speed"),
        z=together("z"),
        rotation=together("rotation"),
        recorded=recorded,
    )


def _usable(poses: Poses, values: Array | None) -> Array | None:
    if values is None or not poses.unusable:
        return values
    values = values.copy()
    values[list(poses.unusable)] = np.nan
    return values


def _check_alike(blocks: list[Poses], path: str) -> None:
    first = blocks[0]
    for one in blocks[1:]:
        if _described(one) != _described(first):
            raise DataError(
                f"{path}: got case {one.ids[0]!r} of {_described(one)}, expected all cases to be "
                f"like {first.ids[0]!r}, of {_described(first)}",
                hint="rollkit.read_poses reads them block by block; dt brings them to one step",
            )


def _described(poses: Poses) -> str:
    return f"{poses.samples} x {poses.instants} instants, {poses.dt:.9g} s apart"
