"""The arrows of the design: who may import whom, and what importing costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = sorted((ROOT / "rollkit").rglob("*.py"))
PLUGINS = sorted((ROOT / "plugins").glob("rollkit_*/**/*.py"))


def imports(path):
    """Dotted names that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(path):
    return path.relative_to(ROOT / "rollkit").with_suffix("").as_posix().split("/")[0]


ORDER = [
    ["errors", "layout", "memory", "execution", "intervals", "schemas"],
    ["values"],
    ["arrays", "plain", "hookspecs", "files"],
    [
        *(
            "door",
            "parameters",
            "draws",
            "quantiles",
            "reading",
            "motion",
            "interpolation",
            "holes",
        ),
        "savitzky_golay",
    ],
    ["options"],
    ["model", "aggregate", "store", "poses", "vehicles"],
    ["clock", "windows", "reference_points"],
    ["resampling"],
    ["rollouts"],
    ["declare"],
    ["guard", "presets"],
    ["discovery"],
    ["plugins"],
    ["gates"],
    ["spec"],
    ["sources", "measure", "provenance", "compiled", "formats"],
    ["cell", "engines", "trajectories"],
    ["chunk", "shipping"],
    ["job"],
    ["saving", "executors", "processes"],
    ["engine"],
    ["again"],
    ["results", "evaluation"],
    ["runner", "predictions"],
    ["examples", "comparing", "pictures"],
    ["fitting", "explaining", "reporting", "plotting"],
    ["cli", "testing"],
    ["__main__"],
]


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_core_imports_downwards_only(path):
    rank = {name: level for level, names in enumerate(ORDER) for name in names}
    name = layer(path)
    if name == "__init__":
        return  # resolves every public name lazily
    for imported in imports(path):
        parts = imported.split(".")
        if parts[0] != "rollkit" or len(parts) < 2 or parts[1] not in rank or parts[1] == name:
            continue
        assert rank[parts[1]] <= rank[name], f"{name} imports {parts[1]}"


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_core_imports_no_plugin_package(path):
    assert not [one for one in imports(path) if one.startswith("rollkit_")]


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_testing_imports_hypothesis(path):
    if layer(path) != "testing":
        assert not [one for one in imports(path) if one.split(".")[0] == "hypothesis"]


@pytest.mark.parametrize("path", PLUGINS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_plugins_import_public_names_only(path):
    import rollkit

    public = {
        *(f"rollkit.{name}" for name in [*rollkit.__all__, "arrays", "arrays.Array"]),
        "rollkit",
    }
    used = {one for one in imports(path) if one == "rollkit" or one.startswith("rollkit.")}
    assert used - {"rollkit.arrays"} <= public


def test_the_core_names_no_builtin():
    """No scenario, integrator or metric by name, but for the defaults of a run."""
    from rollkit import discovery

    # Words of the model, and names of plugins too.
    signals = {"speed", "accel", "curvature", "jerk", "yaw_rate", "lateral_accel"}
    signals |= {"heading_error", "along_track", "cross_track"}
    signals |= {"differences"}  # a primitive, too
    allowed = {("spec", "rk4"), ("run", "left"), ("plugins", "starter"), ("tables", "left")}
    allowed |= {("tables", "right"), ("plugins", "formats"), ("__init__", "formats")}
    allowed |= {("plugins", "displacement_starter"), ("methods", "spline")}
    allowed |= {("methods", "fitting_starter"), ("spec", "spline")}
    # The bundle of presets, and the word itself where call and artifact name theirs.
    places = ("plugins", "__init__", "spec", "run", "eval", "results", "evaluation", "runner")
    places = (*places, "explain", "explanation", "differences", "artifacts")
    allowed |= {(place, "presets") for place in places} | {("model", "recorded")}
    names = {one.origin.plugin for one in discovery.installed() if one.origin.builtin} - signals
    assert len(names) >= 20
    for path in CORE:
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        # NumPy's searchsorted has sides, left and right; a figure's words are set to them.
        words = [one for one in nodes if isinstance(one, ast.keyword)]
        sides = [one.value for one in words if one.arg in ("side", "loc", "ha")]
        for node in nodes:
            if isinstance(node, ast.Constant) and node.value in names and node not in sides:
                assert (path.stem, node.value) in allowed, f"{path.name}:{node.lineno}"


def loaded_by(code):
    answer = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules, file=sys.stderr)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(answer.stderr.split())


def test_importing_rollkit_loads_nothing():
    heavy = {"numpy", "pluggy", "click", "rich", "hypothesis", "rollkit.model"}
    assert not loaded_by("import rollkit") & heavy


def test_help_and_listing_import_no_numpy_and_no_plugin():
    code = "from rollkit.cli import main\nmain(['{}'])"
    for arguments in ("--help", "run', '--help", "presets', '--help", "plugins', 'list"):
        loaded = loaded_by(code.format(arguments))
        assert not [name for name in loaded if name.startswith(("rollkit_", "numpy", "rich"))]


def test_a_run_loads_only_what_it_needs(tmp_path):
    call = ["run", "--plugins", "jerk", "-o", f"{tmp_path}/m.json"]
    code = f"from rollkit.cli import main\nmain({call})"
    loaded = {name for name in loaded_by(code) if name.startswith("rollkit_")}
    assert {name for name in loaded if ".metrics." in name} == {"rollkit_std.metrics.jerk"}
    assert "rollkit_logs" not in loaded
