"""Declaring integrators."""

from collections.abc import Callable
from typing import Any, NamedTuple

from rollkit.declare.attach import Function, attach, definition_of, name_of, whole, wrong


class IntegratorSpec(NamedTuple):
    """What an integrator is. See `integrator` for the meaning of each field."""

    name: str
    function: Callable[..., Any]
    order: int | None
    speed_never_negative: bool
    definition: str


def integrator(
    *, order: int | None, speed_never_negative: bool, name: str | None = None
) -> Callable[[Function], Function]:
    """Declare an integrator: `(State (...), Actions (..., T)) -> Trajectory (..., T+1)`.

    Parameters
    ----------
    order : int or None
        Order of convergence of the position as dt shrinks; None where it is exact.
    speed_never_negative : bool
        Whether speed is held at or above 0. Initial speeds below 0 are then refused.
    name : str, optional
        The function's name by default.
    """

    def declared(function: Function) -> Function:
        if order is not None:
            whole(function, "order", order, 1)
        if not isinstance(speed_never_negative, bool):
            raise wrong(function, f"speed_never_negative: got {speed_never_negative!r}")
        spec = IntegratorSpec(
            name=name_of(function, name),
            function=function,
            order=order,
            speed_never_negative=speed_never_negative,
            definition=definition_of(function),
        )
        return attach(function, spec)

    return declared
