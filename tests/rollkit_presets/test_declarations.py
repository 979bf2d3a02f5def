"""What the built-in presets declare: sources, limits as published, quirks in words, twins."""

import re

import pytest

from rollkit.plugins import PRESETS, Plugins

PLUGINS = Plugins()
PLUGINS.load([PRESETS])
SPECS = {name: one.spec for name, one in PLUGINS.presets.items()}
WANTED = (
    "nuplan_comfort", "navsim_comfort", "navsim_extended_comfort", "alpamayo_comfort",
    "alpamayo_minade", "alpasim_minade", "smoothness", "auto_e2e_comfort", "wosac_kinematics",
    "waymax_feasibility", "av2", "nuplan_open_loop", "autoware_validator", "comma_controls",
)  # fmt: skip
CORRECTED = (
    "nuplan_comfort", "navsim_comfort", "navsim_extended_comfort", "alpamayo_comfort",
    "smoothness", "auto_e2e_comfort", "wosac_kinematics", "waymax_feasibility", "comma_controls",
)  # fmt: skip
# Whose code produced the reference numbers, and at which commit.
COMMITS = {
    "alpamayo_comfort": "1cba38ca",
    "alpamayo_minade": "1cba38ca",
    "smoothness": "1cba38ca",
    "waymax_feasibility": "48b33d71",
    "av2": "b7321d1f",
    "wosac_kinematics": "99a4cb3f",
}
SHARED = {
    "lon_accel": ("m/s^2", -4.05, 2.40),
    "lat_accel": ("m/s^2", -4.89, 4.89),
    "yaw_rate": ("rad/s", -0.95, 0.95),
    "yaw_accel": ("rad/s^2", -1.93, 1.93),
    "lon_jerk": ("m/s^3", -4.13, 4.13),
    "jerk": ("m/s^3", -8.37, 8.37),
}
COMFORT = ("nuplan_comfort", "navsim_comfort", "alpamayo_comfort", "auto_e2e_comfort")
LIMITS = {
    **dict.fromkeys(COMFORT, SHARED),
    "navsim_extended_comfort": {
        "accel": ("m/s^2", None, 0.7),
        "jerk": ("m/s^3", None, 0.5),
        "yaw_rate": ("rad/s", None, 0.1),
        "yaw_accel": ("rad/s^2", None, 0.1),
    },
    "waymax_feasibility": {
        "accel": ("m/s^2", -10.401, 10.401),
        "curvature": ("1/m", -0.301, 0.301),
    },
    "av2": {"fde": ("m", None, 2.0)},
    "nuplan_open_loop": {
        "average_displacement": ("m", None, 8.0),
        "final_displacement": ("m", None, 8.0),
        "average_heading_error": ("rad", None, 0.8),
        "final_heading_error": ("rad", None, 0.8),
        "largest_displacement_3s": ("m", None, 6.0),
        "largest_displacement_5s": ("m", None, 8.0),
        "largest_displacement_8s": ("m", None, 16.0),
    },
    "autoware_validator": {
        "interval": ("m", None, 100.0),
        "relative_angle": ("rad", -2.0, 2.0),
        "curvature": ("1/m", -1.0, 1.0),
        "lat_accel": ("m/s^2", -9.8, 9.8),
        "lon_accel": ("m/s^2", -9.8, 9.8),
        "lat_jerk": ("m/s^3", -7.0, 7.0),
    },
    "comfort_bounds": {
        "lon_accel": ("m/s^2", -4.05, 2.40),
        "lon_jerk": ("m/s^3", -4.13, 4.13),
        "lat_accel": ("m/s^2", -4.89, 4.89),
        "yaw_rate": ("rad/s", -0.95, 0.95),
        "yaw_accel": ("rad/s^2", -1.93, 1.93),
    },
    "physical_bounds": {
        "lon_accel": ("m/s^2", -9.8, 9.8),
        "lon_jerk": ("m/s^3", -12.65, 12.65),
        "lat_accel": ("m/s^2", -9.8, 9.8),
        "lat_jerk": ("m/s^3", -7.0, 7.0),
        "curvature": ("1/m", -0.33, 0.33),
    },
}
STRICT = {"nuplan_comfort", "navsim_comfort", "alpamayo_comfort"}

every = pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)


def test_all_of_them_are_there():
    assert not PLUGINS.failures
    assert set(WANTED) <= set(SPECS)
    assert {f"{name}_corrected" for name in CORRECTED} <= set(SPECS)


@every
def test_it_says_where_it_comes_from(spec):
    assert spec.project
    assert not spec.commit or re.fullmatch(r"[0-9a-f]{7,40}", spec.commit)
    assert "\n" not in spec.source
    if not spec.name.endswith("_bounds"):
        assert spec.file or spec.notes, "neither a file nor a word on where it is described"


@pytest.mark.parametrize(("name", "commit"), COMMITS.items())
def test_it_names_the_commit_of_the_reference_numbers(name, commit):
    assert SPECS[name].commit.startswith(commit[:7])
    assert SPECS[name].file


@every
def test_every_quirk_is_explained(spec):
    for quirk in spec.quirks:
        assert len(quirk.text.split()) >= 12, quirk
        assert quirk.text.endswith("."), quirk
        assert quirk.text[0].isupper() or quirk.text[0].isdigit(), quirk
    names = [one.name for one in spec.quirks]
    assert len(set(names)) == len(names)


@every
def test_what_is_corrected_is_there(spec):
    if spec.corrects is None:
        assert not spec.name.endswith("_corrected")
        return
    faithful = SPECS[spec.corrects]
    assert spec.name == f"{faithful.name}_corrected"
    assert faithful.quirks, "and why it needs to be corrected"
    assert (spec.project, spec.commit) == (faithful.project, faithful.commit)
    assert (spec.samples, spec.score) == (faithful.samples, faithful.score)
    checks, own = ({one.name: one for one in each.checks} for each in (faithful, spec))
    assert set(checks) <= set(own)
    for name, one in checks.items():
        assert (own[name].unit, own[name].over) == (one.unit, one.over)
        assert (own[name].low, own[name].high) == (one.low, one.high)


@pytest.mark.parametrize(("name", "limits"), LIMITS.items(), ids=list(LIMITS))
def test_limits_are_those_that_are_published(name, limits):
    checks = {one.name: one for one in SPECS[name].checks if one.judged}
    found = {one.name: (one.unit, one.low, one.high) for one in checks.values()}
    if name == "physical_bounds":  # the yaw rate's varies with the speed
        found.pop("yaw_rate")
    assert found.keys() == limits.keys()
    for check, (unit, low, high) in limits.items():
        assert found[check][0] == unit
        assert found[check][1:] == pytest.approx((low, high), abs=1e-12)


@pytest.mark.parametrize("name", LIMITS)
def test_who_takes_the_limit_itself_for_a_violation(name):
    if not name.endswith("_bounds"):
        assert {one.strict for one in SPECS[name].checks if one.judged} == {name in STRICT}


@pytest.mark.parametrize("name", WANTED)
def test_none_is_without_a_quirk(name):
    assert SPECS[name].quirks


@every
def test_a_check_says_what_it_looks_at(spec):
    for check in spec.checks:
        assert check.unit
        assert check.meaning
        if check.judged and not spec.name.endswith("_bounds"):
            assert check.over == "time" or check.high is not None
