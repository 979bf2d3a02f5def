"""An invariant as data: what must hold, of what, when, and how closely.

A law is a function `law(subject, **drawn)` that raises `Violation` where it does not hold. The
decorator makes it an `Invariant`: its docstring's first line is the statement, the keyword
arguments say what hypothesis draws for it.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from hypothesis import strategies as st

from rollkit.arrays import Array

Kind = Literal["integrator", "metric", "action_source"]
Given = st.SearchStrategy[Any] | Callable[[Any], st.SearchStrategy[Any]]


@dataclass(frozen=True)
class Tolerance:
    """How far two numbers may differ, relative to their size, and why that far."""

    value: float
    reason: str


@dataclass(frozen=True, eq=False)
class Invariant:
    """One law that every plugin function of a kind keeps, if its declared traits switch it on."""

    name: str
    kind: Kind
    statement: str
    about: str  # the rest of the docstring
    when: str  # the traits that switch it on, in words; "" for always
    applies: Callable[[Any], bool]
    tolerance: Tolerance | None
    given: Mapping[str, Given]
    law: Callable[..., None]

    def strategies(self, spec: Any) -> dict[str, st.SearchStrategy[Any]]:
        """What hypothesis draws to check a function of that spec."""
        return {
            name: one if isinstance(one, st.SearchStrategy) else one(spec)
            for name, one in self.given.items()
        }


class Violation(AssertionError):
    """A law does not hold: what was looked at, what was got, what was expected."""

    def __init__(self, what: str, got: object, expected: object) -> None:
        super().__init__(f"{what}: got {got}, expected {expected}")
        self.what, self.got, self.expected = what, str(got), str(expected)


def invariant(
    kind: Kind,
    *,
    when: str = "",
    applies: Callable[[Any], bool] = bool,  # a spec is true: always
    tolerance: Tolerance | None = None,
    **given: Given,
) -> Callable[[Callable[..., None]], Invariant]:
    """Make a law an `Invariant`; `given` are strategies, or functions of the spec to one."""

    def declared(law: Callable[..., None]) -> Invariant:
        statement, _, about = inspect.cleandoc(law.__doc__ or "").partition("\n")
        return Invariant(
            name=law.__name__,
            kind=kind,
            statement=statement,
            about=about.strip(),
            when=when,
            applies=applies,
            tolerance=tolerance,
            given=given,
            law=law,
        )

    return declared


def holds(what: str, good: Any, got: Array, expected: object) -> None:
    """Every element is good; the first that is not is shown."""
    good = np.asarray(good)
    if not good.all():
        where = tuple(int(i) for i in np.argwhere(~good)[0])
        value = np.broadcast_to(got, good.shape)[where]
        raise Violation(f"{what}{_place(where)}", value, expected)


def close(what: str, got: Array, expected: Array, atol: float) -> None:
    """Two arrays agree within an absolute tolerance; nan agrees with nan."""
    _same_shape(what, got, expected)
    with np.errstate(invalid="ignore"):
        good = (np.abs(got - expected) <= atol) | (got == expected)
    good |= np.isnan(got) & np.isnan(expected)
    if not good.all():
        where = tuple(int(i) for i in np.argwhere(~good)[0])
        wanted = f"{expected[where]} within {atol:.1e}"
        raise Violation(f"{what}{_place(where)}", got[where], wanted)


def same(what: str, got: Array, expected: Array) -> None:
    """Two arrays agree to the last bit."""
    _same_shape(what, got, expected)
    good = (got == expected) | (np.isnan(got) & np.isnan(expected))
    if not np.all(good):
        where = tuple(int(i) for i in np.argwhere(~np.asarray(good))[0])
        wanted = f"{expected[where]} to the last bit"
        raise Violation(f"{what}{_place(where)}", got[where], wanted)


def _same_shape(what: str, got: Array, expected: Array) -> None:
    if got.shape != expected.shape:
        raise Violation(f"{what}: shape", got.shape, expected.shape)


def _place(where: tuple[int, ...]) -> str:
    return f" at {list(where)}" if where else ""
