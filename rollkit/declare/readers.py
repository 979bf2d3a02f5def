"""Declaring readers: how poses come out of a file."""

from collections.abc import Callable
from typing import Any, NamedTuple

from rollkit.declare.attach import Function, attach, definition_of, name_of, options_of, wrong
from rollkit.parameters import Parameter


class ReaderSpec(NamedTuple):
    """What a reader is. See `reader` for the meaning of each field."""

    name: str
    function: Callable[..., Any]
    suffixes: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    parameters: tuple[Parameter, ...]
    definition: str


def reader(
    *,
    suffixes: tuple[str, ...],
    recognises: Callable[[bytes], bool],
    name: str | None = None,
) -> Callable[[Function], Function]:
    """Declare a reader: `(file, *, ...) -> iterator of Poses`, block after block.

    A block is some megabytes, so that a file of any size passes through. Other keyword-only
    parameters are its options, `--set name=value` on the command line. What is wrong with the file
    as a whole raises `DataError` with file, row and field; what is wrong with one case of many
    goes to `Poses.unusable`.

    Parameters
    ----------
    suffixes : tuple of str
        What its files are called: `(".csv",)`. Asked where no content decides.
    recognises : function
        Of the first 4096 bytes (fewer in a shorter file): whether they look like this format. It
        sees every file there is, so it must be strict, and must not raise.
    name : str, optional
        The function's name by default; what `--format` takes.

    Raises
    ------
    DeclarationError
        No docstring, a suffix without its dot, or a parameter that cannot be set by name.
    """

    def declared(function: Function) -> Function:
        for suffix in suffixes:
            if not (isinstance(suffix, str) and suffix.startswith(".") and suffix.islower()):
                raise wrong(function, f"suffixes: got {suffix!r}, expected one like '.csv'")
        if not callable(recognises):
            raise wrong(function, f"recognises: got {recognises!r}, expected a function of bytes")
        spec = ReaderSpec(
            name=name_of(function, name),
            function=function,
            suffixes=tuple(suffixes),
            recognises=recognises,
            parameters=options_of(function, "file"),
            definition=definition_of(function),
        )
        return attach(function, spec)

    return declared
