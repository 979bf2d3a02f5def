"""Presets: what is refused, the metrics that follow, and how they run."""

import json

import numpy as np
import pytest

import rollkit
from rollkit import (
    Check,
    PluginError,
    Quirk,
    Rollout,
    Signal,
    Trajectory,
    UsageError,
    metric,
    preset,
)
from rollkit.declare import SAMPLES, spec_of
from rollkit.errors import DeclarationError
from rollkit.predictions.samples import RULES
from rollkit.presets import metrics_of

SPEED = Check(name="speed", unit="m/s", low=0, high=30, meaning="speed along the path")
SMOOTH = Check(name="smooth", unit="m/s", signal="speed", over="rms", scales_with={"speed": 1})
FILE = '''\
"""The limits of one fleet."""

from rollkit import Check, Quirk, Signal, arrays, hookimpl, metric, preset


@metric(unit="m/s", better="lower")
def fleet_top(rollout):
    """Largest speed."""
    return arrays.maximum(rollout.speed)


@preset(
    project="fleet/rules",
    commit="0123abc",
    file="limits.py",
    checks=(
        Check(name="speed", unit="m/s", high=30.0),
        Check(name="rms", unit="m/s", signal="speed", over="rms", low=0, high=99, strict=False),
    ),
    metrics=(fleet_top,),
    quirks=(Quirk(name="no zero", text="Standing counts as driving.", signals=("speed",)),),
    samples="min",
)
def fleet(rollout):
    """Nothing drives faster than 30 m/s."""
    return {"speed": rollout.speed}


@hookimpl
def rollkit_presets():
    return [fleet]
'''
LAX = '''\
@preset(project="fleet/rules", checks=(Check(name="speed", unit="m/s", high=99.0),))
def lax(rollout):
    """Nothing drives faster than 99 m/s."""
    return {"speed": rollout.speed}


'''
NAMES = [
    "fleet", "fleet_speed", "fleet_speed_margin", "fleet_speed_time", "fleet_speed_ok",
    "fleet_rms", "fleet_rms_margin", "fleet_rms_ok", "fleet_top",
]  # fmt: skip


@metric(unit="m/s", invariant_under=("se2", "mirror"), scales_with={"speed": 1})
def top(rollout):
    """Largest speed."""
    return rollout.speed.max(axis=-1)


def driven(rollout):
    """Nothing drives faster than 30 m/s.

    More, which is no part of the definition.
    """
    return {"speed": rollout.speed}


def declared(function=driven, **options):
    """A preset of that function, a new one each time."""

    def fresh(rollout):
        return function(rollout)

    fresh.__doc__ = function.__doc__
    about = {"project": "fleet", "name": "mine", "checks": (SPEED,)}
    return preset(**{**about, **options})(fresh)


def drive(*speeds, dt=0.5):
    speed = np.array(speeds, float)
    at = np.zeros_like(speed)
    return Rollout(Trajectory(at, at, at, speed, dt))


def names(function):
    return [one.name for one in metrics_of(spec_of(function))]


@pytest.fixture
def fleet(tmp_path, monkeypatch):
    """A file plugin with a preset."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fleet.py").write_text(FILE, encoding="utf-8")
    return "./fleet.py"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"project": ""}, "project: got '', expected text"),
        ({"checks": ()}, "has neither checks nor metrics"),
        ({"checks": (SPEED, SPEED)}, r"got \['speed', 'speed'\], expected each name once"),
        ({"metrics": (driven,)}, "metrics: got .*driven.*, expected functions declared with"),
        ({"needs": "weather"}, "needs: got 'weather', expected one of 'actions'"),
        ({"invariant_under": ("gravity",)}, "invariant_under: got 'gravity'"),
        ({"score": "best"}, "score: got 'best', expected one of 'mean_of_scores'"),
        ({"samples": "all"}, "samples: got 'all', expected one of 'mean', 'min'"),
        ({"min_steps": -1}, "min_steps: got -1, expected a whole number >= 0"),
        ({"version": 0}, "version: got 0, expected a whole number >= 1"),
        ({"name": "two words"}, "name: got 'two words', expected an identifier"),
        (
            {"quirks": (Quirk(name="q", text="t", signals=("jerk",)),)},
            "signals of quirk 'q': got 'jerk', expected one of 'speed'",
        ),
        (
            {"quirks": (Quirk(name="q", text="t", signals=("speed",), breaks=("law",)),)},
            "breaks of quirk 'q': got 'law', expected one of 'se2'",
        ),
        (
            {"quirks": (Quirk(name="q", text="t", signals=("speed",), breaks=("scaling",)),)},
            "quirk 'q': breaks 'scaling', which nothing of speed declares",
        ),
    ],
)
def test_wrong_declarations_name_the_function_and_its_line(options, message):
    with pytest.raises(DeclarationError, match=message) as caught:
        declared(**options)
    assert "fresh (" in caught.value.message
    assert "test_presets.py:" in caught.value.message
    assert "\n" not in caught.value.message


def test_a_preset_without_words_is_refused():
    with pytest.raises(DeclarationError, match="has no docstring"):
        declared(lambda rollout: rollout)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "two words"}, "Check: name: got 'two words', expected an identifier"),
        ({"name": None}, "Check: name: got None"),
        ({"unit": ""}, "Check a: unit: got '', expected text such as 'm/s' or '1'"),
        ({"over": "hours"}, "Check a: over: got 'hours', expected one of time, rms, mean"),
        ({"also_under": ("gravity",)}, "Check a: also_under: got 'gravity', expected some of se2"),
        ({"high": None}, "Check a: no limit to compare every instant with"),
        ({"scales_with": {"speed": 1}}, "Check a: scales_with: got 'speed', expected none beside"),
        ({"high": None, "over": "rms", "scales_with": {"fun": 1}}, "scales_with: got 'fun'"),
        ({"high": float("nan")}, "Check a: limits: got nan, expected a finite number, the name"),
        ({"high": float("inf")}, "Check a: limits: got inf"),
        ({"high": ""}, "Check a: limits: got ''"),
        ({"high": [3.0]}, r"Check a: limits: got \[3.0\]"),
        ({"low": 2, "high": 1}, "Check a: limits: got 2 and 1, expected low < high"),
        ({"low": 1, "high": 1}, "Check a: limits: got 1 and 1, expected low < high"),
    ],
)
def test_wrong_checks_are_refused_in_one_line(options, message):
    with pytest.raises(DeclarationError, match=message) as caught:
        Check(**{"name": "a", "unit": "m", "high": 1.0, **options})
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"text": ""}, "Quirk 'q': has no name or no text"),
        ({"breaks": ("se2",)}, "Quirk 'q': breaks se2, but of no signals"),
    ],
)
def test_wrong_quirks_are_refused(options, message):
    with pytest.raises(DeclarationError, match=message):
        Quirk(**{"name": "q", "text": "t", **options})


@pytest.mark.parametrize(
    ("options", "limits"),
    [
        ({"low": -4.05, "high": 2.40}, "(-4.05, 2.4)"),
        ({"low": -4.05, "high": 2.40, "strict": False}, "[-4.05, 2.4]"),
        ({"high": 0.3, "strict": False}, "(-inf, 0.3]"),
        ({"low": 0}, "(0, inf)"),
        ({"low": "slowest", "high": 3}, "(slowest, 3)"),
        ({"low": 3, "high": 3, "strict": False}, "[3, 3]"),
        ({"over": "rms"}, "(-inf, inf)"),
    ],
)
def test_limits_in_text(options, limits):
    assert Check(name="a", unit="m", **options).limits == limits


def test_a_declaration_says_all_that_it_was_told():
    quirk = Quirk(name="q", text="It is odd.", signals=("speed", "top"))
    about = {"commit": "0123abc", "file": "a.py", "needs": "vehicle", "min_steps": 2}
    spec = spec_of(declared(**about, quirks=(quirk,), metrics=(top,), samples="mean", notes="n"))
    assert (spec.name, spec.source, spec.needs) == ("mine", "fleet @0123abc a.py", ("vehicle",))
    assert spec.definition == "Nothing drives faster than 30 m/s."
    assert spec_of(declared()).source == "fleet"
    assert all((one.needs, one.min_steps) == (("vehicle",), 2) for one in metrics_of(spec)[:-1])
    assert {one.preset for one in metrics_of(spec)} == {"mine"}


def test_the_rules_over_samples_are_those_of_evaluations():
    assert {*SAMPLES, "all"} == set(RULES)


def test_each_check_is_four_metrics_and_one_number_three():
    checked = declared(checks=(SPEED, Check(name="mean", unit="m/s", high=9, over="mean"), SMOOTH))
    parts = ["", "_margin", "_time", "_ok", "", "_margin", "_ok", ""]
    named = ["speed"] * 4 + ["mean"] * 3 + ["smooth"]
    both = [f"mine_{name}{part}" for name, part in zip(named, parts, strict=True)]
    assert names(checked) == ["mine", *both]
    assert names(declared(checks=(SMOOTH,))) == ["mine_smooth"], "nothing is judged"
    assert names(declared(checks=(), metrics=(top,))) == ["top"]


def test_what_the_metrics_declare():
    by_name = {one.name: one for one in metrics_of(spec_of(declared(checks=(SPEED, SMOOTH))))}
    value, margin, time, ok, rms = (
        by_name[f"mine_{name}"]
        for name in ("speed", "speed_margin", "speed_time", "speed_ok", "smooth")
    )
    assert [one.unit for one in (value, margin, time, ok)] == ["m/s", "m/s", "s", "1"]
    assert [one.better for one in (value, margin, time, ok)] == [None, "higher", None, "higher"]
    assert [one.jumps for one in (value, margin, time, ok)] == [True, False, True, False]
    assert [one.invariant_under for one in (value, margin, ok)] == [(), *[("se2", "mirror")] * 2]
    assert (rms.better, rms.bounds, rms.scales_with) == ("lower", (0, None), {"speed": 1})
    assert margin.definition == (
        "How far speed along the path stays within (0, 30) m/s; below 0 beyond, as mine has it."
    )


def test_what_a_quirk_breaks_is_expected_of_the_margin_and_asked_of_nothing_else():
    back = ("time_reversal",)
    jerk = Check(name="jerk", unit="m/s^3", high=1, also_under=back)
    top_speed = Check(name="top", unit="m/s", high=30, signal="speed", also_under=back)
    odd = Quirk(name="odd", text="It is odd.", signals=("speed",), breaks=("mirror", *back))
    units = Quirk(name="units", text="It is 10.", signals=("smooth",), breaks=("scaling",))
    spec = spec_of(declared(checks=(SPEED, top_speed, jerk, SMOOTH), quirks=(odd, units)))
    by_name = {one.name.removeprefix("mine_"): one for one in metrics_of(spec)}
    broken = {name: tuple(one.breaks) for name, one in by_name.items() if one.breaks}
    assert broken == {
        "speed_margin": ("mirror",),
        "top_margin": ("mirror", *back),
        "smooth": ("mirror", "scaling"),
    }
    assert by_name["speed_margin"].breaks["mirror"] == "odd: It is odd."
    kept = {name: one.invariant_under for name, one in by_name.items()}
    assert kept["speed_margin"] == kept["speed_ok"] == kept["mine"] == ("se2",)
    assert kept["jerk_margin"] == ("se2", "mirror", "time_reversal")


def test_a_preset_keeps_what_all_its_checks_keep():
    more = {"unit": "m", "high": 1, "signal": "speed", "also_under": ("time_reversal",)}
    checks = (Check(name="a", **more), Check(name="b", **more))
    both, fewer = (
        metrics_of(spec_of(declared(checks=some)))[0] for some in (checks, (*checks, SPEED))
    )
    assert both.invariant_under == ("se2", "mirror", "time_reversal")
    assert fewer.invariant_under == ("se2", "mirror")


def test_a_quirk_of_its_own_metric_breaks_what_that_declares():
    odd = Quirk(name="odd", text="It is odd.", signals=("top",), breaks=("se2", "scaling"))
    found = metrics_of(spec_of(declared(metrics=(top,), quirks=(odd,))))[-1]
    assert (found.name, set(found.breaks)) == ("top", {"se2", "scaling"})
    assert found.invariant_under == ("mirror",)


def test_all_metrics_of_a_rollout_call_the_preset_once():
    calls = []

    def counted(rollout):
        """Speeds."""
        calls.append(rollout)
        return {"speed": rollout.speed}

    fast, many = drive(10, 40, 20), drive([10, 40], [20, 20])
    values = rollkit.evaluate(fast, [declared(counted)])
    assert {name: float(one) for name, one in values.items()} == {
        "mine": 0, "mine_speed": 40, "mine_speed_margin": -10, "mine_speed_time": 0.5,
        "mine_speed_ok": 0,
    }  # fmt: skip
    assert len(calls) == 1
    assert rollkit.evaluate(many, [declared(counted)])["mine"].tolist() == [0, 1]
    assert len(calls) == 2


def test_what_a_caller_does_with_a_value_changes_no_other():
    rollout, function = drive([10, 40], [20, 20], [5, 6]), declared()
    first = rollkit.evaluate(rollout, [function])
    for value in first.values():
        value[...] = 7
    assert rollkit.evaluate(rollout, [function])["mine_speed"].tolist() == [40, 20, 5]


def test_too_few_steps_are_undefined_and_the_function_is_not_called():
    def never(rollout):
        """Nothing."""
        raise AssertionError

    values = rollkit.evaluate(drive(1, 2), [declared(never, min_steps=5)])
    assert all(np.isnan(one) for one in values.values())


def test_a_preset_that_raises_says_whose_it_is():
    def broken(rollout):
        """Broken."""
        return {"speed": rollout.nothing}

    with pytest.raises(PluginError, match=r"mine: compute failed at .*test_presets.py:\d+"):
        rollkit.evaluate(drive(1, 2), [declared(broken)])


def test_a_preset_of_a_file_runs_by_name(fleet):
    result = rollkit.run("left", plugins=[fleet], presets=["fleet"], seeds=4)
    assert list(result.metrics) == NAMES
    assert not result.failures
    assert result.metrics["fleet"].mean == 1.0
    alone = rollkit.run("left", plugins=[fleet], seeds=4)
    assert list(alone.metrics) == NAMES, "its metrics are those of the plugin"
    assert json.dumps(result.to_dict()["presets"], allow_nan=False)


def test_an_unknown_preset_gets_the_nearest_name(fleet):
    with pytest.raises(UsageError, match="unknown preset 'fleets'; nearest"):
        rollkit.run("left", plugins=[fleet], presets=["fleets"])


@pytest.mark.parametrize("integrator", ["exact", "rk4", "euler"])
def test_the_compiled_engine_gives_the_same_numbers_beside_a_preset(fleet, integrator):
    pytest.importorskip("numba")
    about = {"plugins": [fleet], "integrator": integrator, "seeds": 50, "horizon": 2.0}
    both = [rollkit.run("left", engine=one, **about).metrics for one in ("numpy", "numba")]
    for name in NAMES:
        one, other = (result[name] for result in both)
        assert (one.n, one.mean, one.p95) == pytest.approx((other.n, other.mean, other.p95))


@pytest.mark.parametrize(("asked", "each"), [("mean", 1), ("all", 2)])
def test_samples_are_summed_up_by_the_rule_of_the_preset(fleet, asked, each):
    """Two samples of one case, 10 m/s and 40 m/s; the preset takes the best, whatever is asked."""
    ahead = np.arange(5.0)
    about = {"ids": ("a",), "dt": 0.5, "frame": "plane", "origin": "by hand"}
    both = rollkit.Poses(x=[[5 * ahead, 20 * ahead]], y=[[0 * ahead] * 2], **about)
    result = rollkit.evaluate_predictions(both, plugins=[fleet], samples=asked)
    got = result.metrics
    assert got["fleet_speed_ok"].n == each
    assert got["fleet_speed_ok"].mean == (1.0 if each == 1 else 0.5)
    assert got["fleet_top"].mean == pytest.approx(10.0 if each == 1 else 25.0)
    if each == 1:
        assert got["fleet_speed"].n == 0, "of two values neither is the better"
        assert "no value of it is the best" in got["fleet_speed"].error


def test_the_beginning_of_a_rollout_is_judged_by_itself():
    function, rollout = declared(), drive(10, 20, 50)
    assert rollkit.evaluate(rollout, [function])["mine"] == 0
    assert rollkit.evaluate(rollout.until(1), [function])["mine"] == 1


def test_a_signal_may_begin_later():
    def steps(rollout):
        """Mean speed of each step."""
        return {"speed": Signal((rollout.speed[..., 1:] + rollout.speed[..., :-1]) / 2, first=0.5)}

    assert rollkit.evaluate(drive(0, 10, 80), [declared(steps)])["mine_speed_time"] == 0.75


def test_a_signal_may_be_told_for_some_instants():
    """The first and the last of three, half a second apart."""

    def some(rollout):
        """Speed at some instants."""
        return {"speed": Signal(rollout.speed[..., ::2], at=[0, 2])}

    assert rollkit.evaluate(drive(0, 10, 80), [declared(some)])["mine_speed_time"] == 1.0

    def one_less(rollout):
        """Speed at some instants, and too few of these."""
        return {"speed": Signal(rollout.speed, at=[0, 2])}

    with pytest.raises(rollkit.PluginError, match=r"returned at \(2,\), expected \(3,\)"):
        rollkit.evaluate(drive(0, 10, 80), [declared(one_less)])


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"first": np.nan}, "returned first nan, expected a finite number of steps"),
        ({"first": -np.inf}, "returned first -inf, expected a finite number of steps"),
        ({"first": "half"}, "returned first 'half', expected a finite number of steps"),
        ({"first": None}, "returned first None, expected a finite number of steps"),
        ({"at": [0, np.nan, 2]}, r"returned at \[0, nan, 2\], expected finite numbers of steps"),
    ],
)
def test_a_signal_is_at_some_time(where, said):
    def nowhen(rollout):
        """Speed at no time that anybody knows."""
        return {"speed": Signal(rollout.speed, **where)}

    with pytest.raises(rollkit.PluginError, match=said) as raised:
        rollkit.evaluate(drive(0, 10, 80), [declared(nowhen)])
    assert "signal speed" in str(raised.value)


def test_two_rollouts_in_single_precision():
    single = np.ones((2, 3), np.float32)
    path = rollkit.Trajectory(single, single, single, single, 0.1)
    found = rollkit.evaluate(rollkit.Rollout(path), [declared()])
    assert found["mine_speed_margin"].dtype == np.float32


def test_a_plugin_that_brings_a_preset_does_not_bring_the_others_of_it(tmp_path):
    file = tmp_path / "two.py"
    two = FILE.replace("@hookimpl", f"{LAX}@hookimpl").replace("[fleet]", "[fleet, lax]")
    file.write_text(two, encoding="utf-8")

    def measured(**options):
        result = rollkit.run("straight", plugins=[str(file)], **options)
        return {one.preset for one in result.metrics.values()}, [p.name for p in result.presets]

    assert measured(presets=["fleet"]) == ({"fleet"}, ["fleet"])
    assert measured(presets=["lax", "fleet"])[0] == {"fleet", "lax"}
    assert measured()[0] == {"fleet", "lax"}
