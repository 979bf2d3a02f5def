"""Artifacts that were edited, or damaged in other ways that are JSON all the same."""

import copy
import json
import math

import jsonschema
import pytest

import rollkit
from rollkit.predictions.results import SCHEMA as OF_EVALUATIONS
from rollkit.results import SCHEMA as OF_RUNS
from rollkit.schemas import fault

from .predictions.made import random

ODD = (None, True, -1, 0.5, "", "x", [], {}, [None], {"a": 1})
# What `fault` leaves to the readers: see its module.
OTHER_WORDS = {"required", "const", "exclusiveMinimum", "pattern"}


@pytest.fixture(scope="module")
def artifacts():
    run = rollkit.run(
        "left,right", metrics=["max_abs_jerk"], seeds=3, gates=["max_abs_jerk < 3"]
    ).to_dict()
    predictions, reference = random(1, 3, 2, 8)
    evaluation = rollkit.evaluate_predictions(
        [predictions], [reference], metrics=["ade"], at=[0.5], gates=["mean(ade) < 1"]
    ).to_dict()
    return [
        (json.loads(json.dumps(run)), OF_RUNS),
        (json.loads(json.dumps(evaluation)), OF_EVALUATIONS),
    ]


def places(value, before=()):
    """The way to every value of an artifact, in lists to the first."""
    yield before
    members = value.items() if isinstance(value, dict) else enumerate(value[:1])
    for name, one in members:
        if isinstance(one, dict | list):
            yield from places(one, (*before, name))
        else:
            yield (*before, name)


def edited(artifact, place, value):
    artifact = copy.deepcopy(artifact)
    at = artifact
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    return artifact


def lenient(schema):
    """The schema without what is left to the readers."""
    if isinstance(schema, list):
        return [lenient(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: lenient(one)
        for name, one in schema.items()
        if name not in OTHER_WORDS and not (name == "additionalProperties" and one is False)
    }


def test_what_rollkit_writes_is_without_fault(artifacts):
    for artifact, schema in artifacts:
        assert fault(artifact, schema) is None


def test_it_finds_what_jsonschema_finds(artifacts):
    for artifact, schema in artifacts:
        whole = lenient(json.loads(schema.read_text(encoding="utf-8")))
        oracle = jsonschema.Draft202012Validator(whole)
        found = 0
        for place in places(artifact):
            for value in ODD if place else ():
                other = edited(artifact, place, value)
                said = fault(other, schema)
                assert (said is None) is oracle.is_valid(other), (place, value, said)
                found += said is not None
        assert found > 500


@pytest.mark.parametrize("value", [math.nan, math.inf, 10**400], ids=["nan", "inf", "huge"])
def test_numbers_that_no_float_holds(artifacts, value):
    artifact, schema = artifacts[0]
    for place in (("metrics", 0, "mean"), ("metrics", 0, "n"), ("run", "dt")):
        assert "expected" in fault(edited(artifact, place, value), schema)


def test_a_fault_is_told_in_a_line():
    assert fault([], OF_RUNS) == "the whole: got a list, expected object"
    long = {"run": {"source": ["x"], "engine": "y" * 1000}}
    assert fault({"run": {"engine": "y" * 1000}}, OF_RUNS) == (
        f'run.engine: got "{"y" * 39}..., expected one of numpy, numba'
    )
    assert fault(long, OF_RUNS) == "run.source: got a list, expected string"
