"""The laws as data: what each says of itself."""

import inspect
from collections import Counter

import numpy as np
import pytest
from hypothesis import given

from rollkit.declare import INVARIANCES, SIGNALS
from rollkit.testing import invariants, transforms
from rollkit.testing.invariant import Violation, close, holds, same
from rollkit.testing.strategies import rollouts
from rollkit.testing.units import dimension

every_law = pytest.mark.parametrize("law", invariants.ALL, ids=lambda law: f"{law.kind}-{law.name}")


@every_law
def test_a_law_says_in_one_sentence_what_must_hold(law):
    assert law.statement
    assert law.statement.endswith(".")
    assert inspect.getdoc(law.law).startswith(law.statement)
    assert len(law.statement) < 110


@every_law
def test_a_tolerance_has_a_reason(law):
    if law.tolerance is not None:
        assert 0 < law.tolerance.value < 0.01
        assert len(law.tolerance.reason) > 20


@every_law
def test_what_is_drawn_is_what_the_law_takes(law):
    subject, *drawn = inspect.signature(law.law).parameters
    assert subject == "subject"
    assert drawn == list(law.given)


@every_law
def test_a_law_with_a_condition_names_it(law):
    always = law.applies is bool
    assert always == (law.when == "")


def test_names_are_unique_in_a_kind():
    counts = Counter((law.kind, law.name) for law in invariants.ALL)
    assert max(counts.values()) == 1
    kinds = ("integrator", "metric", "action_source")
    assert all(invariants.of(kind) for kind in kinds)
    assert sum(len(invariants.of(kind)) for kind in kinds) == len(counts)


@pytest.mark.parametrize("trait", INVARIANCES)
def test_every_declared_invariance_has_its_law_and_its_transformation(trait):
    (law,) = [one for one in invariants.of("metric") if one.name == trait]
    assert trait in law.when
    assert callable(getattr(transforms, trait))


@pytest.mark.parametrize("signal", SIGNALS)
@given(rollout=rollouts(batch=(2,), min_steps=3))
def test_every_signal_can_be_scaled_by_itself(signal, rollout):
    changed = transforms.scaled(rollout, signal, 3.0)
    pairs = {
        "accel": (rollout.accel, changed.accel),
        "curvature": (rollout.curvature, changed.curvature),
        "speed": (rollout.speed, changed.speed),
        "position": (rollout.trajectory.x, changed.trajectory.x),
    }
    for name, (before, after) in pairs.items():
        assert np.array_equal(after, 3.0 * before if name == signal else before)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("m", (1, 0)),
        ("m/s", (1, -1)),
        ("m/s^3", (1, -3)),
        ("1/m", (-1, 0)),
        ("1/(m s)", (-1, -1)),
        ("rad/s", (0, -1)),
        ("km/h", (1, -1)),
        ("m^2 s", (2, 1)),
        ("1", (0, 0)),
        ("%", (0, 0)),
        ("kg", None),
        ("m/s/s", None),
        ("m per s", None),
    ],
)
def test_the_dimension_of_a_unit(unit, expected):
    assert dimension(unit) == expected


def test_assertions_show_the_first_place_that_is_wrong():
    got, wanted = np.array([1.0, 2.5]), np.array([1.0, 2.0])
    with pytest.raises(Violation, match=r"v at \[1\]: got 2.5, expected 2.0 within 1.0e-01"):
        close("v", got, wanted, 0.1)
    with pytest.raises(Violation, match=r"v at \[1\]: got 2.5, expected 2.0 to the last bit"):
        same("v", got, wanted)
    with pytest.raises(Violation, match=r"v at \[1\]: got 2.5, expected at most 2"):
        holds("v", got <= 2, got, "at most 2")
    with pytest.raises(Violation, match=r"v: shape: got \(2,\), expected \(1,\)"):
        close("v", got, wanted[:1], 0.1)
    with pytest.raises(Violation, match="got nan"):
        close("v", np.array(np.nan), np.array(1.0), np.inf)


def test_nan_agrees_with_nan_only():
    undefined = np.array([np.nan, 1.0])
    close("v", undefined, undefined.copy(), 0.0)
    same("v", undefined, undefined.copy())
    with pytest.raises(Violation):
        same("v", np.array([0.0, 1.0]), undefined)
