"""The difference of two plans, against NAVSIM's own numbers and by hand."""

import numpy as np
import pytest

import rollkit
from rollkit import Rollout, Trajectory, Vehicle, arrays
from rollkit.declare import spec_of
from rollkit_presets import navsim_extended as extended

DT, COUNT = 0.1, 40
TIME = np.arange(COUNT) * DT
NAMES = {"accel": "acceleration", "jerk": "jerk", "yaw_rate": "yaw_rate", "yaw_accel": "yaw_accel"}


def plan(states):
    return extended.plan_signals(states[..., 5], states[..., 6], states[..., 2], DT)


def trajectory(states):
    x, y, yaw = np.moveaxis(states[..., :3], -1, 0)
    names = {"accel": 5, "lateral_accel": 6, "yaw_rate": 9, "yaw_accel": 10}
    recorded = {name: states[..., column] for name, column in names.items()}
    return Trajectory.through(x, y, DT, yaw=yaw, recorded=recorded)


def test_rms_of_the_differences(golden):
    """Their two plans begin at the same instant, and none of their samples is moved."""
    numbers = golden("navsim_comfort")
    earlier, later = (plan(numbers[f"ext_states_{one}"]) for one in (1, 2))
    found = extended.differences(earlier, later, 0.0, DT)
    for name, theirs in NAMES.items():
        expected = numbers[f"ext_rms_{theirs}"]
        np.testing.assert_allclose(arrays.rms(found[name]), expected, rtol=0, atol=1e-9)


def test_every_flag_through_the_public_door(golden):
    numbers = golden("navsim_comfort")
    earlier, later = (trajectory(numbers[f"ext_states_{one}"]) for one in (1, 2))
    found = rollkit.evaluate(Rollout(later, reference=earlier), presets=["navsim_extended_comfort"])
    np.testing.assert_array_equal(found["navsim_extended_comfort"], numbers["ext_pass"])
    for limit, (name, theirs) in zip(numbers["ext_thresholds"], NAMES.items(), strict=True):
        rms = found[f"navsim_extended_comfort_{name}"]
        np.testing.assert_allclose(rms, numbers[f"ext_rms_{theirs}"], atol=1e-9)
        np.testing.assert_array_equal(found[f"navsim_extended_comfort_{name}_ok"], rms <= limit)


def test_plans_are_aligned_to_the_nearest_sample():
    """0.26 s are 3 steps of 0.1 s; the later plan's last samples have nothing to be compared with.

    The same drive, accelerating at 0.5 t, differs by what that changes in the other 0.04 s.
    """
    earlier = plan_of(0.5 * TIME)
    later = plan_of(0.5 * (TIME + 0.26))
    found = extended.differences(earlier, later, 0.26, DT)
    assert found["accel"].shape == (COUNT - 3,)
    # Both read half a step on, but for each one's own ends.
    np.testing.assert_allclose(found["accel"][4:-4], 0.5 * -0.04, atol=1e-8)
    assert extended.differences(earlier, later, 9.0, DT)["accel"].shape == (0,)


def plan_of(accel, lateral=0.0, yaw=0.0):
    return extended.plan_signals(accel, accel * 0 + lateral, accel * 0 + yaw, DT)


def compared(later, earlier):
    """Verdicts on a plan after another; each is (accel, lateral_accel), constant."""
    paths = [
        Trajectory(
            TIME,
            0 * TIME,
            0 * TIME,
            0 * TIME + 5,
            DT,
            recorded={"accel": 0 * TIME + along, "lateral_accel": 0 * TIME + across},
        )
        for along, across in (later, earlier)
    ]
    rollout = Rollout(paths[0], reference=paths[1])
    names = ["navsim_extended_comfort", "navsim_extended_comfort_corrected"]
    return rollkit.evaluate(rollout, presets=names)


@pytest.mark.parametrize(
    ("later", "earlier", "theirs", "right"),
    [
        ((-3.0, 0.0), (3.0, 0.0), 0.0, 6.0),  # brakes after it has accelerated
        ((0.0, 2.0), (0.0, -2.0), 0.0, 4.0),  # to the left after to the right
        ((1.0, 0.0), (0.4, 0.0), 0.6, 0.6),
    ],
)
def test_only_lengths_are_compared(later, earlier, theirs, right):
    found = compared(later, earlier)
    assert found["navsim_extended_comfort_accel"] == pytest.approx(theirs, abs=1e-8)
    assert found["navsim_extended_comfort_corrected_accel"] == pytest.approx(right, abs=1e-8)
    assert found["navsim_extended_comfort_accel_ok"] == (theirs <= 0.7)


def test_the_limit_itself_passes():
    found = compared((1.7, 0.0), (1.0, 0.0))
    assert found["navsim_extended_comfort_accel"] == pytest.approx(0.7, abs=1e-12)
    margin = found["navsim_extended_comfort_accel_margin"]
    assert found["navsim_extended_comfort_accel_ok"] == (margin >= 0)


def test_samples_share_the_plan_before():
    """K samples of a case against the one reference of it."""
    batch = np.broadcast_to(TIME, (2, 3, COUNT))
    accel = np.arange(6.0).reshape(2, 3, 1) / 10 + 0 * batch
    later = Trajectory(batch, 0 * batch, 0 * batch, 0 * batch + 5, DT, recorded={"accel": accel})
    one = batch[:, 0]
    earlier = Trajectory(
        one, 0 * one, 0 * one, 0 * one + 5, DT, recorded={"accel": accel[:, 0], "yaw_rate": 0 * one}
    )
    found = rollkit.evaluate(Rollout(later, reference=earlier), presets=["navsim_extended_comfort"])
    expected = [[0.0, 0.1, 0.2], [0.0, 0.1, 0.2]]
    np.testing.assert_allclose(found["navsim_extended_comfort_accel"], expected, atol=1e-8)


def test_without_a_plan_before_nothing_is_said():
    path = Trajectory(TIME, 0 * TIME, 0 * TIME, 0 * TIME + 5, DT)
    found = rollkit.evaluate(Rollout(path), presets=["navsim_extended_comfort"])
    assert all(np.isnan(one) for one in found.values())


BOTH = ["navsim_extended_comfort", "navsim_extended_comfort_corrected"]


def of(yaw, accel, lateral, **more):
    """A plan with that heading and those accelerations."""
    yaw, accel, lateral = (0 * TIME + one for one in (yaw, accel, lateral))
    recorded = {"accel": accel, "lateral_accel": lateral}
    return Trajectory(TIME, 0 * TIME, yaw, 0 * TIME + 5, DT, recorded=recorded, **more)


@pytest.mark.parametrize(
    ("later", "earlier"),
    [((0.0, 1.0, 0.0), (np.pi / 2, 0.0, -1.0)), ((np.pi / 2, 1.0, 0.0), (0.0, 0.0, 1.0))],
)
def test_one_vector_seen_from_two_headings_is_the_same(later, earlier):
    found = rollkit.evaluate(Rollout(of(*later), reference=of(*earlier)), presets=BOTH[1:])
    assert found[f"{BOTH[1]}_accel"] == pytest.approx(0, abs=1e-12)
    assert found[f"{BOTH[1]}_jerk"] == pytest.approx(0, abs=1e-12)


def test_a_circle_after_a_straight_line():
    """5 m/s² that turn by 0.5 rad/s: 2.5 m/s³, whatever the direction."""
    found = rollkit.evaluate(
        Rollout(of(0.5 * TIME, 0.0, 5.0), reference=of(0.0, 0.0, 0.0)), presets=BOTH
    )
    for name, jerk in zip(BOTH, (0.0, 2.5), strict=True):
        assert found[f"{name}_accel"] == pytest.approx(5, abs=1e-8)
        assert found[f"{name}_jerk"] == pytest.approx(jerk, abs=1e-7)


def test_yaw_acceleration_is_by_a_parabola_at_the_ends_too():
    savgol = pytest.importorskip("scipy.signal").savgol_filter
    yaw = 0.05 * TIME**3
    found = rollkit.evaluate(Rollout(of(yaw, 0.0, 0.0), reference=of(0.0, 0.0, 0.0)), presets=BOTH)
    expected = arrays.rms(savgol(yaw, 5, 2, deriv=2, delta=DT))
    for name in BOTH:
        assert found[f"{name}_yaw_accel"] == pytest.approx(float(expected), abs=1e-7)


def test_a_later_plan_that_ends_sooner():
    found = extended.differences(plan_of(TIME), plan_of(TIME[:20]), 0.2, DT)
    assert found["accel"].shape == (20,)


@pytest.mark.parametrize("given", [0, 1])
def test_the_fewest_samples(given):
    """A parabola needs three, also where the first of them was predicted."""
    for count in range(1, 5):
        path = Trajectory(*(one[:count] for one in (TIME, 0 * TIME, 0 * TIME, 5 + 0 * TIME)), DT)
        found = rollkit.evaluate(Rollout(path, reference=path, given=given), presets=BOTH)
        for name in BOTH:
            assert np.isnan(found[name]) == (count < 3)


def test_where_its_quirks_show():
    quirks = {one.name: one for one in spec_of(extended.navsim_extended_comfort).quirks}
    path = of(0.0, 0.0, 0.0)
    whole, cut = Rollout(path, reference=path), Rollout(path.until(9), reference=path.until(9))
    assert not quirks["windows in samples"].shows(whole)
    assert quirks["windows in samples"].shows(cut)
    assert not quirks["nearest sample"].shows(whole)


def test_plans_of_the_centre_are_compared_at_the_rear_axle():
    car = Vehicle(4.9, 2.1, 2.9, rear_axle_to_center=2.0)
    later, earlier = of(0.1 * TIME**2, 0.1, 0.2), of(0.05 * TIME, 0.0, 0.1)
    rear = Rollout(later, reference=earlier, vehicle=car)
    plain, moved = (rollkit.evaluate(one, presets=BOTH) for one in (rear, rear.at_point("center")))
    for name, value in plain.items():
        assert moved[name] == pytest.approx(float(value), abs=1e-7), name
