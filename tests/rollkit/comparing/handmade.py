"""Comparisons made by hand, for tests of what is made of them."""

from rollkit import Comparison, MetricComparison

WORSE = {"verdict": "worse", "p_worse": 0.0004, "p_better": 1.0, "probability_worse": 0.9999}
UNKNOWN = dict.fromkeys(("difference", "low", "high", "effect", "p_worse", "p_better"))


def metric(name="jerk", verdict="undecided", **others):
    """A metric whose mean goes from 4 to 4.2 m/s³, in 200 pairs."""
    values = {
        "name": name,
        "unit": "m/s^3",
        "better": "lower",
        "definition": f"What {name} is.",
        "verdict": verdict,
        "reason": None,
        "method": "sign flips",
        "pairs": 200,
        "n_base": 200,
        "n_candidate": 200,
        "only_base": 0,
        "only_candidate": 0,
        "base_mean": 4.0,
        "candidate_mean": 4.2,
        "difference": 0.2,
        "low": -0.1,
        "high": 0.5,
        "effect": 0.09,
        "tolerance": 0.0,
        "probability_worse": 0.9,
        "p_worse": 0.1,
        "p_better": 0.9,
        "p_equal": None,
    }
    return MetricComparison(**{**values, **others})


def comparison(*metrics, **others):
    """Two Parquet files whose seeds are pairs."""
    values = {
        "base": "base.parquet",
        "candidate": "candidate.parquet",
        "metrics": {one.name: one for one in metrics},
        "paired_by": "seed",
        "pairs": 200,
        "only_base": 0,
        "only_candidate": 0,
        "alpha": 0.05,
    }
    return Comparison(**{**values, **others})
