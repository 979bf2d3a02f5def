"""Declaring baselines: what would have been predicted without a model."""

from collections.abc import Callable
from typing import Any, NamedTuple

from rollkit.declare.attach import Function, attach, definition_of, name_of


class BaselineSpec(NamedTuple):
    """What a baseline is. See `baseline` for the meaning of each field."""

    name: str
    function: Callable[..., Any]
    definition: str


def baseline(*, name: str | None = None) -> Callable[[Function], Function]:
    """Declare a baseline: `(history, steps) -> Trajectory`, a prediction from the history alone.

    `history` is a `Trajectory` `(n, H)` whose last instant is the start of what is predicted; the
    trajectory returned is `(n, steps + 1)`, begins there and has the same time step.

    Parameters
    ----------
    name : str, optional
        The function's name by default; `--baseline` takes it with `-` for `_`.

    Raises
    ------
    DeclarationError
        No docstring.
    """

    def declared(function: Function) -> Function:
        spec = BaselineSpec(name_of(function, name), function, definition_of(function))
        return attach(function, spec)

    return declared
