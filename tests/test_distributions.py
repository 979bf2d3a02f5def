"""The two distributions as users get them: built, installed elsewhere, run in an empty folder.

Everything here happens in one fresh virtual environment outside the checkout, in the order a user
goes: rollkit alone first, then rollkit-example beside it.
"""

import ast
import email
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

import rollkit

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "plugins" / "rollkit-example"
PACKAGES = {
    "rollkit",
    *("rollkit_dask", "rollkit_html", "rollkit_logs", "rollkit_presets", "rollkit_std"),
}


def call(*command, folder, scripts=None, expect=0):
    """Run a command, this process's import path hidden from it; its stdout."""
    variables = {name: os.environ[name] for name in os.environ if name != "PYTHONPATH"}
    if scripts is not None:
        variables["PATH"] = f"{scripts}{os.pathsep}{variables['PATH']}"
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
    assert done.returncode == expect, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@dataclass(frozen=True)
class Environment:
    """A virtual environment, and an empty folder to run things in."""

    scripts: Path
    folder: Path

    def call(self, *command, expect=0, folder=None):
        """Run a command of the environment; its stdout."""
        return call(*command, folder=folder or self.folder, scripts=self.scripts, expect=expect)

    def python(self, code):
        """What a piece of Python prints."""
        return self.call("python", "-c", code).split()

    def install(self, *what):
        """Install distributions with the environment's own pip."""
        self.call("python", "-m", "pip", "install", "--quiet", *map(str, what))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """rollkit's wheel, built from its source distribution, as an index would serve it."""
    out = tmp_path_factory.mktemp("dist")
    call(sys.executable, "-m", "build", "--outdir", str(out), str(ROOT), folder=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def bare(wheel, tmp_path_factory):
    """An environment that holds rollkit and what it depends on."""
    place = tmp_path_factory.mktemp("environment")
    folder = tmp_path_factory.mktemp("empty")
    call(sys.executable, "-m", "venv", str(place), folder=folder)
    made = Environment(place / ("Scripts" if os.name == "nt" else "bin"), folder)
    made.install(wheel)
    return made


@pytest.fixture(scope="module")
def example_source(tmp_path_factory):
    """A copy of rollkit-example, so that building it leaves nothing in the checkout."""
    copy = tmp_path_factory.mktemp("source") / EXAMPLE.name
    return shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("__pycache__"))


@pytest.fixture(scope="module")
def extended(bare, example_source):
    """The same environment with rollkit-example and pytest in it."""
    bare.install("--no-deps", example_source)
    bare.install("pytest")
    return bare


@pytest.fixture
def trapped(extended):
    """The same environment, while importing rollkit-example raises."""
    (home,) = extended.python("import rollkit_example; print(rollkit_example.__file__)")
    module = Path(home)
    whole = module.read_text(encoding="utf-8")
    module.write_text("raise RuntimeError('this plugin was imported')\n", encoding="utf-8")
    yield extended
    module.write_text(whole, encoding="utf-8")


def test_wheel_holds_the_packages_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    info = f"rollkit-{rollkit.__version__}.dist-info"
    assert {name.split("/")[0] for name in names} == {*PACKAGES, info}
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(names)
    assert {"rollkit/metrics.schema.json", f"{info}/licenses/LICENSE"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_wheel_metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        info = f"rollkit-{rollkit.__version__}.dist-info"
        metadata = email.message_from_bytes(archive.read(f"{info}/METADATA"))
    assert (metadata["Name"], metadata["Version"]) == ("rollkit", rollkit.__version__)
    assert metadata["License-Expression"] == "Apache-2.0"


def test_command_line_from_an_empty_folder(bare):
    assert bare.call("rollkit", "--version") == f"rollkit {rollkit.__version__}\n"
    assert "max_abs_jerk" in bare.call("rollkit", "run")
    artifact = json.loads((bare.folder / "metrics.json").read_text(encoding="utf-8"))
    assert artifact["failures"] == []
    assert {one["distribution"] for one in artifact["plugins"]} == {"rollkit"}


def test_importable_names(bare):
    names = [*sorted(PACKAGES), "plugins", "tests", "docs"]
    find = f"import importlib.util as u; print(*[n for n in {names} if u.find_spec(n)])"
    assert bare.python(find) == sorted(PACKAGES)
    (home,) = bare.python("import rollkit; print(rollkit.__file__)")
    assert not Path(home).is_relative_to(ROOT)


def test_every_built_in_plugin_loads(bare):
    loaded = bare.python(
        "from rollkit.discovery import installed\n"
        "for one in installed():\n"
        "    one.load()\n"
        "    print(one.origin.plugin)"
    )
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert sorted(loaded) == sorted(declared["project"]["entry-points"]["rollkit"])


def test_example_runs_by_its_name(extended):
    out = "example.json"
    command = "rollkit run --plugins rollkit_example --scenario slalom --integrator midpoint -o"
    extended.call(*command.split(), out)
    artifact = json.loads((extended.folder / out).read_text(encoding="utf-8"))
    assert [(one["name"], one["plugin"], one["status"]) for one in artifact["metrics"]] == [
        ("steering_reversal_rate", "rollkit_example", "ok")
    ]
    declared = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))
    assert artifact["plugins"] == [
        {
            "name": "rollkit_example",
            "distribution": "rollkit-example",
            "version": declared["project"]["version"],
            "module": "rollkit_example",
        }
    ]


def test_example_passes_its_own_tests(extended, example_source):
    # In its own folder, where pytest reads its configuration and not this checkout's.
    report = extended.call(
        "python", "-m", "pytest", "-p", "no:cacheprovider", folder=example_source
    )
    assert re.search(r"^=+ \d+ passed in .*=+$", report, re.MULTILINE), report


def test_example_imports_public_names_only():
    public = {*rollkit.__all__, "arrays", "testing"}
    for path in EXAMPLE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "rollkit":
                assert {one.name for one in node.names} <= public, path
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("rollkit."):
                assert node.module in ("rollkit.arrays", "rollkit.testing"), path


def test_tutorial_quotes_the_example_as_it_is():
    """A block after `<!-- from: FILE -->` stands in that file, word for word."""
    quotes = re.findall(r"<!-- from: (\S+) -->\n```\w+\n(.*?)^```$", tutorial(), re.M | re.S)
    assert quotes
    for name, quote in quotes:
        assert quote in (EXAMPLE / name).read_text(encoding="utf-8"), name


def test_tutorial_shows_what_the_example_prints(extended):
    """The commands in `shellsession` blocks need rollkit-example, so they are run here."""
    blocks = re.findall(r"^```shellsession\n(.*?)^```$", tutorial(), re.M | re.S)
    assert blocks
    for command, shown in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", "".join(blocks), re.M):
        assert extended.call(*command.split()) == shown, command


def test_listing_imports_no_plugin(trapped):
    listed = json.loads(trapped.call("rollkit", "plugins", "list", "--json"))
    assert "rollkit_example" in [one["name"] for one in listed]
    printed = trapped.python(
        "import sys\n"
        "from rollkit.cli import main\n"
        "main(['plugins', 'list'])\n"
        "print('imported:', *[name for name in sys.modules if name.startswith('rollkit_')])"
    )
    assert printed[-1] == "imported:"


def test_naming_a_plugin_imports_it_and_its_failure_is_its_own(trapped):
    command = "rollkit run --plugins rollkit_example,jerk -o broken.json"
    trapped.call(*command.split(), expect=1)
    artifact = json.loads((trapped.folder / "broken.json").read_text(encoding="utf-8"))
    (fault,) = artifact["failures"]
    assert (fault["distribution"], fault["stage"]) == ("rollkit-example", "load")
    assert "this plugin was imported" in fault["message"]
    assert [(one["name"], one["status"]) for one in artifact["metrics"]] == [("max_abs_jerk", "ok")]


def tutorial():
    return (ROOT / "docs" / "writing-a-plugin.md").read_text(encoding="utf-8")
