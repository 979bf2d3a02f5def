"""Declarations: what a decorator accepts, refuses, and attaches."""

import functools
import math

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


def test_a_wrapper_runs_and_not_what_it_wraps():
    """`functools.wraps` carries the spec over."""

    @metric(unit="m/s")
    def declared(rollout):
        """Some metric."""
        return 1.0

    @functools.wraps(declared)
    def wrapper(rollout):
        return 2.0

    assert spec_of(wrapper).function is wrapper
    assert spec_of(declared).function is declared


def test_a_function_is_declared_once():
    def twice(rollout):
        """Some metric."""

    metric(unit="m", name="a")(twice)
    with pytest.raises(DeclarationError, match="is declared already, as 'a'"):
        metric(unit="m", name="b")(twice)


def test_infinite_bounds_are_none_and_nan_is_refused():
    def free(rollout):
        """Some metric."""

    assert spec_of(metric(unit="m", bounds=(0, math.inf))(free)).bounds == (0, None)
    with pytest.raises(DeclarationError, match="bounds: got"):
        metric(unit="m", bounds=(math.nan, 1))(plain)


@pytest.mark.parametrize("limits", [{"latteral": 3.0}, {"accel": "three"}, {"accel": -1}])
def test_limits_are_of_known_signals_and_numbers(limits):
    with pytest.raises(DeclarationError, match="limits: "):
        action_source(limits=limits)(lambda draws, *, horizon, dt: None)


class Policy:
    def __call__(self, draws, *, horizon, dt, gain: float = 1.0): ...


def test_sources_are_any_callables():
    def hinted(draws, *, horizon, dt, history: "NotImported" = 3): ...  # noqa: F821

    assert [one.name for one in source_spec(Policy()).parameters] == ["gain"]
    partial = functools.partial(Policy.__call__, Policy())
    assert [one.name for one in source_spec(partial).parameters] == ["gain"]
    assert source_spec(hinted).parameters[0].convert("4", owner="x") == 4
    with pytest.raises(DeclarationError, match=r"no signature|lacks keyword|takes no"):
        source_spec(dict)
