"""Moving vectors between registers and memory.

Tiles are flat and hold `LANES` rollouts side by side, one instant after the other. Batches `(n, T)`
are read and written here along an axis that is contiguous.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from rollkit.compiled import llvm
from rollkit.compiled.operation import AS_GIVEN, operation
from rollkit.compiled.simd import LANES, LANES_TYPE, vector

_ALIGN = 8  # bytes: that of a double, as NumPy promises no more
_BYTE, _WORD = ir.IntType(8), ir.IntType(32)
_READ, _NEAR, _DATA = 0, 3, 1  # arguments of LLVM's prefetch


@operation(vector, AS_GIVEN, types.intp)
def load(builder: Any, tile: Any, index: Any) -> Any:
    """The lanes that begin at an index of a contiguous array."""
    return builder.load(_in_tile(builder, tile, index), align=_ALIGN)


@operation(types.void, AS_GIVEN, types.intp, vector)
def store(builder: Any, tile: Any, index: Any, one: Any) -> None:
    """Write all lanes to a contiguous array, from an index on."""
    builder.store(one, _in_tile(builder, tile, index), align=_ALIGN)


@operation(vector, AS_GIVEN, types.intp, types.intp)
def load_instant(builder: Any, batch: Any, row: Any, at: Any) -> Any:
    """One instant of `LANES` rollouts that lie side by side."""
    return builder.load(_in_batch(builder, batch, row, at), align=_ALIGN)


@operation(types.void, AS_GIVEN, types.intp, types.intp, vector)
def store_instant(builder: Any, batch: Any, row: Any, at: Any, one: Any) -> None:
    """Write one instant of `LANES` rollouts that lie side by side."""
    builder.store(one, _in_batch(builder, batch, row, at), align=_ALIGN)


@operation(types.void, AS_GIVEN, types.intp, AS_GIVEN, types.intp, types.intp)
def turn(builder: Any, tile: Any, index: Any, batch: Any, row: Any, at: Any) -> None:
    """Copy `LANES` instants of `LANES` rollouts to a tile; each rollout is contiguous.

    Rollouts beyond the last are the last once more.
    """
    rows, _ = cgutils.unpack_tuple(builder, batch.shape, 2)
    final = builder.sub(rows, ir.Constant(llvm.LONG, 1))
    lanes = []
    for lane in range(LANES):
        one = builder.add(row, ir.Constant(llvm.LONG, lane))
        one = builder.select(builder.icmp_signed("<", one, final), one, final)
        lanes.append(builder.load(_in_batch(builder, batch, one, at), align=_ALIGN))
    for instant, values in enumerate(_transposed(builder, lanes)):
        begin = builder.add(index, ir.Constant(llvm.LONG, instant * LANES))
        builder.store(values, _in_tile(builder, tile, begin), align=_ALIGN)


@operation(types.void, AS_GIVEN, types.intp, types.intp)
def ask(builder: Any, batch: Any, row: Any, offset: Any) -> None:
    """Have the memory at a row, and some bytes on, brought near; it need not be the batch's."""
    row_stride, _ = cgutils.unpack_tuple(builder, batch.strides, 2)
    place = _at_byte(builder, batch, builder.add(builder.mul(row, row_stride), offset))
    kind = ir.FunctionType(ir.VoidType(), [place.type, _WORD, _WORD, _WORD])
    prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    builder.call(prefetch, (place, *(ir.Constant(_WORD, one) for one in (_READ, _NEAR, _DATA))))


def _in_tile(builder: Any, tile: Any, index: Any) -> Any:
    return builder.bitcast(builder.gep(tile.data, [index]), LANES_TYPE.as_pointer())


def _in_batch(builder: Any, batch: Any, row: Any, at: Any) -> Any:
    row_stride, step_stride = cgutils.unpack_tuple(builder, batch.strides, 2)
    offset = builder.add(builder.mul(row, row_stride), builder.mul(at, step_stride))
    return builder.bitcast(_at_byte(builder, batch, offset), LANES_TYPE.as_pointer())


def _at_byte(builder: Any, batch: Any, offset: Any) -> Any:
    return builder.gep(builder.bitcast(batch.data, _BYTE.as_pointer()), [offset])


def _transposed(builder: Any, rows: list[Any]) -> list[Any]:
    """Columns of a square of vectors: blocks of 1, 2, 4 numbers change places across its middle."""
    size = 1
    while size < LANES:
        kept = [lane if not lane & size else lane - size + LANES for lane in range(LANES)]
        moved = [lane + size if not lane & size else lane + LANES for lane in range(LANES)]
        orders = [ir.Constant(ir.VectorType(_WORD, LANES), one) for one in (kept, moved)]
        for upper in (row for row in range(LANES) if not row & size):
            pair = rows[upper], rows[upper + size]
            rows[upper], rows[upper + size] = (builder.shuffle_vector(*pair, one) for one in orders)
        size *= 2
    return rows
