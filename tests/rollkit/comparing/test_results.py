"""What a comparison says of itself: order, tally, JSON, and where that goes."""

import json
import math
from pathlib import Path

import jsonschema
import pytest

import rollkit
from rollkit.comparing import remarks, words
from rollkit.comparing.results import SCHEMA

from .handmade import UNKNOWN, WORSE, comparison, metric

PROVENANCE = {
    **dict.fromkeys(("rollkit", "python", "numpy", "platform", "engine"), "1"),
    "libraries": {"scipy": "1"},
    "argv": None,
    "git_revision": None,
}
VOLATILE = {"started": "2026-01-01T00:00:00+00:00", "duration_s": 0.1, "host": "here"}


def artifact(*metrics, **others):
    return comparison(*metrics, provenance=PROVENANCE, volatile=VOLATILE, **others)


def test_the_files_have_their_fingerprints(tmp_path):
    path = tmp_path / "base.parquet"
    path.write_bytes(b"abc")
    (found,) = artifact(metric(), files=(path,)).to_dict()["provenance"]["inputs"]
    assert found["sha256"].startswith("ba7816bf")  # NIST's example, FIPS 180-2
    assert found["bytes"] == 3


def test_the_worst_comes_first():
    told = comparison(
        metric("same", "equal"),
        metric("open"),
        metric("likely", probability_worse=0.94),
        metric("small", **WORSE, effect=0.5),
        metric("large", **WORSE, effect=-2.0),
        metric("fine", "better"),
    )
    assert [one.name for one in told.ranked] == [
        *("large", "small", "fine", "likely", "open", "same")
    ]
    assert told.verdicts == {"worse": 2, "better": 1, "differs": 0, "undecided": 2, "equal": 1}
    assert words.tally(told) == "2 of 6 metrics worse, 1 better, 2 undecided, 1 equal"


def test_what_fails_comes_before_what_does_not():
    told = comparison(
        metric("fine", "better"),
        metric("gone", broken=True, reason="the candidate has none", **UNKNOWN),
        metric("aside", "worse", better=None),
    )
    assert [one.name for one in told.ranked] == ["gone", "aside", "fine"]
    assert [one.name for one in told.failed] == ["gone"]
    assert words.tally(told) == "1 of 3 metrics broken, 1 worse, 1 better"
    assert told.exit_code == 1


@pytest.mark.parametrize(
    ("fail_on", "verdict", "code"),
    [
        (("worse",), "worse", 1),
        (("worse",), "undecided", 0),
        (("worse", "undecided"), "undecided", 1),
        (("worse", "undecided"), "better", 0),
        ((), "worse", 0),
    ],
)
def test_the_exit_code(fail_on, verdict, code):
    told = comparison(metric(verdict=verdict), fail_on=fail_on)
    assert (told.exit_code, told.ok) == (code, not code)


def test_the_p_value_is_that_of_the_verdict():
    given = {"p_worse": 0.1, "p_better": 0.2, "p_equal": 0.3}
    found = {name: metric(verdict=name, **given).p for name in ("worse", "better", "equal")}
    assert found == {"worse": 0.1, "better": 0.2, "equal": 0.3}
    assert metric(**given).p == 0.1
    assert metric(**UNKNOWN).p is None


def test_relative():
    assert metric().relative == pytest.approx(0.05)
    assert metric(base_mean=-4.0).relative == pytest.approx(0.05)  # up is up
    assert metric(base_mean=0.0).relative is None
    assert metric(difference=None).relative is None


def test_the_schema_accepts_it_and_explains_every_field():
    told = artifact(
        metric(),
        metric("gone", reason="no values", base_mean=None, candidate_mean=None, **UNKNOWN),
        metric("odd", effect=math.inf, p_worse=math.nan),
        definitions=("dt: 0.1 there, 0.05 here",),
        notes=("not paired",),
        paired_by=None,
    )
    data = json.loads(told.to_json())
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(data, schema, cls=jsonschema.Draft202012Validator)
    assert data == told.to_dict()
    odd = data["metrics"][2]
    assert (odd["effect"], odd["p_worse"]) == (None, None)  # strict JSON has no such numbers
    assert data["metrics"][0]["relative"] == pytest.approx(0.05)
    assert [one["fails"] for one in data["metrics"]] == [False, False, False]


def test_an_earlier_comparison_is_replaced_and_nothing_else(tmp_path):
    path = tmp_path / "comparison.json"
    artifact(metric()).save(path)
    assert artifact(metric("other")).save(path) == path
    assert json.loads(path.read_text())["metrics"][0]["name"] == "other"
    for text in ('{"a": 1}', "no JSON", '{"schema_version": 1, "provenance": {"rollkit": "1"}}'):
        path.write_text(text)  # the last might be the artifact of a run, hours of work
        with pytest.raises(rollkit.RollkitError, match="is no comparison of rollkit's"):
            artifact(metric()).save(path)
        assert path.read_text() == text
    artifact(metric()).save(path, force=True)
    assert json.loads(path.read_text())["schema_version"] == 1


def test_how_many_were_compared():
    assert words.counted(comparison(metric())) == "200 pairs by seed"
    assert words.counted(comparison(metric(), pairs=1, paired_by="case")) == "1 pair by case"
    unpaired = comparison(metric(n_base=200, n_candidate=180, pairs=None), paired_by=None, pairs=0)
    assert words.counted(unpaired) == "unpaired, 200 and 180 values"
    assert words.tally(comparison()) == "no metric was compared"


def test_notes_name_what_only_one_side_has():
    told = comparison(
        metric("ade", only_base=5),
        metric("fde", only_base=5),
        metric("missed", only_candidate=1, only_base=2),
        only_base=1000,
        only_candidate=1,
        definitions=("dt: 0.1 there, 0.05 here",),
        notes=("a remark",),
    )
    assert remarks.notes(told) == [
        "definitions differ: dt: 0.1 there, 0.05 here",
        "a remark",
        "left out: 1,000 seeds of base.parquet alone and 1 seed of candidate.parquet alone",
        "ade, fde: undefined in 5 pairs by candidate.parquet",
        "missed: undefined in 2 pairs by candidate.parquet and 1 pair by base.parquet",
    ]


def test_how_many_pairs_would_settle_it():
    """By hand: the half width 0.3 is to fall to 1.96 * 0.2 / (1.645 + 1.282), as 1/√n does."""
    assert round(200 * (0.3 * 2.9264 / (1.95996 * 0.2)) ** 2) == 1003
    told = comparison(metric())
    assert remarks.settling(told, metric()) == 1000
    # Of two metrics the first is held to half of alpha; z is 1.960 then.
    assert remarks.settling(comparison(metric(), metric("b")), metric()) == 1200
    # To be equal within a tolerance of 0.5 it is 0.3 away from it.
    assert remarks.settling(told, metric(tolerance=0.5)) == 450
    assert remarks.settling(told, metric(difference=0.05)) == 16_000
    assert remarks.settling(told, metric(difference=0.04)) is None  # more than a hundred times
    assert remarks.settling(told, metric(difference=0.2, tolerance=0.2)) is None
    assert remarks.settling(told, metric(**UNKNOWN)) is None
    # It is more than there are, however close it is.
    assert remarks.settling(told, metric(low=0.19, high=0.21)) == 201


@pytest.mark.parametrize(
    ("others", "difference", "interval", "percent"),
    [
        ({}, "+0.20", "-0.10 to +0.50", "+5.0%"),
        ({"difference": 0.2, "low": 0.1876, "high": 0.2124}, "+0.200", "+0.188 to +0.212", "+5.0%"),
        ({"difference": 321.0, "low": 123.0, "high": 519.0}, "+321", "+123 to +519", "+8,025%"),
        ({"difference": -0.001, "low": -0.1, "high": 0.1}, "0", "-0.10 to +0.10", "-0.025%"),
        ({"difference": 1e-16, "low": -1e-15, "high": 1e-15}, "0", "0 to 0", "0%"),
        (
            {"difference": 1e-6, "low": 0.9e-6, "high": 1.1e-6},
            "+1e-06",
            "+9e-07 to +1.1e-06",
            "~0%",
        ),
        ({"difference": 0.2, "low": 0.2, "high": 0.2}, "+0.2", "+0.2 to +0.2", "+5.0%"),
        ({"difference": 0.2, "low": None, "high": None}, "+0.2", "-", "+5.0%"),
        ({"difference": None, "low": None, "high": None}, "-", "-", "-"),
        ({"base_mean": 0.0}, "+0.20", "-0.10 to +0.50", "-"),
        ({"difference": 0.0, "low": 0.0, "high": 0.0}, "0", "0 to 0", "0%"),
    ],
)
def test_a_difference_has_as_many_digits_as_it_bears(others, difference, interval, percent):
    one = metric(**others)
    assert words.difference(one) == difference
    assert words.interval(one) == interval
    assert words.percent(one) == percent


def test_every_field_is_explained():
    page = Path(__file__).parents[3] / "docs" / "comparing.md"
    _, section = page.read_text(encoding="utf-8").split("\n## The comparison as JSON\n")

    def words_of(schema):
        for name, one in schema.get("properties", {}).items():
            yield name
            yield from words_of(one)
        yield from words_of(schema["items"]) if "items" in schema else ()

    names = set(words_of(json.loads(SCHEMA.read_text(encoding="utf-8"))))
    assert {"sha256", "p_differs", "undecided"} <= names
    assert not [name for name in sorted(names) if f"`{name}`" not in section]
