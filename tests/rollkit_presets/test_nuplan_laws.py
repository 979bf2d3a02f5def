"""What the quirks of nuPlan and NAVSIM break, the corrected presets keep: by the kit."""

import pytest

from rollkit.testing import checks

BROKEN = {
    ("lon_accel", "mirror"),
    ("lon_jerk", "mirror"),
    ("jerk", "time_reversal"),
}


@pytest.fixture(scope="module")
def subjects():
    plugins = ("nuplan_presets", "navsim_presets")
    return {one.spec.name: one for plugin in plugins for one in checks.subjects(plugin)}


@pytest.mark.parametrize("project", ["nuplan", "navsim"])
@pytest.mark.parametrize(("check", "law"), sorted(BROKEN))
def test_expected_failures(subjects, project, check, law):
    for preset, verdict in (("comfort", "expected"), ("comfort_corrected", "passed")):
        subject = subjects[f"{project}_{preset}_{check}_margin"]
        found = checks.check(
            checks.law_named(subject, law), subject, max_examples=20, seed=1, shrink=False
        )
        assert found.verdict == verdict, found


def test_nothing_else_is_broken(subjects):
    named = {(name, law) for name, one in subjects.items() for law in one.spec.breaks}
    assert named == {
        (f"{project}_comfort_{check}_margin", law)
        for project in ("nuplan", "navsim")
        for check, law in BROKEN
    } | {
        (f"navsim_extended_comfort_{check}_margin", "time_reversal") for check in ("accel", "jerk")
    }
