"""The metrics: worked by hand to the last digit, against a plain loop, and their invariances."""

import functools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rollkit
from rollkit import Actions, Rollout, State, Trajectory
from rollkit.plugins import Plugins
from rollkit.testing.strategies import cases

# a and κ are sums of powers of two, so that every value below is exact in binary.
HAND = Rollout(
    Trajectory(
        x=[0.0, 3.0, 3.0, 3.0],
        y=[0.0, 4.0, 4.0, 8.0],
        yaw=[0.5, -0.25, 0.25, 2.5],
        speed=[4.0, 2.0, 0.0, 8.0],
        dt=0.25,
    ),
    Actions(accel=[1.0, -2.5, 0.5], curvature=[0.125, -0.25, 0.0], dt=0.25),
)
EXPECTED = {
    "max_abs_accel": 2.5,
    "max_abs_curvature": 0.25,
    "min_speed": 0.0,
    "final_speed": 8.0,
    "max_abs_jerk": 14.0,  # (-2.5 - 1) / 0.25
    "max_abs_curvature_rate": 1.5,  # (-0.25 - 0.125) / 0.25
    "max_abs_lateral_accel": 2.0,  # 16 0.125; 4 0.25 = 1; 0
    "rms_lateral_accel": math.sqrt((4.0 + 1.0 + 0.0) / 3),
    "max_abs_yaw_rate": 0.5,  # 4 0.125; 2 0.25; 0
    "rms_yaw_rate": math.sqrt((0.25 + 0.25 + 0.0) / 3),
    "path_length": 9.0,  # 5 + 0 + 4
    "heading_change": 2.0,
    "total_heading_change": 3.5,  # 0.75 + 0.5 + 2.25
    "max_abs_heading_change": 2.0,
}

SE2, MIRROR, SHIFT, REVERSAL, REFINED = (
    "se2", "mirror", "time_shift", "time_reversal", "dt_refinement",
)  # fmt: skip
POSITIVE, ANY = (0, None), (None, None)
# What each metric is, beside its number: unit, better, bounds, needs, min_steps, invariant_under.
DECLARED = {
    "max_abs_accel": (
        "m/s^2", "lower", POSITIVE, "actions", 1, (SE2, MIRROR, SHIFT, REVERSAL, REFINED),
    ),
    "max_abs_curvature": (
        "1/m", "lower", POSITIVE, "actions", 1, (SE2, MIRROR, SHIFT, REVERSAL, REFINED),
    ),
    "min_speed": ("m/s", None, ANY, "", 0, (SE2, MIRROR, SHIFT, REVERSAL, REFINED)),
    "final_speed": ("m/s", None, ANY, "", 0, (SE2, MIRROR, SHIFT, REFINED)),
    "max_abs_jerk": ("m/s^3", "lower", POSITIVE, "actions", 2, (SE2, MIRROR, REVERSAL)),
    "max_abs_curvature_rate": (
        "1/(m s)", "lower", POSITIVE, "actions", 2, (SE2, MIRROR, REVERSAL),
    ),
    "max_abs_lateral_accel": ("m/s^2", "lower", POSITIVE, "actions", 1, (SE2, MIRROR, SHIFT)),
    "rms_lateral_accel": ("m/s^2", "lower", POSITIVE, "actions", 1, (SE2, MIRROR)),
    "max_abs_yaw_rate": ("rad/s", "lower", POSITIVE, "actions", 1, (SE2, MIRROR, SHIFT)),
    "rms_yaw_rate": ("rad/s", "lower", POSITIVE, "actions", 1, (SE2, MIRROR)),
    "path_length": ("m", None, POSITIVE, "", 0, (SE2, MIRROR, REVERSAL)),
    "heading_change": ("rad", None, ANY, "", 0, (SE2, SHIFT, REFINED)),
    "total_heading_change": (
        "rad", None, POSITIVE, "", 0, (SE2, MIRROR, SHIFT, REVERSAL, REFINED),
    ),
    "max_abs_heading_change": ("rad", None, POSITIVE, "", 1, (SE2, MIRROR, SHIFT, REFINED)),
}  # fmt: skip


def loop(name, rollout):
    """The same numbers by a plain Python loop, written from the definitions."""
    dt, t, a = rollout.dt, rollout.trajectory, rollout.actions
    steps = range(rollout.steps)
    pairs = range(rollout.steps - 1)
    rows = {
        "max_abs_accel": lambda: max(abs(a.accel[i]) for i in steps),
        "max_abs_curvature": lambda: max(abs(a.curvature[i]) for i in steps),
        "min_speed": lambda: min(t.speed),
        "final_speed": lambda: t.speed[rollout.steps],
        "max_abs_jerk": lambda: max(abs(a.accel[i + 1] - a.accel[i]) / dt for i in pairs),
        "max_abs_curvature_rate": lambda: max(
            abs(a.curvature[i + 1] - a.curvature[i]) / dt for i in pairs
        ),
        "max_abs_lateral_accel": lambda: max(abs(t.speed[i] ** 2 * a.curvature[i]) for i in steps),
        "rms_lateral_accel": lambda: math.sqrt(
            math.fsum((t.speed[i] ** 2 * a.curvature[i]) ** 2 for i in steps) / rollout.steps
        ),
        "max_abs_yaw_rate": lambda: max(abs(t.speed[i] * a.curvature[i]) for i in steps),
        "rms_yaw_rate": lambda: math.sqrt(
            math.fsum((t.speed[i] * a.curvature[i]) ** 2 for i in steps) / rollout.steps
        ),
        "path_length": lambda: math.fsum(
            math.dist((t.x[i], t.y[i]), (t.x[i + 1], t.y[i + 1])) for i in steps
        ),
        "heading_change": lambda: t.yaw[rollout.steps] - t.yaw[0],
        "total_heading_change": lambda: math.fsum(abs(t.yaw[i + 1] - t.yaw[i]) for i in steps),
        "max_abs_heading_change": lambda: max(abs(yaw - t.yaw[0]) for yaw in t.yaw),
    }
    return rows[name]()


@functools.cache
def spec_of(name):
    """Looked up once: to find a metric by its name alone, plugins are loaded until one has it."""
    return Plugins().metric(name).spec


@pytest.mark.parametrize("name", EXPECTED)
def test_by_hand(name):
    assert rollkit.evaluate(HAND, [name])[name] == EXPECTED[name]


def test_every_metric_of_the_standard_set_is_worked_by_hand():
    plugins = Plugins()
    plugins.load(["starter", "lateral_accel", "yaw_rate", "path_length", "heading_change"])
    assert set(plugins.metrics) == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_declaration(name):
    unit, better, bounds, needs, min_steps, invariant_under = DECLARED[name]
    spec = Plugins().metric(name).spec
    assert spec.name == name
    assert spec.unit == unit
    assert spec.better == better
    assert spec.bounds == bounds
    assert spec.needs == tuple(needs.split())
    assert spec.min_steps == min_steps
    assert set(spec.invariant_under) == set(invariant_under)
    assert len(spec.invariant_under) == len(invariant_under)


@pytest.mark.parametrize("name", EXPECTED)
@given(case=cases(batch=()))
def test_against_a_plain_loop(name, case):
    rollout = rollkit.rollout(case[1], case[0])
    got = rollkit.evaluate(rollout, [name])[name]
    if rollout.steps < spec_of(name).min_steps:
        assert np.isnan(got)
        return
    assert got == pytest.approx(loop(name, rollout), rel=1e-12, abs=1e-12)


@given(cases(), st.floats(-3, 3))
def test_declared_invariances_hold(case, angle):
    """Turning the world and its mirror image; the other declared traits are for a kit to come."""
    initial, actions = case
    plain = rollkit.rollout(actions, initial)
    turned = rollkit.rollout(
        actions,
        State(
            np.cos(angle) * initial.x - np.sin(angle) * initial.y,
            np.sin(angle) * initial.x + np.cos(angle) * initial.y,
            initial.yaw + angle,
            initial.speed,
        ),
    )
    mirrored = rollkit.rollout(
        Actions(actions.accel, -actions.curvature, actions.dt),
        State(initial.x, -initial.y, -initial.yaw, initial.speed),
    )
    for name in EXPECTED:
        traits = spec_of(name).invariant_under
        expected = rollkit.evaluate(plain, [name])[name]
        for trait, other in (("se2", turned), ("mirror", mirrored)):
            if trait in traits:
                got = rollkit.evaluate(other, [name])[name]
                np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9, err_msg=name)


def test_the_sign_of_heading_change_is_that_of_the_turn():
    left = Actions(np.zeros(4), np.full(4, 0.1), 0.5)
    assert rollkit.evaluate(rollkit.rollout(left, State(speed=2.0)), ["heading_change"])[
        "heading_change"
    ] == pytest.approx(0.4)


@pytest.mark.parametrize("name", EXPECTED)
def test_without_actions_it_is_undefined_or_needs_none(name):
    got = rollkit.evaluate(Rollout(HAND.trajectory), [name])[name]
    needs = Plugins().metric(name).spec.needs
    assert np.isnan(got) if "actions" in needs else got == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_how_a_rollout_lies_in_memory_changes_no_bit(name):
    """Sums are added in the order of memory: one rollout must be worth the same alone."""
    random = np.random.default_rng(3)
    signals = random.normal(size=(4, 65, 301))
    accel, kappa = 0.05 * random.normal(size=(2, 65, 300))

    def value(rows, layout):
        return rollkit.evaluate(
            Rollout(
                Trajectory(*(layout(one[rows]) for one in signals), 0.1),
                Actions(layout(accel[rows]), layout(kappa[rows]), 0.1),
            ),
            [name],
        )[name]

    whole = value(slice(None), np.asfortranarray)
    np.testing.assert_array_equal(whole, value(slice(None), np.ascontiguousarray))
    for row in (0, 64):
        assert whole[row] == value(row, np.ascontiguousarray)
        assert whole[row] == value(slice(row, row + 1), np.asfortranarray)[0]


@pytest.mark.parametrize("name", EXPECTED)
def test_nan_is_never_lost(name):
    gap = np.array([0.0, np.nan, 1.0, 2.0])
    rollout = Rollout(Trajectory(gap, gap, gap, gap, 0.25), HAND.actions)
    got = rollkit.evaluate(rollout, [name])[name]
    # These look at the ends, or at the actions alone, where nothing is missing.
    ends = {"heading_change", "final_speed"}
    actions = {"max_abs_accel", "max_abs_curvature", "max_abs_jerk", "max_abs_curvature_rate"}
    assert np.isnan(got) == (name not in ends | actions)
