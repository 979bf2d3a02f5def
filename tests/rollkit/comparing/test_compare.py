"""Comparisons as a whole: real runs and evaluations, and what can be wrong with a pair."""

import json
from dataclasses import replace

import numpy as np
import pytest

import rollkit
from rollkit import DataError, UsageError
from rollkit.comparing import compare, plan
from rollkit.results import text_of

pytest.importorskip("scipy")
pytest.importorskip("pyarrow")

ASKED = {"metrics": ["max_abs_jerk", "min_speed", "max_abs_accel"], "seeds": 40}

POLICY = '''
"""A policy: brakes and accelerates, a little differently each time."""

import numpy as np

from rollkit import Actions, State


def drive(draws, *, horizon, dt, rough=1.0):
    """Smooth actions; `rough` stretches how they vary over time, and so the jerk."""
    steps = round(horizon / dt)
    size, phase, speed = (draws.uniform(1)[:, 0] for _ in range(3))
    time = np.arange(steps) * dt
    accel = (0.5 + size)[:, None] * np.sin(2 * time + 6 * phase[:, None])
    initial = State(x=0 * size, y=0 * size, yaw=0 * size, speed=15 + speed)
    return initial, Actions(rough * accel, 0 * accel, dt)
'''


@pytest.fixture(scope="module")
def policy():
    """A source function in a file, as a user has it."""
    space = {"__name__": "policy"}
    exec(compile(POLICY, "policy.py", "exec"), space)
    return space["drive"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Runs and evaluations, each with its values; read by tests that must not change them."""
    place = tmp_path_factory.mktemp("compared")
    for name, source, asked in (
        ("left", "left", {}),
        ("again", "left", {}),
        ("right", "right", {}),
        ("fine", "left", {"dt": 0.05}),
        ("others", "left", {"seeds": (30, 60)}),
        ("far", "left", {"seeds": (100, 110)}),
        ("more", "left", {"metrics": [*ASKED["metrics"], "final_speed"]}),
        ("sweep", "left,right", {}),
    ):
        result = rollkit.run(source, **{**ASKED, **asked}, save=place / f"{name}.parquet")
        result.save(place / f"{name}.json")
    random = np.random.default_rng(5)
    for name, error in (("precise", 0.1), ("vague", 0.4)):
        result = rollkit.evaluate_predictions(
            poses(random, 3, error),
            poses(None, 1, 0),
            metrics=["ade", "min_ade"],
            at=[1.0],
            samples="all",
            save=place / f"{name}.parquet",
        )
        result.save(place / f"{name}.json")
    return place


def poses(random, samples, error):
    """Ten cases, straight on, and how far predictions are beside that."""
    x = np.broadcast_to(np.arange(5.0), (10, samples, 5))
    y = np.zeros((10, samples, 5))
    if random is not None:
        y = y + random.normal(0, error, (10, samples, 1)) * np.arange(5)
    ids = tuple(f"case {one}" for one in range(10))
    return rollkit.Poses(ids=ids, x=x, y=y, dt=0.5, frame="plane", origin="by hand")


def words(answer):
    """The verdict on each metric."""
    return {name: one.verdict for name, one in answer.metrics.items()}


def test_an_unchanged_pair_is_equal_in_everything(folder):
    answer = compare(folder / "left.json", folder / "again.json")
    assert (answer.paired_by, answer.pairs, answer.ok, answer.notes) == ("seed", 40, True, ())
    for one in answer.metrics.values():
        assert (one.verdict, one.difference, one.pairs) == ("equal", 0, 40)
    assert json.loads(answer.to_json())["ok"] is True


@pytest.mark.parametrize("kinds", ["json parquet", "parquet json", "parquet parquet"])
def test_artifacts_and_files_of_values_are_the_same_to_it(folder, kinds):
    there, here = kinds.split()
    whole = compare(folder / "left.json", folder / "right.json")
    other = compare(folder / f"left.{there}", folder / f"right.{here}")
    assert other.metrics == whole.metrics
    assert (other.base, other.pairs) == (str(folder / f"left.{there}"), 40)


def test_results_in_memory_are_the_same_to_it(folder):
    sides = [rollkit.run(one, **ASKED, keep_values=True) for one in ("left", "right")]
    answer = compare(*sides)
    assert answer.metrics == compare(folder / "left.json", folder / "right.json").metrics
    assert (answer.base, answer.candidate) == ("base", "candidate")
    assert compare(*sides, names=("main", "branch")).candidate == "branch"


@pytest.mark.parametrize("rough", [1.0, 1.05])
def test_a_regression_is_caught_with_as_many_seeds_as_planned(policy, rough):
    asked = {"metrics": ["max_abs_jerk", "min_speed"], "keep_values": True}
    base = rollkit.run(policy, seeds=30, **asked)
    # The same seeds are alike, as far as is known beforehand: the plan without a pilot is careful.
    seeds = plan(base, difference="max_abs_jerk=5%", correlation=0.5).pairs
    sides = [
        rollkit.run(policy, params={"rough": one}, seeds=seeds, **asked) for one in (1.0, rough)
    ]
    answer = compare(*sides)
    jerk = answer.metrics["max_abs_jerk"]
    if rough == 1.0:
        assert answer.ok
        assert set(words(answer).values()) == {"equal"}
        return
    assert jerk.verdict == "worse"
    assert not answer.ok
    assert jerk.relative == pytest.approx(0.05)
    assert jerk.low < jerk.difference < jerk.high
    assert jerk.probability_worse > 0.99
    allowed = compare(*sides, tolerance="max_abs_jerk=6%,min_speed=0.5", equivalence=True)
    assert words(allowed) == {"max_abs_jerk": "equal", "min_speed": "equal"}
    assert allowed.ok


def test_without_values_only_moments_are_compared(folder):
    stats = pytest.importorskip("scipy.stats")
    sides = [rollkit.run(one, **ASKED) for one in ("left", "right")]
    answer = compare(*sides)
    assert (answer.paired_by, answer.pairs) == (None, 0)
    (note,) = answer.notes
    assert "not paired, for want of the values of each seed in base and candidate" in note
    assert "--save" in note
    one = compare(*sides, metrics=["max_abs_accel"]).metrics["max_abs_accel"]
    there, here = (side.metrics["max_abs_accel"] for side in sides)
    order = (here.mean, here.std, here.n, there.mean, there.std, there.n)
    oracle = stats.ttest_ind_from_stats(*order, equal_var=False, alternative="greater")
    np.testing.assert_allclose(one.p_worse, oracle.pvalue)
    assert (one.pairs, one.n_base, one.n_candidate) == (None, 40, 40)
    mixed = compare(folder / "left.json", sides[1])
    assert mixed.paired_by is None
    assert "of each seed in candidate" in mixed.notes[0]


def test_moments_of_an_artifact_and_of_its_values_say_the_same():
    sides = [
        rollkit.run(source, **{**ASKED, "seeds": seeds}, keep_values=True)
        for source, seeds in (("left", 40), ("right", 41))
    ]
    told = [replace(one, values=None) for one in sides]
    values = [{name: one.values[name] for name in ASKED["metrics"]} for one in sides]
    answers = [compare(*each, tolerance="1%") for each in (told, values)]
    for name in ASKED["metrics"]:
        one, other = (answer.metrics[name] for answer in answers)
        assert one.pairs is other.pairs is None
        for what in ("difference", "low", "high", "effect", "p_worse", "p_equal", "tolerance"):
            assert getattr(one, what) == pytest.approx(getattr(other, what)), (name, what)


def test_seeds_that_only_one_side_has_are_counted(folder):
    answer = compare(folder / "left.json", folder / "others.json")
    assert (answer.pairs, answer.only_base, answer.only_candidate) == (10, 30, 20)
    assert set(words(answer).values()) == {"equal"}
    with pytest.raises(DataError, match=r"no seed in common: 0, 1, 2, \.\.\. there, 100, 101, 102"):
        compare(folder / "left.json", folder / "far.json")


def test_the_seed_is_the_unit_of_a_sweep(folder):
    answer = compare(folder / "sweep.json", folder / "sweep.parquet")
    assert (answer.paired_by, answer.pairs) == ("seed", 40)
    assert answer.metrics["min_speed"].n_base == 40
    with pytest.raises(UsageError, match="not sweeps of the same cells: 2 there, 1 here"):
        compare(folder / "sweep.json", folder / "left.json")


def test_the_case_is_the_unit_of_an_evaluation(folder):
    answer = compare(folder / "precise.json", folder / "vague.json")
    assert (answer.paired_by, answer.pairs) == ("case", 10)
    assert words(answer)["ade"] == words(answer)["ade@1s"] == "worse"
    told = json.loads((folder / "precise.json").read_text(encoding="utf-8"))
    means = {one["name"]: one["mean"] for one in told["metrics"]}
    for name, one in answer.metrics.items():
        assert one.base_mean == pytest.approx(means[name])
    with pytest.raises(UsageError, match=r"seeds of a run and .* has cases of an evaluation"):
        compare(folder / "left.json", folder / "precise.json")


def test_other_definitions_are_refused_unless_told(folder):
    with pytest.raises(UsageError) as caught:
        compare(folder / "left.json", folder / "fine.json")
    assert caught.value.message.endswith("are defined differently: dt: 0.1 there, 0.05 here")
    with pytest.raises(UsageError, match=r"dt: 0\.1 there, 0\.05 here"):
        compare(folder / "left.parquet", folder / "fine.parquet")
    answer = compare(folder / "left.json", folder / "fine.json", anyway=True)
    assert answer.definitions == ("dt: 0.1 there, 0.05 here",)
    assert answer.pairs == 40


def test_values_that_a_later_run_wrote_are_not_the_bases(policy, tmp_path):
    file = tmp_path / "values.parquet"
    asked = {"metrics": ["max_abs_jerk"], "seeds": 30, "save": file}
    rollkit.run(policy, **asked).save(tmp_path / "base.json")
    source = POLICY.replace("np.sin(2 * time", "1.05 * np.sin(2 * time")
    space = {"__name__": "policy"}
    exec(compile(source, "policy.py", "exec"), space)
    rollkit.run(space["drive"], **asked).save(tmp_path / "candidate.json")
    answer = compare(tmp_path / "base.json", tmp_path / "candidate.json")
    assert answer.paired_by is None
    assert "another run's by now (max_abs_jerk" in answer.notes[0]
    assert answer.metrics["max_abs_jerk"].difference > 0


def test_a_metric_of_one_side_only(folder):
    more, less = folder / "more.json", folder / "left.json"
    answer = compare(less, more)
    one = answer.metrics["final_speed"]
    assert (one.verdict, one.broken, answer.ok) == ("undecided", False, True)
    assert one.reason == f"missing in {less}"
    assert compare(less, more, fail_on="undecided").failed == ()
    answer = compare(more, less)
    one = answer.metrics["final_speed"]
    assert (one.broken, answer.failed) == (True, (one,))
    assert compare(more, less, fail_on="never").ok
    assert compare(more, less, metrics=["min_speed"]).ok
    with pytest.raises(UsageError, match=r"unknown metric 'min_sped'.*nearest: min_speed"):
        compare(more, less, metrics=["min_sped"])
    with pytest.raises(UsageError, match="no metric that both sides have: base has a; candidate"):
        compare({"a": [1.0]}, {"b": [1.0]})


def test_a_metric_that_failed(folder, tmp_path):
    def changed(name, **values):
        data = json.loads((folder / "left.json").read_text(encoding="utf-8"))
        data["volatile"]["saved"] = []
        data["metrics"][0].update(values)
        (tmp_path / name).write_text(text_of(data), encoding="utf-8")
        return tmp_path / name

    failed = changed("failed.json", status="failed", error="plugin x: it broke")
    whole = changed("whole.json")
    answer = compare(whole, failed)
    (one,) = answer.failed
    assert one.reason == f"failed in {failed}: plugin x: it broke"
    assert compare(failed, whole).ok
    nothing = {"status": "undefined", "error": "too short", "n": 0, "n_undefined": 40}
    empty = changed("empty.json", **nothing, mean=None, std=None, min=None, max=None)
    (one,) = compare(whole, empty).failed
    assert one.reason == f"undefined in {empty}: too short"
    assert compare(empty, whole).ok
    assert compare(empty, empty).ok


def test_values_that_the_candidate_has_lost():
    seeds = np.arange(30)
    base = {"seed": seeds, "max_abs_jerk": 5 + np.sin(seeds)}
    better = base["max_abs_jerk"] - 1
    lost = np.where(seeds == 3, np.nan, better)
    one = compare(base, {"seed": seeds, "max_abs_jerk": lost}).metrics["max_abs_jerk"]
    assert (one.verdict, one.only_base, one.pairs) == ("undecided", 1, 29)
    assert one.reason.startswith("undefined in candidate for 1 that base has")
    gained = compare({"seed": seeds, "max_abs_jerk": lost}, base)
    assert words(gained) == {"max_abs_jerk": "worse"}
    unpaired = compare({"max_abs_jerk": base["max_abs_jerk"]}, {"max_abs_jerk": lost[:-1]})
    one = unpaired.metrics["max_abs_jerk"]
    assert one.verdict == "undecided"
    assert one.reason.startswith("undefined for 1 of 29 in candidate, 0 of 30 in base")


def test_as_large_a_share_of_values_lost_is_not_held_against_it():
    base = np.where(np.arange(100) < 10, np.nan, np.sin(np.arange(100)) + 3)
    candidate = np.where(np.arange(200) < 15, np.nan, np.sin(np.arange(200)) + 1)
    one = compare({"max_abs_jerk": base}, {"max_abs_jerk": candidate}).metrics["max_abs_jerk"]
    assert (one.verdict, one.n_base, one.n_candidate) == ("better", 90, 185)


def test_samples_of_a_case_are_averaged_on_each_side_by_itself():
    there = {"case": ["a", "a", "b", "b"], "sample": [0, 1, 0, 1], "gap": [1.0, 3, 5, 7]}
    here = {"case": ["a", "a", "a", "b"], "sample": [0, 1, 2, 0], "gap": [1.0, 2, 6, 9]}
    one = compare(there, here).metrics["gap"]
    assert (one.pairs, one.base_mean, one.candidate_mean) == (2, 4.0, 6.0)


def test_a_claim_of_equivalence_knows_the_bounds_of_a_metric():
    """No rollout of 52 folds back, on either side: that shows no rate below 1 %."""
    seeds = np.arange(52)
    side = {"seed": seeds, "folds_back": np.zeros(52), "crashes": np.zeros(52)}
    answer = compare(side, side, tolerance=0.01, equivalence=True)
    assert words(answer) == {"folds_back": "undecided", "crashes": "equal"}
    assert answer.metrics["folds_back"].p_equal == pytest.approx(0.99**52)
    side = {"folds_back": np.zeros(299)}
    assert words(compare(side, side, tolerance=0.01, equivalence=True)) == {"folds_back": "equal"}


@pytest.mark.parametrize("paired", [True, False])
def test_the_order_of_rows_and_of_metrics_is_nothing(paired):
    random = np.random.default_rng(4)
    keys = {"seed": np.arange(40)} if paired else {}
    base = {**keys, "max_abs_jerk": random.gamma(2, 1, 40), "gap": random.normal(9, 1, 40)}
    candidate = {name: one if name == "seed" else one + 0.3 for name, one in base.items()}
    candidate = {name: one[: 40 if paired else 30] for name, one in candidate.items()}
    whole = compare(base, candidate, tolerance="2%")
    there, here = random.permutation(40), random.permutation(len(candidate["gap"]))
    base = {name: base[name][there] for name in reversed(base)}
    candidate = {name: candidate[name][here] for name in reversed(candidate)}
    other = compare(base, candidate, tolerance="2%")
    for name, one in whole.metrics.items():
        again = other.metrics[name]
        if paired:
            assert again == one
        assert again.verdict == one.verdict
        for what in ("difference", "low", "high", "p_worse", "p_differs", "p_equal", "tolerance"):
            assert getattr(again, what) == pytest.approx(getattr(one, what)), what


def test_arrays_without_keys_are_paired_by_position():
    random = np.random.default_rng(0)
    base = random.normal(5, 3, 30)
    answer = compare({"gap": base}, {"gap": base + 0.1 + 0.01 * np.sin(base)})
    assert (answer.paired_by, answer.pairs) == ("position", 30)
    one = answer.metrics["gap"]
    assert (one.verdict, one.better, one.p_worse, answer.ok) == ("differs", None, None, True)
    answer = compare({"gap": base}, {"gap": base[1:] + 0.1})
    assert (answer.paired_by, words(answer)) == (None, {"gap": "undecided"})
    assert "need a key on both sides" in answer.notes[0]
    named = compare({"max_abs_jerk": base}, {"max_abs_jerk": base + 0.1})
    assert named.metrics["max_abs_jerk"].better == "lower"
    assert "taken for the metrics of rollkit's by that name: max_abs_jerk" in named.notes


def test_another_unit_has_no_difference_even_so(tmp_path):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    paths = []
    for unit in ("m", "cm"):
        field = arrow.field("gap", arrow.float64(), metadata={"unit": unit})
        schema = arrow.schema([arrow.field("case", arrow.string()), field])
        table = arrow.table({"case": ["a", "b"], "gap": [1.0, 2.0]}, schema=schema)
        paths.append(tmp_path / f"{unit}.parquet")
        parquet.write_table(table, paths[-1])
    with pytest.raises(UsageError, match="gap: unit: m there, cm here"):
        compare(*paths)
    (one,) = compare(*paths, anyway=True).failed
    assert one.reason == "unit: m there, cm here: such numbers have no difference"
    assert one.difference is None


def test_a_share_of_a_mean_of_nothing_is_no_tolerance():
    seeds = np.arange(30)
    none = {"seed": seeds, "hits": np.zeros(30)}
    few = {"seed": seeds, "hits": (seeds % 7 == 0) * 1.0}
    one = compare(none, few, tolerance="5%").metrics["hits"]
    assert (one.verdict, one.tolerance) == ("undecided", 0)
    assert one.reason == "5% of a base mean of 0 is no tolerance"
    assert words(compare(none, none, tolerance="5%")) == {"hits": "equal"}
    held = compare(none, few, tolerance="5%", equivalence=True)
    assert not held.ok


def test_an_infinite_value_spoils_its_metric_alone():
    seeds = np.arange(30)
    base = {"seed": seeds, "gap": np.sin(seeds), "size": np.cos(seeds)}
    answer = compare(base, {**base, "gap": np.where(seeds == 1, np.inf, base["gap"])})
    assert words(answer) == {"gap": "undecided", "size": "equal"}
    assert answer.metrics["gap"].reason == "an infinite value, which has no mean"
    assert answer.metrics["gap"].broken
    unpaired = {"gap": [1.0, np.inf, 3.0]}, {"gap": [1.0, 2.0]}
    for sides in (unpaired, unpaired[::-1]):
        assert compare(*sides).metrics["gap"].reason == "an infinite value, which has no mean"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"fail_on": "better"}, "unknown verdict to fail on 'better'"),
        ({"alpha": 0}, "alpha: got 0, expected a number between 0 and 0.5"),
        ({"alpha": float("nan")}, "alpha: got nan"),
        ({"tolerance": "1 m"}, "tolerance: got '1 m'"),
        ({"tolerance": "gapp=1"}, "unknown metric 'gapp' of the comparison; nearest: gap"),
        ({"equivalence": True}, "equivalence: gap has no tolerance"),
        ({"equivalence": True, "tolerance": 0}, "equivalence: gap has no tolerance"),
        ({"metrics": "gap"}, "metrics: "),
        ({"names": "ab"}, "names: got 'ab'"),
    ],
)
def test_a_wrong_call(asked, said):
    with pytest.raises(UsageError, match=said):
        compare({"gap": [1.0, 2.0]}, {"gap": [1.0, 2.5]}, **asked)


def test_scipy_is_asked_for_where_it_is_needed_and_only_there(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    few = {"gap": [1.0, 2.0, 4.0]}
    assert compare(few, few).ok
    with pytest.raises(UsageError, match="SciPy, which is not installed") as caught:
        compare(few, {"gap": [1.0, 2.0]}).metrics["gap"]
    assert caught.value.hint == "pip install 'rollkit[compare]'"
