"""One side by itself: whether values are its own, and of which cells a sweep is."""

from dataclasses import replace

import numpy as np
import pytest

import rollkit
from rollkit import UsageError
from rollkit.comparing.alone import INFINITE, alone, load
from rollkit.comparing.artifacts import of_evaluations
from rollkit.comparing.definitions import Input
from rollkit.comparing.knowing import known_metrics
from rollkit.comparing.matching import refuse_other_kind
from rollkit.comparing.reading import side_of
from rollkit.comparing.sides import Cell, Declared, Side
from rollkit.comparing.tables import InMemory
from rollkit.predictions.spec import EvalSpec

ASKED = {"metrics": ["max_abs_jerk", "min_speed"], "seeds": 8, "keep_values": True}


@pytest.fixture(scope="module")
def sweep():
    return rollkit.run("left,right", grid={"speed": [5, 9]}, **ASKED)


def test_values_are_those_that_the_artifact_tells_of():
    side = side_of(rollkit.run("left", **ASKED), "base")
    assert load(side, ASKED["metrics"])[1] is side.table
    column = side.table.column("min_speed")
    changed = [np.nextafter(column, 99), np.where(column == column.min(), np.nan, column)]
    inside = column.copy()
    inside[np.argsort(column)[3]] += 1e-3  # neither the least nor the largest
    largest = np.where(column == column.max(), np.nextafter(column, 99), column)
    for other in (*changed, inside, largest, column + np.nan):
        table = InMemory(8, side.table.key, None, {"min_speed": other})
        found, loaded = load(replace(side, table=table), ["min_speed"])
        assert (found.table, loaded) == (None, None)
        assert "another run's by now (min_speed" in found.notes[0]


def test_without_a_table_there_is_nothing_to_load():
    side = Side(name="BASE", key="seed", metrics={})
    assert load(side, []) == (side, None)


def test_the_cells_of_a_seed_are_one_value(sweep):
    side = side_of(sweep, "base")
    (one,) = alone(side, side.table, ["min_speed"]).values()
    means = sweep.values["min_speed"].reshape(4, 8).mean(axis=0)
    assert one.moments.n == 8
    np.testing.assert_allclose(one.moments[1:], [means.mean(), means.std(ddof=1)])
    (told,) = alone(side, None, ["min_speed"]).values()
    assert (told.moments.n, told.moments.std) == (32, None)
    assert told.reason.startswith("the cells of a sweep share their seeds")


def test_an_infinite_value_has_no_mean():
    side = side_of({"gap": [1.0, np.inf, 2.0]}, "base")
    (one,) = alone(side, side.table, ["gap"]).values()
    assert (one.reason, one.moments.n) == (INFINITE, 0)


def test_a_reference_is_known_by_its_content_where_that_was_recorded():
    spec = EvalSpec(predictions="a.csv", reference="there/went.csv")
    settings = of_evaluations(spec, (0.1, 6.4), {"there/went.csv": "12ab"})
    assert settings["reference"] == Input("there/went.csv", "12ab")
    assert of_evaluations(spec, (None, None), {})["reference"] == Input("there/went.csv", None)
    assert "dt" not in of_evaluations(spec, (None, None), {})
    assert of_evaluations(EvalSpec(predictions="a.csv"), (0.1, 1), {})["reference"] is None


def test_seeds_and_cases_are_refused(sweep):
    there, here = side_of(sweep, "base"), side_of({"case": ["a"], "gap": [1]}, "candidate")
    with pytest.raises(UsageError) as caught:
        refuse_other_kind(there, here)
    assert caught.value.message == (
        "base has seeds of a run and candidate has cases of an evaluation: nothing that can be "
        "compared"
    )


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([("a", 5), ("a", 9)], None),
        ([("b", 5), ("b", 9)], None),  # another source: whose work it is
        ([("a", 5)], "2 there, 1 here"),
        ([("a", 5), ("a", 8)], "speed=9 there, speed=8 here"),
        ([("a", 5), ("b", 9)], "speed=5 there, source=a, speed=5 here"),
    ],
)
def test_sweeps_are_of_the_same_cells(cells, said):
    def side(cells):
        made = [Cell(source=one, integrator="i", params={"speed": v, "c": 1}) for one, v in cells]
        return Side(name="X", key="seed", metrics={}, cells=tuple(made))

    there = side([("a", 5), ("a", 9)])
    if said is None:
        refuse_other_kind(there, side(cells))
        return
    with pytest.raises(UsageError, match=f"not sweeps of the same cells: {said}"):
        refuse_other_kind(there, side(cells))


def test_what_a_side_does_not_say_the_other_knows_or_a_plugin():
    known = Declared(unit="m", better="lower", version=1, bounds=(0, None), definition="Gap.")
    there = Side(name="BASE", key="seed", metrics={"gap": Declared(), "max_abs_jerk": Declared()})
    here = Side(name="CAND", key="seed", metrics={"gap": known, "more": Declared(unit="s")})
    found, notes = known_metrics(["gap", "max_abs_jerk", "more"], there, here)
    assert found["gap"] == known
    assert (found["max_abs_jerk"].unit, found["max_abs_jerk"].better) == ("m/s^3", "lower")
    assert (found["more"].unit, found["more"].better) == ("s", None)
    assert notes == ["taken for the metrics of rollkit's by that name: max_abs_jerk"]
    far = Side(name="X", key="case", metrics={"ade@3s": Declared()})
    assert known_metrics(["ade@3s"], far)[0]["ade@3s"].better == "lower"
    other = Side(name="X", key="seed", metrics={"max_abs_jerk": Declared(unit="m")})
    found, notes = known_metrics(["max_abs_jerk"], other)
    assert (found["max_abs_jerk"].better, notes) == (None, [])  # another unit: another metric
