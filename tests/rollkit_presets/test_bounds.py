"""The profiles: each bound at, below and above; limits over speed by a loop; and their gates."""

import math
import re
from importlib.metadata import entry_points
from pathlib import Path

import numpy as np
import pytest

import rollkit
from rollkit import Rollout, Trajectory, evaluate, judge
from rollkit.declare import spec_of
from rollkit.gates.files import read_gates
from rollkit_presets.bounds.comfort import comfort_bounds
from rollkit_presets.bounds.physical import physical_bounds
from rollkit_presets.bounds.regulatory import regulatory_bounds

PROFILES = {one.__name__: one for one in (comfort_bounds, regulatory_bounds, physical_bounds)}
RATES = ("accel", "lateral_accel", "yaw_rate", "yaw_accel")
DT, T = 0.1, 20
TIME = DT * np.arange(T + 1)
LITTLE = 1e-6
every_profile = pytest.mark.parametrize("name", PROFILES)


def moving(speed=10.0, dt=DT, steps=T, **rates):
    """A motion whose rates were recorded; those that are not given are 0."""
    none = np.zeros(steps + 1)
    recorded = {name: none + rates.get(name, 0.0) for name in RATES}
    path = Trajectory(none, none, none, none + speed, dt, recorded=recorded)
    return Rollout(path)


def jerk_of(slope):
    """An acceleration that has this jerk all the time, 0 in the middle."""
    return slope * (TIME - TIME[T // 2])


# profile, check, what the motion does as a function of the bound, its bounds at that speed
BOUNDS = [
    ("comfort", "lon_accel", lambda a: {"accel": a}, -4.05, 2.40),
    ("comfort", "lon_jerk", lambda j: {"accel": jerk_of(j)}, -4.13, 4.13),
    ("comfort", "lat_accel", lambda a: {"lateral_accel": a}, -4.89, 4.89),
    ("comfort", "yaw_rate", lambda r: {"yaw_rate": r}, -0.95, 0.95),
    ("comfort", "yaw_accel", lambda r: {"yaw_accel": r}, -1.93, 1.93),
    ("regulatory", "lon_accel", lambda a: {"accel": a, "speed": 25.0}, -3.5, 2.0),
    ("regulatory", "lon_accel", lambda a: {"accel": a, "speed": 20.0}, -3.5, 2.0),
    ("regulatory", "lon_accel", lambda a: {"accel": a, "speed": 12.5}, -3.5, 3.0),
    ("regulatory", "lon_accel", lambda a: {"accel": a, "speed": 5.0}, -3.5, 4.0),
    ("regulatory", "lon_accel", lambda a: {"accel": a, "speed": 0.0}, -3.5, 4.0),
    ("regulatory", "lon_jerk", lambda j: {"accel": jerk_of(j), "speed": 30.0}, -2.5, 2.5),
    ("regulatory", "lon_jerk", lambda j: {"accel": jerk_of(j), "speed": 8.0}, -4.5, 4.5),
    ("regulatory", "lon_jerk", lambda j: {"accel": jerk_of(j), "speed": 3.0}, -5.0, 5.0),
    ("regulatory", "lat_accel", lambda a: {"lateral_accel": a}, -3.0, 3.0),
    ("regulatory", "lat_jerk", lambda j: {"lateral_accel": jerk_of(j)}, -5.0, 5.0),
    ("regulatory", "curvature", lambda k: {"yaw_rate": 2 * k, "speed": 2.0}, -0.2, 0.2),
    ("regulatory", "curvature", lambda k: {"yaw_rate": -2 * k, "speed": -2.0}, -0.2, 0.2),
    ("regulatory", "yaw_rate", lambda r: {"yaw_rate": r, "speed": 20.0}, -0.15, 0.15),
    ("regulatory", "yaw_rate", lambda r: {"yaw_rate": r, "speed": 5.0}, -0.6, 0.6),
    ("regulatory", "yaw_rate", lambda r: {"yaw_rate": r, "speed": 0.0}, -(0.6**0.5), 0.6**0.5),
    ("physical", "lon_accel", lambda a: {"accel": a}, -9.8, 9.8),
    ("physical", "lon_jerk", lambda j: {"accel": jerk_of(j)}, -12.65, 12.65),
    ("physical", "lat_accel", lambda a: {"lateral_accel": a}, -9.8, 9.8),
    ("physical", "lat_jerk", lambda j: {"lateral_accel": jerk_of(j)}, -7.0, 7.0),
    ("physical", "curvature", lambda k: {"yaw_rate": 3 * k, "speed": 3.0}, -0.33, 0.33),
    ("physical", "yaw_rate", lambda r: {"yaw_rate": r, "speed": 20.0}, -0.49, 0.49),
    ("physical", "yaw_rate", lambda r: {"yaw_rate": r, "speed": 1.0}, -(3.234**0.5), 3.234**0.5),
]


@pytest.mark.parametrize(
    ("profile", "check", "motion", "bound", "inside"),
    [
        (profile, check, motion, bound, inside)
        for profile, check, motion, low, high in BOUNDS
        for bound, inside in ((low, 1), (high, -1))
    ],
)
def test_each_bound_at_below_and_above(profile, check, motion, bound, inside):
    name = f"{profile}_bounds_{check}"
    for value, margin in (
        (bound + inside * LITTLE, LITTLE),
        (bound, 0.0),
        (bound - inside * LITTLE, -LITTLE),
    ):
        found = evaluate(moving(**motion(value)), [PROFILES[f"{profile}_bounds"]])
        assert found[name] == pytest.approx(value, abs=1e-8)
        assert found[f"{name}_margin"] == pytest.approx(margin, abs=2e-9)
        passes = margin > 0 if profile == "comfort" else margin >= 0
        assert found[f"{name}_ok"] == passes


def plainly(rollout):
    """The margins of the regulatory profile, instant by instant, by plain arithmetic."""
    motion, dt = rollout.kinematics, rollout.dt
    steps = range(rollout.steps + 1)
    speed, accel, aside, yaw_rate = (
        [float(one) for one in values]
        for values in (rollout.speed, motion.accel, motion.lateral_accel, motion.yaw_rate)
    )

    def between(v, below, above):
        share = min(1.0, max(0.0, (abs(v) - 5.0) / 15.0))
        return below + (above - below) * share

    def turning(v):
        return min(3.0 / abs(v), math.sqrt(0.6)) if v else math.sqrt(0.6)

    window = round(0.5 / dt)
    jerks = [(accel[t + 1] - accel[t]) / dt for t in steps[:-1]]
    means = [sum(aside[t + 1 + n] - aside[t + n] for n in range(window)) for t in steps[:-window]]
    curves = [0.0 if abs(v) < 0.1 else rate / v for v, rate in zip(speed, yaw_rate, strict=True)]
    return {
        "lon_accel": min(
            min(accel[t] + 3.5, between(speed[t], 4.0, 2.0) - accel[t]) for t in steps
        ),
        "lon_jerk": min(
            between((speed[t] + speed[t + 1]) / 2, 5.0, 2.5) - abs(jerks[t]) for t in steps[:-1]
        ),
        "lat_accel": min(3.0 - abs(one) for one in aside),
        "lat_jerk": min(5.0 - abs(one) / (window * dt) for one in means),
        "curvature": min(0.2 - abs(one) for one in curves),
        "yaw_rate": min(turning(speed[t]) - abs(yaw_rate[t]) for t in steps),
    }


@pytest.mark.parametrize("seed", range(30))
def test_limits_over_speed_are_those_of_a_plain_loop(seed):
    rng = np.random.default_rng(seed)
    speed = rng.uniform(-8, 28) + np.cumsum(rng.normal(0, 0.8, T + 1))
    speed[rng.integers(0, T, 2)] = 0.0
    some = {
        name: rng.normal(0, size, T + 1) for name, size in zip(RATES, (1.5, 1, 0.3, 1), strict=True)
    }
    rollout = moving(speed, dt=float(rng.choice([0.05, 0.1, 0.25])), **some)
    found = evaluate(rollout, [regulatory_bounds])
    for check, margin in plainly(rollout).items():
        name = f"regulatory_bounds_{check}"
        assert found[f"{name}_margin"] == pytest.approx(margin, abs=1e-8)
        assert found[f"{name}_ok"] == (margin >= 0)


def test_a_short_peak_of_lateral_jerk_counts_by_its_mean():
    for peak, passes in ((24.0, 1.0), (26.0, 0.0)):  # for 0.1 s: 4.8 and 5.2 as means over 0.5 s
        aside = np.where(TIME > 1.0, peak * DT, 0.0)
        found = evaluate(moving(lateral_accel=aside), [regulatory_bounds, physical_bounds])
        assert found["regulatory_bounds_lat_jerk_ok"] == passes
        assert found["regulatory_bounds_lat_jerk"] == pytest.approx(peak / 5)
        assert found["physical_bounds_lat_jerk"] == pytest.approx(peak)
        assert found["physical_bounds_lat_jerk_ok"] == 0
        assert found["physical_bounds_lat_jerk_time"] == pytest.approx(1.05)


def test_a_steady_circle_at_the_limit_is_within_it():
    steps = 64
    curvature = np.full(steps, 3.0 / 10.0**2)
    actions = rollkit.Actions(np.zeros(steps), curvature, 0.1)
    driven = rollkit.rollout(actions, rollkit.State(speed=10.0), integrator="exact")
    for rollout in (driven, Rollout(driven.trajectory)):
        found = evaluate(rollout, [regulatory_bounds])
        assert found["regulatory_bounds_lat_accel"] == pytest.approx(3.0, abs=1e-9)
        assert found["regulatory_bounds_lat_accel_margin"] == 0
        assert found["regulatory_bounds"] == 1


@every_profile
def test_standing_still_is_within_all_bounds(name):
    found = evaluate(moving(speed=0.0), [PROFILES[name]])
    assert found[name] == 1
    assert not np.isnan([one for key, one in found.items() if key.endswith("_margin")]).any()


def test_turning_on_the_spot_is_a_matter_of_the_yaw_rate():
    found = evaluate(moving(speed=0.0, yaw_rate=2.0), [regulatory_bounds, physical_bounds])
    for name in ("regulatory_bounds", "physical_bounds"):
        assert (found[f"{name}_curvature"], found[f"{name}_curvature_ok"]) == (0, 1)
        assert found[f"{name}_yaw_rate_ok"] == 0


@every_profile
def test_what_is_unknown_does_not_pass(name):
    for rate in RATES:
        if rate == "yaw_accel" and name != "comfort_bounds":
            continue
        gap = np.where(TIME[7] == TIME, np.nan, 0.0)
        found = evaluate(moving(**{rate: gap}), [PROFILES[name]])
        assert np.isnan(found[name])
    short = evaluate(moving(steps=1), [PROFILES[name]])
    assert all(np.isnan(one) for one in short.values())


def test_less_than_half_a_second_has_no_mean_jerk():
    found = evaluate(moving(steps=4), [regulatory_bounds])
    assert np.isnan(found["regulatory_bounds"])
    assert np.isnan(found["regulatory_bounds_lat_jerk_margin"])
    assert found["regulatory_bounds_lon_accel_ok"] == 1
    assert evaluate(moving(steps=5), [regulatory_bounds])["regulatory_bounds"] == 1


def gates_of(name):
    """The gates that ship with a profile."""
    (entry,) = (one for one in entry_points(group="rollkit") if one.name == name)
    (file,) = entry.load().rollkit_gates
    return Path(file), read_gates(file)


@every_profile
def test_every_check_has_its_gate_and_no_limit_is_written_twice(name):
    file, gates = gates_of(name)
    spec = spec_of(PROFILES[name])
    margins = {
        f"{name}_{check.name}_margin": ">" if check.strict else ">=" for check in spec.checks
    }
    said = {one.expression.metric: one.expression.comparison for one in gates}
    assert said == margins
    assert len(gates) == len(margins)
    assert {(one.expression.limit, one.expression.statistic, one.severity) for one in gates} == {
        (0.0, None, "error")
    }
    numbers = re.findall(r"[0-9]+\.?[0-9]*", file.read_text(encoding="utf-8"))
    assert set(numbers) <= {"0", "0.5"}  # 0.5 s, in the name of a signal


@every_profile
@pytest.mark.parametrize(
    ("source", "params"),
    [("left", {}), ("emergency_brake", {}), ("u_turn", {"speed": 5}), ("straight", {"noise": 0})],
)
def test_gates_hold_exactly_where_every_rollout_passes(name, source, params):
    result = rollkit.run(source, params=params, seeds=5, presets=[name])
    for verdict in judge(result, [name]):
        ok = result.metrics[verdict.metric.replace("_margin", "_ok")]
        assert verdict.passed == (ok.min == 1)
        assert verdict.reason is None


def test_nothing_is_called_compliant():
    for preset in PROFILES.values():
        spec = spec_of(preset)
        texts = [spec.definition, spec.notes, *(one.source for one in spec.checks)]
        assert not any("compliant" in one for one in texts)
        assert all(one.source for one in spec.checks)
