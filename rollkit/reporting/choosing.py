"""Which reporter makes a report: the one that is named, or the one for the file's suffix."""

from collections.abc import Iterable
from pathlib import Path

from rollkit.declare import ReporterSpec
from rollkit.discovery import installed, normalized
from rollkit.errors import PluginError, UsageError, shown
from rollkit.plugins import Plugins, Registered

Reporter = Registered[ReporterSpec]


def reporter_for(out: Path, name: str | None = None, named: Iterable[str] = ()) -> Reporter:
    """The reporter of that name, or one that makes files of that suffix.

    One of the plugins that are named comes before the built-in ones.

    Raises
    ------
    UsageError
        None does, or several do; an unknown name.
    PluginError
        A plugin that is named does not load.
    """
    plugins = Plugins()
    plugins.load(named)
    if plugins.failures:
        raise PluginError(plugins.failures[0])
    if name is not None:
        return plugins.reporter(name)
    suffix = out.suffix.lower()
    found = _making(suffix, plugins) or _making(suffix, _with_builtin(plugins, suffix))
    if len(found) > 1:
        names = ", ".join(one.spec.name for one in found)
        raise UsageError(
            f"several reporters make {suffix} files: {names}", hint="--reporter NAME says which"
        )
    if found:
        return found[0]
    known = [f"{', '.join(one.spec.suffixes)} ({one.spec.name})" for one in _all(plugins)]
    raise UsageError(
        f"{shown(str(out))}: got suffix {suffix!r}, expected one that a reporter makes: "
        f"{', '.join(known) or 'none'}",
        hint="--reporter NAME takes one whatever the suffix; --plugins brings more",
    )


def _all(plugins: Plugins) -> list[Reporter]:
    return list(plugins.reporters.values())


def _making(suffix: str, plugins: Plugins) -> list[Reporter]:
    return [one for one in _all(plugins) if suffix in one.spec.suffixes]


def _with_builtin(plugins: Plugins, suffix: str) -> Plugins:
    """With the built-in ones: those called like the suffix, and only where there are none, all."""
    names = [one.origin.plugin for one in installed() if one.origin.builtin]
    plugins.load(one for one in names if normalized(one) == suffix.lstrip("."))
    if not _making(suffix, plugins):
        plugins.load(names)
    return plugins
