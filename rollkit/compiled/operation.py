"""Making functions that compiled code can call out of functions that emit their instructions."""

import inspect
from collections.abc import Callable
from typing import Any

from numba.core import types
from numba.extending import intrinsic

AS_GIVEN = None  # the type of an argument that may be any array


def operation(result: Any, *arguments: Any) -> Callable[[Callable[..., Any]], Any]:
    """Let compiled code call `emit(builder, *operands)`, of these types and with this result.

    An array arrives as its parts: `data`, `shape`, `strides`. A tuple is returned as one, and None
    for nothing.
    """

    def made(emit: Callable[..., Any]) -> Any:
        names = list(inspect.signature(emit).parameters)[1:]

        def define(_context: Any, *given: Any) -> Any:
            known = [one or other for one, other in zip(arguments, given, strict=True)]

            def instructions(target: Any, builder: Any, signature: Any, operands: Any) -> Any:
                pairs = zip(signature.args, operands, strict=True)
                parts = [_parts(target, builder, *one) for one in pairs]
                answer = emit(builder, *parts)
                if answer is None:
                    return target.get_dummy_value()
                if isinstance(answer, tuple):
                    return target.make_tuple(builder, signature.return_type, answer)
                return answer

            return result(*known), instructions

        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        parameters = [inspect.Parameter(name, kind) for name in ("context", *names)]
        define.__name__ = emit.__name__
        define.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return intrinsic(define)

    return made


def _parts(target: Any, builder: Any, numba_type: Any, value: Any) -> Any:
    if isinstance(numba_type, types.Array):
        return target.make_array(numba_type)(target, builder, value)
    return value
