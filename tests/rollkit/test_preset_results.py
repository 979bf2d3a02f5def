"""What an artifact says of presets: valid, read back as it was, scores by both rules."""

import json
import math

import jsonschema
import numpy as np
import pytest

import rollkit
from rollkit.declare import Check, PresetSpec, preset, spec_of
from rollkit.predictions.results import SCHEMA as EVAL_SCHEMA
from rollkit.presets import metrics_of
from rollkit.presets.results import PresetResult, result_of, taking_part

STEPS = 12


def predictions(speeds, side=0.0):
    """Straight drives at these speeds `(N, K)`, so far aside; the references, in the middle."""
    speeds = np.asarray(speeds, dtype=float)
    x = speeds[..., None] * 0.1 * np.arange(STEPS + 1)
    y = np.broadcast_to(np.asarray(side, dtype=float), speeds.shape)[..., None] + 0 * x
    about = {"ids": tuple(f"case {n}" for n in range(len(speeds))), "dt": 0.1, "frame": "plane"}
    went = rollkit.Poses(x=x[:, :1], y=0 * y[:, :1], yaw=0 * y[:, :1], origin="by hand", **about)
    return rollkit.Poses(x=x, y=y, yaw=0 * y, origin="by hand", **about), went


def evaluated(speeds, side=0.0, **options):
    return rollkit.evaluate_predictions(*predictions(speeds, side), **options)


def checked(result, tmp_path, name="metrics.json"):
    """The artifact, which its schema accepts and which reads back as it was."""
    data = json.loads(result.save(tmp_path / name).read_text(encoding="utf-8"))
    if "eval" in data:
        jsonschema.validate(data, json.loads(EVAL_SCHEMA.read_text(encoding="utf-8")))
        assert rollkit.read_evaluation(tmp_path / name).to_dict() == result.to_dict()
    else:
        assert rollkit.read_result(tmp_path / name).to_dict() == result.to_dict()
    return data


# The artifact.


def test_an_evaluation_with_presets_is_valid_and_reads_back(fleets, tmp_path):
    result = evaluated([[8.0], [12.0]], plugins=[str(fleets)], presets=["ours", "theirs"], at=[0.5])
    data = checked(result, tmp_path)
    assert rollkit.read_evaluation(tmp_path / "metrics.json").presets == result.presets
    ours, theirs = data["presets"]
    assert (ours["project"], ours["commit"]) == ("our/fleet", "abc1234")
    assert ours["rule"].startswith("mean_of_scores: every case is judged")
    assert theirs["rule"].startswith("score_of_means: the mean margin over the cases is judged")
    assert ours["quirks"][0]["name"] == "aside of the start"
    speed, side, rms = ours["checks"]
    assert (speed["low"], speed["high"], speed["strict"]) == (None, 10.0, True)
    assert (side["signal"], side["over"]) == ("y", "every instant")
    assert "mean_of_scores" not in rms  # nobody judges it
    assert theirs["checks"][0]["source"] == "a paper"
    parts = {one["preset"] for one in data["metrics"] if one["name"].startswith("ours")}
    assert parts == {"ours"}
    assert "ours_end@0.5s" in {one["name"] for one in data["metrics"]}


def test_a_run_with_presets_is_valid_and_reads_back(fleets, tmp_path, validated):
    result = rollkit.run("left", plugins=[str(fleets)], presets=["theirs", "ours"], seeds=3)
    data = validated(checked(result, tmp_path))
    assert [one["name"] for one in data["presets"]] == ["theirs", "ours"]  # as asked for
    assert data["presets"][0]["samples"] is None
    assert data["run"]["presets"] == ["theirs", "ours"]


def test_a_sweep_with_presets_is_valid_and_scores_all_of_its_cells(fleets, tmp_path, validated):
    result = rollkit.run(
        "straight", plugins=[str(fleets)], presets=["ours"], grid={"speed": [8, 13]}, seeds=2,
        params={"noise": 0},
    )  # fmt: skip
    validated(checked(result, tmp_path))
    ours = next(one for one in result.presets if one.name == "ours")
    assert ours.scores["mean_of_scores"] == 0.5
    assert [one.metrics["ours"].mean for one in result.cells] == [1, 0]


def test_an_older_artifact_has_no_presets_and_still_reads(fleets, tmp_path):
    for result, read in (
        (rollkit.run("left"), rollkit.read_result),
        (evaluated([[8.0]]), rollkit.read_evaluation),
    ):
        data = result.to_dict()
        del data["presets"]
        for one in data["metrics"]:
            del one["preset"]
        data.get("run", data.get("eval")).pop("presets")
        (tmp_path / "older.json").write_text(json.dumps(data))
        older = read(tmp_path / "older.json")
        assert older.presets == ()
        assert older.metrics.keys() == result.metrics.keys()
        assert all(one.preset is None for one in older.metrics.values())


@pytest.mark.parametrize("verb", ["run", "eval"])
def test_from_repeats_it(cli, fleets, tmp_path, verb):
    call = ["run", "--seeds", "3"]
    if verb == "eval":
        x = np.cumsum(np.full((2, STEPS), 0.9), axis=1)
        np.savez(tmp_path / "p.npz", x=x, y=0 * x, yaw=0 * x, dt=0.1)
        call = ["eval", "p.npz"]
    ran = cli(*call, "--plugins", "./fleets.py", "--preset", "theirs")
    assert ran.code == 0, ran.err
    ran = cli(verb, "--from", "metrics.json", "-o", "again.json")
    assert ran.code == 0, ran.err
    first, again = (json.loads((tmp_path / name).read_text()) for name in
                    ("metrics.json", "again.json"))  # fmt: skip
    for one in (first, again):
        del one["volatile"], one["provenance"]["argv"]
    assert again == first
    assert first[verb]["presets"] == ["theirs"]


def test_one_worker_and_two_give_the_same_bytes(fleets):
    def text(workers):
        result = rollkit.run(
            "left", plugins=[str(fleets)], presets=["ours"], seeds=20_000, horizon=0.4,
            workers=workers,
        )  # fmt: skip
        data = result.to_dict()
        del data["volatile"]
        return json.dumps(data)

    assert text(1) == text(2)


def test_presets_of_metrics_that_were_asked_for_otherwise_stand_there_too(fleets):
    """By the plugin, or by the name of one metric: where a number comes from is always said."""
    by_plugin = evaluated([[8.0]], plugins=[str(fleets)])
    assert [one.name for one in by_plugin.presets] == ["ours", "theirs"]
    assert by_plugin.eval.presets == ()
    one = rollkit.run("left", plugins=[str(fleets)], metrics=["theirs_speed_margin"])
    assert [preset.name for preset in one.presets] == ["theirs"]
    assert list(one.metrics) == ["theirs_speed_margin"]


def test_a_preset_named_twice_stands_there_once(fleets):
    result = rollkit.run("left", plugins=[str(fleets)], presets=["ours", "Ours"])
    assert [one.name for one in result.presets] == ["ours"]


# Scores.


def test_both_scores_by_hand(fleets):
    """Speeds of 8, 9, 10.5, 12 m/s: margins to 10 of 2, 1, -0.5, -2; to 11.5 of 3.5 to -0.5."""
    result = evaluated([[8.0], [9.0], [10.5], [12.0]], plugins=[str(fleets)])
    ours, theirs = result.presets
    assert ours.scores == {"mean_of_scores": 0.5, "score_of_means": 1.0}
    assert theirs.scores == {"mean_of_scores": 0.75, "score_of_means": 1.0}
    assert ours.checks[0]["mean_of_scores"] == 0.5
    assert ours.checks[0]["score_of_means"] == 1.0
    assert result.metrics["ours_speed_margin"].mean == pytest.approx(0.125)


def test_of_values_beyond_either_limit_the_mean_is_no_pass(fleets):
    """3 m to the left in one case and to the right in the other: not in the middle."""
    result = evaluated([[8.0], [8.0]], side=[[3.0], [-3.0]], plugins=[str(fleets)])
    side = result.presets[0].checks[1]
    assert result.metrics["ours_side"].mean == 0
    assert side["mean_of_scores"] == 0
    assert side["score_of_means"] == 0
    assert result.presets[0].scores["score_of_means"] == 0


def test_the_limit_itself_passes_where_the_check_says_so(fleets):
    result = evaluated([[8.0], [8.0]], side=[[2.0], [2.0]], plugins=[str(fleets)])
    assert result.presets[0].checks[1]["score_of_means"] == 1
    result = evaluated([[11.5]], plugins=[str(fleets)])
    speed = result.presets[1].checks[0]
    margin = result.metrics["theirs_speed_margin"].mean
    assert (speed["score_of_means"], speed["mean_of_scores"]) == (float(margin > 0),) * 2


def test_an_undefined_check_makes_the_score_undefined(fleets):
    result = rollkit.run("left", plugins=[str(fleets)], horizon=0.2)
    assert result.presets[1].scores == {"mean_of_scores": None, "score_of_means": None}
    assert result.metrics["theirs"].error == "needs 3 steps, the rollouts have 2"


def test_scores_that_were_not_asked_for_are_null(fleets):
    result = rollkit.run("left", plugins=[str(fleets)], metrics=["ours_speed_ok"])
    (ours,) = result.presets
    assert ours.scores == {"mean_of_scores": None, "score_of_means": None}
    assert ours.checks[0]["mean_of_scores"] == 1
    assert ours.checks[1]["mean_of_scores"] is None


def test_where_no_limit_binds_all_pass():
    """The limit is a signal that may be infinite: 3 / v at rest."""

    @preset(project="x", checks=(Check(name="yaw_rate", unit="rad/s", high="most"),))
    def turning(rollout):
        """Slower the faster it drives."""
        speed = rollout.speed
        with np.errstate(divide="ignore"):
            return {"yaw_rate": 0 * speed, "most": 3 / speed}

    values = rollkit.evaluate(at_rest(), [turning])
    assert values["turning"] == 1
    assert math.isnan(values["turning_yaw_rate_margin"])
    summaries = [(one, summary_of(values[one.name])) for one in metrics_of(spec_of(turning))]
    result = result_of(spec_of(turning), "mine", None, summaries)
    assert result.scores == {"mean_of_scores": 1, "score_of_means": 1}


def at_rest():
    still = np.zeros(STEPS + 1)
    return rollkit.Rollout(rollkit.Trajectory(still, still, still, still, dt=0.1))


def summary_of(value):
    from rollkit.aggregate import Aggregate

    aggregate = Aggregate()
    aggregate.add(0, np.atleast_1d(value))
    return aggregate.summary()


def test_a_preset_that_judges_nothing_has_no_scores():
    @preset(project="x", checks=(Check(name="speed", unit="m/s", over="mean"),))
    def watching(rollout):
        """Mean speed."""
        return {"speed": rollout.speed}

    spec = spec_of(watching)
    assert isinstance(spec, PresetSpec)
    result = result_of(spec, "mine", None, [])
    assert result.scores == {}
    assert PresetResult.from_dict(json.loads(json.dumps(result.to_dict()))) == result
    (metric,) = metrics_of(spec)
    assert taking_part(["a"], [(metric, None), (metric._replace(preset=None), None)]) == [
        "a",
        "watching",
    ]


# Samples.


def test_the_rule_of_a_preset_is_used_unless_every_sample_is_asked_for(fleets):
    """Two samples of 8 and 12 m/s: ours takes the first, theirs what the caller says."""
    options = {"plugins": [str(fleets)]}
    for rule, theirs in (("mean", 0.5), ("first", 1.0), ("min", 1.0)):
        result = evaluated([[8.0, 12.0]], samples=rule, **options)
        assert result.metrics["ours"].mean == 1, rule
        assert result.metrics["theirs"].mean == theirs, rule
        assert [one.samples for one in result.presets] == ["first", rule]
    result = evaluated([[8.0, 12.0]], samples="all", **options)
    assert result.metrics["ours"].n == 2
    assert result.presets[0].scores["mean_of_scores"] == 0.5
    assert [one.samples for one in result.presets] == ["all", "all"]


# What is saved.


def test_the_values_of_a_preset_are_saved(fleets, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    options = {"plugins": [str(fleets)], "presets": ["ours"]}
    evaluated([[8.0], [12.0]], save=tmp_path / "cases.parquet", **options)
    table = parquet.read_table(tmp_path / "cases.parquet")
    assert table["ours"].to_pylist() == [1, 0]
    assert table["ours_speed_margin"].to_pylist() == pytest.approx([2, -2])
    rollkit.run("left", seeds=3, save=tmp_path / "runs.parquet", **options)
    saved = parquet.read_table(tmp_path / "runs.parquet")
    parts = ["ours_speed", "ours_speed_margin", "ours_speed_time", "ours_speed_ok"]
    assert {"ours", *parts, "ours_side_rms", "ours_end"} <= set(saved.column_names)
    assert saved["ours_speed_ok"].to_pylist() == [1, 1, 1]


# What goes wrong.

BROKEN = {
    "raises": ('raise ArithmeticError("no such calibration")', "compute", "ArithmeticError"),
    "wrong_shape": ('return {"speed": rollout.speed[0]}', "validate", "returned shape"),
    "forgets": ("return {}", "validate", "returned no signal 'speed'"),
    "no_signals": ("return rollout.speed", "validate", "expected signals by name"),
    "text": ('return {"speed": np.full(rollout.speed.shape, "fast")}', "validate", "dtype"),
}


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("verb", ["run", "eval"])
def test_a_broken_preset_is_recorded_with_its_line_and_leaves_others_alone(
    fleets, tmp_path, kind, verb, validated
):
    body, stage, message = BROKEN[kind]
    (tmp_path / "broken.py").write_text(
        "import numpy as np\nfrom rollkit import Check, hookimpl, preset\n\n"
        "@preset(project='x', checks=(Check(name='speed', unit='m/s', high=10.0),))\n"
        f"def broken(rollout):\n    'It is broken.'\n    {body}\n\n"
        "@hookimpl\ndef rollkit_presets():\n    return [broken]\n"
    )
    options = {"plugins": [str(tmp_path / "broken.py"), str(fleets)]}
    if verb == "run":
        result = rollkit.run("left", seeds=2, **options)
        validated(checked(result, tmp_path))
    else:
        result = evaluated([[8.0], [12.0]], **options)
        checked(result, tmp_path)
    assert result.exit_code == 1
    broken, ours, _ = result.presets
    assert broken.scores == {"mean_of_scores": None, "score_of_means": None}
    assert ours.scores["mean_of_scores"] is not None
    failed = {name for name, one in result.metrics.items() if one.status == "failed"}
    assert failed == {name for name in result.metrics if name.startswith("broken")}
    assert {(one.plugin, one.stage) for one in result.failures} == {("broken", stage)}
    assert all(message in str(one) for one in result.failures)
    # The line that raised, or the function that returned it.
    assert {one.line for one in result.failures} == {7 if kind == "raises" else 4}
    assert all(one.file.endswith("broken.py") for one in result.failures)


def test_a_name_that_is_taken_is_reported_and_not_mistaken_for_the_presets(fleets, tmp_path):
    text = fleets.read_text().replace("def ours(", "def min_speed(")
    fleets.write_text(text.replace("return [ours,", "return [min_speed,"))
    result = rollkit.run("left", plugins=["speed", str(fleets)], seeds=2)
    assert result.exit_code == 1
    (fault,) = result.failures
    assert fault.message.startswith("metric 'min_speed' is already declared by plugin speed")
    assert fault.file.endswith("fleets.py")
    assert result.metrics["min_speed"].plugin == "speed"
    preset = next(one for one in result.presets if one.name == "min_speed")
    assert preset.scores["mean_of_scores"] is None
    assert preset.checks[0]["mean_of_scores"] == 1
