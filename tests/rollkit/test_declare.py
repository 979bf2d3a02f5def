"""Declarations: what a decorator accepts, refuses, and attaches."""

import pytest

from rollkit import action_source, integrator, metric
from rollkit.declare import source_spec, spec_of
from rollkit.errors import DeclarationError


def plain(rollout):
    """A metric: one line.

    And more, which is no part of its definition.
    """
    return rollout.speed[..., 0]


def test_a_decorator_returns_the_function_and_attaches_its_spec():
    assert metric(unit="m/s", needs="actions")(plain) is plain
    spec = spec_of(plain)
    assert (spec.name, spec.unit, spec.needs) == ("plain", "m/s", ("actions",))
    assert spec.definition == "A metric: one line."
    assert spec.function is plain


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"unit": ""}, "unit: got ''"),
        ({"unit": "m", "better": "more"}, "better: got 'more', expected one of 'lower', 'higher'"),
        ({"unit": "m", "needs": "weather"}, "needs: got 'weather'"),
        ({"unit": "m", "invariant_under": ("gravity",)}, "invariant_under: got 'gravity'"),
        ({"unit": "m", "bounds": (1, 0)}, r"bounds: got \(1, 0\), expected low <= high"),
        ({"unit": "m", "min_steps": -1}, "min_steps: got -1"),
        ({"unit": "m", "version": 0}, "version: got 0"),
        ({"unit": "m", "name": "two words"}, "name: got 'two words'"),
    ],
)
def test_wrong_declarations_name_the_function_and_its_line(options, message):
    with pytest.raises(DeclarationError, match=message) as caught:
        metric(**options)(plain)
    assert "plain (" in caught.value.message
    assert "test_declare.py:" in caught.value.message


def test_a_metric_or_integrator_without_words_is_refused():
    def silent(rollout): ...

    for decorator in (metric(unit="1"), integrator(order=1, speed_never_negative=True)):
        with pytest.raises(DeclarationError, match="has no docstring"):
            decorator(silent)


@pytest.mark.parametrize(("order", "never"), [(0, True), (1.5, True), (1, "yes")])
def test_integrators_declare_order_and_sign(order, never):
    with pytest.raises(DeclarationError):
        integrator(order=order, speed_never_negative=never)(plain)


def test_a_source_has_draws_horizon_and_dt():
    with pytest.raises(DeclarationError, match="lacks keyword horizon and dt"):
        action_source()(lambda draws: None)
    with pytest.raises(DeclarationError, match="takes no arguments"):
        source_spec(lambda: None)
    with pytest.raises(DeclarationError, match=r"parameter \*\*more cannot be set by name"):
        source_spec(lambda draws, *, horizon, dt, **more: None, name="x")


def test_a_source_that_defaults_its_time_brings_its_own():
    def own(draws, *, horizon=None, dt=None): ...
    def given(draws, *, horizon, dt): ...

    assert source_spec(own).own_time
    assert not source_spec(given).own_time
