"""Every example in a docstring runs and prints what it says."""

import doctest
import importlib
import pkgutil

import pytest

PACKAGES = ("rollkit", "rollkit_std", "rollkit_logs")


MODULES = [
    *PACKAGES,
    *(
        found.name
        for name in PACKAGES
        for found in pkgutil.walk_packages(
            importlib.import_module(name).__path__, prefix=f"{name}."
        )
    ),
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


HOOKS = ("rollkit_metrics", "rollkit_inverses", "rollkit_baselines")


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("rollkit_")])
def test_what_a_plugin_computes_has_an_example(name):
    module = importlib.import_module(name)
    for hook in HOOKS:
        for function in getattr(module, hook, list)():
            assert ">>>" in function.__doc__, function.__name__
