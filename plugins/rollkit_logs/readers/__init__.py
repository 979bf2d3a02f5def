"""The formats: a plugin that brings every reader in this folder. A new format is one file here."""

from importlib import import_module
from pkgutil import iter_modules

from rollkit import hookimpl


@hookimpl
def rollkit_readers():
    return [one for name in _modules() for one in _declared(import_module(f"{__name__}.{name}"))]


def _modules() -> list[str]:
    return sorted(one.name for one in iter_modules(__path__))


def _declared(module: object) -> list[object]:
    """What a module declares itself, not what it imports from another."""
    name = getattr(module, "__name__", None)
    mine = [one for one in vars(module).values() if getattr(one, "__module__", None) == name]
    return [one for one in mine if hasattr(one, "__rollkit__")]
