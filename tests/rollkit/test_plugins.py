"""Loading plugins: what a plugin may not do is said, and what else it brings still counts."""

import textwrap
from pathlib import Path

import pytest

from rollkit.plugins import Plugins

METRIC = '''
from rollkit import hookimpl, metric

@metric(unit="1")
def nothing(rollout):
    """Nothing."""
    return rollout.speed[..., 0]

'''


@pytest.fixture
def loaded(tmp_path):
    """Load a plugin of this text; what has been loaded, and its failures."""

    def load(text):
        path = tmp_path / "mine.py"
        path.write_text(METRIC + textwrap.dedent(text))
        plugins = Plugins()
        names = plugins.load([str(path)])
        return plugins, names, plugins.failures

    return load


@pytest.mark.parametrize("kind", ["wrapper", "hookwrapper"])
def test_hook_wrappers_are_refused(loaded, kind):
    plugins, _, failures = loaded(f"""
        @hookimpl({kind}=True)
        def rollkit_integrators():
            return (yield)

        @hookimpl
        def rollkit_metrics():
            return [nothing]
    """)
    (fault,) = failures
    assert (fault.plugin, fault.stage, fault.subject) == ("mine", "register", "rollkit_integrators")
    assert fault.message == "hook wrappers are not called; expected a plain @hookimpl"
    lines = Path(fault.file).read_text().splitlines()
    assert lines[fault.line - 1] == f"@hookimpl({kind}=True)"
    assert list(plugins.metrics) == ["nothing"]


@pytest.mark.parametrize("value", ["jerk", ["jerk", 3], {"jerk": None, 4: None}, 7, None])
def test_a_bundle_of_the_wrong_type(loaded, value):
    plugins, _, failures = loaded(f"rollkit_plugins = {value!r}\n")
    (fault,) = failures
    assert (fault.plugin, fault.stage, fault.type) == ("mine", "register", "DeclarationError")
    assert "\n" not in fault.message
    assert fault.message == f"rollkit_plugins: got {value!r}, expected a tuple of plugin names"
    assert plugins.metrics == {}


def test_a_bundle_that_names_an_unknown_plugin(loaded):
    """The others that it names are loaded, and what it declares itself counts."""
    plugins, names, failures = loaded("""
        rollkit_plugins = ("jerk", "curv_rat", "speed")

        @hookimpl
        def rollkit_metrics():
            return [nothing]
    """)
    (fault,) = failures
    assert (fault.plugin, fault.stage, fault.subject) == ("mine", "register", "curv_rat")
    assert fault.type == "UsageError"
    assert fault.message.startswith("unknown plugin 'curv_rat'; nearest: curv_rate")
    assert names[:2] == ["jerk", "speed"]
    assert list(plugins.metrics) == ["max_abs_jerk", "min_speed", "final_speed", "nothing"]


def test_a_bundle_that_names_another_twice(loaded):
    plugins, names, failures = loaded('rollkit_plugins = ("jerk", "starter", "jerk")\n')
    assert failures == []
    assert len(names) == len(set(names))
    assert next(iter(plugins.metrics)) == "max_abs_jerk"


def test_metrics_come_in_the_order_in_which_their_plugins_are_named():
    plugins = Plugins()
    names = plugins.load(["speed", "jerk", "speed"])
    assert names == ["speed", "jerk"]
    assert [one.spec.name for one in plugins.metrics_of(["jerk", "speed"])] == [
        "max_abs_jerk",
        "min_speed",
        "final_speed",
    ]
