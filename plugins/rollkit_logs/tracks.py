"""Tracks of a long table as blocks of poses: neighbouring cases with the same instants make one."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from rollkit import Poses
from rollkit.arrays import Array
from rollkit_logs.attitude import from_quaternions, heading
from rollkit_logs.blocks import cases_in_block
from rollkit_logs.first_instant import given
from rollkit_logs.rates import RATES
from rollkit_logs.readers.columns import FRAME, QUATERNION
from rollkit_logs.table import Places, Table

Shape = tuple[int, int, int]  # cases, samples of each, instants


def of_one_shape(table: Table, ids: Sequence[str], shape: Shape, start: str) -> Iterator[Poses]:
    """Blocks of cases that all have as many samples, of as many instants each."""
    size = shape[1] * shape[2]
    time = table.values["t"].reshape(shape)
    apart = (time != time[:, :1]).any(axis=(1, 2))
    changed = np.flatnonzero((time[1:, 0] != time[:-1, 0]).any(axis=-1)) + 1
    most = cases_in_block(size * 8 * len(table.values))
    for begin, end in pairwise([0, *changed.tolist(), len(ids)]):
        for first in range(begin, end, most):
            last = min(first + most, end)
            unusable = {
                int(one): f"{table.rows.at((first + int(one)) * size)}: its samples have different "
                "times"
                for one in np.flatnonzero(apart[first:last])
            }
            part = table.part(first * size, last * size)
            yield _poses(part, ids[first:last], (last - first, *shape[1:]), start, unusable)


def ragged(table: Table, tracks: Places, lengths: Places, name: str, start: str) -> Poses:
    """A case whose samples differ in length: not usable, so only its first sample is kept."""
    other = int(np.argmax(lengths != lengths[0]))
    reason = (
        f"{table.rows.at(int(tracks[other]))}: this sample has {lengths[other]} instants, the "
        f"first of the case {lengths[0]}"
    )
    first, length = int(tracks[0]), int(lengths[0])
    return _poses(table.part(first, first + length), [name], (1, 1, length), start, {0: reason})


def _poses(
    table: Table, ids: Sequence[str], shape: Shape, start: str, unusable: Mapping[int, str]
) -> Poses:
    values = table.values
    yaw, matrix = values.get("yaw"), None
    if QUATERNION[0] in values:
        quaternion = [values[name] for name in QUATERNION]
        matrix = from_quaternions(table.rows, *quaternion, order=" ".join(QUATERNION))
        yaw = heading(table.rows, matrix) if yaw is None else yaw

    def shaped(column: Array | None) -> Array | None:
        return None if column is None else column.reshape(*shape, *column.shape[1:])

    rates: dict[str, Any] = {name: shaped(values[name]) for name in RATES if name in values}
    share, time = values.get("probability"), values["t"][: shape[2]]
    drive = table.case is None and table.sample is None
    return Poses(
        ids=tuple(ids),
        x=values["x"].reshape(shape),
        y=values["y"].reshape(shape),
        yaw=shaped(yaw),
        speed=shaped(values.get("speed")),
        z=shaped(values.get("z")),
        rotation=shaped(matrix),
        **rates,
        time=time,
        given=given(start, time, alone=drive),
        probability=None if share is None else share.reshape(shape)[:, :, 0],
        frame=FRAME,
        origin=f"column t of {table.rows.path.name}",
        unusable=unusable,
        whole=drive,
    )
