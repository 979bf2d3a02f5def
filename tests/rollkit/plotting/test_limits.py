"""Which limits belong to which axis."""

import numpy as np
import pytest

import rollkit
from rollkit.examples.signals import Trace
from rollkit.gates.gate import Gate
from rollkit.plotting.limits import bounds_of, limits_of


@pytest.fixture(scope="module")
def gates():
    expressions = [
        "max_abs_jerk <= 3",
        "p95(MAX_ABS_JERK) <= 9",
        "std(max_abs_jerk) < 1",
        "n(max_abs_jerk) >= 2",
        "min_speed > 1",
        "mean(max_abs_accel) <= 4",
    ]
    return rollkit.run("left", seeds=2, gates=list(map(Gate, expressions))).gates


def test_a_metric_has_the_limits_that_lie_among_its_values(gates):
    found = limits_of(gates, "max_abs_jerk")
    assert [(one.value, one.text, one.passed) for one in found] == [
        (3.0, "<= 3", False),
        (9.0, "p95 <= 9", True),
    ]
    assert limits_of(gates, "min_speed")[0].text == "> 1"
    assert limits_of(gates, "something") == ()


def trace(values, name="jerk", unit="m/s^3"):
    return Trace(name, unit, np.arange(len(values)), np.array(values, dtype=float))


@pytest.mark.parametrize(
    ("values", "signal", "bounds"),
    [
        ({"max_abs_jerk": 4.0}, trace([1, -4, 2]), (-3.0, 3.0)),  # the largest magnitude
        ({"max_abs_jerk": 4.0}, trace([1, 4, 2]), (3.0,)),  # never negative: one side
        ({"max_abs_jerk": 3.9}, trace([1, -4, 2]), ()),  # of something else
        ({"max_abs_jerk": 4.0}, trace([1, -4, 2], unit="1"), ()),
        ({"max_abs_jerk": np.nan}, trace([1, -4, 2]), ()),
        ({"max_abs_jerk": 4.0}, trace([np.nan] * 3), ()),
        ({}, trace([1, -4, 2]), ()),
    ],
)
def test_a_signal_has_the_limits_of_the_metric_that_is_its_extreme(gates, values, signal, bounds):
    assert bounds_of(gates, "jerk", [(values, [signal])]) == bounds


def test_the_smallest_value_and_a_mean_that_is_no_extreme(gates):
    speed, accel = trace([3, 2, 4], "speed", "m/s"), trace([1, -2], "accel", "m/s^2")
    told = [({"min_speed": 2.0, "max_abs_accel": 2.0}, [speed, accel])]
    assert bounds_of(gates, "speed", told) == (1.0,)
    assert bounds_of(gates, "accel", told) == ()  # a mean over rollouts binds no instant


def test_it_has_to_be_the_extreme_of_every_rollout(gates):
    one = ({"max_abs_jerk": 4.0}, [trace([1, -4])])
    other = ({"max_abs_jerk": 4.0}, [trace([1, -5])])
    assert bounds_of(gates, "jerk", [one]) == (-3.0, 3.0)
    assert bounds_of(gates, "jerk", [one, other]) == ()


def test_gates_name_metrics_as_the_command_line_does():
    result = rollkit.run("left", seeds=3, gates=["MAX_ABS_JERK <= 3"], keep_values=True)
    (gate,) = result.gates
    assert gate.is_about("max_abs_jerk")
    assert gate.key == "max_abs_jerk"
    assert [one.value for one in limits_of(result.gates, "max_abs_jerk")] == [3.0]
