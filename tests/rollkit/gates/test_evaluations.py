"""Gates on evaluations: horizons, cases, and what a model is held to beside its baselines."""

import json

import jsonschema
import numpy as np
import pytest

import rollkit
from rollkit import Gate, UsageError, judge
from rollkit.predictions.results import SCHEMA

ABOUT = {"dt": 0.5, "frame": "plane", "origin": "by hand"}


@pytest.fixture(scope="module")
def poses():
    """Two cases of 2 s; case b goes 1 m aside in each step."""
    x = np.tile(np.arange(1, 5.0), (2, 1, 1))
    aside = np.stack([0 * x[0], x[0]])
    predicted = rollkit.Poses(ids=("a", "b"), x=x, y=aside, given=0, **ABOUT)
    return predicted, rollkit.Poses(ids=("a", "b"), x=x, y=0 * x, given=0, **ABOUT)


def evaluated(poses, *gates, **options):
    options = {"metrics": ["ade"], **options}
    return rollkit.evaluate_predictions(*poses, gates=gates, **options)


def test_every_case_and_statistics_of_them(poses):
    result = evaluated(poses, "ade <= 2.5", "ade < 2.5", "mean(ade) <= 1.25", "max(fde) < 4")
    assert [one.passed for one in result.gates] == [True, False, True, False]
    assert [one.value for one in result.gates] == [2.5, 2.5, 1.25, 4.0]
    assert {one.worst[0].case for one in result.gates} == {"b"}
    assert result.gates[0].worst[0].again is None
    assert not result.ok


def test_a_horizon_is_computed_where_a_gate_names_it(poses):
    gates = ["ade@1s <= 1.5", Gate("mean(ade) <= 0.5", where={"horizon": 0.5}), "min_speed@1s>0"]
    result = evaluated(poses, *gates)
    assert [one.value for one in result.gates[:2]] == [1.5, 0.5]
    assert all(one.passed for one in result.gates)
    names = ["ade", "min_speed", "ade@1s", "ade@0.5s", "min_speed@1s"]
    assert list(result.metrics) == names
    assert list(evaluated(poses, "ade@1s < 9", at=[1.0]).metrics) == ["ade", "ade@1s"]


def test_a_horizon_that_predictions_do_not_reach_fails(poses):
    (verdict,) = evaluated(poses, "ade@9s <= 9").gates
    assert not verdict.passed
    assert verdict.reason == "undefined: the predictions have no instant at 9 s"


def test_it_is_read_back_and_judged_again(poses, tmp_path):
    gate = Gate("ade@1s <= 1", "warning", name="<script>alert(1)</script>", why='"quoted" & more')
    result = evaluated(poses, gate, "min_ade < 1")
    assert [one.verdict for one in result.gates] == ["WARN", "FAIL"]
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(result.to_json()), schema)
    read = rollkit.read_evaluation(result.save(tmp_path / "metrics.json"))
    assert read.to_dict() == result.to_dict()
    assert read.gates == result.gates == judge(read, read.eval.gates)


def test_an_artifact_from_before_gates_is_read(poses, tmp_path):
    result = evaluated(poses)
    old = result.to_dict()
    del old["gates"], old["eval"]["gates"]
    path = tmp_path / "old.json"
    path.write_text(json.dumps(old), encoding="utf-8")
    assert rollkit.read_evaluation(path).to_dict() == result.to_dict()


def test_an_evaluation_has_no_sources(poses):
    with pytest.raises(UsageError, match="where: source: an evaluation has no sources"):
        evaluated(poses, Gate("ade < 1", where={"source": "left"}))


def test_a_gate_on_what_needs_a_reference_fails_without_one(poses):
    result = rollkit.evaluate_predictions(poses[0], gates=["ade < 9"])
    assert result.gates[0].reason == "undefined: the rollouts have no reference"
