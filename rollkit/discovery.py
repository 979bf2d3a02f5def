"""Finding plugins: the entry-point group `rollkit`, read from metadata; nothing is imported."""

import functools
import importlib.util
import sys
from importlib.metadata import EntryPoint, distributions
from pathlib import Path
from typing import Any, NamedTuple

from rollkit.errors import UsageError, unknown
from rollkit.guard import Origin

GROUP = "rollkit"
_OWN_DISTRIBUTION = "rollkit"


class Available(NamedTuple):
    """A plugin that could be loaded: by entry point, or from a file."""

    origin: Origin
    entry_point: EntryPoint | None = None

    def load(self) -> Any:
        """Import the plugin; raises whatever its import raises."""
        if self.entry_point is not None:
            return self.entry_point.load()
        return _import_file(self.origin)


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
    path = Path(name).expanduser()
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise UsageError(f"plugin file {name!r} {what}; expected the path of a Python file")
    if not path.stem.isidentifier():
        raise UsageError(
            f"plugin file {name!r}: its name cannot name a plugin",
            hint="use letters, digits and underscores: my_metric.py",
        )
    return Available(Origin(plugin=path.stem, module=path.stem, file=str(path)))


def _import_file(origin: Origin) -> Any:
    path = Path(origin.file or "").resolve()
    name = f"rollkit_file_{path.stem}"
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
