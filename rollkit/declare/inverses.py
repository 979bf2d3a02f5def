"""Declaring inverses: how actions are recovered from poses."""

from collections.abc import Callable
from typing import Any, NamedTuple

from rollkit.declare.attach import Function, attach, definition_of, name_of, options_of, wrong
from rollkit.parameters import Parameter

GIVEN = ("history", "initial_speed")


class InverseSpec(NamedTuple):
    """What an inverse is. See `inverse` for the meaning of each field."""

    name: str
    function: Callable[..., Any]
    integrator: str
    min_steps: int
    parameters: tuple[Parameter, ...]
    definition: str


def inverse(
    *, integrator: str, min_steps: int = 1, name: str | None = None
) -> Callable[[Function], Function]:
    """Declare an inverse: `(trajectory, *, history, initial_speed, ...) -> (State, Actions)`.

    It takes a `Trajectory` of any batch shape `(..., T+1)`, all instants finite but the speed,
    which may be nan where nobody knows it; `history`, a `Trajectory` `(..., H)` that ends where the
    other begins, or None; and `initial_speed` `(...)` in m/s, or None. It returns the state at
    index 0 and the actions `(..., T)`. Other keyword-only parameters are its options.

    Parameters
    ----------
    integrator : str
        Name of the integrator that drives these actions again: the error of a fit is measured
        with it.
    min_steps : int
        Steps that it takes at least.
    name : str, optional
        The function's name by default; what `--method` takes.

    Raises
    ------
    DeclarationError
        No docstring, no `history` and `initial_speed`, or a parameter that cannot be set by name.
    """

    def declared(function: Function) -> Function:
        options = options_of(function, "trajectory")
        missing = [one for one in GIVEN if one not in {option.name for option in options}]
        if missing:
            raise wrong(
                function,
                f"lacks keyword {' and '.join(missing)}; expected "
                "(trajectory, *, history, initial_speed, ...)",
            )
        spec = InverseSpec(
            name=name_of(function, name),
            function=function,
            integrator=integrator,
            min_steps=min_steps,
            parameters=tuple(one for one in options if one.name not in GIVEN),
            definition=definition_of(function),
        )
        return attach(function, spec)

    return declared
