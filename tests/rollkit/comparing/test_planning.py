"""How many seeds or cases it takes: by hand, by an oracle, and by whether so many do see it."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rollkit
from rollkit import UsageError
from rollkit.comparing import compare, plan
from rollkit.comparing.sides import Declared
from rollkit.comparing.statistics.power import cases_needed_unpaired, pairs_needed

pytest.importorskip("scipy")

RANDOM = np.random.default_rng(3)
BASE = RANDOM.normal(10, 2, 50)
ASKED = {"metrics": ["max_abs_jerk", "min_speed", "max_abs_accel"], "seeds": 30}


def power_of_t(n, std, difference, alpha):
    """By SciPy: of n pairs."""
    stats = pytest.importorskip("scipy.stats")
    critical = stats.t.ppf(1 - alpha, n - 1)
    return stats.nct.sf(critical, n - 1, math.sqrt(n) * difference / std)


def test_by_an_oracle():
    answer = plan({"gap": BASE}, difference=1.0, correlation=0.5)
    (one,) = answer.metrics.values()
    std = BASE.std(ddof=1)
    assert (one.n, one.difference) == (50, 1.0)
    np.testing.assert_allclose([one.mean, one.std], [BASE.mean(), std])
    np.testing.assert_allclose(one.std_difference, std)  # √(2 (1 - 0.5)) = 1
    # Nobody says which side of a gap is better: the test is that of `differs`, on both sides.
    assert power_of_t(one.pairs, std, 1.0, 0.025) >= 0.9
    assert power_of_t(one.pairs - 1, std, 1.0, 0.025) < 0.9
    assert (answer.pairs, answer.unpaired, one.alpha) == (one.pairs, one.unpaired, 0.025)


def test_a_pilot_says_how_the_differences_vary():
    seeds = np.arange(50)
    there = {"seed": seeds, "gap": BASE}
    pilot = {"seed": seeds[20:30], "gap": BASE[20:30] + RANDOM.normal(0.3, 0.5, 10)}
    answer = plan(there, pilot, difference=0.2)
    (one,) = answer.metrics.values()
    differences = pilot["gap"] - BASE[20:30]
    np.testing.assert_allclose(one.std_difference, differences.std(ddof=1))
    assert answer.correlation is None
    assert one.pairs < one.unpaired


def test_a_pilot_without_pairs_has_a_spread_of_its_own():
    other = RANDOM.normal(10, 6, 20)
    answer = plan({"gap": BASE}, {"gap": other}, difference=1.0, correlation=0.2)
    (one,) = answer.metrics.values()
    there, here = BASE.std(ddof=1), other.std(ddof=1)
    np.testing.assert_allclose(
        one.std_difference, math.sqrt(there**2 + here**2 - 2 * 0.2 * there * here)
    )


def test_from_an_artifact_alone(tmp_path):
    result = rollkit.run("left", **ASKED)
    result.save(tmp_path / "m.json")
    answer = plan(tmp_path / "m.json", difference="5%", metrics=["max_abs_jerk", "min_speed"])
    jerk = answer.metrics["max_abs_jerk"]
    told = result.metrics["max_abs_jerk"]
    assert (jerk.std, jerk.n, jerk.unit) == (told.std, 30, "m/s^3")
    np.testing.assert_allclose(jerk.difference, 0.05 * told.mean)
    # Each is alone in its family: speed has no better side.
    assert (jerk.alpha, answer.metrics["min_speed"].alpha) == (0.05, 0.025)
    sided = plan(tmp_path / "m.json", difference="max_abs_jerk=5%,max_abs_accel=5%")
    assert [one.alpha for one in sided.metrics.values()] == [0.025, 0.025]  # Holm's first step
    assert answer.key == "seed"
    assert json.loads(json.dumps(answer.to_dict()))["metrics"][0]["pairs"] == jerk.pairs
    alone = plan(tmp_path / "m.json", difference="max_abs_jerk=5%")
    assert list(alone.metrics) == ["max_abs_jerk"]
    assert alone.pairs == jerk.pairs < sided.pairs


def test_what_cannot_be_tested_takes_no_alpha():
    one = np.where(np.arange(50) == 0, 1.0, np.nan)
    answer = plan({"max_abs_jerk": BASE, "max_abs_accel": one}, difference=1)
    assert answer.metrics["max_abs_jerk"].alpha == 0.05


def test_beyond_a_tolerance():
    plain = plan({"max_abs_jerk": BASE}, difference=1.5).metrics["max_abs_jerk"]
    beyond = plan({"max_abs_jerk": BASE}, difference=2.5, tolerance=1.0).metrics["max_abs_jerk"]
    assert (beyond.pairs, beyond.unpaired) == (plain.pairs, plain.unpaired)
    assert (beyond.difference, beyond.tolerance) == (2.5, 1.0)
    same = plan({"max_abs_jerk": BASE}, difference=1, tolerance="1")
    assert same.metrics["max_abs_jerk"].reason == "a difference of 1 is not beyond the tolerance, 1"
    assert same.pairs is None


@pytest.mark.parametrize(
    ("name", "sign", "factor"),
    [
        ("max_abs_jerk", 1, 1.1),  # less is better, so that worse is above
        ("ttc", 1, 0.9),
        ("max_abs_jerk", -1, 0.9),  # 10 % above -10 is -9
        ("gap", 1, 1.1),  # either edge, and the base counts more at the upper
    ],
)
def test_a_tolerance_of_a_share(name, sign, factor, monkeypatch):
    """What varies is candidate - factor base: with a pilot, without one, and without pairs."""
    monkeypatch.setattr(
        "rollkit.comparing.knowing._builtin",
        {"max_abs_jerk": Declared(better="lower"), "ttc": Declared(better="higher")}.get,
    )
    base, there = sign * BASE, BASE.std(ddof=1)
    other = 0.5 * base + sign * RANDOM.normal(5, 1, 50)
    asked = {"difference": "20%", "tolerance": "10%", "correlation": 0.5}
    one = plan({name: base}, {name: other}, **asked).metrics[name]
    np.testing.assert_allclose(one.std_difference, np.std(other - factor * base, ddof=1))
    np.testing.assert_allclose(one.tolerance, 0.1 * BASE.mean())
    alpha = 0.05 if name != "gap" else 0.025
    gap = one.difference - one.tolerance
    assert one.alpha == alpha
    assert one.pairs == pairs_needed(one.std_difference, gap, alpha=alpha, power=0.9)
    here = np.std(other, ddof=1)
    expected = cases_needed_unpaired(factor * there, here, gap, alpha=alpha, power=0.9)
    assert one.unpaired == expected
    alone = plan({name: base}, **asked).metrics[name]
    np.testing.assert_allclose(
        alone.std_difference, there * math.sqrt(1 + factor**2 - 2 * 0.5 * factor)
    )


def test_a_tolerance_of_more_than_all():
    """100 % below the base is 0, and 150 % below it has another sign."""
    asked = {"difference": "300%", "tolerance": "150%"}
    one = plan({"max_abs_jerk": -BASE}, **asked).metrics["max_abs_jerk"]
    np.testing.assert_allclose(one.std_difference, BASE.std(ddof=1) * math.sqrt(1 + 0.5**2))
    assert one.unpaired >= 2


def test_so_many_do_see_it_beyond_the_tolerance():
    pilot = {"max_abs_jerk": RANDOM.normal(10, 2, 40)}
    other = {"max_abs_jerk": pilot["max_abs_jerk"] * RANDOM.normal(1, 0.1, 40)}
    needed = plan(pilot, other, difference="8%", tolerance="3%").pairs
    seen = 0
    for _ in range(40):
        base = RANDOM.normal(10, 2, needed)
        candidate = base * RANDOM.normal(1.08, 0.1, needed)
        answer = compare({"max_abs_jerk": base}, {"max_abs_jerk": candidate}, tolerance="3%")
        seen += answer.metrics["max_abs_jerk"].verdict == "worse"
    assert seen >= 29


def test_what_cannot_be_planned_says_why():
    values = {"gap": BASE, "zero": BASE * 0, "mid": BASE - BASE.mean(), "inf": np.full(50, np.inf)}
    answer = plan(values, difference="5%")
    reasons = {name: one.reason for name, one in answer.metrics.items()}
    assert reasons["gap"] is None
    assert reasons["zero"] == "all 50 values are the same: nothing to plan by"
    assert reasons["inf"] == "an infinite value, which has no mean"
    assert plan({"gap": [1.0]}, difference=1).metrics["gap"].reason.startswith("too few values")
    mixed = plan({"gap": [-1.0, 1.0]}, difference="5%")
    assert mixed.metrics["gap"].reason == "5% of a mean of 0 is no difference"
    assert (mixed.pairs, mixed.unpaired) == (None, None)
    sweep = rollkit.run("left,right", **ASKED)
    assert "share their seeds" in plan(sweep, difference=1).metrics["min_speed"].reason
    missing = plan({"a": BASE, "b": BASE}, {"b": BASE + 1}, difference=1)
    assert missing.metrics["a"].reason == "missing on one side"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"difference": 1, "power": 1.0}, "power: got 1.0"),
        ({"difference": 1, "power": 0.01}, "power: got 0.01, expected a number from 0.05"),
        ({"difference": 1, "alpha": 0.7}, "alpha: got 0.7"),
        ({"difference": 1, "correlation": 1}, "correlation: got 1"),
        ({"difference": "x"}, "difference: got 'x'"),
        ({"difference": 1, "tolerance": "x"}, "tolerance: got 'x'"),
        ({"difference": 1, "tolerance": "gasp=1"}, "unknown metric 'gasp'.*nearest: gap"),
        ({"difference": "gasp=1"}, "unknown metric 'gasp'.*nearest: gap"),
        ({"difference": 1, "metrics": ["gasp"]}, "unknown metric 'gasp'"),
    ],
)
def test_a_wrong_call(asked, said):
    with pytest.raises(UsageError, match=said):
        plan({"gap": BASE}, **asked)


@given(st.floats(0.5, 3), st.floats(-0.9, 0.9), st.integers(-6, 6))
def test_larger_differences_and_closer_pairs_take_fewer(difference, correlation, power):
    def pairs(**others):
        asked = {"difference": difference, "correlation": correlation, **others}
        return plan({"gap": BASE}, **asked).pairs

    assert pairs(difference=2 * difference) <= pairs()
    assert pairs(correlation=(1 + correlation) / 2) <= pairs()
    assert pairs(power=0.95) >= pairs()
    scale = 2.0**power
    other = plan({"gap": BASE * scale}, difference=difference * scale, correlation=correlation)
    assert other.pairs == pairs()


def test_so_many_do_see_it():
    pilot = {"seed": np.arange(20), "gap": RANDOM.normal(10, 2, 20)}
    other = {"seed": np.arange(20), "gap": pilot["gap"] + RANDOM.normal(0, 1, 20)}
    needed = plan(pilot, other, difference=0.5).pairs
    std = np.std(other["gap"] - pilot["gap"], ddof=1)
    seen = 0
    for _ in range(40):
        base = RANDOM.normal(10, 2, needed)
        candidate = base + RANDOM.normal(0.5, std, needed)
        answer = compare(
            {"seed": np.arange(needed), "max_abs_jerk": base},
            {"seed": np.arange(needed), "max_abs_jerk": candidate},
        )
        seen += answer.metrics["max_abs_jerk"].verdict == "worse"
    assert seen >= 29  # 36 of 40 are expected, fewer than 29 once in a thousand times


@pytest.mark.parametrize("difference", [0, "0%", None, {}, {"max_abs_jerk": 0.0}])
def test_there_has_to_be_a_difference_to_see(difference):
    base = {"max_abs_jerk": np.arange(10.0)}
    with pytest.raises(UsageError, match=r"difference: got .* more than 0"):
        plan(base, difference=difference)
