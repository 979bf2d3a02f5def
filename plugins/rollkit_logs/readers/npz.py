"""NumPy's `.npz`: arrays of many predicted cases, stacked along their first axis."""

from collections.abc import Iterator
from typing import Annotated

from rollkit import File, Param, Poses, reader
from rollkit_logs import archive
from rollkit_logs.stacked import stacked
from rollkit_logs.start import Start


@reader(suffixes=(".npz",), recognises=lambda head: archive.first_member(head).endswith(b".npy"))
def npz(
    file: File,
    *,
    start: Start = "auto",
    space: Annotated[bool, Param(doc="keep heights and rotations, for errors in space")] = False,
) -> Iterator[Poses]:
    """Arrays in NumPy's `.npz`, compressed or not, block by block; no pickle is ever loaded.

    Axes are cases B, sets N of samples, samples K, instants T; N, K and B may be left out, in this
    order. Numbers of any real kind.

    - `pred_xyz` `[B, N, K, T, 3]` with `pred_rot` `[..., 3, 3]` or `pred_yaw`: seen from the pose
      at the start, which is left out. Every set is a case, `b/n`.
    - `x`, `y`, and `yaw`, `speed`, `z`, or each with `pred_` before it.
    - Rates that were measured beside any of these but `trajectory` and `pred`: `accel`,
      `lateral_accel`, `yaw_rate`, `yaw_accel`, with what stands before their positions: `pred_`.
    - `trajectory` or `pred`, `[..., T, 2]` of x, y or `[..., T, 3]` of x, y, yaw; `pred_xy`.
    - Where it really went: `ego_future_xyz` and `ego_future_rot`, `gt_xyz` and `gt_rot`, `gt_xy`,
      or `ref_x`, `ref_y`, `ref_yaw`. A file of nothing else is a reference itself.
    - Before the start, which is its last instant: `ego_history_xyz` and `ego_history_rot`, or
      `history_x`, `history_y`, `history_yaw`.
    - Time: `t` or `time` `[T]`, else `dt` or `hz`; `ref_t` and `history_t` where they differ.
    - `ids`, `case` or `clip_id` `[B]`, else 0, 1, 2 ...; `probability` or `scores` `[B, K]`.

    The start: `auto` takes `pred_xyz` and its like as from the origin; others as missing where
    there are no times or they begin at one step, else as included, and so it takes a drive, which
    has no axis but that of time.
    """
    with archive.opened(file) as opened:
        openers = archive.arrays(file, opened)
        yield from stacked(str(file.path), openers, start=start, space=space)
