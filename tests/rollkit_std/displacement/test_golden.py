"""The displacement metrics against numbers that other projects' own code has computed."""

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
    anew = measured("min_ade", beginning(rollout, HORIZONS[horizon]))[..., 0]
    assert (anew <= got + 1e-12).all()
    assert (anew < got - 1e-6).any() == (horizon != "")


def test_alpamayo_corner_distance(groups):
    file, rollout = groups
    length, width, _ = file["grp_dims_lwh"]
    got = least_corner_distance(rollout, length, width)
    close(got[..., 0].mean(axis=-1), file["grp_corner:corner_distance"])
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
