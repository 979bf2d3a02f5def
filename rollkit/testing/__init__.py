"""For the tests of plugin authors: laws, strategies, and two doors to check a plugin by.

`check_metric`, `check_integrator`, `check_action_source` and `check_plugin` return records and need
no pytest; `plugin_checks` gives a list to parametrize a test with. Nothing else in rollkit imports
hypothesis.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rollkit.testing import invariants, strategies
    from rollkit.testing.checks import (
        check_action_source,
        check_integrator,
        check_metric,
        check_plugin,
        plugin_checks,
        repeat,
    )

_CHECKS = (
    "check_action_source",
    "check_integrator",
    "check_metric",
    "check_plugin",
    "plugin_checks",
    "repeat",
)
__all__ = [
    "check_action_source",
    "check_integrator",
    "check_metric",
    "check_plugin",
    "invariants",
    "plugin_checks",
    "repeat",
    "strategies",
]


def __getattr__(name: str) -> Any:
    if name in _CHECKS:
        return getattr(import_module("rollkit.testing.checks"), name)
    if name in ("invariants", "strategies"):
        return import_module(f"rollkit.testing.{name}")
    raise AttributeError(f"module 'rollkit.testing' has no attribute {name!r}")
