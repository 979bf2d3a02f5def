"""The options of a source, a reader or an inverse: those given by name, and the defaults."""

from collections.abc import Iterable, Mapping
from typing import Any

from rollkit.errors import UsageError, unknown
from rollkit.parameters import Parameter
from rollkit.plain import plain


def completed(
    owner: str, parameters: Iterable[Parameter], given: Mapping[str, Any]
) -> dict[str, Any]:
    """All options: those given, converted and checked, and the defaults of the others.

    Raises
    ------
    UsageError
        An unknown option, one that is missing, or a value that is not of its type or range.
    """
    known = {one.name: one for one in parameters}
    for name in given:
        if name not in known:
            raise unknown("option", name, known, of=owner)
    values: dict[str, Any] = {}
    for name, one in known.items():
        if name in given:
            values[name] = one.convert(given[name], owner=owner)
        elif one.required:
            meaning = f" ({one.about.doc})" if one.about.doc else ""
            raise UsageError(
                f"{owner} needs {name}{meaning}", hint=f"pass --set {name}={name.upper()}"
            )
        else:
            values[name] = one.default
        plain(f"{owner}: {name}", values[name])  # refuses what the artifact cannot record
    return values
