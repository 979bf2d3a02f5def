"""SciPy's special functions, imported only where they are used: they take a quarter of a second."""

from importlib import import_module
from typing import Any

from rollkit.errors import UsageError


def special() -> Any:
    """The module `scipy.special`.

    Raises
    ------
    UsageError
        SciPy is not installed.
    """
    try:
        import_module("scipy")
    except ModuleNotFoundError as error:
        if error.name != "scipy":  # installed, but broken
            raise
        raise UsageError(
            "comparing needs SciPy, which is not installed",
            hint="pip install 'rollkit[compare]'",
        ) from None
    return import_module("scipy.special")
