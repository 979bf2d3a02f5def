"""Symbolic arrays: what a definition is called with to learn which expressions it computes.

A symbol stands for one of NumPy's arrays of a batch, and knows how long that is: a signal of T + d
samples, one number for each rollout, `(...)` or `(..., 1)`, or one for all. Neither the batch nor
T nor any number is known, so whatever asks for one raises `Untraceable`: nothing is ever
specialised in silence.
"""

import math
from collections.abc import Callable
from typing import Any, Literal, NoReturn

import numpy as np

Extent = int | Literal["number", "row", "column"]  # d of T + d samples; (); (...); (..., 1)


class Untraceable(BaseException):
    """The definition does what a symbol cannot do.

    Not an Exception, so that no definition catches it and goes on with its second choice.
    """


class Symbol:
    """One expression. Its operands are symbols; `payload` is what else the operation needs."""

    __slots__ = ("extent", "late", "operands", "operation", "payload")

    def __init__(
        self, operation: str, *operands: "Symbol", extent: Extent, payload: float | str = ""
    ) -> None:
        self.operation = operation
        self.operands = operands
        self.extent = extent
        self.payload = payload
        # Known only when the last instant has been seen.
        self.late: bool = operation in REDUCTIONS or any(one.late for one in operands)
        if isinstance(extent, int) and any(one.late for one in operands):
            raise Untraceable("a signal made from what is known only at its end takes two passes")

    # -- arithmetic ------------------------------------------------------------------------------

    def __add__(self, other: Any) -> "Symbol":
        return elementwise("add", self, other)

    def __radd__(self, other: Any) -> "Symbol":
        return elementwise("add", other, self)

    def __sub__(self, other: Any) -> "Symbol":
        return elementwise("subtract", self, other)

    def __rsub__(self, other: Any) -> "Symbol":
        return elementwise("subtract", other, self)

    def __mul__(self, other: Any) -> "Symbol":
        return elementwise("multiply", self, other)

    def __rmul__(self, other: Any) -> "Symbol":
        return elementwise("multiply", other, self)

    def __truediv__(self, other: Any) -> "Symbol":
        return elementwise("divide", self, other)

    def __rtruediv__(self, other: Any) -> "Symbol":
        return elementwise("divide", other, self)

    def __pow__(self, power: Any) -> "Symbol":
        if isinstance(power, int | float) and power == 2:
            return elementwise("square", self)
        raise Untraceable("a power other than 2")

    def __neg__(self) -> "Symbol":
        return elementwise("negative", self)

    def __abs__(self) -> "Symbol":
        return elementwise("absolute", self)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> "Symbol":
        operation = _UFUNCS.get(ufunc)
        if operation is None or method != "__call__" or options:
            raise Untraceable(f"{ufunc.__name__}.{method}")
        return elementwise(operation, *inputs)

    def __getitem__(self, key: Any) -> "Symbol":
        if not (isinstance(key, tuple) and len(key) == 2 and key[0] is Ellipsis):
            raise Untraceable("an index other than [..., time]")
        return _sliced(self, key[1])

    def __rollkit_primitive__(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """The answer to a primitive of `rollkit.arrays`."""
        primitive = _PRIMITIVES.get(name)
        if primitive is None:
            raise Untraceable(f"arrays.{name}")
        return primitive(*arguments)

    # -- what would need numbers -----------------------------------------------------------------

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):  # a protocol that is not there, for hasattr
            raise AttributeError(name)
        raise Untraceable(f".{name}")

    def _unknown(self, *_arguments: Any, **_options: Any) -> NoReturn:
        raise Untraceable("a value, a shape or a comparison")

    __array__ = __array_function__ = __bool__ = __float__ = __int__ = __index__ = _unknown
    __complex__ = __len__ = __iter__ = __contains__ = __setitem__ = _unknown
    __lt__ = __le__ = __gt__ = __ge__ = __hash__ = _unknown
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __matmul__ = __rmatmul__ = _unknown
    __rpow__ = __round__ = __copy__ = __deepcopy__ = __reduce_ex__ = _unknown
    __eq__ = __ne__ = _unknown
    # Signals are read-only; what is not is changed for all who see it.
    __iadd__ = __isub__ = __imul__ = __itruediv__ = __ipow__ = _unknown


REDUCTIONS = frozenset({"max_abs", "minimum_over", "maximum_over", "total", "last"})

_UFUNCS = {
    np.add: "add",
    np.subtract: "subtract",
    np.multiply: "multiply",
    np.divide: "divide",
    np.negative: "negative",
    np.absolute: "absolute",
    np.square: "square",
    np.sqrt: "sqrt",
    np.minimum: "minimum",
    np.maximum: "maximum",
    np.hypot: "distance",
}


def number(value: float) -> Symbol:
    """A constant."""
    return Symbol("constant", extent="number", payload=float(value))


def symbol(value: Any) -> Symbol:
    """A symbol as it is, a bare number as a constant."""
    if isinstance(value, Symbol):
        return value
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, int | float | np.integer | np.floating):
        return number(float(value))
    raise Untraceable(f"arithmetic with {type(value).__name__}")


def elementwise(operation: str, *values: Any) -> Symbol:
    """An operation of each sample with its counterparts."""
    operands = [symbol(one) for one in values]
    return Symbol(operation, *operands, extent=_common(operands))


def _common(operands: list[Symbol]) -> Extent:
    """What NumPy broadcasts to, whatever the batch and T are."""
    extents = {one.extent for one in operands} - {"number"}
    lengths = {one for one in extents if isinstance(one, int)}
    others = extents - lengths
    if len(lengths) == 1 and others <= {"column"}:
        return lengths.pop()
    if not lengths and len(others) <= 1:
        return others.pop() if others else "number"
    raise Untraceable("operands of different lengths")


def length(values: Symbol) -> int:
    """d of a signal of T + d samples."""
    if isinstance(values, Symbol) and isinstance(values.extent, int):
        return values.extent
    raise Untraceable("no signal over time")


def _sliced(values: Symbol, key: Any) -> Symbol:
    if values.extent == "row" and key is None:
        return _shaped(values, "column")
    if values.extent == "column" and isinstance(key, int) and key in (0, -1):
        return _shaped(values, "row")
    samples = length(values)
    if isinstance(key, slice) and key.step in (None, 1):
        match key.start, key.stop:
            case None | 0, -1:
                return Symbol("before", values, extent=samples - 1)
            case 1, None:
                return Symbol("after", values, extent=samples - 1)
            case None | 0, 1:
                return Symbol("first", values, extent="column")
            case -1, None:
                return Symbol("last", values, extent="column")
    elif isinstance(key, int) and key in (0, -1):
        return Symbol("last" if key else "first", values, extent="row")
    raise Untraceable(f"[..., {key}]")


def _shaped(values: Symbol, extent: Extent) -> Symbol:
    return Symbol(values.operation, *values.operands, extent=extent, payload=values.payload)


# -- the primitives of rollkit.arrays --------------------------------------------------------------


def _scan(operation: str) -> Callable[[Any, Any], Symbol]:
    def scan(start: Any, increments: Any) -> Symbol:
        begin = symbol(start)
        if begin.extent not in ("row", "number"):
            raise Untraceable("a start that is not one number for each rollout")
        return Symbol(operation, begin, increments, extent=length(increments) + 1)

    return scan


def _cos_sin(angle: Symbol) -> tuple[Symbol, Symbol]:
    both = elementwise("cos_sin", angle)
    return elementwise("cosine", both), elementwise("sine", both)


def _differences(values: Symbol, dt: Any = 1.0) -> Symbol:
    change = values[..., 1:] - values[..., :-1]
    return change if isinstance(dt, int | float) and dt == 1 else change / dt


def _reduced(operation: str) -> Callable[[Symbol], Symbol]:
    def reduction(values: Symbol) -> Symbol:
        length(values)
        if operation not in ("last", "total") and values.operation == "divide":
            dividend, divisor = values.operands
            # Dividing by a positive number keeps the order and rounds alike: once is enough.
            if isinstance(dividend.extent, int) and _positive(divisor):
                return reduction(dividend) / divisor
        return Symbol(operation, values, extent="row")

    return reduction


def _positive(value: Symbol) -> bool:
    if value.operation == "constant":
        return isinstance(value.payload, float) and 0 < value.payload < math.inf
    return value.operation == "dt"


def _mean(values: Symbol) -> Symbol:
    samples = Symbol("samples", extent="number", payload=float(length(values)))
    return _reduced("total")(values) / samples


def _rms(values: Symbol) -> Symbol:
    return elementwise("sqrt", _mean(elementwise("square", values)))


_PRIMITIVES: dict[str, Callable[..., Any]] = {
    "cumulative": _scan("cumulative"),
    "cumulative_clamped": _scan("cumulative_clamped"),
    "cumulative_unsigned": _scan("cumulative_unsigned"),
    "cos_sin": _cos_sin,
    "sinc": lambda angle: elementwise("sinc", angle),
    "differences": _differences,
    "distance": lambda x, y: elementwise("distance", x, y),
    "max_abs": _reduced("max_abs"),
    "minimum": _reduced("minimum_over"),
    "maximum": _reduced("maximum_over"),
    "mean": _mean,
    "rms": _rms,
    "total": _reduced("total"),
    "last": _reduced("last"),
    "time_moving": lambda speed, accel, dt: elementwise("time_moving", speed, accel, dt),
}
