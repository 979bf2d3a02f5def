"""Where verdicts differ and why: every word of it, for cases made by hand."""

import json

import numpy as np
import pytest

import rollkit
from rollkit import Check, Quirk, preset
from rollkit.declare import spec_of
from rollkit.explaining.shares import nearest_limit, share
from rollkit.presets.verdicts import Reading

from .drives import driven
from .mine import DOUBLED, acting, broken, doubled, narrow, plain, referring, shifted, varying


def explained(*presets, accels=(0, 1.6, 0, 0), **others):
    return rollkit.explain(driven([accels]), presets=list(presets), **others)


def reasons(told):
    return {one.row.name: [str(reason) for reason in one.reasons] for one in told.differences}


def test_what_each_preset_says():
    told = explained(plain, doubled)
    accel, speed = told.rows
    assert (accel.name, accel.unit, accel.meaning) == ("accel", "m/s^2", "acceleration")
    assert accel.differs
    assert not speed.differs
    one, other = accel.seen["plain"], accel.seen["doubled"]
    assert (one.value, one.margin, one.time, one.verdict) == pytest.approx((1.6, 1.4, 0.75, "ok"))
    assert (other.value, other.margin, other.verdict) == pytest.approx((3.2, -0.2, "FAIL"))
    assert other.share == pytest.approx(-0.2 / 3)
    signal = told.views[0].signals["accel"]
    np.testing.assert_allclose(signal.time, [0.25, 0.75, 1.25, 1.75])
    np.testing.assert_allclose(signal.values, [0, 1.6, 0, 0], atol=1e-12)


def test_a_quirk_is_the_reason_in_its_own_words():
    told = explained(plain, doubled)
    assert reasons(told) == {"accel": [f"doubled, doubled: {DOUBLED.text}"]}
    (reason,) = told.differences[0].reasons
    assert reason._asdict() == {"text": DOUBLED.text, "preset": "doubled", "quirk": "doubled"}
    assert told.noticed == []


def test_limits_that_differ_are_named_and_a_signal_that_is_the_same_is_not_blamed():
    assert reasons(explained(plain, narrow)) == {
        "accel": ["the limits differ: (-3, 3) m/s^2 by plain, (-inf, 1] m/s^2 by narrow"]
    }


def test_presets_of_one_limit_stand_together():
    told = explained(plain, shifted, narrow)
    assert reasons(told)["accel"][0] == (
        "the limits differ: (-3, 3) m/s^2 by plain and shifted, (-inf, 1] m/s^2 by narrow"
    )


def test_without_a_quirk_the_definitions_are_named():
    told = explained(plain, shifted, accels=(0, 2.5, 0))
    assert reasons(told) == {
        "accel": [
            "no quirk of it is declared; the signals are derived differently",
            "plain: Forward differences of the speed.",
            "shifted: One more than there is.",
        ]
    }


def test_what_is_held_to_the_limits_may_differ():
    limit = {"name": "accel", "unit": "m/s^2", "high": 1.0}

    @preset(project="ours", checks=(Check(**limit),))
    def each(rollout):
        """Every instant."""
        return {"accel": np.diff(rollout.speed) / rollout.dt}

    @preset(project="ours", checks=(Check(**limit, over="mean"),))
    def mean(rollout):
        """The mean."""
        return {"accel": np.diff(rollout.speed) / rollout.dt}

    assert reasons(explained(each, mean)) == {
        "accel": [
            "what is held to the limits differs: every instant by each, mean over time by mean"
        ]
    }


def test_limits_that_vary_and_are_called_alike_are_looked_at_too():
    def limited(name, most):
        @preset(project="ours", name=name, checks=(Check(name="v", unit="m/s", high="most"),))
        def one(rollout):
            """A limit over time."""
            return {"v": rollout.speed, "most": rollout.speed * 0 + most}

        return one

    told = explained(limited("low", 5.0), limited("high", 50.0))
    assert reasons(told)["v"] == [
        "the limits differ: (-inf, 5) m/s at 1 s by low, (-inf, 50) m/s at 1 s by high"
    ]
    assert told.rows[0].seen["low"].limits == "(-inf, 5)"
    # Numbers that are the same are not noticed for their limits.
    assert explained(limited("low", 50.0), limited("high", 500.0)).noticed == []


def test_a_check_that_is_undefined_says_where_its_signal_is_not_known():
    @preset(project="ours", checks=(Check(name="v", unit="m/s", high=9.0),))
    def holes(rollout):
        """Nobody knows the end."""
        return {"v": np.where(np.arange(5) > 2, np.nan, rollout.speed)}

    told = explained(plain, holes)
    seen = told.rows[2].seen["holes"]
    assert (seen.verdict, seen.reason) == (
        "undefined",
        "its signal is nan at 2 of 5 instants, the first at 1.5 s",
    )
    assert told.views[1].reason is None
    assert [one.reason for one in told.rows[0].seen.values()] == [None]


def test_verdicts_that_agree_by_other_numbers_are_noticed():
    told = explained(plain, doubled, accels=(0, 1, 0))
    assert told.differences == []
    assert told.comparable
    (one,) = told.noticed
    assert (one.row.name, [reason.quirk for reason in one.reasons]) == ("accel", ["doubled"])


def test_numbers_made_of_all_instants_have_no_time():
    told = explained(varying, accels=(0, 3, 3, 0))
    rows = {row.name: row.seen["varying"] for row in told.rows}
    assert rows["accel"].verdict == "FAIL"  # 3 of 2 at the third of four
    assert (rows["accel"].margin, rows["accel"].time) == pytest.approx((-1.0, 1.25))
    assert rows["accel_rms"].value == pytest.approx(np.sqrt(4.5))
    assert (rows["accel_rms"].time, rows["accel_rms"].verdict) == (None, "FAIL")
    assert (rows["mean_speed"].verdict, rows["mean_speed"].ok) == ("no limit", None)


def test_what_is_undefined_says_why_and_differs_from_nothing():
    told = explained(plain, referring)
    assert [row.differs for row in told.rows] == [False, False]
    assert told.rows[1].seen["referring"].verdict == "undefined"
    assert told.views[1].reason == "the rollouts have no reference"
    assert not told.comparable


def test_actions_come_from_the_fit():
    told = explained(plain, acting, fit="differences")
    assert told.rows[0].seen["acting"].value == pytest.approx(1.6)
    short = rollkit.explain(driven([[]]), presets=[acting], fit="differences")
    assert short.views[0].reason == "differences fits 1 step or more"


def test_a_preset_that_fails_is_recorded_and_the_others_are_not_disturbed():
    told = explained(plain, broken)
    assert told.exit_code == 1
    (failure,) = told.failures
    assert (failure.subject, failure.message) == ("broken", "no such thing")
    assert told.rows[0].seen["broken"].verdict == "failed"
    assert told.rows[0].seen["plain"].verdict == "ok"


def test_json_is_strict_and_has_the_signals():
    told = explained(plain, doubled, referring)
    data = json.loads(told.to_json(), parse_constant=pytest.fail)
    assert data["case"] == "a"
    assert data["checks"][0]["presets"]["plain"]["limits"] == "(-3, 3)"
    assert data["differences"][0]["verdicts"] == {"plain": "ok", "doubled": "FAIL"}
    assert data["presets"][1]["signals"]["accel"]["values"] == pytest.approx([0, 3.2, 0, 0])
    assert data["presets"][2]["undefined"] == "the rollouts have no reference"


def test_undefined_instants_are_null():
    @preset(project="ours", checks=(Check(name="v", unit="m/s", high=1.0),))
    def holed(rollout):
        """Undefined at the start."""
        return {"v": np.where(np.arange(rollout.steps + 1) == 0, np.nan, rollout.speed)}

    told = explained(holed)
    assert told.to_dict()["presets"][0]["signals"]["v"]["values"][0] is None
    assert told.rows[0].seen["holed"].verdict == "undefined"


def test_quirks_of_other_signals_are_not_told():
    other = Quirk(name="other", text="Of the speed.", signals=("speed",))

    @preset(project="ours", checks=spec_of(plain).checks, quirks=(other,))
    def quirky(rollout):
        """One more than there is."""
        return {"accel": np.diff(rollout.speed) / rollout.dt + 2, "speed": rollout.speed}

    assert "other" not in str(reasons(explained(plain, quirky)))


def test_quirks_that_change_nothing_here_are_not_told():
    slow = Quirk(name="slow", text="Only below 4 Hz.", signals=("accel",), shows=lambda one: False)
    fine = Quirk(name="fine", text="Rounds to 1e-3.", signals=("accel",), resolution=1e-3)
    coarse = Quirk(name="coarse", text="Rounds to 1.", signals=("accel",), resolution=1.0)
    told = Quirk(name="told", text="Doubles.", signals=("accel",), shows=lambda one: one.dt == 0.5)

    @preset(project="theirs", checks=spec_of(plain).checks, quirks=(slow, fine, coarse, told))
    def quirky(rollout):
        """Differences of the speed, twice."""
        return spec_of(doubled).function(rollout)

    (some,) = reasons(explained(plain, quirky)).values()
    assert some == ["quirky, coarse: Rounds to 1.", "quirky, told: Doubles."]


def test_the_corrected_definition_says_what_it_is_without_the_quirks(tmp_path):
    mine = tmp_path / "twins.py"
    mine.write_text(TWINS, encoding="utf-8")

    def told(*presets):
        drive = driven([(0, 1.6, 0, 0)])
        return rollkit.explain(drive, presets=presets, plugins=[str(mine)])

    # Doubled, 3.2 m/s² fails; halved again, what is left passes.
    assert reasons(told("even", "odd"))["accel"] == [
        "odd, doubled: Reads twice.",
        "odd_corrected: without these, 1.6 m/s^2, ok",
    ]
    assert reasons(told("even", "odd", "odd_corrected"))["accel"] == ["odd, doubled: Reads twice."]


TWINS = '''"""A definition, one with a quirk, and its correction."""

from rollkit import Check, Quirk, hookimpl, preset
from rollkit import Signal
import numpy as np

ACCEL = Check(name="accel", unit="m/s^2", low=-3.0, high=3.0)
DOUBLED = Quirk(name="doubled", text="Reads twice.", signals=("accel",))


def accel(rollout, factor):
    return {"accel": Signal(factor * np.diff(rollout.speed) / rollout.dt, 0.5)}


@preset(project="ours", checks=(ACCEL,))
def even(rollout):
    """As it is."""
    return accel(rollout, 1)


@preset(project="theirs", checks=(ACCEL,), quirks=(DOUBLED,))
def odd(rollout):
    """Doubled."""
    return accel(rollout, 2)


@preset(project="theirs", checks=(ACCEL,), corrects="odd")
def odd_corrected(rollout):
    """As it is."""
    return accel(rollout, 1)


@hookimpl
def rollkit_presets():
    return [even, odd, odd_corrected]
'''


@pytest.mark.parametrize(
    ("limits", "value", "margin", "expected"),
    [
        ((-4.0, 2.0), 2.5, -0.5, (2.0, -0.25)),
        ((-4.0, 2.0), -5.0, -1.0, (-4.0, -0.25)),
        ((-4.0, 2.0), 1.0, 1.0, (2.0, 0.5)),
        ((None, 8.0), -1.0, 9.0, (8.0, 1.125)),
        ((5.0, None), 4.0, -1.0, (5.0, -0.2)),
        ((0.0, None), -0.3, -0.3, (0.0, -0.3)),  # of nothing there are no shares
        (("least", "most"), -3.0, -1.0, (-2.0, -0.5)),
        (("least", "most"), 3.0, 1.0, (4.0, 0.25)),
    ],
)
def test_a_share_is_the_margin_over_the_nearest_limit(limits, value, margin, expected):
    check = Check(name="v", unit="m/s", low=limits[0], high=limits[1])
    reading = Reading(*map(np.array, (value, margin, 0.0, 1.0)))
    got = float(nearest_limit(check, reading)), float(share(check, reading))
    assert got == pytest.approx(expected)
