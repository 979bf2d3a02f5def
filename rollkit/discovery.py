"""Finding plugins: the entry-point group `rollkit`, read from metadata; nothing is imported."""

import functools
import importlib.util
import sys
import zlib
from importlib.metadata import EntryPoint, distributions
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from rollkit.errors import UsageError, unknown
from rollkit.guard import Origin

GROUP = "rollkit"
_OWN_DISTRIBUTION = "rollkit"


class Available(NamedTuple):
    """A plugin that could be loaded: by entry point, from a file, or imported already."""

    origin: Origin
    entry_point: EntryPoint | None = None
    loaded: ModuleType | None = None

    def load(self) -> Any:
        """Import the plugin; raises whatever its import raises."""
        if self.loaded is not None:
            return self.loaded
        if self.entry_point is not None:
            return self.entry_point.load()
        return import_file(self.origin.file or "")


def normalized(name: str) -> str:
    """Names are compared without regard to case, `-` like `_`."""
    return name.strip().casefold().replace("-", "_")


@functools.cache
def installed() -> tuple[Available, ...]:
    """Every installed plugin, by distribution and name; built-ins first."""
    found: list[Available] = []
    seen: set[str] = set()
    for distribution in distributions():
        entries = distribution.entry_points.select(group=GROUP)
        if not entries:
            continue
        metadata = distribution.metadata
        name, version = metadata["Name"], metadata["Version"]
        if normalized(name) in seen:  # the same distribution twice on the path: the first counts
            continue
        seen.add(normalized(name))
        found += [
            Available(
                Origin(
                    plugin=entry.name,
                    module=entry.value,
                    distribution=name,
                    version=version,
                    builtin=normalized(name) == _OWN_DISTRIBUTION,
                ),
                entry,
            )
            for entry in entries
        ]
    return tuple(
        sorted(found, key=lambda one: (not one.origin.builtin, one.origin.distribution or ""))
    )


def find(name: str) -> Available:
    """The plugin of that name, or the file at that path.

    Raises
    ------
    UsageError
        No such plugin or file, or two distributions that both bring one of that name.
    """
    if name.endswith(".py") or "/" in name or "\\" in name:
        return _file(name)
    matches = [one for one in installed() if normalized(one.origin.plugin) == normalized(name)]
    if not matches:
        raise unknown(
            "plugin",
            name,
            (one.origin.plugin for one in installed()),
            hint="`rollkit plugins list` shows what is installed; "
            "a plugin of your own is a path: --plugins ./my_metric.py",
        )
    if len(matches) > 1:
        owners = " and ".join(
            f"{one.origin.distribution} {one.origin.version} ({one.origin.module})"
            for one in matches
        )
        raise UsageError(
            f"two plugins are called {name!r}: {owners}",
            hint="uninstall one of them, or ask its author to rename the entry point",
        )
    return matches[0]


def _file(name: str) -> Available:
    path = python_file(name, "plugin")
    if not path.stem.isidentifier():
        raise UsageError(
            f"plugin file {name!r}: its name cannot name a plugin",
            hint="use letters, digits and underscores: my_metric.py",
        )
    # Where it is now, wherever a plugin may change to.
    return Available(Origin(plugin=path.stem, module=path.stem, file=str(path.absolute())))


def python_file(name: str, what: str) -> Path:
    """The path of a file that is there."""
    try:
        path = Path(name).expanduser()
    except RuntimeError as error:  # ~nobody
        raise UsageError(f"{what} file {name!r}: {error}") from None
    if not path.is_file():
        problem = "is a folder" if path.is_dir() else "does not exist"
        raise UsageError(f"{what} file {name!r} {problem}; expected the path of a Python file")
    return path


def import_file(file: str) -> ModuleType:
    """The module of a Python file, executed once as long as the file stays the same.

    Its folder joins the import path, so that it can import its neighbours.
    """
    path = Path(file).expanduser().resolve()
    state = path.stat()
    version = f"{path}:{state.st_mtime_ns}:{state.st_size}"
    name = f"rollkit_file_{path.stem}_{zlib.crc32(version.encode('utf-8', 'surrogateescape')):08x}"
    if name in sys.modules:
        return sys.modules[name]
    if str(path.parent) not in sys.path:
        # Last: a file beside it that is called like one of Python's own must not replace that one.
        sys.path.append(str(path.parent))
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be imported as Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # before it runs: dataclasses and pickle look it up there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
