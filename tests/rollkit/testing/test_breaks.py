"""Laws that a declaration says it breaks: expected to fail, with the reason; to hold is a fault."""

import json
from xml.etree import ElementTree

import pytest

from rollkit import Check, arrays, metric, preset
from rollkit.declare import spec_of
from rollkit.presets import metrics_of
from rollkit.testing import check_metric, checks
from rollkit.testing.checks import laws_of, subject_of
from rollkit.testing.records import Report

FAST = {"max_examples": 20, "seed": 1}
WHY = "left alone: It counts turns to the left only; both count. Right turns read 0."
FILE = '''\
"""Turning, as one fleet has it."""

from rollkit import Check, Quirk, arrays, hookimpl, metric, preset

LEFT = Check(name="left", unit="rad", low=-9.0, high=9.0, signal="turn")
STEPS = Check(name="steps", unit="rad", over="mean", signal="turn", scales_with={"curvature": 1})


@preset(
    project="fleet",
    checks=(LEFT, STEPS),
    quirks=(
        Quirk(
            name="left alone",
            text="It counts turns to the left only; both count. Right turns read 0.",
            signals=("turn",),
            breaks=("mirror",),
        ),
        Quirk(
            name="starts at 3",
            text="It adds 3 rad; nothing is right. Numbers are too large.",
            signals=("steps",),
            breaks=("scaling",),
        ),
    ),
)
def fleet(rollout):
    """Turning to the left."""
    left = arrays.cumulative(0 * rollout.speed[..., 0], rollout.yaw_change.clip(0))
    return {"turn": 3 + 9 * left}


@preset(project="fleet", checks=(LEFT,), corrects="fleet")
def fleet_corrected(rollout):
    """Turning to either side."""
    return {"turn": arrays.cumulative(0 * rollout.speed[..., 0], abs(rollout.yaw_change))}


@metric(unit="m/s", breaks={"se2": "it is the speed, which is the same everywhere"})
def fleet_speed(rollout):
    """Speed at the end."""
    return rollout.speed[..., -1]


@hookimpl
def rollkit_presets():
    return [fleet, fleet_corrected]


@hookimpl
def rollkit_metrics():
    return [fleet_speed]
'''


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """A file whose preset breaks mirror, as it says, and whose metric keeps se2 after all."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fleet.py").write_text(FILE, encoding="utf-8")
    return "./fleet.py"


def checked(plugin, *names):
    """The records of some laws of all that a plugin declares."""
    return Report(
        checks.check(law, one, **FAST)
        for one in checks.subjects(plugin)
        for law in laws_of(one)
        if law.name in names
    )


def verdicts(report, law):
    return {one.subject: one.verdict for one in report if one.invariant == law}


def test_what_a_quirk_breaks_fails_as_expected_and_the_corrected_one_holds(plugin):
    report = checked(plugin, "mirror")
    corrected = ("fleet_corrected", "fleet_corrected_left_margin", "fleet_corrected_left_ok")
    assert verdicts(report, "mirror") == {
        **dict.fromkeys(("fleet_left_margin", "fleet_steps"), "expected"),
        **dict.fromkeys(corrected, "passed"),
    }
    broken = next(one for one in report if one.verdict == "expected")
    assert (broken.message, broken.failed) == (WHY, False)
    assert "Rollout(" in broken.example


def test_a_quirk_may_break_a_law_of_scale(plugin):
    assert verdicts(checked(plugin, "scaling"), "scaling") == {"fleet_steps": "expected"}


def test_what_holds_although_it_was_declared_broken_is_reported(plugin):
    report = checked(plugin, "se2", "nan_is_never_lost")
    assert [(one.subject, one.invariant) for one in report.failures] == [("fleet_speed", "se2")]
    assert report.failures[0].verdict == "unexpected"
    said = "was expected to fail (it is the speed, which is the same everywhere), and holds"
    assert report.failures[0].message == said


def test_a_metric_declares_what_it_breaks():
    @metric(unit="m", breaks={"mirror": "left is positive"})
    def side(rollout):
        """How far to the left it ends."""
        return rollout.trajectory.y[..., -1]

    report = check_metric(side, **FAST)
    assert verdicts(report, "mirror") == {"side": "expected"}
    assert report.ok


def test_what_a_caller_expects_comes_before_what_is_declared():
    @metric(unit="m", breaks={"mirror": "left is positive"})
    def side(rollout):
        """How far to the left it ends."""
        return rollout.trajectory.y[..., -1]

    report = check_metric(side, expected_failures={"mirror": "said otherwise"}, **FAST)
    assert [one.message for one in report if one.verdict == "expected"] == ["said otherwise"]


def test_a_law_that_was_violated_otherwise_still_fails():
    """A declared break forgives its own law alone."""

    @metric(unit="m", invariant_under=("se2",), breaks={"mirror": "left is positive"})
    def side(rollout):
        """How far to the left it ends."""
        return rollout.trajectory.y[..., -1]

    assert [one.invariant for one in check_metric(side, **FAST).failures] == ["se2"]


def test_values_that_jump_between_equals_are_not_held_to_single_precision():
    speed = Check(name="speed", unit="m/s", high=30)

    @preset(project="fleet", checks=(speed,))
    def limits(rollout):
        """Nothing drives faster than 30 m/s."""
        return {"speed": rollout.speed}

    def laws(spec):
        return {one.name for one in laws_of(checks.MetricSubject(spec, subject_of(plain).origin))}

    single = {one.name: "single_precision" in laws(one) for one in metrics_of(spec_of(limits))}
    assert single == {
        "limits": True, "limits_speed": False, "limits_speed_margin": True,
        "limits_speed_time": False, "limits_speed_ok": True,
    }  # fmt: skip


@metric(unit="m/s")
def plain(rollout):
    """Largest speed."""
    return arrays.maximum(rollout.speed)


def test_the_command_line_prints_what_fails_as_expected_with_the_reason(plugin, cli):
    some = ("--law", "mirror", "--law", "se2", "--max-examples", 20, "--seed", 1)
    ran = cli("check", plugin, *some, "--junit-xml", "report.xml")
    assert ran.code == 1
    expected = f"mirror: expected not to hold for fleet_left_margin, fleet_steps:\n  {WHY}\n"
    assert expected in ran.out
    assert "fleet_speed: se2: unexpected" in ran.out
    assert "13 checks: 2 expected, 10 passed, 1 unexpected" in ran.out
    cases = {
        (one.get("classname"), one.get("name")): [(part.tag, part.text) for part in one]
        for one in ElementTree.parse("report.xml").getroot()
    }
    passed = cases["fleet.fleet_left_margin", "mirror"]
    assert passed == [("system-out", f"expected not to hold: {WHY}")]
    assert cases["fleet.fleet_speed", "se2"][0][0] == "failure"
    printed = json.loads(cli("check", plugin, *some, "--json").out)
    reasons = {one["subject"]: one["message"] for one in printed if one["verdict"] == "expected"}
    assert reasons == {"fleet_left_margin": WHY, "fleet_steps": WHY}
