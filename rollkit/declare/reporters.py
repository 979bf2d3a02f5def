"""Declaring reporters: how a report becomes a file."""

from collections.abc import Callable
from typing import Any, NamedTuple

from rollkit.declare.attach import Function, attach, definition_of, name_of, wrong


class ReporterSpec(NamedTuple):
    """What a reporter is. See `reporter` for the meaning of each field."""

    name: str
    function: Callable[..., Any]
    suffixes: tuple[str, ...]
    definition: str


def reporter(
    *, suffixes: tuple[str, ...], name: str | None = None
) -> Callable[[Function], Function]:
    """Declare a reporter: `(report) -> str or bytes`, the content of the file.

    `report` is a `Report`: one result with its values and examples, perhaps a second one to compare
    it with.

    Parameters
    ----------
    suffixes : tuple of str
        Of the files that it makes: `(".html",)`. `rollkit report -o PATH` chooses by them.
    name : str, optional
        The function's name by default; what `--reporter` takes.

    Raises
    ------
    DeclarationError
        No docstring, or a suffix without its dot.
    """

    def declared(function: Function) -> Function:
        for suffix in suffixes:
            if not (isinstance(suffix, str) and suffix.startswith(".") and suffix.islower()):
                raise wrong(function, f"suffixes: got {suffix!r}, expected one like '.html'")
        spec = ReporterSpec(
            name_of(function, name), function, tuple(suffixes), definition_of(function)
        )
        return attach(function, spec)

    return declared
