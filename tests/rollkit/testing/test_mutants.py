"""The kit tested by mutation: every wrong function dies by a law, every right one passes.

`tests/mutants/` holds functions with one realistic fault each. Those in `needs_oracle.py` keep
every law and are wrong all the same; they mark where laws end and worked values begin.
"""

import importlib
import importlib.util
import sys
from pathlib import Path

import pytest

from rollkit.declare import spec_of
from rollkit.discovery import installed
from rollkit.testing import check_plugin, checks

ROOT = Path(__file__).parents[3]
LAWFUL = "needs_oracle"


def functions(path):
    """The functions that a file declares."""
    name = f"rollkit_mutants_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    declared = [one for one in vars(module).values() if spec_of(one) is not None]
    return [one for one in declared if one.__module__ == name]


FILES = sorted((ROOT / "tests" / "mutants").glob("*.py"))
MUTANTS = [
    pytest.param(one, id=f"{path.stem}.{one.__name__}")
    for path in FILES
    if path.stem != LAWFUL
    for one in functions(path)
]
# Presets are checked in tests/rollkit_presets/test_conformance.py; what a bundle names is a plugin,
# and here, by itself.
BUILTINS = [
    one.origin.plugin
    for one in installed()
    if one.origin.builtin
    and not one.origin.module.startswith("rollkit_presets")
    and not hasattr(one.load(), "rollkit_plugins")
]


def test_what_bundles_name_is_checked_by_itself():
    bundles = [one.load() for one in installed() if hasattr(one.load(), "rollkit_plugins")]
    named = {name for one in bundles for name in one.rollkit_plugins}
    assert {name for name in named if not name.endswith(("_presets", "_bounds"))} <= {
        *BUILTINS,
        "formats",
    }


def killer(function, rounds=(5, 25, *[100] * 10)):
    """The first law seen to be violated: a few examples of every law, then more of them.

    What hypothesis draws with a seed varies with the constants in whatever modules are loaded.
    """
    subject = checks.subject_of(function)
    for seed, examples in enumerate(rounds):
        for law in checks.laws_of(subject):
            record = checks.check(law, subject, max_examples=examples, seed=seed, shrink=False)
            assert record.verdict in ("passed", "violated"), record
            if record.verdict == "violated":
                return law.name
    return None


@pytest.mark.parametrize("mutant", MUTANTS)
def test_every_mutant_is_killed(mutant):
    assert killer(mutant), f"no law sees that this is wrong: {mutant.__doc__}"


def test_there_are_mutants_of_every_kind():
    kinds = [checks.kind_of(checks.subject_of(one.values[0])) for one in MUTANTS]
    assert len(kinds) >= 60
    assert min(kinds.count(kind) for kind in ("integrator", "metric", "action_source")) >= 20


def test_the_readme_states_the_figure():
    lawful = sum(len(functions(path)) for path in FILES if path.stem == LAWFUL)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"{len(MUTANTS)} of {len(MUTANTS) + lawful} mutants" in readme


def test_what_no_law_sees_is_known():
    """One that is killed belongs to the mutants: a law has become sharper."""
    lawful = [path for path in FILES if path.stem == LAWFUL]
    found = {one.__name__: killer(one, [25]) for path in lawful for one in functions(path)}
    assert not {name: law for name, law in found.items() if law is not None}


@pytest.mark.parametrize("plugin", BUILTINS)
def test_every_builtin_passes(plugin):
    assert check_plugin(plugin, max_examples=10, seed=1).ok


def test_the_example_distribution_passes(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "plugins" / "rollkit-example" / "src")
    report = check_plugin(importlib.import_module("rollkit_example"), max_examples=100, seed=1)
    assert {one.kind for one in report} == {"integrator", "metric", "action_source"}
    assert report.ok, report
