"""Declaring integrators."""

import functools
import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from rollkit.declare.attach import (
    Function,
    attach,
    definition_of,
    name_of,
    one_of,
    options_of,
    whole,
    wrong,
)
from rollkit.parameters import Parameter

CLIPPED = ("accel", "curvature")


class IntegratorSpec(NamedTuple):
    """What an integrator is. See `integrator` for the meaning of each field."""

    name: str
    function: Callable[..., Any]
    order: int | None
    speed_never_negative: bool
    clips: Mapping[str, float]
    time_reversible: bool
    forgets_direction: bool
    parameters: tuple[Parameter, ...]
    definition: str

    def bound(self, options: Mapping[str, Any]) -> "IntegratorSpec":
        """The integrator with values for its options."""
        if not options:
            return self
        return self._replace(function=functools.partial(self.function, **options))


def integrator(
    *,
    order: int | None,
    speed_never_negative: bool,
    clips: Mapping[str, float] | None = None,
    time_reversible: bool = False,
    forgets_direction: bool = False,
    name: str | None = None,
) -> Callable[[Function], Function]:
    """Declare an integrator: `(State (...), Actions (..., T), *, ...) -> Trajectory (..., T+1)`.

    Keyword-only parameters with a default are its options, `--set name=value` on the command line.
    All else that is declared holds for the defaults.

    Parameters
    ----------
    order : int or None
        Order of convergence of the position as dt shrinks; None where it is exact.
    speed_never_negative : bool
        Whether speed is held at or above 0. Initial speeds below 0 are then refused.
    clips : mapping, optional
        Largest magnitude of actions, by name, that has an effect: `{"accel": 6.0}`. Larger ones act
        as that one does.
    time_reversible : bool
        Whether the same actions in the opposite order, begun at the end with the opposite speed,
        lead back to the beginning.
    forgets_direction : bool
        Whether the next speed is made from the magnitude of the one before, |v| + a dt, so that
        a vehicle gains no speed in reverse.
    name : str, optional
        The function's name by default.

    Raises
    ------
    DeclarationError
        No docstring, a wrong argument, or an option that cannot be set by name or has no default.
    """

    def declared(function: Function) -> Function:
        if order is not None:
            whole(function, "order", order, 1)
        traits = {
            "speed_never_negative": speed_never_negative,
            "time_reversible": time_reversible,
            "forgets_direction": forgets_direction,
        }
        for trait, value in traits.items():
            if not isinstance(value, bool):
                raise wrong(function, f"{trait}: got {value!r}, expected True or False")
        if sum(traits.values()) > 1:
            both = " and ".join(trait for trait, value in traits.items() if value)
            raise wrong(function, f"declares {both}, which exclude each other")
        definition = definition_of(function)
        spec = IntegratorSpec(
            name=name_of(function, name),
            function=function,
            order=order,
            speed_never_negative=speed_never_negative,
            clips=_checked(function, clips or {}),
            time_reversible=time_reversible,
            forgets_direction=forgets_direction,
            parameters=_options(function),
            definition=definition,
        )
        return attach(function, spec)

    return declared


def _checked(function: Callable[..., Any], clips: Mapping[str, float]) -> dict[str, float]:
    for signal, limit in clips.items():
        one_of(function, "clips", signal, CLIPPED)
        number = isinstance(limit, int | float) and not isinstance(limit, bool)
        if not (number and 0 < limit < math.inf):
            raise wrong(function, f"clips: {signal}: got {limit!r}, expected a positive number")
    return dict(clips)


def _options(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    options = options_of(function, "initial", "actions")
    for one in options:
        if one.required:
            raise wrong(function, f"option {one.name} needs a default: laws are checked with it")
    return options
