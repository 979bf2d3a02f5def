"""Blocks that are alike, put together: many small ones would cost more than what is in them."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rollkit.poses import SIGNALS, Poses

ROLLOUTS = 2048  # about as many as a block of a large file has


def in_larger_blocks(blocks: Iterator[Poses]) -> Iterator[Poses]:
    """The same cases in the same order, neighbours of one shape and step in one block.

    Cases with times of their own come one by one; once each stands beside its reference, only how
    far its instants are apart counts.
    """
    some: list[Poses] = []
    rollouts = 0
    for block in blocks:
        if some and (rollouts >= ROLLOUTS or _shape(block) != _shape(some[0])):
            yield together(some)
            some, rollouts = [], 0
        some.append(block)
        rollouts += block.cases * block.samples
    if some:
        yield together(some)


def together(parts: Sequence[Poses]) -> Poses:
    """Several blocks as one, without times; what one of them lacks is lost."""
    if len(parts) == 1:
        return parts[0]
    whole: dict[str, Any] = {}
    for name in (*SIGNALS, "probability"):
        values = [getattr(one, name) for one in parts]
        whole[name] = None if any(one is None for one in values) else np.concatenate(values)
    for name in ("history", "reference"):
        beside = [getattr(one, name) for one in parts]
        whole[name] = None if any(one is None for one in beside) else together(beside)
    bad = [one.unusable.get(row) for one in parts for row in range(one.cases)]
    return replace(
        parts[0],
        **whole,
        ids=tuple(case for one in parts for case in one.ids),
        unusable={row: why for row, why in enumerate(bad) if why},
        time=None,
    )


def _shape(poses: Poses | None) -> Hashable:
    """What has to be the same for two blocks to be one."""
    if poses is None:
        return None
    has = tuple(getattr(poses, name) is None for name in (*SIGNALS, "probability"))
    beside = _shape(poses.history), _shape(poses.reference)
    return poses.x.shape[1:], poses.dt, poses.given, poses.whole, has, beside
