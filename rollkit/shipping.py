"""What a job takes along to another process or machine, and unpacking it there.

Installed plugins travel by name and must be of the same version there; plugins that are files
travel by content.
"""

import functools
import hashlib
import importlib.metadata
import platform
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rollkit import __version__
from rollkit.cell import Cell, resolve
from rollkit.discovery import python_file
from rollkit.errors import ExecutionError, shown
from rollkit.guard import Origin
from rollkit.plugins import Plugins
from rollkit.spec import RunSpec

_PYTHON = "python"
_ARITHMETIC = "arithmetic"


@functools.cache
def arithmetic() -> str:
    """A digest of what NumPy's functions answer here: their last bits depend on the processor."""
    angles = np.linspace(-40, 40, 1001)
    some = np.linspace(1e-3, 5, 1001)
    answers = [np.tan(angles), np.sin(angles), np.cos(angles), np.log1p(some), np.exp(some)]
    return hashlib.sha256(b"".join(one.tobytes() for one in answers)).hexdigest()[:12]


def places_of(spec: RunSpec) -> dict[str, Path]:
    """Where the plugins and sources that are files lie, by the names they were given.

    To be asked before anything is loaded: a plugin may change the working folder.
    """
    places = {name: python_file(name, "plugin") for name in spec.plugins or () if _is_file(name)}
    for source in spec.source.split(","):
        name = source.strip().rpartition(":")[0]
        if _is_file(name):
            places[name] = python_file(name, "source")
    return {name: path.absolute() for name, path in places.items()}


def _is_file(name: str) -> bool:
    return name.endswith(".py")


def versions_of(origins: Iterable[Origin], libraries: Iterable[str]) -> dict[str, str]:
    """The versions that the numbers depend on."""
    found = {_PYTHON: _python(), "rollkit": __version__, _ARITHMETIC: arithmetic()}
    for origin in origins:
        if origin.distribution and origin.version:
            found[origin.distribution] = origin.version
    return found | {name: importlib.metadata.version(name) for name in libraries}


def unpack(
    cells: Iterable[RunSpec],
    files: Mapping[str, bytes],
    versions: Mapping[str, str],
    function: Callable[..., Any] | None = None,
    failing: Collection[str] = (),
) -> tuple[list[Cell], dict[str, str]]:
    """The job's cells, resolved here; and the name of each file by where it has been put.

    `failing` are the plugins that the run could not load either.

    Raises
    ------
    ExecutionError
        Other versions than the job's, or a plugin that loads there and not here.
    """
    _same_versions(versions)
    places = {name: _place(name, content) for name, content in files.items()}
    plugins = Plugins()
    resolved: list[Cell] = []
    for spec in (relocated(one, places) for one in cells):
        named = plugins.load(spec.plugins or ())
        resolved += resolve(spec, plugins, named, function=function)
    # What does not load anywhere is in the run's own record.
    if new := [one for one in plugins.failures if one.plugin not in failing]:
        raise ExecutionError(
            f"worker on {platform.node()}: {new[0]}",
            hint="files travel alone: install on every worker what they import",
        )
    cells_here = [replace(one, number=number) for number, one in enumerate(resolved)]
    return cells_here, {str(place): shown(name) for name, place in places.items()}


def _same_versions(expected: Mapping[str, str]) -> None:
    for name, version in expected.items():
        try:
            known: dict[str, Callable[[], str]] = {_PYTHON: _python, _ARITHMETIC: arithmetic}
            here = known[name]() if name in known else importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            here = "none"
        if here != version:
            raise ExecutionError(
                f"worker on {platform.node()} has {name} {here}, the run has {version}: their "
                "numbers could differ",
                hint="install the same versions on every worker",
            )


def _python() -> str:
    return ".".join(map(str, sys.version_info[:2]))


def _place(name: str, content: bytes) -> Path:
    """A file with this content: the one of that name, if it is here, or a copy of it."""
    path = Path(name).expanduser()
    if path.is_file() and path.read_bytes() == content:
        return path
    folder = Path(_luggage().name) / hashlib.sha256(content).hexdigest()[:16]
    folder.mkdir(exist_ok=True)
    copy = folder / path.name
    copy.write_bytes(content)
    return copy


@functools.cache
def _luggage() -> "tempfile.TemporaryDirectory[str]":
    """A folder for as long as this process lives."""
    return tempfile.TemporaryDirectory(prefix="rollkit-")


def relocated(spec: RunSpec, places: Mapping[str, Path]) -> RunSpec:
    """The spec with each file named by its place."""
    plugins = spec.plugins
    if plugins is not None:
        plugins = tuple(str(places.get(name, name)) for name in plugins)
    place, colon, function = spec.source.rpartition(":")
    source = f"{places.get(place, place)}{colon}{function}" if colon else spec.source
    return replace(spec, plugins=plugins, source=source)
