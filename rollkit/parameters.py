"""Parameters that a user sets by name: type, unit and range, and reading them from text."""

import inspect
import math
import types
import typing
from pathlib import Path
from typing import Any, Literal, NamedTuple

from rollkit.errors import UsageError


class Param(NamedTuple):
    """Unit, range and meaning of a parameter, as in `Annotated[float, Param("m/s", 1, 25)]`."""

    unit: str = ""
    low: float | None = None
    high: float | None = None
    doc: str = ""


class Parameter(NamedTuple):
    """One keyword-only parameter of an action source, as its signature declares it."""

    name: str
    type: Any
    default: Any
    about: Param

    @property
    def required(self) -> bool:
        """Whether the caller must give it."""
        return self.default is inspect.Parameter.empty

    @property
    def range(self) -> str:
        """The permitted range or choices, in words."""
        if choices := typing.get_args(self.type) if _is_literal(self.type) else ():
            return " | ".join(map(str, choices))
        low, high = self.about.low, self.about.high
        if low is None and high is None:
            return ""
        if high is None:
            return f">= {low:g}"
        return f"<= {high:g}" if low is None else f"{low:g} .. {high:g}"

    def convert(self, value: Any, *, owner: str) -> Any:
        """The value in this parameter's type and range; text is parsed.

        Raises
        ------
        UsageError
            The text does not read as the type, or the number is out of range.
        """
        try:
            result = _converted(self.type, value)
        except (ValueError, TypeError, OverflowError):
            raise UsageError(
                f"{owner}: {self.name}: got {value!r}, expected {_type_name(self.type)}"
            ) from None
        if isinstance(result, int | float) and not isinstance(result, bool):
            low = -math.inf if self.about.low is None else self.about.low
            high = math.inf if self.about.high is None else self.about.high
            if not low <= result <= high:  # also refuses nan
                unit = f" {self.about.unit}" if self.about.unit not in ("", "1") else ""
                raise UsageError(f"{owner}: {self.name}: got {result}, expected {self.range}{unit}")
        return result


def parameter_of(one: inspect.Parameter, hint: Any) -> Parameter:
    """The parameter that one entry of a signature and its type hint declare."""
    about = Param()
    if typing.get_origin(hint) is typing.Annotated:
        hint, *extras = typing.get_args(hint)
        about = next((extra for extra in extras if isinstance(extra, Param)), about)
    given = one.default is not inspect.Parameter.empty
    if hint is None and given and one.default is not None:
        hint = type(one.default)
    if hint is not None and given and one.default is None and type(None) not in _members(hint):
        hint = hint | None  # `x: float = None` means that
    return Parameter(name=one.name, type=hint, default=one.default, about=about)


def _is_literal(kind: Any) -> bool:
    return typing.get_origin(kind) is Literal


def _members(kind: Any) -> tuple[Any, ...]:
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return typing.get_args(kind)
    return (kind,)


def _type_name(kind: Any) -> str:
    if _is_literal(kind):
        return "one of " + ", ".join(map(str, typing.get_args(kind)))
    words = {float: "a number", int: "a whole number", bool: "true or false", Path: "a path"}
    known = [words.get(one, getattr(one, "__name__", str(one))) for one in _members(kind)]
    return " or ".join("none" if one == "NoneType" else one for one in known)


_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _converted(kind: Any, value: Any) -> Any:
    """The value as the annotated type; ValueError where it does not read as one."""
    members = _members(kind)
    if type(None) in members and (value is None or value == "none"):
        return None
    if value is None and kind is not None:
        raise ValueError
    if len(members) > 1:
        for member in members:
            if member is not type(None):
                try:
                    return _converted(member, value)
                except ValueError:
                    continue
        raise ValueError
    if _is_literal(kind):
        for choice in typing.get_args(kind):
            if value == choice or value == str(choice):
                return choice
        raise ValueError
    if kind is bool:
        if isinstance(value, bool):
            return value
        if str(value).lower() in _TRUTH:
            return _TRUTH[str(value).lower()]
        raise ValueError
    if kind in (int, float):
        if isinstance(value, bool):
            raise ValueError
        number = float(value) if kind is float else int(value)
        if kind is int and not isinstance(value, str) and number != value:
            raise ValueError
        return number
    if kind is Path:
        return Path(value)
    if kind is str:
        return str(value)
    if kind in (list, tuple):
        if isinstance(value, str):  # which types its parts have, nobody said
            raise ValueError
        return kind(value)
    return value
