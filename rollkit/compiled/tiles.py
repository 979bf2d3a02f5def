"""Moving numbers between arrays of any layout and tiles of `LANES` rollouts side by side.

A tile is flat: sample t of lane k stands at t * LANES + k. Where a batch ends inside a tile, its
last rollout fills the remaining lanes, and they are not written back.
"""

from typing import Any

from numba import njit

from rollkit.compiled.lanes import load, load_instant, store, store_instant, turn
from rollkit.compiled.simd import LANES

_BYTES = 8


@njit(nogil=True)
def fill(tile: Any, offset: int, source: Any, row: int) -> None:
    """Copy all samples of the rollouts from `row` on, `(n, T)`, into the tile from an offset on."""
    rows, samples = source.shape
    done = 0
    if source.strides[1] == _BYTES:
        while done + LANES <= samples:
            turn(tile, offset + done * LANES, source, row, done)
            done += LANES
    elif source.strides[0] == _BYTES and row + LANES <= rows:
        while done < samples:
            store(tile, offset + done * LANES, load_instant(source, row, done))
            done += 1
    for lane in range(LANES):
        one = min(row + lane, rows - 1)
        for sample in range(done, samples):
            tile[offset + sample * LANES + lane] = source[one, sample]


@njit(nogil=True)
def gather(tile: Any, source: Any, row: int) -> Any:
    """One number of each rollout from `row` on."""
    for lane in range(LANES):
        tile[lane] = source[min(row + lane, source.size - 1)]
    return load(tile, 0)


@njit(nogil=True)
def put(target: Any, tile: Any, row: int, one: Any) -> None:
    """Write one number of each rollout from `row` on."""
    if row + LANES <= target.size:
        store(target, row, one)
    else:
        store(tile, 0, one)
        for lane in range(target.size - row):
            target[row + lane] = tile[lane]


@njit(nogil=True)
def empty_out(tile: Any, target: Any, row: int) -> None:
    """Copy the tile to all samples of the rollouts from `row` on, `(n, T+1)`."""
    rows, samples = target.shape
    if target.strides[0] == _BYTES and row + LANES <= rows:
        for sample in range(samples):
            store_instant(target, row, sample, load(tile, sample * LANES))
        return
    lanes = min(LANES, rows - row)
    for sample in range(samples):
        for lane in range(lanes):
            target[row + lane, sample] = tile[sample * LANES + lane]


@njit(nogil=True)
def pace(source: Any) -> Any:
    """Bytes from one line of a tile's memory to the next: there are as many as samples."""
    return LANES * _BYTES if source.strides[1] == _BYTES else source.strides[1]
