"""Gates as a caller gives them: expressions, files, and plugins that bring files."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from rollkit.discovery import installed, normalized
from rollkit.errors import UsageError, unknown
from rollkit.gates.expression import COMPARISONS, EXAMPLES
from rollkit.gates.files import read_gates
from rollkit.gates.gate import Gate
from rollkit.plugins import Plugins

Given = Gate | str | Path


def gates_of(given: Sequence[Given]) -> tuple[Gate, ...]:
    """All gates that are given, each once.

    A text is an expression, the path of a `.toml`, or the name of a plugin that brings gates.

    Raises
    ------
    UsageError, DataError, PluginError
        It is none of these; a file that holds none; a plugin that fails.

    Examples
    --------
    >>> [one.expr for one in gates_of(["max_abs_jerk<=4", Gate("mean(ade) < 1")])]
    ['max_abs_jerk <= 4', 'mean(ade) < 1']
    """
    if isinstance(given, str | Path | Gate) or not isinstance(given, Iterable):
        raise UsageError(f"gates: got {given!r}, expected a list of gates", hint=EXAMPLES)
    found: list[Gate] = []
    for one in given:
        found += [gate for gate in _each(one) if gate not in found]
    return tuple(found)


def _each(one: Given) -> Iterable[Gate]:
    if isinstance(one, Gate):
        return (one,)
    if isinstance(one, Path) or (isinstance(one, str) and one.lower().endswith(".toml")):
        return read_gates(Path(one))
    if not isinstance(one, str):
        raise UsageError(f"gates: got {one!r}, expected an expression", hint=EXAMPLES)
    if any(sign in one for sign in ("=", *COMPARISONS)):
        return (Gate(one),)
    return _of_plugin(one)


def _of_plugin(name: str) -> Iterable[Gate]:
    """The gates of an installed plugin, which know where they come from."""
    known = [one.origin.plugin for one in installed()]
    if normalized(name) not in map(normalized, known):
        raise unknown(
            "gates",
            name,
            known,
            hint=f"expected a file.toml, a plugin that brings gates, or an expression: {EXAMPLES}",
        )
    files = Plugins().gate_files(name)
    if not files:
        raise UsageError(
            f"plugin {name} brings no gates",
            hint="one that does names its files in `rollkit_gates`",
        )
    return [replace(gate, plugin=name) for file in files for gate in read_gates(file)]
