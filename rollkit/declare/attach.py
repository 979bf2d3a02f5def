"""What the decorators share: a spec attached to a function, and what a function says of itself."""

import inspect
import typing
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from rollkit.errors import DeclarationError
from rollkit.parameters import Parameter, parameter_of

if TYPE_CHECKING:
    from rollkit.declare import Spec

Function = TypeVar("Function", bound=Callable[..., Any])

ATTRIBUTE = "__rollkit__"


def spec_of(function: object) -> "Spec | None":
    """The spec a decorator attached, or None.

    `functools.wraps` carries a spec over to the wrapper: the function named is the one that runs.
    """
    spec: Spec | None = getattr(function, ATTRIBUTE, None)
    if spec is None or spec.function is function or not callable(function):
        return spec
    return spec._replace(function=function)


def where(function: Callable[..., Any]) -> tuple[str | None, int | None]:
    """File and line of a function's definition, as far as they are known."""
    inner = inspect.unwrap(inner_of(function))
    code = getattr(inner, "__code__", None) or getattr(type(inner).__call__, "__code__", None)
    return (code.co_filename, code.co_firstlineno) if code else (None, None)


def reference(function: Callable[..., Any]) -> str:
    """How a function is named in an artifact: `module:qualified.name`."""
    named = inner_of(function)
    name = getattr(named, "__qualname__", type(named).__qualname__)
    return f"{getattr(named, '__module__', type(named).__module__)}:{name}"


def inner_of(function: Callable[..., Any]) -> Any:
    """Of a partial, its function; any other callable itself."""
    return getattr(function, "func", function)


def attach(function: Function, spec: "Spec") -> Function:
    """The function itself, with its spec on it."""
    earlier = vars(function).get(ATTRIBUTE) if hasattr(function, "__dict__") else None
    if earlier is not None and earlier.function is function:
        raise wrong(function, f"is declared already, as {earlier.name!r}")
    setattr(function, ATTRIBUTE, spec)
    return function


def hints_of(function: Callable[..., Any]) -> Mapping[str, Any]:
    """Type hints; none where they cannot be evaluated, and defaults then tell the types."""
    inner = inner_of(function)
    target = inner if inspect.isroutine(inner) else type(inner).__call__
    try:
        return typing.get_type_hints(target, include_extras=True)
    except (NameError, TypeError, AttributeError):  # names imported for type checkers only
        return {}


def options_of(function: Callable[..., Any], *given: str) -> tuple[Parameter, ...]:
    """The options of a function that takes `(first, *, option=...)`, or more than one before them.

    Raises
    ------
    DeclarationError
        It takes nothing, or something that cannot be set by name.
    """
    try:
        named = dict(inspect.signature(function).parameters)
    except (TypeError, ValueError) as error:  # of some built-in functions nothing is known
        raise wrong(function, f"has no signature to read: {error}") from None
    if len(named) < len(given):
        count = f"{len(named) or 'no'} argument{'s' * (len(named) != 1)}"
        raise wrong(function, f"takes {count}; expected ({', '.join(given)}, *, ...)")
    for name in list(named)[: len(given)]:
        del named[name]
    hints = hints_of(function)
    for one in named.values():
        if one.kind in (one.POSITIONAL_ONLY, one.VAR_POSITIONAL, one.VAR_KEYWORD):
            raise wrong(function, f"parameter {one} cannot be set by name")
    return tuple(parameter_of(one, hints.get(one.name)) for one in named.values())


def name_of(function: Callable[..., Any], name: str | None) -> str:
    """The name given, or the function's own."""
    named = inner_of(function)
    chosen = name if name is not None else getattr(named, "__name__", type(named).__name__)
    if not (isinstance(chosen, str) and chosen.isidentifier()):
        raise wrong(function, f"name: got {chosen!r}, expected an identifier")
    return chosen


def definition_of(function: Callable[..., Any], *, required: bool = True) -> str:
    """The first paragraph of its docstring."""
    doc = inspect.cleandoc(function.__doc__ or "")
    if required and not doc:
        raise wrong(function, "has no docstring; its first paragraph is the definition users read")
    return " ".join(doc.split("\n\n")[0].split())


def one_of(function: Callable[..., Any], what: str, value: object, known: tuple[Any, ...]) -> None:
    """Refuse an argument that is none of those known."""
    if value not in known:
        names = ", ".join(repr(one) for one in known)
        raise wrong(function, f"{what}: got {value!r}, expected one of {names}")


def whole(function: Callable[..., Any], what: str, value: object, least: int) -> None:
    """Refuse an argument that is no whole number of at least so much."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise wrong(function, f"{what}: got {value!r}, expected a whole number >= {least}")


def wrong(function: Callable[..., Any], problem: str) -> DeclarationError:
    """The error for a function that is declared wrongly: where it stands, and what is wrong."""
    file, line = where(function)
    name = getattr(function, "__name__", repr(function))
    return DeclarationError(f"{name} ({file}:{line}): {problem}")
