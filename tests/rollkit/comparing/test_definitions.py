"""Which differences between two sides are of the definition, and which of whose work it is."""

from dataclasses import replace

import numpy as np
import pytest

import rollkit
from rollkit import UsageError, Vehicle
from rollkit.comparing.definitions import Input, differences, refuse
from rollkit.comparing.reading import side_of
from rollkit.comparing.sides import Declared, Side

ASKED = {"metrics": ["min_speed"], "seeds": 2}


def side(**asked):
    """A run, as a side."""
    source = asked.pop("source", "left")
    return side_of(rollkit.run(source, **{**ASKED, **asked}), "base")


def found(there, here):
    """What differs."""
    return differences(there, here, ["min_speed"])


@pytest.fixture(scope="module")
def base():
    return side()


@pytest.mark.parametrize(
    ("asked", "lines"),
    [
        ({"dt": 0.05}, ["dt: 0.1 there, 0.05 here"]),
        ({"horizon": 3.2}, ["horizon: 6.4 there, 3.2 here"]),
        ({"integrator": "euler"}, ["integrator: rk4 there, euler here"]),
        ({"presets": ["comfort_bounds"]}, ['presets: [] there, ["comfort_bounds"] here']),
    ],
)
def test_what_the_numbers_are_defined_by(base, asked, lines):
    assert found(base, side(**asked)) == lines


def test_a_vehicle_is_part_of_the_definition(base):
    (line,) = found(base, side(vehicle=Vehicle(4.9, 2.1, 2.9)))
    assert line.startswith('vehicle: none there, {"length": 4.9')
    assert len(line) < 130


@pytest.mark.parametrize(
    "asked",
    [{"source": "right"}, {"params": {"speed": 9.0}}, {"seeds": (5, 9)}, {"engine": "numpy"}],
)
def test_whose_work_it_is_may_differ(base, asked):
    assert found(base, side(**asked)) == []


def test_options_of_the_integrator_are_part_of_the_definition_and_those_of_the_source_not():
    there = side(integrator="waymax")
    here = side(integrator="waymax", params={"clip": False, "speed": 9.0})
    assert found(there, here) == ["waymax: clip: true there, false here"]
    assert found(there, side(integrator="waymax", params={"speed": 9.0})) == []


def test_options_of_the_fit_are_part_of_the_definition_and_those_of_the_format_not():
    settings = {"fit": "differences"}
    options = {"min_speed": 0.1, "delimiter": ";"}
    there = Side(name="BASE", key="case", metrics={}, settings=settings, options=options)
    here = replace(there, options={"min_speed": 0.2, "delimiter": ","})
    assert differences(there, here, []) == ["differences: min_speed: 0.1 there, 0.2 here"]
    other = {"fit": "of nobody's"}
    there, here = (replace(one, settings=other) for one in (there, here))
    assert differences(there, here, []) == []  # whose option it is nobody can say


EVALUATED = {
    "dt": 0.5,
    "horizon": 3.0,
    "samples": "mean",
    "samples of a case": 3,
    "at": [1.0, 3.0],
    "fit": "spline",
    "resample": "cubic",
    "max_gap": None,
    "history": None,
    "vehicle": None,
    "presets": ["ours"],
    "preset ours": "our/fleet abc1234",
    "reference": Input("a/went.csv", "12ab"),
}


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("samples", "min", "samples: mean there, min here"),
        ("samples of a case", 12, "samples of a case: 3 there, 12 here"),
        ("samples of a case", [3, 6], "samples of a case: 3 there, [3, 6] here"),
        ("at", [1.0], "at: [1.0, 3.0] there, [1.0] here"),
        ("fit", "differences", "fit: spline there, differences here"),
        ("resample", "linear", "resample: cubic there, linear here"),
        ("max_gap", 0.5, "max_gap: none there, 0.5 here"),
        ("history", 1.0, "history: none there, 1.0 here"),
        (
            "preset ours",
            "our/fleet def",
            "preset ours: our/fleet abc1234 there, our/fleet def here",
        ),
        ("reference", Input("a/went.csv", "34cd"), "reference: a/went.csv there, a/went.csv here"),
        ("reference", Input("b/other.csv", None), "reference: a/went.csv there, b/other.csv here"),
        ("reference", None, "reference: a/went.csv there, none here"),
        ("reference", Input("b/other.csv", "12ab"), None),  # by its content
        ("reference", Input("b/went.csv", None), None),  # by its name
        ("dt", 0.5000000001, None),  # times that were measured
        ("at", [1, 3], None),
    ],
)
def test_evaluations(name, value, line):
    there = Side(name="BASE", key="case", metrics={}, settings=EVALUATED)
    here = replace(there, settings={**EVALUATED, name: value})
    assert differences(there, here, []) == ([] if line is None else [line])
    unknown = {one: said for one, said in EVALUATED.items() if one != name}
    assert differences(there, replace(here, settings=unknown), []) == []


@pytest.mark.parametrize("saved", [False, True])
def test_the_least_of_three_samples_is_not_compared_with_that_of_twelve(tmp_path, saved):
    pytest.importorskip("scipy")
    random = np.random.default_rng(0)

    def poses(samples):
        x = np.arange(5.0) + random.normal(0, 0.1, (40, samples, 5))
        about = {"dt": 0.5, "frame": "plane", "origin": "by hand"}
        return rollkit.Poses(ids=tuple(map(str, range(40))), x=x, y=0 * x, **about)

    def side(samples):
        file = tmp_path / f"{samples}.parquet" if saved else None
        if saved:
            pytest.importorskip("pyarrow")
        result = rollkit.evaluate_predictions(
            [poses(samples)], [poses(1)], metrics=["min_ade"], save=file, keep_values=not saved
        )
        return file or result

    few, many = side(3), side(12)
    with pytest.raises(UsageError, match="samples of a case: 3 there, 12 here"):
        rollkit.compare(few, many)
    told = rollkit.compare(few, many, anyway=True)
    assert told.definitions == ("samples of a case: 3 there, 12 here",)
    assert told.metrics["min_ade"].verdict == "better"
    assert rollkit.compare(few, few).metrics["min_ade"].verdict == "equal"


DECLARED = Declared(
    unit="m", better="lower", bounds=(0, None), version=1, definition="Length, in m."
)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"unit": "cm"}, "gap: unit: m there, cm here"),
        ({"version": 2}, "gap: version: 1 there, 2 here"),
        ({"better": "higher"}, "gap: better: lower there, higher here"),
        ({"bounds": (0, 1)}, "gap: bounds: [0, null] there, [0, 1] here"),
        ({"definition": "Other."}, "gap: definition: Length, in m. there, Other. here"),
        ({"unit": None, "better": None, "version": None}, None),
        ({"unit": "cm", "better": None, "version": None}, "gap: unit: m there, cm here"),
    ],
)
def test_metrics(change, line):
    there = Side(name="BASE", key="seed", metrics={"gap": DECLARED})
    here = replace(there, metrics={"gap": replace(DECLARED, **change)})
    assert differences(there, here, ["gap", "missing"]) == ([] if line is None else [line])
    assert differences(there, here, []) == []


def test_refused_in_one_line_with_at_most_three():
    there = Side(name="BASE", key="case", metrics={}, settings=EVALUATED)
    refuse(there, there, [])
    with pytest.raises(UsageError) as caught:
        refuse(there, there, [f"{one}: 1 there, 2 here" for one in "abcde"])
    assert caught.value.message == (
        "BASE and BASE are defined differently: a: 1 there, 2 here; b: 1 there, 2 here; "
        "c: 1 there, 2 here; and 2 more"
    )
    assert "--anyway" in caught.value.hint
