"""Libraries behind an extra, imported where they are used: others should not pay for them."""

from importlib import import_module
from typing import Any

from rollkit import File, UsageError


def needed(file: File, library: str, *, extra: str, what: str) -> Any:
    """The library that reading this file takes.

    Raises
    ------
    UsageError
        It is not installed.
    """
    try:
        return import_module(library)
    except ModuleNotFoundError as error:
        if error.name != library:  # installed, but broken
            raise
        raise UsageError(
            f"{file.path}: reading {what} needs {library}, which is not installed",
            hint=f"pip install 'rollkit[{extra}]'",
        ) from None
