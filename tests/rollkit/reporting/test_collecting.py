"""What a report shows, and what it says of what it cannot show."""

import json
from dataclasses import replace

import numpy as np
import pytest

import rollkit
from rollkit import DataError, UsageError
from rollkit.reporting import again
from rollkit.reporting.collecting import collect
from rollkit.reporting.differing import differing

from ..predictions.made import poses, random, straight

METRICS = ["max_abs_jerk", "min_speed"]


def ran(**options):
    return rollkit.run("left", **{"metrics": METRICS, "seeds": 30, **options})


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def never_again(monkeypatch):
    """Whatever is done again is an error."""

    def refuse(*_):
        raise AssertionError("done again")

    monkeypatch.setattr(again, "_again", refuse)


def names(shown):
    return [one.name for one in shown.examples]


def test_of_a_result_with_values_nothing_is_done_again(never_again):
    result = ran(keep_values=True, gates=["max_abs_jerk <= 3"])
    found = collect(result)
    assert (found.title, found.notes, found.base, found.comparison) == (
        "left, 30 rollouts", (), None, None,
    )  # fmt: skip
    shown = found.shown
    assert shown.result is result
    assert shown.values is result.values
    assert shown.label == "candidate"
    assert len(shown.rows) == 30
    assert shown.rows[0] == np.argmax(result.values["max_abs_jerk"])
    assert shown.examples[0].wanted.why == (
        "gate max_abs_jerk <= 3: FAIL",
        "worst max_abs_jerk",
    )
    for one in shown.examples:
        assert rollkit.evaluate(one.rollout, METRICS)["max_abs_jerk"] == one.values["max_abs_jerk"]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_artifact_is_done_again_to_the_same_numbers(here, workers):
    kept = ran(seeds=4097, keep_values=True)
    kept.save("left.json")
    found = collect("left.json", workers=workers)
    assert found.notes == ()
    assert found.shown.label == "left.json"
    for name in METRICS:
        np.testing.assert_array_equal(found.shown.values[name], kept.values[name])
    assert names(found.shown) == names(collect(kept).shown)


def test_progress_is_told(here):
    calls = []
    collect(ran(seeds=10_000), progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (10_000, 10_000)
    predicted, went = random(2, cases=7, samples=2, steps=4)
    result = rollkit.evaluate_predictions(predicted, went, metrics=["ade"])
    both = {"predictions": predicted, "reference": went}
    collect(result, **both, progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (7, 7)


def test_saved_values_are_read(here, never_again):
    pytest.importorskip("pyarrow", reason="Parquet needs the extra parquet")
    sweep = rollkit.run("left,right", metrics=METRICS, seeds=20, save="v.parquet", keep_values=True)
    sweep.save("m.json")
    found = collect("m.json")
    assert found.notes == ()
    for name in sweep.values.keys:
        np.testing.assert_array_equal(found.shown.values.keys[name], sweep.values.keys[name])
    for name in METRICS:
        np.testing.assert_array_equal(found.shown.values[name], sweep.values[name])
    assert found.shown.examples[0].wanted.cell is not None


def test_saved_cases_are_read_even_where_their_poses_are_gone(here, never_again):
    pytest.importorskip("pyarrow", reason="Parquet needs the extra parquet")
    predicted, went = random(2, cases=7, samples=3, steps=4)
    asked = {"metrics": ["ade", "fde"], "samples": "all", "keep_values": True}
    result = rollkit.evaluate_predictions(predicted, went, save="v.parquet", **asked)
    result.save("m.json")
    found = collect("m.json")
    assert list(found.shown.values.keys["case"]) == list(result.values.keys["case"])
    np.testing.assert_array_equal(found.shown.values["ade"], result.values["ade"])
    assert found.notes == (
        "no rollouts are drawn: what was evaluated was in memory, and no file holds it",
    )


@pytest.mark.parametrize(
    "other", [{"seeds": 29}, {"params": {"speed": 9}}, {"integrator": "euler"}]
)
def test_saved_values_of_another_run_are_not_taken(here, other):
    pytest.importorskip("pyarrow", reason="Parquet needs the extra parquet")
    ran(save="v.parquet").save("m.json")
    ran(save="v.parquet", **other)
    kept = ran(keep_values=True)
    found = collect("m.json")
    np.testing.assert_array_equal(found.shown.values["min_speed"], kept.values["min_speed"])


def test_what_comes_out_differently_is_said(here):
    result = ran()
    slower = replace(result.metrics["min_speed"], mean=1.0)
    changed = replace(result, metrics={**result.metrics, "min_speed": slower})
    provenance = {**result.provenance, "rollkit": "0.0.1"}
    found = collect(replace(changed, provenance=provenance))
    made, differs = found.notes
    assert made == f"rollkit 0.0.1 made it, this is {rollkit.__version__}"
    now = result.metrics["min_speed"].mean
    assert differs == (
        "done again, 1 of 2 metrics differ from the artifact, so inputs or code have changed "
        "since; the statistics are those of the artifact, all else is of now: min_speed: mean was "
        f"1, is {now:.6g}"
    )
    assert found.shown.result.metrics["min_speed"].mean == 1.0
    assert len(found.shown.values) == 30


def test_rounding_is_no_difference():
    result = ran(keep_values=True)
    one = result.metrics["min_speed"]
    rounded = replace(one, mean=one.mean * (1 + 1e-12), max=one.max * (1 - 1e-12))
    other = replace(one, mean=one.mean * (1 + 1e-7))
    assert differing({"min_speed": rounded}, result.values) == []
    assert len(differing({"min_speed": other}, result.values)) == 1
    cancelled = rollkit.Values(result.values.keys, {"min_speed": np.array([-1e3, 1e3])})
    about_0 = replace(one, n=2, mean=3e-14, min=-1e3, max=1e3)
    assert differing({"min_speed": about_0}, cancelled) == []


def test_many_that_differ_are_counted():
    result = rollkit.run("left", seeds=30)
    others = {name: replace(one, n=31) for name, one in result.metrics.items()}
    (note,) = collect(replace(result, metrics=others)).notes
    assert note.count(": n was 31, is 30") == 3
    assert note.endswith("; and 3 more")


def predictions_file(path, seed):
    predicted, went = random(seed, cases=4, samples=2, steps=4, dt=0.5)
    x, y = predicted.x, predicted.y
    time = np.arange(5) * 0.5
    np.savez(path, ids=list("abcd"), t=time, x=x, y=y, ref_x=went.x[:, 0], ref_y=went.y[:, 0])


def test_an_input_that_has_changed_is_named(here):
    predictions_file("p.npz", 1)
    rollkit.evaluate_predictions("p.npz", metrics=["ade"]).save("m.json")
    assert collect("m.json").notes == ()
    predictions_file("p.npz", 2)
    about_file, differs = collect("m.json").notes
    assert about_file == "p.npz has changed since that run; the numbers may differ"
    assert differs.startswith("done again, 1 of 1 metrics differ from the artifact")


def test_without_its_inputs_an_evaluation_has_its_statistics(here):
    predictions_file("p.npz", 1)
    result = rollkit.evaluate_predictions("p.npz", metrics=["ade"], gates=["mean(ade) <= 0"])
    result.save("m.json")
    (here / "p.npz").unlink()
    found = collect("m.json")
    assert found.title == "p.npz, 4 cases"
    assert found.notes == (
        "it cannot be done again, so there are statistics only: p.npz: no such file",
    )
    assert found.shown.result.to_dict() == result.to_dict()
    assert found.shown.values["ade"].shape == found.shown.rows.shape == (0,)
    assert len(found.shown.values) == 0
    assert found.shown.examples == ()


def test_a_plugin_that_is_gone_is_a_note(here):
    (here / "mine.py").write_text(
        "from rollkit import hookimpl, metric\n\n"
        "@metric(unit='m/s', better='lower')\ndef top(rollout):\n"
        "    '''Largest speed.'''\n    return rollout.speed.max(axis=-1)\n\n"
        "@hookimpl\ndef rollkit_metrics():\n    return [top]\n"
    )
    rollkit.run("left", plugins=["./mine.py"], seeds=5).save("m.json")
    assert collect("m.json").notes == ()
    (here / "mine.py").unlink()
    (note,) = collect("m.json").notes
    assert note.startswith("it cannot be done again, so there are statistics only: ")
    assert "mine.py" in note


def standing(draws, *, horizon, dt):
    """Nothing moves."""
    steps = np.zeros((len(draws), round(horizon / dt)))
    return rollkit.State(), rollkit.Actions(steps, steps, dt)


def test_a_function_of_the_session_is_drawn_where_it_is_given():
    source = lambda draws, *, horizon, dt: standing(draws, horizon=horizon, dt=dt)  # noqa: E731
    result = rollkit.run(source, metrics=METRICS, seeds=3, keep_values=True)
    without = collect(result)
    assert len(without.shown.rows) == 3
    assert without.shown.examples == ()
    assert without.notes[0].startswith("no rollouts are drawn: ")
    given = collect(result, source=source)
    assert given.notes == ()
    assert names(given.shown) == ["seed 0"]
    assert len(collect(replace(result, values=None), source=source).shown.values) == 3


def test_what_is_no_longer_what_was_measured_is_not_drawn():
    def other(draws, *, horizon, dt):
        """Faster."""
        _, actions = standing(draws, horizon=horizon, dt=dt)
        return rollkit.State(speed=1.0), actions

    result = rollkit.run(standing, metrics=["min_speed"], seeds=3, keep_values=True)
    drawn = collect(result, source=other)
    assert drawn.shown.examples == ()
    assert drawn.notes == ("not drawn, since done again they are not what was measured: seed 0",)
    assert names(collect(result, source=standing).shown) == ["seed 0"]


@pytest.mark.parametrize("as_given", [lambda one: one, lambda one: iter([one])])
def test_poses_in_memory_are_given_once_and_read_twice(as_given):
    predicted, went = random(2, cases=7, samples=2, steps=4)
    result = rollkit.evaluate_predictions(predicted, went, metrics=["ade"])
    found = collect(result, predictions=as_given(predicted), reference=as_given(went))
    assert found.notes == ()
    assert len(found.shown.values) == 7
    example = found.shown.examples[0]
    assert example.rollout.batch == (2,)
    assert example.rollout.reference.batch == ()


def test_what_is_given_has_to_fit():
    evaluated = rollkit.evaluate_predictions(straight(), metrics=["min_speed"])
    for result, given, says in (
        (ran(), {"predictions": straight()}, "predictions: a run has none"),
        (ran(), {"reference": [straight()]}, "reference: a run has none"),
        (evaluated, {"source": standing}, "source: an evaluation has none"),
        (evaluated, {"predictions": "p.npz"}, "got the path 'p.npz', expected poses"),
        (evaluated, {"predictions": 7}, "predictions: got int, expected"),
    ):
        with pytest.raises(UsageError, match=says):
            collect(result, **given)


def test_a_table_is_cut_and_says_so():
    found = collect(ran(seeds=3000, keep_values=True), most_rows=1000, most_examples=2)
    assert len(found.shown.rows) == 1000
    assert len(found.shown.examples) == 2
    assert found.notes == ("the table lists the 1,000 worst of 3,000",)


def test_a_metric_that_failed_and_one_that_is_undefined_are_no_examples():
    result = ran(metrics=[*METRICS, "ade"], keep_values=True, gates=["ade <= 1", "MIN_SPEED > 0"])
    assert result.metrics["ade"].status == "undefined"
    reasons = {why for one in collect(result).shown.examples for why in one.wanted.why}
    assert not any("ade" in one for one in reasons)
    assert "gate MIN_SPEED > 0: PASS" in reasons


def test_with_a_base_both_sides_show_the_same_seeds():
    pytest.importorskip("scipy", reason="comparing needs the extra compare")
    base = ran(keep_values=True)
    candidate = ran(params={"speed": 9}, keep_values=True)
    found = collect(candidate, base=base)
    assert names(found.base) == names(found.shown)
    assert (found.shown.label, found.base.label) == ("candidate", "base")
    assert (found.comparison.base, found.comparison.candidate) == ("base", "candidate")
    assert found.comparison.pairs == 30
    assert found.base.examples[0].rollout.speed[0, 0] != found.shown.examples[0].rollout.speed[0, 0]


def test_what_the_base_has_not_is_not_shown_there(here):
    pytest.importorskip("scipy", reason="comparing needs the extra compare")
    ran(seeds=10).save("a.json")
    ran(seeds=30).save("b.json")
    found = collect("b.json", base="a.json")
    assert set(names(found.base)) == {
        one for one in names(found.shown) if int(one.removeprefix("seed ")) < 10
    }
    assert (found.shown.label, found.base.label) == ("b.json", "a.json")


def test_sweeps_show_the_same_cells():
    pytest.importorskip("scipy", reason="comparing needs the extra compare")
    sweep = ran(grid={"speed": [6, 8]}, keep_values=True)
    other = ran(grid={"speed": [6, 8]}, dt=0.2, keep_values=True)
    found = collect(sweep, base=other, anyway=True)
    assert names(found.base) == names(found.shown)
    assert {one.wanted.cell for one in found.base.examples} == {0, 1}
    with pytest.raises(UsageError, match="not sweeps of the same cells"):
        collect(sweep, base=ran(keep_values=True))


def test_a_source_that_failed_has_nothing_to_show():
    def broken(draws, *, horizon, dt):
        """Fails."""
        raise ArithmeticError("no")

    result = rollkit.run(broken, metrics=METRICS, seeds=3)
    found = collect(result, source=broken)
    assert found.shown.result.failures
    assert len(found.shown.values) == len(found.shown.rows) == 0
    assert (found.shown.examples, found.notes) == ((), ())


def test_artifacts_of_one_name_are_called_by_their_paths(here):
    pytest.importorskip("scipy", reason="comparing needs the extra compare")
    for folder in ("a", "b"):
        (here / folder).mkdir()
        ran(seeds=3).save(f"{folder}/metrics.json")
    found = collect("b/metrics.json", base=here / "a" / "metrics.json")
    assert (found.shown.label, found.base.label) == ("b/metrics.json", "a/metrics.json")
    assert all(one.verdict == "equal" for one in found.comparison.metrics.values())


def test_other_definitions_are_refused_unless_told(here):
    pytest.importorskip("scipy", reason="comparing needs the extra compare")
    base, candidate = ran(keep_values=True), ran(dt=0.2, keep_values=True)
    with pytest.raises(UsageError, match="dt"):
        collect(candidate, base=base)
    assert collect(candidate, base=base, anyway=True).comparison.definitions


def test_a_run_and_an_evaluation_are_not_compared():
    pytest.importorskip("scipy", reason="comparing needs the extra compare")
    other = rollkit.evaluate_predictions(straight(), metrics=["min_speed"], keep_values=True)
    for pair in ((ran(), other), (other, ran())):
        with pytest.raises((UsageError, DataError)):
            collect(pair[0], base=pair[1])


def test_a_base_whose_inputs_are_gone_is_compared_by_its_statistics(here):
    pytest.importorskip("scipy", reason="comparing needs the extra compare")
    predictions_file("p.npz", 1)
    predictions_file("q.npz", 1)
    rollkit.evaluate_predictions("p.npz", metrics=["ade"]).save("base.json")
    rollkit.evaluate_predictions("q.npz", metrics=["ade"]).save("m.json")
    (here / "p.npz").unlink()
    found = collect("m.json", base="base.json", anyway=True)
    assert found.notes == (
        "base.json: it cannot be done again, so there are statistics only: p.npz: no such file",
    )
    assert found.comparison.metrics["ade"].pairs is None
    assert len(found.shown.examples) > 0


def test_no_artifact_is_an_error(here):
    (here / "cut.json").write_text(ran().to_json()[:500])
    with pytest.raises(DataError, match=r"cut\.json is no JSON"):
        collect("cut.json")
    with pytest.raises(DataError, match=r"cannot read gone\.json"):
        collect("gone.json")
    data = {**ran().to_dict(), "schema_version": 99}
    (here / "newer.json").write_text(json.dumps(data))
    with pytest.raises(DataError, match="schema version 99"):
        collect("newer.json")
    with pytest.raises(UsageError, match="got int, expected a result or the path of an artifact"):
        collect(7)


def test_half_of_the_cases_left_out_are_no_matter():
    cases = [straight(ids=["a"]), poses([[[0, 1, np.nan, 3, 4]]], ids=["b"])]
    result = rollkit.evaluate_predictions(cases, metrics=["min_speed"], keep_values=True)
    assert result.cases["evaluated"] == 1
    found = collect(result, predictions=cases)
    assert found.title == "in memory, 1 case"
    assert names(found.shown) == ["a"]
