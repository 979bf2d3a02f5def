"""Gates in a TOML file: `[[gates]]`, or `[[tool.rollkit.gates]]` of a pyproject.toml."""

import tomllib
from pathlib import Path
from typing import Any

from rollkit.errors import DataError, RollkitError, shown, unknown
from rollkit.gates.gate import Gate

_PROJECT = "pyproject.toml"


def read_gates(path: Path) -> tuple[Gate, ...]:
    """The gates of a file, at least one.

    Raises
    ------
    DataError
        It cannot be read, is no TOML, or holds something that is no gate.
    """
    name = shown(str(path))
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"cannot read gates from {name}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, or nested without end
        raise DataError(f"{name} is no TOML: {error}") from None
    table, section = "[[gates]]", data
    if path.name == _PROJECT:
        table, section = "[[tool.rollkit.gates]]", _inner(data, "tool", "rollkit")
    for key in section:
        if key != "gates":  # a misspelt one would be a gate that never fails
            misspelt = unknown("key", key, ["gates"], of=name)
            raise DataError(misspelt.message, hint=misspelt.hint)
    listed = section.get("gates")
    if not isinstance(listed, list) or not listed:
        raise DataError(
            f"{name} has no gates; expected tables {table}",
            hint=f'{table}\nexpr = "max_abs_jerk <= 4.13"',
        )
    return tuple(_gate(name, number, one) for number, one in enumerate(listed, 1))


def _gate(file: str, number: int, one: Any) -> Gate:
    try:
        return Gate.from_dict(one)
    except RollkitError as error:
        what = error.message.removeprefix("gate: ")
        raise DataError(f"{file}, gate {number}: {what}", hint=error.hint) from None


def _inner(data: dict[str, Any], *keys: str) -> dict[str, Any]:
    found: Any = data
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
