"""The features of Waymo's sim agents against its own numbers, and the likelihoods by hand."""

import math

import numpy as np
import pytest

from rollkit import Rollout, Trajectory, evaluate
from rollkit.declare import spec_of
from rollkit_presets._histogram import Histogram, likelihood
from rollkit_presets._waymo_features import displacement_error, features, validity
from rollkit_presets.waymo import FEATURES, wosac_kinematics, wosac_kinematics_corrected

THEIRS = ("linear_speed", "linear_accel", "angular_speed", "angular_accel")


def poses(numbers, kind, dtype):
    """Its inputs, as its code casts them, and then in the precision asked for."""
    prefix = "in" if kind == "real" else kind
    names = (f"{prefix}_{one}" for one in ("x", "y", "z", "heading"))
    return [numbers[name].astype(np.float32).astype(dtype) for name in names]


@pytest.mark.parametrize("kind", ["real", "syn"])
def test_every_feature_in_single_precision(golden, kind):
    numbers = golden("waymo_kinematic_features")
    found = features(*poses(numbers, kind, np.float32), float(numbers["dt"]))
    for theirs, got, one in zip(THEIRS, found, FEATURES, strict=True):
        expected = numbers[f"{kind}_{theirs}_f32"]
        assert got.dtype == np.float32
        inner = expected[..., one.first : -one.first]
        np.testing.assert_allclose(got, inner, rtol=1e-6, atol=2e-7)
        ends = expected[..., : one.first], expected[..., -one.first :]
        assert all(np.isnan(end).all() for end in ends)
        assert not np.isnan(inner).any()


@pytest.mark.parametrize("kind", ["real", "syn"])
def test_every_feature_in_double_precision(golden, kind):
    """Within what single precision makes of theirs, relative to each drive's largest value."""
    numbers = golden("waymo_kinematic_features")
    found = features(*poses(numbers, kind, np.float64), float(numbers["dt"]))
    rounding = {"linear_speed": 2e-6, "linear_accel": 3e-5}  # m/s, m/s²: positions of 64 m and more
    for theirs, got, one in zip(THEIRS, found, FEATURES, strict=True):
        expected = numbers[f"{kind}_{theirs}_f32"][..., one.first : -one.first]
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=rounding.get(theirs, 2e-5))


def test_validity(golden):
    numbers = golden("waymo_kinematic_features")
    speeds, accels = validity(numbers["validity_in"])
    np.testing.assert_array_equal(speeds, numbers["validity_speed"])
    np.testing.assert_array_equal(accels, numbers["validity_accel"])


def test_what_is_not_valid_is_nan():
    valid = np.random.default_rng(2).uniform(size=(20, 30)) < 0.9
    holes = np.where(valid, 1.0, np.nan)
    found = features(holes, holes, None, holes, 0.1)
    for got, mask in zip(found, np.repeat(validity(valid), 1, axis=0)[[0, 1, 0, 1]], strict=True):
        lost = (valid.shape[-1] - got.shape[-1]) // 2
        np.testing.assert_array_equal(~np.isnan(got), mask[..., lost:-lost])


def test_displacement_error(golden):
    numbers = golden("waymo_kinematic_features")
    future = [numbers[f"in_{one}"][:, 16:] for one in "xyz"]
    predicted = [*np.moveaxis(numbers["pred_xy"], -1, 0), np.zeros_like(future[0])]
    theirs = numbers["real_displacement_error_vs_alpamayo_rollout_f32"]
    got = displacement_error(tuple(predicted), tuple(future))
    np.testing.assert_allclose(got, theirs, rtol=1e-5, atol=1e-5)
    there, where = (Trajectory.through(x, y, 0.1, z=z) for x, y, z in (predicted, future))
    found = evaluate(Rollout(there, reference=where, given=0), [wosac_kinematics])
    np.testing.assert_allclose(found["wosac_kinematics_ade"], theirs.mean(axis=-1), rtol=1e-5)


def along(x, dt=0.5, **more):
    still = np.zeros(np.shape(x))
    return Trajectory.through(x, still, dt, yaw=more.pop("yaw", still), **more)


def test_speed_is_that_in_space():
    climb = along(np.arange(5.0) * 3, z=np.arange(5.0) * 4)
    np.testing.assert_allclose(wosac_kinematics(Rollout(climb))["linear_speed"].values, 10)
    flat = along(np.arange(5.0) * 3)
    np.testing.assert_allclose(wosac_kinematics(Rollout(flat))["linear_speed"].values, 6)
    # One of them without a height: the distance is that in the plane.
    found = evaluate(Rollout(climb, reference=flat), [wosac_kinematics])
    assert found["wosac_kinematics_ade"] == 0


def test_reversing_reads_as_driving_forward_but_for_the_corrected_one():
    back = Rollout(along(-(np.arange(6.0) ** 2)))
    theirs, right = wosac_kinematics(back), wosac_kinematics_corrected(back)
    np.testing.assert_allclose(theirs["linear_speed"].values, [4, 8, 12, 16])
    np.testing.assert_allclose(right["linear_speed"], [0, -4, -8, -12, -16, -20], atol=1e-12)
    np.testing.assert_allclose(theirs["linear_accel"].values, 8)
    np.testing.assert_allclose(right["linear_accel"], -8)


@pytest.mark.parametrize(("turn", "theirs"), [(1.5, 1.5), (-1.5, -1.5), (1.6, 1.6 - np.pi)])
def test_a_quarter_turn_a_step_is_the_most_there_is(turn, theirs):
    spin = Rollout(along(np.zeros(6), dt=1.0, yaw=np.arange(6) * turn))
    np.testing.assert_allclose(wosac_kinematics(spin)["yaw_rate"].values, theirs)
    np.testing.assert_allclose(wosac_kinematics_corrected(spin)["yaw_rate"], turn)


def test_a_jolt_is_spread_over_four_steps():
    speed = np.cumsum([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0])  # 1 m/s more in one step of 1 s
    x = np.concatenate([[0], np.cumsum((speed[1:] + speed[:-1]) / 2)])
    accel = wosac_kinematics(Rollout(along(x, dt=1.0)))["linear_accel"].values
    np.testing.assert_allclose(accel, [0, 0.125, 0.375, 0.375, 0.125, 0, 0])


@pytest.mark.parametrize("count", range(1, 6))
def test_short_drives_have_what_they_can(count):
    found = evaluate(Rollout(along(np.arange(float(count)) ** 2)), [wosac_kinematics])
    assert np.isnan(found["wosac_kinematics_linear_speed"]) == (count < 3)
    assert np.isnan(found["wosac_kinematics_linear_accel"]) == (count < 5)


# The likelihoods.


def test_bins_have_one_width_and_their_ends_take_the_rest():
    bins = Histogram(-12.0, 12.0, 11, 0.1)
    edges = np.linspace(-12, 12, 12)
    values = np.array([-99, *(edges[:-1] + edges[1:]) / 2, 99])
    np.testing.assert_array_equal(bins.places(values), [0, *range(11), 10])
    np.testing.assert_array_equal(bins.places(edges), [*range(11), 10])


def in_a_loop(bins, simulated, observed):
    """Log shares of the bins, straight from the definition, without NumPy's histograms."""
    width = (bins.high - bins.low) / bins.bins

    def place(value):
        return min(max(int((value - bins.low) // width), 0), bins.bins - 1)

    count = [bins.pseudocount] * bins.bins
    for value in simulated:
        count[place(value)] += 1
    logs = [math.log(count[place(value)] / sum(count)) for value in observed]
    return math.exp(sum(logs) / len(logs))


def test_likelihoods_against_a_loop():
    random = np.random.default_rng(4)
    shape = (3, 5, 12)
    x, y = np.cumsum(random.normal(0.5, 0.3, (2, *shape)), axis=-1)
    yaw = np.cumsum(random.normal(0, 0.03, shape), axis=-1)
    samples = Trajectory.through(x, y, 0.1, yaw=yaw)
    real = Trajectory.through(x[:, 0] * 1.1, y[:, 0], 0.1, yaw=yaw[:, 0] * 0.9)
    found = evaluate(Rollout(samples, reference=real), [wosac_kinematics])
    simulated = features(x, y, None, yaw, 0.1)
    observed = features(real.x, real.y, None, real.yaw, 0.1)
    for number, one in enumerate(FEATURES):
        got = found[f"wosac_kinematics_{one.name}_likelihood"]
        for case in range(3):
            pooled = simulated[number][case].ravel()
            expected = in_a_loop(one.histogram, pooled, observed[number][case])
            np.testing.assert_allclose(got[case], expected, rtol=1e-12)


def test_likelihood_of_what_nobody_simulated():
    """Ten steps at 10 m/s in the histogram: 11 instants, of which 9 have a speed."""
    drive, slow = along(np.arange(11.0) * 5), along(np.arange(11.0))
    found = evaluate(Rollout(drive, reference=slow), [wosac_kinematics])
    assert found["wosac_kinematics_linear_speed_likelihood"] == pytest.approx(0.1 / 10)
    assert found["wosac_kinematics_yaw_rate_likelihood"] == pytest.approx(9.1 / 10.1)


def test_instants_of_the_reference_that_were_not_observed_are_left_out():
    bins = Histogram(0.0, 20.0, 2, 0.5)
    simulated, observed = np.array([[1.0, 12, 13]]), np.array([[2.0, np.nan, 15]])
    got = likelihood(bins, simulated, observed)
    np.testing.assert_allclose(got, math.sqrt(1.5 / 4 * 2.5 / 4))
    assert np.isnan(likelihood(bins, simulated, observed * np.nan)).all()
    assert np.isnan(likelihood(bins, observed, simulated)).all()  # of the samples, never
    assert np.isnan(likelihood(bins, simulated, observed[:, :0])).all()


def test_histograms_are_those_of_the_challenge():
    assert [tuple(one.histogram) for one in FEATURES] == [
        (0.0, 25.0, 10, 0.1),
        (-12.0, 12.0, 11, 0.1),
        (-0.628, 0.628, 11, 0.1),
        (-3.14, 3.14, 11, 0.1),
    ]


@pytest.mark.parametrize("count", range(2, 6))
def test_likelihoods_of_short_drives(count):
    drive = along(np.arange(float(count)) ** 2)
    found = evaluate(Rollout(drive, reference=drive), [wosac_kinematics])
    assert np.isnan(found["wosac_kinematics_linear_speed_likelihood"]) == (count < 3)
    assert np.isnan(found["wosac_kinematics_yaw_accel_likelihood"]) == (count < 5)


def test_two_poses_are_enough_for_the_corrected_one():
    found = evaluate(Rollout(along([0.0, 1.0])), [wosac_kinematics_corrected])
    assert found["wosac_kinematics_corrected_linear_speed"] == 2


def test_errors_are_those_of_what_was_predicted_and_the_least_of_the_samples():
    x = np.array([[[5.0, 1.0, 1.0], [0.0, 2.0, 4.0]]])  # the first instant was given
    samples = Trajectory(x, 0 * x, 0 * x, 0 * x, 0.5)
    still = np.zeros((1, 3))
    rollout = Rollout(samples, reference=Trajectory(still, still, still, still, 0.5))
    found = evaluate(rollout, [wosac_kinematics])
    np.testing.assert_allclose(found["wosac_kinematics_ade"], [[1.0, 3.0]])
    np.testing.assert_allclose(found["wosac_kinematics_min_ade"], [[1.0, 1.0]])


@pytest.mark.parametrize(("turn", "shows"), [(1.5, False), (1.6, True)])
def test_where_the_quirk_of_far_turns_shows(turn, shows):
    spin = Rollout(along(np.zeros(6), dt=1.0, yaw=np.arange(6) * turn))
    (quirk,) = (one for one in spec_of(wosac_kinematics).quirks if one.shows)
    assert quirk.shows(spin) == shows
