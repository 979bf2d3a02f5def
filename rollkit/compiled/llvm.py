"""What llvmlite lacks for vectors: LLVM's own functions of them, and constants in every lane."""

from typing import Any

from llvmlite import ir
from numba.core import cgutils

DOUBLE, LONG = ir.DoubleType(), ir.IntType(64)


def longs(lanes: ir.VectorType) -> ir.VectorType:
    """The vector of whole numbers with as many bits."""
    return ir.VectorType(LONG, lanes.count)


def number(lanes: ir.VectorType, value: float) -> ir.Constant:
    """The same number in all lanes."""
    return ir.Constant(lanes, [value] * lanes.count)


def whole(lanes: ir.VectorType, value: int) -> ir.Constant:
    """The same whole number in all lanes."""
    return ir.Constant(longs(lanes), [value] * lanes.count)


def called(builder: Any, name: str, *operands: Any) -> Any:
    """The result of an LLVM function, `"fma"` or `"sqrt"`, of vectors of one type."""
    lanes = operands[0].type
    kind = ir.FunctionType(lanes, [lanes] * len(operands))
    full = f"llvm.{name}.v{lanes.count}f64"
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, full), operands)
