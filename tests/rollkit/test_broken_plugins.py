"""Deliberately broken plugins: each is reported by name and line, and none stops the others."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "broken_plugins"
BROKEN = sorted(FOLDER.glob("*.py"))

# What is said of each: the stage, the type of the error and a part of the message.
REPORT = {
    "calls_exit": ("compute", "SystemExit", "goodbye"),
    "changes_its_input": ("compute", "ValueError", "WRITEABLE"),
    "duplicate_metric": (
        "register",
        "DeclarationError",
        "already declared by plugin jerk (rollkit",
    ),
    "hook_with_argument": ("register", "PluginValidationError", "'config'"),
    "misspelt_hook": (
        "register",
        "UsageError",
        "unknown hook 'rollkit_metric'; nearest: rollkit_m",
    ),
    "missing_module": ("load", "ModuleNotFoundError", "a_package_nobody_has"),
    "no_docstring": ("load", "DeclarationError", "has no docstring"),
    "no_hookimpl": ("register", "DeclarationError", "rollkit_metrics lack @hookimpl"),
    "out_of_bounds": ("validate", "InvalidReturn", "outside its bounds [0, inf]"),
    "raises_in_metric": ("compute", "AttributeError", "velocity"),
    "raises_late": ("compute", "ArithmeticError", "only whole chunks"),
    "raises_on_import": ("load", "RuntimeError", "no such calibration"),
    "raises_on_register": ("register", "KeyError", "jerk"),
    "returns_infinity": ("validate", "InvalidReturn", "infinite"),
    "returns_text": ("validate", "InvalidReturn", "expected real numbers"),
    "syntax_error": ("load", "SyntaxError", "invalid syntax"),
    "undecorated": ("register", "DeclarationError", "function broken"),
    "wrong_return": ("register", "DeclarationError", "expected a list of functions"),
    "wrong_shape": ("validate", "InvalidReturn", "returned shape (), expected (2048,)"),
}
SEEDS = 2500  # more than one chunk


@pytest.fixture(scope="module")
def clean():
    import rollkit

    return rollkit.run("left", plugins=["jerk", "curv_rate"], seeds=SEEDS)


def marked_line(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, text in enumerate(lines, 1) if "# HERE" in text), None)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_it_is_reported_and_the_others_are_right(path, cli, clean):
    ran = cli("run", "--plugins", f"jerk,{path},curv_rate", "--seeds", SEEDS)
    assert ran.code == 1
    artifact = ran.artifact
    good = {one["name"]: one for one in artifact["metrics"] if one["status"] == "ok"}
    assert set(good) == {"max_abs_jerk", "max_abs_curvature_rate"}
    for name, one in good.items():
        assert one == clean.metrics[name].to_dict()

    (fault,) = artifact["failures"]
    stage, kind, message = REPORT[path.stem]
    assert (fault["plugin"], fault["stage"], fault["type"]) == (path.stem, stage, kind)
    assert message in fault["message"]
    assert "\n" not in fault["message"]
    if (line := marked_line(path)) is not None:
        assert (Path(fault["file"]).name, fault["line"]) == (path.name, line)
    assert f"plugin {path.stem}" in ran.err
    assert "Traceback" not in ran.err

    failed = [one for one in artifact["metrics"] if one["status"] == "failed"]
    if stage in ("compute", "validate"):
        assert [one["name"] for one in failed] == ["broken"]
        assert failed[0]["n"] == 0
        assert failed[0]["mean"] is None
        assert message.split("(")[0] in failed[0]["error"]


def test_all_of_them_at_once(cli, clean):
    every = ",".join(map(str, BROKEN))
    ran = cli("run", "--plugins", f"{every},jerk,curv_rate", "--seeds", SEEDS)
    assert ran.code == 1
    artifact = ran.artifact
    assert {fault["plugin"] for fault in artifact["failures"]} >= {
        path.stem for path in BROKEN if path.stem != "duplicate_metric"
    }
    assert ran.means["max_abs_curvature_rate"] == clean.metrics["max_abs_curvature_rate"].mean


def test_every_broken_plugin_has_its_report():
    assert {path.stem for path in BROKEN} == set(REPORT)
    assert len(BROKEN) >= 10


def test_a_lone_broken_plugin_is_not_hidden_behind_the_starter_set(cli):
    ran = cli("run", "--plugins", FOLDER / "raises_on_import.py")
    assert ran.code == 1
    assert ran.artifact["metrics"] == []


def test_show_reports_a_broken_plugin(cli):
    ran = cli("plugins", "show", FOLDER / "raises_on_register.py")
    assert ran.code == 1
    assert "register failed at" in ran.err
