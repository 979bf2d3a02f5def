"""Cosine and sine of many angles at once, as LLVM instructions without branches.

The angle is reduced to r in [-π/4, π/4] by the nearest multiple n of π/2: with π/2 as the sum of
two float64 numbers and fused multiply-adds, n times the first is taken off without any rounding,
and only the second step rounds, once. On [-π/4, π/4] both functions are polynomials that Remez's
algorithm finds. n says which of them is which, and their signs.

References: W. J. Cody and W. Waite, Software Manual for the Elementary Functions, 1980; the
coefficients are rollkit's own, errors below 2e-18.
"""

from typing import Any

from llvmlite import ir

from rollkit.compiled import llvm

LARGEST = 2.0**30  # rad; n is exact far beyond, but one float64 step of the angle is 1e-7 already

_TWO_OVER_PI = 0.6366197723675814
_HALF_PI = 1.5707963267948966
_HALF_PI_REST = 6.123233995736766e-17
_ROUND = 1.5 * 2.0**52  # added and taken off again, it leaves the nearest whole number

# sin r = r + r³ (S0 + S1 r² + ...), cos r = 1 - r²/2 + r⁴ (C0 + C1 r² + ...)
_SINE = (
    -0.166666666666666,
    0.0083333333333165,
    -0.00019841269825947397,
    2.7557312549115225e-06,
    -2.5050600892012755e-08,
    1.5888622821189764e-10,
)
_COSINE = (
    0.0416666666666666,
    -0.0013888888888874155,
    2.4801587289502317e-05,
    -2.7557314358407357e-07,
    2.0875724131986874e-09,
    -1.1359693886664208e-11,
)


def cos_sin(builder: Any, angle: Any) -> tuple[Any, Any]:
    """Instructions for cosine and sine of a vector, both within 1.5e-16 up to `LARGEST`."""
    lanes = angle.type

    def number(value: float) -> ir.Constant:
        return llvm.number(lanes, value)

    def whole(value: int) -> ir.Constant:
        return llvm.whole(lanes, value)

    def fma(one: Any, other: Any, summand: Any) -> Any:
        return llvm.called(builder, "fma", one, other, summand)

    def polynomial(coefficients: tuple[float, ...], variable: Any) -> Any:
        value = number(coefficients[-1])
        for coefficient in reversed(coefficients[:-1]):
            value = fma(value, variable, number(coefficient))
        return value

    shifted = fma(angle, number(_TWO_OVER_PI), number(_ROUND))
    nearest = builder.fsub(shifted, number(_ROUND))
    r = fma(nearest, number(-_HALF_PI), angle)
    r = fma(nearest, number(-_HALF_PI_REST), r)
    square = builder.fmul(r, r)
    sine = fma(builder.fmul(r, square), polynomial(_SINE, square), r)
    cosine = fma(square, polynomial(_COSINE, square), number(-0.5))
    cosine = fma(square, cosine, number(1.0))

    # The last two bits of n, which are those of the shifted number too, name the quadrant.
    quadrant = builder.bitcast(shifted, llvm.longs(lanes))
    odd = builder.icmp_unsigned("!=", builder.and_(quadrant, whole(1)), whole(0))
    second = builder.shl(builder.and_(quadrant, whole(2)), whole(62))
    third = builder.shl(builder.and_(builder.add(quadrant, whole(1)), whole(2)), whole(62))

    def signed(value: Any, sign: Any) -> Any:
        return builder.bitcast(builder.xor(builder.bitcast(value, llvm.longs(lanes)), sign), lanes)

    return (
        signed(builder.select(odd, sine, cosine), third),
        signed(builder.select(odd, cosine, sine), second),
    )
