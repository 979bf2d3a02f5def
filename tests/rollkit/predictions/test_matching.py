"""References: found by their ids, and what is wrong with one."""

import numpy as np
import pytest

from rollkit import DataError, evaluate_predictions

from .made import poses, random, straight

ERRORS = ["ade", "fde"]


def reasons(result):
    return {one["case"]: (one["kind"], one["reason"]) for one in result.cases["listed"]}


def test_a_case_that_was_predicted_twice_is_an_error():
    with pytest.raises(DataError, match="predictions: case 'a' is there twice"):
        evaluate_predictions(straight(2, ids=["a", "a"]), straight(2, ids=["a", "b"]))


@pytest.mark.parametrize("blocks", [[["a"], ["b"], ["a"]], [["b"], ["a", "c"], ["b"]]])
def test_a_reference_that_comes_again_later_is_an_error(blocks):
    went = [straight(len(ids), ids=ids) for ids in blocks]
    with pytest.raises(DataError, match=r"reference: case '[ab]' is there twice"):
        evaluate_predictions([straight(ids=["a"]), straight(ids=["b"])], went, metrics=ERRORS)


def test_references_that_are_blocks_of_their_own_come_in_the_order_of_the_predictions():
    predicted, went = random(6, 9, 2, 5)
    order = [4, 0, 8, 1, 2, 7, 3, 6, 5]
    together = evaluate_predictions(predicted, went, metrics=ERRORS)
    apart = (went.rows(np.array([row])) for row in order)
    for name, one in evaluate_predictions(predicted, apart, metrics=ERRORS).metrics.items():
        assert one == together.metrics[name]


def test_a_reference_of_several_samples_is_none():
    with pytest.raises(DataError, match="reference: case '0': got 3 samples, expected the one way"):
        evaluate_predictions(straight(), straight(samples=3), metrics=ERRORS)


@pytest.mark.parametrize("value", [1e12, -1e300])
def test_an_absurd_reference_is_left_out_as_an_absurd_prediction_is(value):
    x = straight(2).x.copy()
    x[1, 0, 3] = value
    result = evaluate_predictions(straight(2), poses(x), metrics=ERRORS)
    assert reasons(result) == {
        "1": ("reference_invalid", f"reference x is {value:g} at instant 3 (1.5 s)")
    }
    assert result.metrics["ade"].mean == 0


@pytest.mark.parametrize("known", [(), ("prediction",), ("history",), ("prediction", "history")])
def test_a_reference_with_headings_may_begin_a_step_after_the_start(known):
    """The history makes the start known; nobody has to know its heading."""
    x = 1.0 + np.arange(4.0)[None, None]
    flat = {"yaw": np.zeros((1, 1, 4))}
    past = poses([[[-1, 0]]], **({"yaw": np.zeros((1, 1, 2))} if "history" in known else {}))
    predicted = poses(x, 1, given=0, history=past, **(flat if "prediction" in known else {}))
    result = evaluate_predictions(predicted, poses(x, given=0, **flat), metrics=ERRORS)
    assert result.metrics["ade"].mean == 1.0
    assert result.cases["evaluated"] == 1


def test_a_reference_that_begins_late_is_short_and_has_no_gap():
    went = straight(steps=8)
    late = poses(went.x[:, :, 3:], time=0.5 * np.arange(3, 9))
    with pytest.raises(DataError, match=r"reference covers instants 3 to 8 of 9 \(4 s\)"):
        evaluate_predictions(went, late, metrics=ERRORS)


def test_references_that_only_some_cases_have_need_metrics_that_are_named():
    alone, both = straight(ids=["a"]), straight(ids=["b"], reference=straight())
    with pytest.raises(DataError, match="case 'b' has a reference and cases before it have none"):
        evaluate_predictions([alone, both])
    one = evaluate_predictions([alone, both], metrics=["ade"]).metrics["ade"]
    assert (one.n, one.n_undefined) == (1, 1)


def test_references_that_only_some_cases_have_are_no_concern_of_presets_that_are_named():
    alone, both = straight(ids=["a"]), straight(ids=["b"], reference=straight())
    needs_none = evaluate_predictions([alone, both], presets=["comfort_bounds"])
    assert needs_none.metrics["comfort_bounds"].n == 2
    needs_one = evaluate_predictions([alone, both], presets=["alpasim_minade"])
    one = needs_one.metrics["alpasim_minade"]
    assert (one.n, one.n_undefined) == (1, 1)
