"""Vectors of float64 for numba: one lane for each of `LANES` rollouts, one instruction for all.

Generated kernels are written in these functions, so that no optimizer has to discover that rows
are independent, and no row is ever computed by other instructions than its neighbours: its bits
cannot depend on where in a batch it stands. Each lane does what IEEE 754 says, nothing is fused or
reordered, and nan is never dropped.
"""

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import models, register_model

from rollkit.compiled import llvm, trigonometry
from rollkit.compiled.operation import operation

LANES = 8  # one register of AVX-512, two of AVX2, four of NEON
LANES_TYPE = ir.VectorType(llvm.DOUBLE, LANES)

_LONGS = llvm.longs(LANES_TYPE)
_MAGNITUDE = (1 << 63) - 1  # all bits but the sign


class Vector(types.Type):
    """The numba type of `LANES` float64 numbers."""

    def __init__(self) -> None:
        super().__init__(name=f"float64x{LANES}")


vector = Vector()


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, numba_type: Any) -> None:
        super().__init__(manager, numba_type, LANES_TYPE)


def _constant(value: float) -> ir.Constant:
    return llvm.number(LANES_TYPE, value)


# -- arithmetic -----------------------------------------------------------------------------------


@operation(vector, vector, vector)
def add(builder: Any, left: Any, right: Any) -> Any:
    """left + right."""
    return builder.fadd(left, right)


@operation(vector, vector, vector)
def subtract(builder: Any, left: Any, right: Any) -> Any:
    """left - right."""
    return builder.fsub(left, right)


@operation(vector, vector, vector)
def multiply(builder: Any, left: Any, right: Any) -> Any:
    """left * right."""
    return builder.fmul(left, right)


@operation(vector, vector, vector)
def divide(builder: Any, left: Any, right: Any) -> Any:
    """left / right."""
    return builder.fdiv(left, right)


@operation(vector, vector)
def negative(builder: Any, one: Any) -> Any:
    """-one."""
    return builder.fneg(one)


@operation(vector, vector)
def absolute(builder: Any, one: Any) -> Any:
    """|one|."""
    return llvm.called(builder, "fabs", one)


@operation(vector, vector)
def square(builder: Any, one: Any) -> Any:
    """one * one."""
    return builder.fmul(one, one)


@operation(vector, vector)
def sqrt(builder: Any, one: Any) -> Any:
    """The square root, rounded once."""
    return llvm.called(builder, "sqrt", one)


@operation(vector, vector, vector)
def distance(builder: Any, x: Any, y: Any) -> Any:
    """sqrt(x² + y²)."""
    squares = builder.fadd(builder.fmul(x, x), builder.fmul(y, y))
    return llvm.called(builder, "sqrt", squares)


@operation(vector, vector, vector)
def minimum(builder: Any, left: Any, right: Any) -> Any:
    """The smaller one; nan where one is nan."""
    return _chosen(builder, "<", left, right)


@operation(vector, vector, vector)
def maximum(builder: Any, left: Any, right: Any) -> Any:
    """The larger one; nan where one is nan."""
    return _chosen(builder, ">", left, right)


def _chosen(builder: Any, comparison: str, left: Any, right: Any) -> Any:
    better = builder.select(builder.fcmp_ordered(comparison, left, right), left, right)
    return builder.select(builder.fcmp_unordered("uno", left, left), left, better)


@operation(vector, vector, vector)
def larger_magnitude(builder: Any, magnitude: Any, one: Any) -> Any:
    """max(magnitude, |one|); nan where one is nan.

    Taken as whole numbers, the bits of magnitudes have the same order, with nan beyond infinity.
    """
    left = builder.bitcast(magnitude, _LONGS)
    right = builder.and_(builder.bitcast(one, _LONGS), llvm.whole(LANES_TYPE, _MAGNITUDE))
    larger = builder.select(builder.icmp_signed(">", left, right), left, right)
    return builder.bitcast(larger, LANES_TYPE)


@operation(vector, vector)
def not_negative(builder: Any, one: Any) -> Any:
    """max(0, one); nan where it is nan."""
    zero = _constant(0.0)
    return builder.select(builder.fcmp_ordered(">", zero, one), zero, one)


# -- the other primitives of rollkit.arrays -------------------------------------------------------


@operation(types.UniTuple(vector, 2), vector)
def cos_sin(builder: Any, angle: Any) -> Any:
    """Cosine and sine of angles up to `trigonometry.LARGEST` in magnitude."""
    return trigonometry.cos_sin(builder, angle)


@operation(vector, vector)
def sinc(builder: Any, angle: Any) -> Any:
    """sin(angle) / angle, and 1 at 0."""
    _, sine = trigonometry.cos_sin(builder, angle)
    at_zero = builder.fcmp_ordered("==", angle, _constant(0.0))
    return builder.select(at_zero, _constant(1.0), builder.fdiv(sine, angle))


@operation(vector, vector, vector, vector)
def time_moving(builder: Any, speed: Any, accel: Any, dt: Any) -> Any:
    """Time of each step until braking has brought the speed to 0, at most dt."""
    after = builder.fadd(speed, builder.fmul(accel, dt))
    until = builder.fdiv(speed, builder.fneg(accel))
    return builder.select(builder.fcmp_ordered("<", after, _constant(0.0)), until, dt)


# -- one number and all lanes ---------------------------------------------------------------------


def _in_all_lanes(builder: Any, number: Any) -> Any:
    nothing = ir.Constant(LANES_TYPE, ir.Undefined)
    first = builder.insert_element(nothing, number, ir.Constant(llvm.LONG, 0))
    order = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, first, order)


def _every(builder: Any, truths: Any) -> Any:
    bits = ir.IntType(LANES)
    return builder.icmp_unsigned(
        "==", builder.bitcast(truths, bits), ir.Constant(bits, (1 << LANES) - 1)
    )


@operation(vector, types.float64)
def spread(builder: Any, number: Any) -> Any:
    """One number in all lanes."""
    return _in_all_lanes(builder, number)


@operation(types.boolean, vector, types.float64)
def all_at_most(builder: Any, one: Any, bound: Any) -> Any:
    """Whether every lane is at most the bound; nan is not."""
    return _every(builder, builder.fcmp_ordered("<=", one, _in_all_lanes(builder, bound)))
