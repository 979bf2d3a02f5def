"""Finding plugins in what is installed: who claims a name, what counts twice, what is imported."""

import json
import sys

import pytest

import rollkit
from rollkit import UsageError, discovery
from rollkit.plugins import Plugins


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Put a distribution on the import path: its metadata, with entry points for plugins."""

    def installed(name, version, plugins, *, folder="site"):
        site = tmp_path / folder
        info = site / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        entries = "".join(f"{plugin} = {module}\n" for plugin, module in plugins.items())
        (info / "entry_points.txt").write_text(f"[{discovery.GROUP}]\n{entries}")
        if str(site) not in sys.path:
            monkeypatch.setattr(sys, "path", [str(site), *sys.path])
        discovery.installed.cache_clear()
        return site

    discovery.installed.cache_clear()
    yield installed
    discovery.installed.cache_clear()


def origins(plugin):
    return [one.origin for one in discovery.installed() if one.origin.plugin == plugin]


@pytest.mark.parametrize("spelling", ["comfort_score", "Comfort-Score"])
def test_two_distributions_that_claim_one_name(install, cli, spelling):
    install("alpha-metrics", "1.2", {"comfort_score": "alpha.score"})
    install("beta-metrics", "0.9.1", {spelling: "beta.score"})
    expected = (
        "two plugins are called 'comfort_score': "
        "alpha-metrics 1.2 (alpha.score) and beta-metrics 0.9.1 (beta.score)"
    )
    with pytest.raises(UsageError) as error:
        discovery.find("comfort_score")
    assert error.value.message == expected
    assert "uninstall one of them" in error.value.hint
    ran = cli("run", "--plugins", "comfort_score")
    assert ran.code == 2
    assert expected in ran.err
    assert ran.wrote == ["site"]


def test_a_distribution_that_claims_the_name_of_a_builtin(install):
    install("alpha-metrics", "1.2", {"jerk": "alpha.jerk"})
    with pytest.raises(UsageError) as error:
        discovery.find("jerk")
    assert f"rollkit {rollkit.__version__} (rollkit_std.metrics.jerk)" in error.value.message
    assert "alpha-metrics 1.2 (alpha.jerk)" in error.value.message


@pytest.mark.parametrize("spelling", ["alpha-metrics", "Alpha_Metrics"])
def test_the_same_distribution_twice_on_the_path_counts_once(install, spelling):
    """As with an editable install over an older wheel: the first on the path is imported too."""
    install(spelling, "1.0", {"comfort": "alpha.old"}, folder="later")
    install("alpha-metrics", "2.0", {"comfort": "alpha.new"}, folder="first")
    (one,) = origins("comfort")
    assert (one.version, one.module) == ("2.0", "alpha.new")
    assert discovery.find("comfort").origin == one


def test_listing_imports_nothing(install, cli):
    site = install(
        "alpha-metrics", "1.2", {"absent": "a_module_that_is_nowhere", "loud": "alpha_is_imported"}
    )
    (site / "alpha_is_imported.py").write_text("raise SystemExit('imported')\n")
    builtin = "rollkit_std.metrics.yaw_rate"
    before = sys.modules.pop(builtin, None)
    ran = cli("plugins", "list", "--json")
    assert ran.code == 0, ran.err
    listed = {one["name"]: one for one in json.loads(ran.out)}
    assert listed["absent"] == {
        "name": "absent",
        "distribution": "alpha-metrics",
        "version": "1.2",
        "module": "a_module_that_is_nowhere",
    }
    assert "loud" in listed
    assert not {builtin, "alpha_is_imported"} & set(sys.modules)
    if before is not None:
        sys.modules[builtin] = before


def test_what_is_listed_but_not_there_fails_when_it_is_loaded(install):
    install("alpha-metrics", "1.2", {"absent": "a_module_that_is_nowhere"})
    plugins = Plugins()
    assert plugins.load(["absent"]) == ["absent"]
    (fault,) = plugins.failures
    assert (fault.plugin, fault.distribution, fault.version) == ("absent", "alpha-metrics", "1.2")
    assert (fault.stage, fault.type) == ("load", "ModuleNotFoundError")


def test_builtins_come_first(install):
    install("alpha-metrics", "1.2", {"absent": "a_module_that_is_nowhere"})
    builtin = [one.origin.builtin for one in discovery.installed()]
    assert builtin == sorted(builtin, reverse=True)
    assert origins("jerk")[0].builtin
    assert not origins("absent")[0].builtin


def test_a_third_party_is_no_builtin_and_waits_to_be_named(install):
    """Its source is not found by a name that only looks like a built-in's."""
    install("alpha-sources", "1.2", {"zigzag": "a_module_that_is_nowhere"})
    plugins = Plugins()
    with pytest.raises(UsageError, match="unknown action source 'zigzag'"):
        plugins.source("zigzag")
    assert plugins.failures == []


@pytest.mark.parametrize(
    ("kind", "name"), [("source", "left"), ("integrator", "rk4"), ("metric", "jerk")]
)
def test_a_broken_builtin_asked_for_by_name(install, kind, name):
    """The first distribution called rollkit on the path is the one whose plugins are built in."""
    install("rollkit", "9.9", {name: "a_module_that_is_nowhere"})
    with pytest.raises(rollkit.PluginError) as error:
        getattr(Plugins(), kind)(name)
    assert f"plugin {name} (rollkit 9.9)" in str(error.value)
    assert "a_module_that_is_nowhere" in str(error.value)
