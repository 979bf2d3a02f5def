"""The call of an evaluation: what is refused, from Python and from a file."""

import contextlib

import numpy as np
import pytest

from rollkit import DataError, UsageError, evaluate_predictions
from rollkit.predictions.spec import EvalSpec

from .made import straight

WRONG = [None, 1, True, 1.5, "abc", [], {}, [1], [None], ["a", 1], {"a": 1}]


@pytest.mark.parametrize("name", list(EvalSpec("a.npz").to_dict()))
def test_a_damaged_section_is_an_error_of_the_data(name):
    for wrong in WRONG:
        data = EvalSpec("a.npz").to_dict() | {name: wrong}
        with contextlib.suppress(DataError):  # and nothing else
            again = EvalSpec.from_dict(data)
            assert EvalSpec.from_dict(again.to_dict()) == again


def test_what_is_damaged_is_named():
    data = EvalSpec("a.npz").to_dict()
    with pytest.raises(DataError, match="the eval section is damaged: format: got 3, expected tex"):
        EvalSpec.from_dict(data | {"format": 3})


def test_a_call_comes_back_as_it_was():
    spec = EvalSpec("a.npz", at=(1.0, 3.0), metrics=("ade",), max_gap=0.5, params={"start": "auto"})
    assert EvalSpec.from_dict(spec.to_dict()) == spec


@pytest.mark.parametrize(
    ("predictions", "options", "message"),
    [
        (straight(), {"metrics": "ade"}, r"metrics: got 'ade', expected a list .*: \['ade'\]"),
        (straight(), {"baselines": "stationary"}, "baselines: got 'stationary', expected a list"),
        (straight(), {"metrics": []}, "metrics: got none, expected at least one name"),
        (straight(), {"metrics": [3]}, "metrics: got 3, expected text"),
        (straight(), {"format": 3}, "format: got 3, expected text"),
        (straight(), {"params": 3}, "params: got 3, expected options by name"),
        (straight(), {"at": 3}, "at: got 3, expected a list of seconds"),
        (straight(), {"at": [1, 1 + 1e-7]}, "expected each horizon once, to six digits"),
        (straight(), {"params": {"reference.start": "auto"}}, "unknown option 'reference.start'"),
        (np.zeros((2, 3)), {}, "predictions: got ndarray, expected a path, Poses"),
        ([np.zeros((2, 3))], {}, "predictions: one of them: got ndarray, expected a path, Poses"),
        (None, {}, "predictions: got NoneType, expected a path, Poses"),
    ],
)  # fmt: skip
def test_wrong_calls_from_python(predictions, options, message):
    with pytest.raises(UsageError, match=message):
        evaluate_predictions(predictions, **options)


def test_horizons_are_any_numbers():
    result = evaluate_predictions(straight(), straight(), metrics=["fde"], at=np.array([1, 2]))
    assert list(result.metrics) == ["fde", "fde@1s", "fde@2s"]


def test_a_baseline_named_twice_is_measured_once():
    one = straight(history=straight(steps=2))
    result = evaluate_predictions(one, baselines=["stationary", "stationary"])
    assert [each.name for each in result.baselines] == ["stationary"]
