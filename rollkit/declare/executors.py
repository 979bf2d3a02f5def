"""Declaring executors."""

from collections.abc import Callable
from typing import Any, NamedTuple

from rollkit.declare.attach import Function, attach, definition_of, name_of


class ExecutorSpec(NamedTuple):
    """What an executor is. See `executor` for the meaning of each field."""

    name: str
    function: Callable[..., Any]
    definition: str


def executor(*, name: str | None = None) -> Callable[[Function], Function]:
    """Declare an executor: who does the units of a run, where this machine is not to.

    The function is called as `function(job, units, *, workers, scheduler)` and yields parts in the
    order of the units. It does a unit with `Worker(job).do(unit)`, wherever that is, and may merge
    neighbours with `Part.merged`: two whose numbers are 2k and 2k + 1, then two such pairs, and so
    on, a part of 2ᵏ units having level k. Unless the job keeps values: then every unit's part is
    handed over by itself.

    Parameters
    ----------
    name : str, optional
        The function's name by default; what `--executor` takes.

    Raises
    ------
    DeclarationError
        No docstring.
    """

    def declared(function: Function) -> Function:
        spec = ExecutorSpec(name_of(function, name), function, definition_of(function))
        return attach(function, spec)

    return declared
