"""Evaluations of poses in memory, from the call to the artifact."""

import json
import math

import jsonschema
import numpy as np
import pytest

import rollkit
from rollkit import DataError, UsageError, evaluate_predictions
from rollkit.predictions.results import SCHEMA, read_evaluation

from .made import poses, random, straight

ERRORS = ["ade", "fde"]


def evaluated(predictions, reference=None, **options):
    result = evaluate_predictions(predictions, reference, **options)
    jsonschema.validate(result.to_dict(), json.loads(SCHEMA.read_text(encoding="utf-8")))
    return result


def means(result):
    return {name: one.mean for name, one in result.metrics.items()}


def test_errors_are_taken_over_the_predicted_instants_by_hand():
    went = poses([[[0, 1, 2, 3]]])
    predicted = poses([[[0, 1, 2, 3]]], [[[0, 3, 0, 6]]])
    assert means(evaluated(predicted, went, metrics=ERRORS)) == {"ade": 3.0, "fde": 6.0}


def test_without_a_given_start_the_first_instant_counts():
    went = poses([[[1, 2, 3]]], given=0)
    predicted = poses([[[1, 2, 3]]], [[[3, 0, 6]]], given=0)
    assert means(evaluated(predicted, went, metrics=ERRORS)) == {"ade": 3.0, "fde": 6.0}


@pytest.mark.parametrize("given", [0, 1])
def test_a_horizon_counts_from_the_start(given):
    first = 1 - given
    y = [[[0, 1, 2, 3, 4][first:]]]
    went, predicted = straight(), straight()
    went, predicted = (
        poses(one.x[:, :, first:], side, given=given) for one, side in ((went, 0), (predicted, y))
    )
    result = evaluated(predicted, went, metrics=ERRORS, at=[0.5, 1.0, 2.0])
    assert means(result) == {
        "ade": 2.5, "fde": 4.0, "ade@0.5s": 1.0, "fde@0.5s": 1.0, "ade@1s": 1.5, "fde@1s": 2.0,
        "ade@2s": 2.5, "fde@2s": 4.0,
    }  # fmt: skip


def test_a_horizon_between_two_instants_is_the_nearest_and_the_artifact_says_so():
    result = evaluated(straight(), straight(), metrics=["fde"], at=[1.2])
    assert result.provenance["time"]["horizons"] == [{"asked_s": 1.2, "used_s": [1.0]}]


def test_a_horizon_beyond_the_prediction_is_undefined():
    one = evaluated(straight(), straight(), metrics=["fde"], at=[9]).metrics["fde@9s"]
    assert (one.status, one.error) == ("undefined", "the predictions have no instant at 9 s")


def test_the_best_sample_may_be_another_one_at_each_horizon():
    went = poses([[[0, 1, 2]]])
    predicted = poses([[[0, 1, 2]] * 2], [[[0, 0, 9], [0, 2, 2]]])
    result = evaluated(predicted, went, metrics=["fde"], samples="min", at=[0.5])
    assert means(result) == {"fde": 2.0, "fde@0.5s": 0.0}


@pytest.mark.parametrize("rule", ["mean", "min", "first", "medoid"])
def test_rules_against_plain_numpy(rule):
    predicted, went = random(0, 70, 5, 12)
    error = np.hypot(predicted.x - went.x, predicted.y - went.y)[..., 1:].mean(axis=-1)
    between = np.hypot(
        predicted.x[:, :, None] - predicted.x[:, None],
        predicted.y[:, :, None] - predicted.y[:, None],
    )[..., 1:].mean(axis=-1)
    expected = {
        "mean": error.mean(axis=1),
        "min": error.min(axis=1),
        "first": error[:, 0],
        "medoid": error[np.arange(70), between.sum(axis=2).argmin(axis=1)],
    }[rule]
    one = evaluated(predicted, went, metrics=["ade"], samples=rule).metrics["ade"]
    assert one.n == 70
    assert one.mean == pytest.approx(expected.mean(), rel=1e-12)
    assert one.max == pytest.approx(expected.max(), rel=1e-12)
    assert one.argmax_case == str(expected.argmax())


def test_the_best_of_a_metric_without_a_better_side_is_undefined_and_says_so():
    predicted, went = random(1, 3, 2, 8)
    one = evaluated(predicted, went, metrics=["final_speed"], samples="min").metrics["final_speed"]
    assert (one.status, one.error) == (
        "undefined",
        "of several samples, no value of it is the best",
    )


def test_all_keeps_every_sample_and_names_it():
    predicted, went = random(1, 10, 3, 8)
    error = np.hypot(predicted.x - went.x, predicted.y - went.y)[..., 1:].mean(axis=-1)
    result = evaluated(predicted, went, metrics=["ade", "min_ade"], samples="all")
    one = result.metrics["ade"]
    case, sample = divmod(int(error.argmax()), 3)
    assert (one.n, one.argmax_case) == (30, f"{case}#{sample}")
    assert result.metrics["min_ade"].n == 10  # it compares the samples: one number a case


def test_cases_are_matched_by_id_whatever_their_order_and_blocks():
    predicted, went = random(2, 60, 2, 8)
    order = np.random.default_rng(0).permutation(60)
    expected = means(evaluated(predicted, went, metrics=ERRORS))
    shuffled = went.rows(order)
    assert shuffled.ids != went.ids
    for blocks in (
        [shuffled],
        [shuffled.rows(slice(0, 7)), shuffled.rows(slice(7, 41)), shuffled.rows(slice(41, 60))],
    ):
        got = means(evaluated([predicted.rows(slice(0, 33)), predicted.rows(slice(33, 60))], blocks,
                              metrics=ERRORS))  # fmt: skip
        assert got == pytest.approx(expected, rel=1e-13)


def test_two_single_cases_are_matched_whatever_they_are_called():
    got = evaluated(straight(ids=["model"]), straight(ids=["truth"]), metrics=ERRORS)
    assert got.cases["evaluated"] == 1


def test_what_cannot_be_measured_is_counted_with_its_reason():
    predicted, went = random(4, 8, 2, 6, ids=None)
    x, y = predicted.x.copy(), went.x.copy()
    x[1, 1, 3] = np.nan
    x[2, 0, 0] = 1e12
    y[4, 0, -2:] = np.nan
    y[5, 0, 2] = np.nan
    predicted = poses(x, predicted.y, dt=0.1, unusable={6: "rotation[6] is left-handed"})
    reference = poses(y, went.y, dt=0.1).rows(np.array([0, 1, 2, 4, 5, 6, 7]))
    result = evaluated(predicted, reference, metrics=ERRORS, max_gap=0)
    assert result.cases["left_out"] == {
        "invalid": 3, "unmatched": 1, "short": 1, "reference_invalid": 1,
    }  # fmt: skip
    assert {one["case"]: one["reason"] for one in result.cases["listed"]} == {
        "1": "not observed at sample 1, instant 3 (0.3 s)",
        "2": "x is 1e+12 at sample 0, instant 0 (0 s)",
        "3": "no such case in the reference",
        "4": "reference covers instants 0 to 4 of 7 (0.4 s)",
        "5": "reference gap at instant 2 (0.2 s)",
        "6": "rotation[6] is left-handed",
    }
    assert (result.cases["predicted"], result.cases["evaluated"]) == (8, 2)
    assert result.metrics["ade"].n == 2


def test_a_probability_below_0_is_none():
    predicted, went = random(8, 3, 2, 6, probability=[[0.5, 0.5], [1.5, -0.5], [2.0, 7.0]])
    result = evaluated(predicted, went, metrics=["brier_fde"])
    assert result.cases["listed"] == [
        {
            "case": "1",
            "kind": "invalid",
            "reason": "got probabilities 1.5, -0.5, expected numbers of 0 or more",
        }
    ]


@pytest.mark.parametrize("rule", ["mean", "all", "most-likely"])
def test_a_metric_of_each_sample_may_look_at_the_others(rule):
    """The probability over the sum of its case: 0.25, 0.25 and 0.5."""
    predicted = poses([[[0, 1]] * 3], [[[0, 5], [0, 1], [0, 6]]], probability=[[0.5, 0.5, 1.0]])
    each = np.array([5.0, 1.0, 6.0]) + (1 - np.array([0.25, 0.25, 0.5])) ** 2
    result = evaluated(
        predicted, poses([[[0, 1]]]), metrics=["brier_fde_normalized"], samples=rule
    ).metrics["brier_fde_normalized"]
    expected = {"mean": each.mean(), "all": each.mean(), "most-likely": each[2]}[rule]
    assert result.mean == pytest.approx(expected)
    assert result.n == (3 if rule == "all" else 1)


def test_short_gaps_are_filled_and_counted():
    x = straight(steps=8, dt=0.1).x.copy()
    x[0, 0, 4] = np.nan
    went = straight(steps=8, dt=0.1)
    result = evaluated(poses(x, dt=0.1, whole=True), went, metrics=["ade"])
    assert result.metrics["ade"].mean == pytest.approx(0, abs=1e-12)
    assert result.provenance["predictions"]["filled_samples"] == 1
    assert result.provenance["predictions"]["max_gap_s"] == 0.5
    assert result.eval.max_gap is None  # each file decides
    # A model that leaves out an instant has not predicted it, unless the caller says otherwise.
    with pytest.raises(DataError, match="not observed at sample 0, instant 4"):
        evaluate_predictions(poses(x, dt=0.1), went)
    assert evaluated(poses(x, dt=0.1), went, max_gap=0.2).cases["evaluated"] == 1


def test_cases_of_the_reference_that_nobody_predicted_are_listed():
    predicted, went = random(5, 3, 1, 6)
    result = evaluated(predicted.rows(slice(0, 2)), went, metrics=ERRORS)
    assert (result.cases["unpredicted"], result.cases["unpredicted_listed"]) == (1, ["2"])


def test_no_case_at_all_is_an_error_that_says_why():
    with pytest.raises(DataError, match="none of 1 cases could be measured: 0: not observed"):
        evaluate_predictions(poses([[[0, math.nan, math.nan]]]), straight(steps=2), max_gap=0)


def test_a_reference_twice_is_an_error():
    twice = poses([[[0, 1, 2]]] * 2, ids=["a", "a"])
    with pytest.raises(DataError, match="reference: case 'a' is there twice"):
        evaluate_predictions(poses([[[0, 1, 2]]] * 2, ids=["a", "b"]), twice)


@pytest.mark.parametrize("method", ["linear", "cubic"])
def test_a_reference_of_another_rate_is_brought_to_the_predictions_instants(method):
    fine = straight(steps=16, dt=0.125, speed=3.0)
    result = evaluated(straight(steps=4, dt=0.5, speed=3.0), fine, metrics=ERRORS, resample=method)
    assert means(result) == pytest.approx({"ade": 0.0, "fde": 0.0}, abs=1e-12)


def test_a_longer_reference_is_cut():
    result = evaluated(straight(steps=4), straight(steps=40), metrics=ERRORS)
    assert means(result) == {"ade": 0.0, "fde": 0.0}


def test_tracks_that_begin_at_different_times_are_matched_by_time():
    time = 100 + 0.1 * np.arange(61)
    x = 5.0 * (time - 100)
    late = poses([[x[10:]]], time=time[10:], whole=True)
    result = evaluated(late, poses([[x]], time=time, whole=True), metrics=ERRORS, horizon=1.0)
    assert result.cases["evaluated"] == 5
    assert means(result) == pytest.approx({"ade": 0.0, "fde": 0.0}, abs=1e-9)


def test_baselines_are_measured_beside_the_model():
    time = 0.1 * np.arange(61)
    x = 5.0 * time + 0.5 * time**2
    track = poses([[x]], time=time, whole=True)
    result = evaluated(
        track, track, metrics=ERRORS, horizon=2.0, history=1.0,
        baselines=["constant-velocity", "stationary"],
    )  # fmt: skip
    assert [one.name for one in result.baselines] == ["constant_velocity", "stationary"]
    assert means(result) == {"ade": 0.0, "fde": 0.0}
    # After 2 s, half of 1 m/s² times the square of the time is missing.
    assert result.baselines[0].metrics["fde"].mean == pytest.approx(2.0, rel=0.1)
    drove = [x[(start + 2) * 10] - x[start * 10] for start in (1, 3)]
    assert result.baselines[1].metrics["fde"].mean == pytest.approx(np.mean(drove), rel=1e-9)


def test_a_baseline_needs_a_history():
    with pytest.raises(UsageError, match="no history in case '0', and the baseline constant_velo"):
        evaluate_predictions(straight(), straight(), baselines=["constant-velocity"])


def test_metrics_of_actions_are_computed_on_actions_that_were_fitted():
    time = 0.1 * np.arange(41)
    result = evaluated(poses([[5 * time + time**2]], dt=0.1), metrics=["max_abs_accel", "ade"])
    assert result.metrics["max_abs_accel"].mean == pytest.approx(2.0, rel=1e-6)
    assert result.metrics["ade"].error == "the rollouts have no reference"


@pytest.mark.parametrize(("whole", "fit"), [(False, "differences"), (True, "spline")])
def test_the_fit_is_by_default_what_suits_the_poses(whole, fit):
    time = 0.1 * np.arange(41)
    result = evaluated(poses([[5 * time]], time=time, whole=whole), metrics=["max_abs_accel"])
    assert result.eval.fit == fit
    assert ("position_noise" in result.eval.params) == whole
    again = evaluated(
        poses([[5 * time]], time=time, whole=whole), metrics=["max_abs_accel"],
        fit=fit, params=result.eval.params,
    )  # fmt: skip
    assert again.eval.to_dict() == result.eval.to_dict()


def test_the_start_is_the_last_pose_of_the_history():
    """A history in front of what was predicted makes the start known: nothing jumps there."""
    time = 0.1 * np.arange(1, 31)
    past = poses([[5 * (time[:11] - 1.1)]], dt=0.1)
    predicted = poses([[5 * time] * 2], dt=0.1, given=0, history=past)
    went = poses([[5 * time]], dt=0.1, given=0)
    for fit in ("differences", "spline", "alpamayo"):
        result = evaluated(predicted, went, metrics=["max_abs_accel", "fde"], fit=fit)
        assert result.metrics["max_abs_accel"].max == pytest.approx(0, abs=0.01)
        assert result.provenance["time"]["steps"] == 30
    assert means(result)["fde"] == 0
    other = poses([[5 * time]], dt=0.1, given=0, yaw=np.zeros((1, 1, 30)), history=past)
    assert evaluated(other, went, metrics=["fde"]).metrics["fde"].mean == 0


def test_a_metric_that_compares_samples_needs_no_reference(tmp_path):
    (tmp_path / "spread.py").write_text(
        "import numpy as np\nfrom rollkit import hookimpl, metric\n\n"
        "@metric(unit='m', compares_samples=True)\ndef spread(rollout):\n    'How far apart.'\n"
        "    y = rollout.trajectory.y[..., -1]\n"
        "    most = np.max(y, axis=rollout.samples, keepdims=True)\n"
        "    return np.broadcast_to(most - np.min(y, axis=rollout.samples, keepdims=True), y.shape)"
        "\n\n@hookimpl\ndef rollkit_metrics():\n    return [spread]\n"
    )
    predicted = poses([[[0, 1, 2]] * 3], [[[0, 0, 0], [0, 0, 2], [0, 0, 6]]])
    result = evaluated(predicted, plugins=[str(tmp_path / "spread.py")])
    assert result.metrics["spread"].mean == 6.0


def test_options_of_a_fit_need_the_fit_to_be_named():
    with pytest.raises(UsageError, match="unknown option 'position_noise' of fit 'auto'"):
        evaluate_predictions(straight(), params={"position_noise": 0.1})


def test_the_default_metrics_are_the_starter_set_and_the_displacement_metrics():
    alone, against = evaluated(straight()), evaluated(straight(), straight())
    assert "ade" not in alone.metrics
    assert set(alone.metrics) < set(against.metrics)
    assert {"ade", "fde", "min_ade", "max_abs_jerk"} <= set(against.metrics)


def test_a_metric_that_raises_is_recorded_and_disturbs_no_other(tmp_path):
    plugin = tmp_path / "broken.py"
    plugin.write_text(
        "from rollkit import hookimpl, metric\n\n"
        "@metric(unit='1')\ndef broken(rollout):\n    'Raises.'\n    raise RuntimeError('no')\n\n"
        "@metric(unit='1')\ndef fine(rollout):\n    'One.'\n"
        "    return rollout.trajectory.x[..., 0] * 0 + 1\n\n"
        "@hookimpl\ndef rollkit_metrics():\n    return [broken, fine]\n"
    )
    result = evaluated(straight(), plugins=[str(plugin)])
    assert result.metrics["broken"].status == "failed"
    assert result.metrics["fine"].mean == 1.0
    assert result.exit_code == 1
    assert "RuntimeError: no" in str(result.failures[0])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"samples": "median"}, "unknown samples 'median'"),
        ({"resample": "quadratic"}, "unknown resample 'quadratic'"),
        ({"at": [0]}, "at: got 0 s, expected a positive number of seconds"),
        ({"at": [1, 1]}, "expected each horizon once"),
        ({"max_gap": -1}, "max_gap: got -1"),
        ({"dt": 0}, "dt: got 0"),
        ({"fit": "magic"}, "unknown fitting method 'magic'"),
        ({"baselines": ["constant-speed"]}, "unknown baseline 'constant_speed'"),
        ({"params": {"tines": 1}}, "unknown option 'tines'"),
        ({"metrics": ["min_aed"]}, "unknown metric 'min_aed'; nearest: min_ade"),
    ],
)
def test_wrong_calls(options, message):
    with pytest.raises((UsageError, DataError), match=message):
        evaluate_predictions(straight(), straight(), **options)


def test_the_artifact_is_read_back_as_it_was(tmp_path):
    predicted, went = random(6, 5, 2, 6)
    result = evaluated(predicted, went, at=[0.3], metrics=ERRORS)
    again = read_evaluation(result.save(tmp_path / "metrics.json"))
    assert again.to_dict() == result.to_dict()
    with pytest.raises(DataError, match="records an evaluation, expected a run"):
        rollkit.read_result(tmp_path / "metrics.json")


def test_a_run_is_no_evaluation(tmp_path):
    path = rollkit.run("left").save(tmp_path / "metrics.json")
    with pytest.raises(DataError, match="records a run, expected an evaluation"):
        read_evaluation(path)


@pytest.mark.parametrize("rule", ["mean", "all"])
def test_values_of_every_case_are_saved(tmp_path, rule):
    parquet = pytest.importorskip("pyarrow.parquet")
    predicted, went = random(7, 6, 3, 6)
    blocks = [predicted.rows(slice(0, 4)), predicted.rows(slice(4, 6))]
    file = tmp_path / "cases.parquet"
    result = evaluated(blocks, went, metrics=["ade", "min_ade"], samples=rule, save=file)
    table = parquet.read_table(file).to_pydict()
    each = 3 if rule == "all" else 1
    assert table["case"] == [str(case) for case in range(6) for _ in range(each)]
    assert table["sample"] == list(range(each)) * 6
    assert np.mean(table["ade"]) == pytest.approx(result.metrics["ade"].mean, rel=1e-12)
    time = result.provenance["time"]
    assert (set(table["dt"]), set(table["steps"])) == ({time["dt"]}, {time["steps"]})
    assert result.volatile["saved"] == [str(file)]
    declared = json.loads(parquet.read_schema(file).field("ade").metadata[b"rollkit_metric"])
    assert (declared["better"], declared["version"], declared["preset"]) == ("lower", 1, None)


def test_nothing_is_left_behind_where_nothing_could_be_measured(tmp_path):
    with pytest.raises(DataError):
        evaluate_predictions(
            poses([[[0, math.nan, 1]]]), max_gap=0, save=tmp_path / "cases.parquet"
        )
    assert not list(tmp_path.iterdir())


def plugin_of(tmp_path, name, body):
    path = tmp_path / f"{name}.py"
    path.write_text(
        "import numpy as np\nfrom rollkit import hookimpl, metric\n\n"
        f"@metric(unit='m')\ndef {name}(rollout):\n    'For a test.'\n    {body}\n\n"
        f"@hookimpl\ndef rollkit_metrics():\n    return [{name}]\n"
    )
    return [str(path)]


def test_statistics_that_overflow_are_the_metrics_failure(tmp_path):
    body = "return np.where(rollout.trajectory.x[..., -1] > 1, 1e200, -1e200)"
    two = poses([[[0, 1.0]], [[0, 2.0]]])
    result = evaluated(two, plugins=plugin_of(tmp_path, "huge", body))
    one = result.metrics["huge"]
    assert (one.status, one.n, one.mean, one.argmax_case) == ("failed", 0, None, None)
    assert "values so large that std" in str(one.error)
    assert json.loads(result.to_json())["metrics"][0]["mean"] is None


def test_a_metric_that_fails_on_a_later_block_has_no_statistics_of_the_earlier(tmp_path):
    body = "return rollout.trajectory.x[..., -1] if rollout.steps == 1 else 1 / 0"
    blocks = [poses([[[0, 1.0]]]), poses([[[0, 1.0, 2.0]]], ids=["b"])]
    result = evaluated(blocks, plugins=plugin_of(tmp_path, "late", body))
    one = result.metrics["late"]
    assert (one.status, one.n, one.mean, one.argmin_case) == ("failed", 0, None, None)
