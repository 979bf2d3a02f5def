"""Alpamayo's minADE: its own numbers, its choice of one sample, horizons that are not there."""

import numpy as np
import pytest

import rollkit
from rollkit import Poses, Rollout, Trajectory
from rollkit.declare import spec_of
from rollkit_presets._minade import HORIZONS_S
from rollkit_presets.alpamayo_minade import alpamayo_minade
from rollkit_presets.alpasim import alpasim_minade

NAMES = {"": "", "_0_5s": "/by_t=0.5", "_1s": "/by_t=1.0", "_3s": "/by_t=3.0", "_5s": "/by_t=5.0"}


def of_samples(xy, to, *, dt=0.1, given=0):
    """Samples `(..., K, T, 2)` and where they should have gone `(..., T, 2)`."""

    def path(one):
        return Trajectory.through(one[..., 0], one[..., 1], dt, yaw=np.zeros(one.shape[:-1]))

    return Rollout(path(xy), reference=path(to), given=given)


def of_groups(theirs):
    """Alpamayo's cases of two groups of three samples."""
    pred, to = theirs["grp_pred_xy"], theirs["grp_gt_xy"]
    return of_samples(pred, np.broadcast_to(to[:, np.newaxis], (*pred.shape[:2], *to.shape[1:])))


@pytest.mark.parametrize("name", NAMES)
def test_it_is_alpamayos(golden, name):
    """Theirs is the mean over the groups of a case, and how far they are apart (over n)."""
    theirs = golden("alpamayo_metrics")
    ours = rollkit.evaluate(of_groups(theirs), [alpamayo_minade])[f"alpamayo_minade{name}"]
    np.testing.assert_array_equal(ours, ours[..., :1] + np.zeros(3))  # one value a case
    told = f"grp_minade:min_ade{NAMES[name]}"
    np.testing.assert_allclose(ours[..., 0].mean(axis=-1), theirs[told], rtol=0, atol=1e-12)
    np.testing.assert_allclose(ours[..., 0].std(axis=-1), theirs[f"{told}_std"], rtol=0, atol=1e-9)
    alone = theirs[f"grp_minade_nosummary:min_ade{NAMES[name]}"]
    np.testing.assert_allclose(ours[..., 0].mean(axis=-1), alone, rtol=0, atol=1e-12)


def test_the_error_of_each_sample_is_alpamayos(golden):
    theirs = golden("alpamayo_metrics")
    rollout = of_groups(theirs)
    ours = rollkit.evaluate(rollout, [alpamayo_minade])["alpamayo_minade_ade"]
    np.testing.assert_allclose(ours, theirs["grp_ade"], rtol=0, atol=1e-12)
    drawn = alpamayo_minade(rollout)["displacement"]
    first = drawn.values[..., :30].mean(axis=-1)
    np.testing.assert_allclose(first, theirs["grp_ade_h30"], rtol=0, atol=1e-12)


def test_an_evaluation_reports_it(golden):
    theirs = golden("alpamayo_metrics")
    xy, to = theirs["grp_pred_xy"][:, 0], theirs["grp_gt_xy"]
    ids = tuple(map(str, range(len(xy))))

    def poses(xy):
        told = {"dt": 0.1, "given": 0, "frame": "plane", "origin": "golden"}
        return Poses(ids=ids, x=xy[..., 0], y=xy[..., 1], yaw=np.zeros(xy.shape[:-1]), **told)

    predicted, went = poses(xy), poses(to[:, np.newaxis])
    result = rollkit.evaluate_predictions(predicted, went, presets=["alpamayo_minade"])
    error = np.linalg.norm(xy - to[:, None], axis=-1)
    best = error.mean(axis=-1).argmin(axis=-1)
    expected = [rows[k, :30].mean() for rows, k in zip(error, best, strict=True)]
    assert result.metrics["alpamayo_minade_3s"].mean == pytest.approx(np.mean(expected))
    assert result.metrics["alpamayo_minade_3s"].n == len(xy)


@pytest.mark.parametrize("preset", [alpamayo_minade, alpasim_minade])
def test_a_horizon_after_the_end_is_undefined(preset):
    """Of 2 s at 4 Hz: 0.5 s are two steps, 1 s four, and there are no 3 s."""
    to = np.zeros((1, 9, 2))
    xy = np.zeros((1, 1, 9, 2))
    xy[..., 1] = np.arange(9)
    values = rollkit.evaluate(of_samples(xy, to, dt=0.25, given=1), [preset])
    got = [float(values[f"{preset.__name__}{name}"][0, 0]) for name in NAMES]
    np.testing.assert_array_equal(got, [4.5, 1.5, 2.5, np.nan, np.nan])
    # Where the first pose is predicted, too, it counts, and the eighth is at 2 s.
    values = rollkit.evaluate(of_samples(xy, to, dt=0.25, given=0), [preset])
    got = [float(values[f"{preset.__name__}{name}"][0, 0]) for name in NAMES]
    np.testing.assert_array_equal(got, [4.0, 0.5, 1.5, np.nan, np.nan])


@pytest.mark.parametrize("preset", [alpamayo_minade, alpasim_minade])
def test_a_horizon_within_the_first_half_step_is_undefined(preset):
    still = np.zeros((1, 1, 4, 2))
    values = rollkit.evaluate(of_samples(still, still[:, 0], dt=2.0), [preset])
    assert np.isnan(values[f"{preset.__name__}_0_5s"]).all()


def test_without_samples_it_is_the_error_of_the_one(golden):
    theirs = golden("alpamayo_metrics")
    one = of_samples(theirs["grp_pred_xy"][:, 0, 0], theirs["grp_gt_xy"])
    for preset in (alpamayo_minade, alpasim_minade):
        values = rollkit.evaluate(one, [preset])[preset.__name__]
        np.testing.assert_allclose(values, theirs["grp_ade"][:, 0, 0], rtol=0, atol=1e-12)


def test_a_hole_in_the_best_sample_is_no_reason_to_take_another():
    to = np.zeros((1, 9, 2))
    xy = np.ones((1, 2, 9, 2))
    xy[0, 1] = 0.0
    xy[0, 1, -1] = np.nan
    for preset in (alpamayo_minade, alpasim_minade):
        values = rollkit.evaluate(of_samples(xy, to), [preset])
        assert np.isnan(values[preset.__name__]).all()


def test_up_to_a_shorter_end_the_sample_is_still_that_of_the_whole():
    xy = np.zeros((1, 2, 41, 2))
    xy[0, 0, :, 1] = np.r_[np.full(20, 1.0), np.full(21, 5.0)]
    xy[0, 1, :, 1] = 2.0
    rollout = of_samples(xy, np.zeros((1, 41, 2)), given=1)
    name = "alpamayo_minade"
    for one in (rollout, rollout.until(15)):
        values = rollkit.evaluate(one, [alpamayo_minade])
        assert values[name].tolist() == values[f"{name}_1s"].tolist() == [[2.0, 2.0]]


def test_the_horizons_are_alpamayos():
    assert HORIZONS_S == (0.5, 1.0, 3.0, 5.0)


@pytest.mark.parametrize("preset", [alpamayo_minade, alpasim_minade])
def test_a_horizon_is_at_the_nearest_instant_and_may_be_the_end(preset):
    """0.5 s of steps of 0.3 s are two; 3 s the tenth, which is the last."""
    xy = np.zeros((1, 1, 11, 2))
    xy[..., 1] = np.arange(11)
    rollout = of_samples(xy, np.zeros((1, 11, 2)), dt=0.3, given=1)
    values = rollkit.evaluate(rollout, [preset])
    assert values[f"{preset.__name__}_0_5s"] == 1.5
    assert values[f"{preset.__name__}_3s"] == values[preset.__name__] == 5.5
    assert preset(rollout)["displacement"].first == 1


@pytest.mark.parametrize("preset", [alpamayo_minade, alpasim_minade])
def test_one_step_is_enough(preset):
    xy = np.ones((1, 1, 2, 2))
    values = rollkit.evaluate(of_samples(xy, 0 * xy[:, 0], dt=0.5, given=1), [preset])
    assert values[preset.__name__] == pytest.approx(np.sqrt(2))
    assert values[f"{preset.__name__}_ade"] == pytest.approx(np.sqrt(2))


@pytest.mark.parametrize("preset", [alpamayo_minade, alpasim_minade])
def test_its_quirks_are_those_of_several_samples(preset):
    xy = np.zeros((1, 2, 9, 2))
    several, one = of_samples(xy, xy[:, 0]), of_samples(xy[:, 0], xy[:, 0])
    quirks = spec_of(preset).quirks
    assert len(quirks) == 2
    assert all(quirk.shows(several) and not quirk.shows(one) for quirk in quirks)
