"""The options of a source, an integrator, a reader ...: those given by name, and the defaults."""

from collections.abc import Collection, Iterable, Mapping, Sequence
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
    refuse_unknown(owner, known, given)
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


def shared(owners: Mapping[str, Collection[Parameter]], given: Mapping[str, Any]) -> dict[str, Any]:
    """All options of several owners; a name that more than one of them has goes to each.

    Raises
    ------
    UsageError
        As for one owner, or a name that has different values for two of them.
    """
    first, *others = owners
    every = " and ".join([first, *(one for one in others if owners[one])])
    refuse_unknown(every, {one.name for some in owners.values() for one in some}, given)
    values: dict[str, Any] = {}
    whose: dict[str, str] = {}
    for owner, parameters in owners.items():
        for name, value in completed(owner, parameters, of(parameters, given)).items():
            if name in values and values[name] != value:
                raise UsageError(
                    f"{name} is {values[name]!r} to {whose[name]} and {value!r} to {owner}",
                    hint=f"what both have must be one value: pass --set {name}={name.upper()}",
                )
            values[name], whose[name] = value, owner
    return values


def listed(what: str, names: Sequence[str]) -> tuple[str, ...]:
    """Names, in a list and not in one text."""
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise UsageError(f"{what}: got {names!r}, expected a list of names: [{names!r}]")
    found = tuple(names)
    for one in found:
        if not isinstance(one, str):
            raise UsageError(f"{what}: got {one!r}, expected text: a name")
    return found


def some(what: str, names: Sequence[str]) -> tuple[str, ...]:
    """At least one name."""
    found = listed(what, names)
    if not found:
        raise UsageError(f"{what}: got none, expected at least one name, or None for the default")
    return found


def of(parameters: Iterable[Parameter], values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that these parameters name."""
    return {one.name: values[one.name] for one in parameters if one.name in values}


def refuse_unknown(owner: str, known: Collection[str], given: Iterable[str]) -> None:
    """Refuse names that none of those known is."""
    for name in given:
        if name not in known:
            raise unknown("option", name, known, of=owner)
