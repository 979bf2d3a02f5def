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


@pytest.mark.parametrize("name", [name for name in MODULES if ".metrics." in name])
def test_every_metric_has_an_example(name):
    module = importlib.import_module(name)
    for function in module.rollkit_metrics():
        assert ">>>" in function.__doc__, function.__name__
