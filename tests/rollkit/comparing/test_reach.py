"""What so few pairs cannot show of so many metrics, and numbers that are nothing but rounding."""

import numpy as np
import pytest

from rollkit.comparing import compare
from rollkit.comparing.remarks import notes

from .handmade import comparison, metric

RNG = np.random.default_rng(5)
OUT = "no difference is large enough to be shown"


def sides(pairs, metrics, *, name="max_abs_jerk@{}s"):
    """All pairs up, of metrics of which less is better."""
    base = {name.format(one): RNG.normal(5, 1, pairs) for one in range(1, metrics + 1)}
    return base, {one: values + RNG.uniform(1, 2, pairs) for one, values in base.items()}


def said(answer):
    """The notes on what is out of reach."""
    return [one for one in answer.notes if OUT in one]


@pytest.mark.parametrize(
    ("pairs", "metrics", "least"),
    [(4, 1, "4 pairs are 0.062"), (5, 1, None), (5, 2, "5 pairs and 2 metrics are 0.062")],
)
def test_few_pairs(pairs, metrics, least):
    answer = compare(*sides(pairs, metrics))
    verdicts = {one.verdict for one in answer.metrics.values()}
    assert verdicts == {"worse" if least is None else "undecided"}
    assert len(said(answer)) == (least is not None)
    if least is not None:
        assert least in said(answer)[0]


def test_many_metrics():
    base, candidate = sides(20, 501)
    (note,) = said(compare(base, candidate))
    assert note.startswith("max_abs_jerk@1s, max_abs_jerk@2s, max_abs_jerk@3s and 498 more: ")
    assert note.endswith("the p-values of 20 pairs and 501 metrics are 0.05 or more")
    less = list(base)[:500]
    answer = compare(base, candidate, metrics=less)
    assert said(answer) == []
    assert answer.verdicts["worse"] == 500


def test_without_a_better_side_both_sides_count():
    assert "5 pairs are 0.062" in said(compare(*sides(5, 1, name="gap {}")))[0]
    assert said(compare(*sides(6, 1, name="gap {}"))) == []


def test_what_is_just_in_reach():
    base, candidate = sides(5, 1)
    mixed = {name: np.where(np.arange(5) < 2, -9, one) for name, one in candidate.items()}
    answer = compare(base, mixed, alpha=1 / 32)
    assert answer.verdicts["undecided"] == 1
    assert said(answer) == []


def test_families_are_counted_by_themselves():
    (base, candidate), (more, other) = sides(5, 2), sides(5, 1, name="gap {}")
    more["max_abs_jerk@9s"] = other["max_abs_jerk@9s"] = np.full(5, np.nan)  # is not tested
    first, second = said(compare(base | more, candidate | other))
    assert first.startswith("max_abs_jerk@1s, max_abs_jerk@2s: ")
    assert first.endswith("of 5 pairs and 2 metrics are 0.062 or more")
    assert second.startswith("gap 1: ")
    assert second.endswith("of 5 pairs are 0.062 or more")


def test_what_is_equal_needs_no_more():
    base, _ = sides(4, 1)
    assert said(compare(base, base)) == []
    assert said(compare(base, {"max_abs_jerk@1s": []})) == []


def tiny(**others):
    small = {"base_mean": 1.6e-17, "candidate_mean": 2.5e-17, "difference": 0.9e-17}
    small |= {"low": 0.2e-17, "high": 1.6e-17, "verdict": "worse"}
    return metric("curvature", **{**small, **others})


def test_numbers_that_are_nothing_but_rounding():
    found = notes(comparison(tiny(), metric()))
    assert found == [
        "curvature: numbers below 1e-12 are usually rounding; "
        "--tolerance curvature=1e-9 leaves them out"
    ]
    assert notes(comparison(tiny(low=None, high=None))) == found
    for others in (
        {"verdict": "equal"},
        {"difference": 0.0},
        {"base_mean": -2e-12},
        {"candidate_mean": 2e-12},
        {"low": -1e-3, "high": 1e-3},
    ):
        assert notes(comparison(tiny(**others))) == [], others


def test_a_tolerance_leaves_rounding_out():
    zero = RNG.uniform(-1, 1, 40) * 1e-17
    base, candidate = {"max_abs_curvature": zero}, {"max_abs_curvature": zero + 1e-17}
    assert compare(base, candidate).metrics["max_abs_curvature"].verdict == "worse"
    answer = compare(base, candidate, tolerance="max_abs_curvature=1e-9")
    assert answer.metrics["max_abs_curvature"].verdict == "equal"
