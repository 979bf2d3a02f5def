"""The displacement metrics against numbers that other projects' own code has computed."""

from dataclasses import replace

import numpy as np
import pytest

from rollkit.plugins import Plugins
from rollkit_std.displacement._corners import least_corner_distance

# Alpamayo's horizons, s, and the steps they are at 10 Hz.
HORIZONS = {"": 64, "/by_t=0.5": 5, "/by_t=1.0": 10, "/by_t=3.0": 30, "/by_t=5.0": 50}


def measured(name, rollout):
    return Plugins().metric(name).spec.function(rollout)


def close(got, expected):
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9)


@pytest.fixture
def groups(golden, forecast):
    """34 windows, 2 groups of 3 samples each: a case is a group, its reference the window's."""
    file = golden("alpamayo_metrics_dev.npz")
    true_xy, true_yaw = (
        np.repeat(file[f"grp_gt_{name}"][:, None], 2, axis=1) for name in ("xy", "yaw")
    )
    return file, forecast(file["grp_pred_xy"], true_xy, file["grp_pred_yaw"], true_yaw)


def beginning(rollout, count):
    """The first instants, so many: none of them was given."""
    return rollout.until(count - 1)


def test_alpamayo_ade(groups):
    file, rollout = groups
    close(measured("ade", rollout), file["grp_ade"])
    close(measured("ade", beginning(rollout, 30)), file["grp_ade_h30"])


@pytest.mark.parametrize("horizon", HORIZONS)
def test_alpamayo_minade_chooses_the_sample_by_the_whole(groups, horizon):
    file, rollout = groups
    got = measured("min_ade_of_best", beginning(rollout, HORIZONS[horizon]))[..., 0]
    for key in ("grp_minade", "grp_minade_nosummary"):
        close(got.mean(axis=-1), file[f"{key}:min_ade{horizon}"])
    close(got.std(axis=-1), file[f"grp_minade:min_ade{horizon}_std"])
    anew = measured("min_ade", beginning(rollout, HORIZONS[horizon]))[..., 0]
    assert (anew <= got + 1e-12).all()
    assert (anew < got - 1e-6).any() == (horizon != "")


def test_alpamayo_corner_distance(groups):
    file, rollout = groups
    length, width, _ = file["grp_dims_lwh"]
    got = least_corner_distance(rollout, length, width)
    close(got[..., 0].mean(axis=-1), file["grp_corner:corner_distance"])
    close(got[..., 0].std(axis=-1), file["grp_corner:corner_distance_std"])
    close(got[:, 0, 0], file["grp_corner_N1:corner_distance"])  # of the first group alone
    close(measured("corner_distance", rollout), least_corner_distance(rollout, 4.0, 3.0))


@pytest.fixture
def argoverse(golden, forecast):
    file = golden("av2_metrics_dev.npz")

    def made(probability):
        return forecast(file["pred_xy"], file["gt_xy"], probability=file[probability])

    return file, made


@pytest.mark.parametrize(
    ("name", "probability", "key"),
    [
        ("ade", "prob_normalized", "ade"),
        ("fde", "prob_normalized", "fde"),
        ("missed", "prob_normalized", "is_missed"),
        ("brier_ade", "prob_normalized", "brier_ade"),
        ("brier_fde", "prob_normalized", "brier_fde"),
        ("brier_fde", "prob_unnormalized", "brier_fde_unnormalized"),
        ("brier_ade_normalized", "prob_unnormalized", "brier_ade_normalize_true"),
        ("brier_fde_normalized", "prob_unnormalized", "brier_fde_normalize_true"),
    ],
)
def test_argoverse(argoverse, name, probability, key):
    file, made = argoverse
    got = measured(name, made(probability))
    close(got, file[key])
    best = file["fde"].argmin(axis=-1)[:, None]
    if name.startswith("brier_fde"):
        of_best = np.take_along_axis(file[key], best, axis=-1)
        least = measured(name.replace("brier_", "brier_min_"), made(probability))
        close(least, np.broadcast_to(of_best, got.shape))


def test_argoverse_with_another_threshold(argoverse, monkeypatch):
    file, made = argoverse
    monkeypatch.setattr("rollkit_std.displacement.missed.MISS_M", 0.5)
    np.testing.assert_array_equal(
        measured("missed", made("prob_normalized")), file["is_missed_0p5"]
    )


def test_worlds_of_argoverse(argoverse):
    """Several actors forecast together: means over the actors, of each of the K worlds."""
    file, made = argoverse
    actors = slice(len(file["world_misses"]))
    rollout = made("prob_normalized")
    for name in ("ade", "fde"):
        close(measured(name, rollout)[actors].mean(axis=0), file[f"world_{name}"])
    np.testing.assert_array_equal(measured("missed", rollout)[actors], file["world_misses"])
    of_world = np.broadcast_to(file["prob_normalized"][:1], file["fde"].shape)
    together = replace(rollout, probability=of_world)  # a world has one probability
    close(measured("brier_fde", together)[actors].mean(axis=0), file["world_brier_fde"])


def test_displacement_of_waymo(golden, forecast):
    """Of each instant, in single precision."""
    file = golden("waymo_kinematic_features_dev.npz")
    true_xy = np.stack([file["in_x"], file["in_y"]], axis=-1)[:, 16:]
    expected = file["real_displacement_error_vs_alpamayo_rollout_f32"]
    got = forecast(file["pred_xy"], true_xy)
    np.testing.assert_allclose(got.deviation, expected, rtol=1e-5, atol=5e-6)
    np.testing.assert_allclose(measured("ade", got), expected.mean(axis=-1), rtol=1e-5)
    np.testing.assert_allclose(measured("max_displacement", got), expected.max(axis=-1), rtol=1e-5)


def assert_percentiles(file, key, values):
    """Its median of an even number is the lower of the two in the middle; the others are linear."""
    assert float(file[f"{key}_p50"]) == pytest.approx(np.sort(values)[(len(values) - 1) // 2])
    for share in (90, 99):
        assert float(file[f"{key}_p{share}"]) == pytest.approx(np.percentile(values, share))
    assert float(file[f"{key}_max"]) == pytest.approx(values.max())


@pytest.mark.parametrize("kind", ["roundtrip", "perturbed"])
def test_percentiles_of_the_distilled_alpamayo(golden, forecast, kind):
    """Over the data set, of ours; and how far the targets go is the error of standing still."""
    file, key = golden("distilled_unicycle_metrics_dev.npz"), f"met_{kind}_detailed"
    predicted, true_xy = file[f"met_{kind}_pred_traj_x_y_sin_cos"][..., :2], file["real_xy"][:, 16:]
    rollout, still = forecast(predicted, true_xy), forecast(0 * true_xy, true_xy)
    error = measured("ade", rollout)
    assert_percentiles(file, f"{key}:ade", error)
    assert_percentiles(file, f"{key}:fde", measured("fde", rollout))
    assert_percentiles(file, f"{key}:target_final_dist", measured("fde", still))
    for count in (10, 50):  # cases, not percent
        worst = np.sort(error)[::-1][:count]
        assert float(file[f"{key}:ade_top{count}_mean"]) == pytest.approx(worst.mean())


@pytest.mark.parametrize("kind", ["roundtrip", "perturbed"])
def test_the_distilled_alpamayo(golden, forecast, kind):
    """Means over the data set."""
    file = golden("distilled_unicycle_metrics_dev.npz")
    x, y, sin, cos = np.moveaxis(file[f"met_{kind}_pred_traj_x_y_sin_cos"], -1, 0)
    true_xy, true_yaw = file["real_xy"][:, 16:], file["real_yaw"][:, 16:]
    rollout = forecast(np.stack([x, y], -1), true_xy, np.arctan2(sin, cos), true_yaw)
    close(measured("ade", rollout), file[f"met_{kind}_detailed:per_sample_ade"])
    close(measured("fde", rollout), file[f"met_{kind}_detailed:per_sample_fde"])
    for name, key in (
        ("ade", "ade"),
        ("fde", "fde"),
        ("mean_heading_error", "mean_yaw_error"),
        ("final_heading_error", "final_yaw_error"),
    ):
        close(measured(name, rollout).mean(), file[f"met_{kind}_basic:{key}"])


def test_the_distilled_alpamayo_with_several_modes(golden, forecast):
    """Its miss rate is a mean in single precision: 1/34 to 4e-9."""
    file = golden("distilled_unicycle_metrics_dev.npz")
    true_xy = file["real_xy"][:, 16:]
    rollout = forecast(file["mm_pred"], true_xy, probability=file["mm_probs"])
    for name, key, rel in (
        ("min_ade", "minADE_6", 1e-9),
        ("min_fde", "minFDE_6", 1e-9),
        ("missed_by_all", "miss_rate_2m", 1e-7),
        ("brier_min_fde", "brier_minFDE", 1e-9),
    ):
        got = measured(name, rollout)[:, 0].mean()
        assert got == pytest.approx(float(file[f"mm_all:{key}"]), rel=rel), name
