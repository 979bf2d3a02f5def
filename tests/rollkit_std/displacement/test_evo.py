"""Absolute and relative pose errors: worked by hand, against SciPy, and as evo has them."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.spatial.transform import Rotation

from rollkit import DataError, Rollout, Trajectory, UsageError
from rollkit.plugins import Plugins
from rollkit_std.displacement.evo import Path, align, aligned, ape, rpe

# What evo calls its errors and alignments.
ERRORS = {"trans": "translation", "rot_part": "rotation", "rot_rad": "angle", "rot_deg": "angle",
          "full": "full", "point_dist": "distance"}  # fmt: skip
ALIGNMENTS = {"none": "none", "umeyama_se3": "rigid", "umeyama_sim3": "scaled", "origin": "origin"}
PAIRS = {
    "delta1frames": {},
    "delta10frames": {"delta": 10},
    "delta10frames_allpairs": {"delta": 10, "all_pairs": True},
    "delta50m": {"delta": 50.0, "unit": "m"},
    "delta100m_allpairs_reltol0.1": {"delta": 100.0, "unit": "m", "all_pairs": True},
}


@pytest.fixture(scope="module")
def kitti(shared):
    """Estimate and truth of KITTI odometry 00."""

    def read(name):
        path = shared / "data" / name
        if not path.exists():
            pytest.skip(f"KITTI odometry 00 (CC BY-NC-SA) is not here: no {name}")
        poses = np.loadtxt(path).reshape(-1, 3, 4)
        return Path(poses[..., 3], poses[..., :3])

    return read("KITTI_00_ORB.txt"), read("KITTI_00_gt.txt")


ALL = ("trans", "rot_part", "rot_rad", "rot_deg", "full")
TWO = ("trans", "rot_deg")
ASKED_APE = {"none": ALL, "umeyama_se3": ALL, "umeyama_sim3": TWO, "origin": TWO}
ASKED_RPE = {**dict.fromkeys(PAIRS, TWO), "delta1frames": (*TWO, "full", "point_dist")}


def asked(table):
    return [(one, error) for one, errors in table.items() for error in errors]


def compare(file, key, got):
    """The whole array, or every 20th error where evo's were thinned, and the statistics."""
    got = np.degrees(got) if key.endswith("rot_deg") else got
    expected = file[f"err:{key}"]
    np.testing.assert_allclose(got if len(got) == len(expected) else got[::20], expected, atol=1e-9)
    statistics = file["stats"][list(file["names"]).index(key)]
    rmse, mean, median = statistics[:3]
    assert np.sqrt(np.mean(np.square(got))) == pytest.approx(rmse, rel=1e-9)
    assert got.mean() == pytest.approx(mean, rel=1e-9)
    assert np.median(got) == pytest.approx(median, rel=1e-9)


@pytest.mark.parametrize(("alignment", "error"), asked(ASKED_APE))
def test_ape_of_evo(golden, kitti, alignment, error):
    file, key = golden("evo_kitti00_dev.npz"), f"ape|{alignment}|{error}"
    got = ape(*kitti, error=ERRORS[error], alignment=ALIGNMENTS[alignment])
    compare(file, key, got)
    if f"align:{key}" in file:
        move = align(*kitti, ALIGNMENTS[alignment])
        np.testing.assert_allclose(
            move.scale * move.rotation, file[f"align:{key}"][:3, :3], atol=1e-9
        )
        np.testing.assert_allclose(move.translation, file[f"align:{key}"][:3, 3], atol=1e-9)


@pytest.mark.parametrize(("pairs", "error"), asked(ASKED_RPE))
def test_rpe_of_evo(golden, kitti, pairs, error):
    got = rpe(*kitti, error=ERRORS[error], **PAIRS[pairs])
    compare(golden("evo_kitti00_dev.npz"), f"rpe|{pairs}|{error}", got)


def test_ape_seen_from_above(golden, kitti):
    """Of the plane x, z of the camera, before and after the alignment in space."""
    file = golden("evo_kitti00_dev.npz")
    flat = Path(kitti[1].positions[:, [0, 2]])
    for key, alignment in (("none", "none"), ("umeyama_se3", "rigid")):
        estimate = aligned(*kitti, alignment).positions[:, [0, 2]]
        compare(file, f"ape|{key}_project_xz|trans", ape(Path(estimate), flat))


def spatial(path, dt=0.1):
    """The trajectory of poses in space."""
    x, y, z = np.moveaxis(path.positions, -1, 0)
    return Trajectory(x, y, 0 * x, 0 * x, dt, z=z, rotation=path.rotations)


def measured(name, rollout):
    return Plugins().metric(name).spec.function(rollout)


def test_the_metrics_give_the_figures_of_kitti_00(kitti):
    estimate, truth = map(spatial, kitti)
    rollout = Rollout(estimate, reference=truth)
    for name, expected in {
        "ape": 7.790288879,
        "ape_aligned": 1.303449713,
        "ape_scaled": 0.937709074,
        "ape_origin": 7.790305232,
        "ape_rotation": math.radians(1.60955871),
        "rpe": 0.02812037727,
        "rpe_rotation": math.radians(0.114973521),
    }.items():
        assert float(measured(name, rollout)) == pytest.approx(expected, rel=2e-8), name


def test_in_the_plane_against_complex_numbers():
    """Poses as points and directions of the plane: z ↦ p + u z."""
    random = np.random.default_rng(7)
    p, q = random.normal(size=(2, 12, 2)) @ [1, 1j]
    turn, true_turn = np.cumsum(random.normal(size=(2, 12)), axis=-1)
    u, w = np.exp(1j * turn), np.exp(1j * true_turn)
    there, where = (
        Trajectory(one.real, one.imag, yaw, 0 * yaw, 0.1)
        for one, yaw in ((p, turn), (q, true_turn))
    )
    rollout = Rollout(there, reference=where)

    def rms(errors):
        return pytest.approx(math.sqrt(np.mean(np.abs(errors) ** 2)), rel=1e-12)

    own, its = np.diff(p) / u[:-1], np.diff(q) / w[:-1]  # seen from the pose before
    assert measured("rpe", rollout) == rms(own - its)
    turned = np.angle(u[1:] / u[:-1] / (w[1:] / w[:-1]))
    assert measured("rpe_rotation", rollout) == rms(turned)
    assert measured("ape", rollout) == rms(p - q)
    assert measured("ape_rotation", rollout) == rms(np.angle(u / w))
    moved = q[0] + w[0] / u[0] * (p - p[0])
    assert measured("ape_origin", rollout) == rms(moved - q)
    centred, target = p - p.mean(), q - q.mean()
    best = np.vdot(centred, target)  # the turn and scale in least squares
    assert measured("ape_aligned", rollout) == rms(best / abs(best) * centred - target)
    assert measured("ape_scaled", rollout) == rms(
        best / np.vdot(centred, centred) * centred - target
    )


def test_samples_are_aligned_each_by_itself():
    random = np.random.default_rng(5)
    paths, truth = random.normal(size=(4, 3, 20, 3)), random.normal(size=(4, 20, 3))
    turns = Rotation.random(4 * 3 * 20, random_state=1).as_matrix().reshape(4, 3, 20, 3, 3)
    true_turns = Rotation.random(80, random_state=2).as_matrix().reshape(4, 20, 3, 3)
    whole = Rollout(spatial(Path(paths, turns)), reference=spatial(Path(truth, true_turns)))
    for name in ("ape", "ape_aligned", "ape_scaled", "ape_origin", "ape_rotation", "rpe",
                 "rpe_rotation"):  # fmt: skip
        together = measured(name, whole)
        for case, sample in np.ndindex(4, 3):
            one = Rollout(
                spatial(Path(paths[case, sample], turns[case, sample])),
                reference=spatial(Path(truth[case], true_turns[case])),
            )
            assert together[case, sample] == pytest.approx(float(measured(name, one)), rel=1e-12)


@given(st.integers(0, 10_000), st.booleans())
def test_no_other_move_brings_it_nearer(seed, scaled):
    """In the plane, against a minimiser that knows nothing of singular values."""
    random = np.random.default_rng(seed)
    p, q = random.normal(size=(2, 6, 2))

    def off(unknown):
        angle, x, y, size = unknown
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        scale = size if scaled else 1.0  # one below 0 is half a turn more
        return np.square(scale * p @ turn.T + [x, y] - q).sum()

    found = min(minimize(off, [start, 0, 0, 0.5]).fun for start in (0.0, 2.0, 4.0))
    got = ape(Path(p), Path(q), alignment="scaled" if scaled else "rigid")
    assert np.square(got).sum() <= found + 1e-9
    assert np.square(got).sum() == pytest.approx(found, abs=1e-4)


@given(st.integers(0, 10_000))
def test_against_scipy_in_space(seed):
    random = np.random.default_rng(seed)
    p, q = random.normal(size=(2, 8, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, left = Rotation.align_vectors(q - q.mean(0), p - p.mean(0))
    got = ape(Path(p), Path(q), alignment="rigid")
    assert math.sqrt(np.square(got).sum()) == pytest.approx(left, abs=1e-9)


def test_a_mirror_image_is_not_aligned_by_a_reflection():
    p = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 1.0]])
    move = align(Path(p), Path(p * [1, -1]), "rigid")
    assert np.linalg.det(move.rotation) == pytest.approx(1.0)
    assert ape(Path(p), Path(p * [1, -1]), alignment="rigid").max() > 0.1


@pytest.mark.parametrize("moved", [0.0, 1e-9, 1e-3])
def test_what_next_to_does_not_move_has_no_scale(moved):
    """Blown up by a billion, what is left of its noise would look like the drive."""
    way = np.stack([np.arange(6.0), np.zeros(6)], axis=-1)
    scale = align(Path(moved * way), Path(way), "scaled").scale
    assert scale == pytest.approx(1000.0 if moved == 1e-3 else 1.0)


def test_relative_errors_by_hand():
    """Each step of 2 m where it should be 1 m, and the last one turned by a right angle."""
    quarter = np.array([[0.0, -1.0], [1.0, 0.0]])
    turns = np.stack([np.eye(2), np.eye(2), quarter])
    estimate = Path(np.array([[0.0, 0.0], [2.0, 0.0], [4.0, 0.0]]), turns)
    truth = Path(np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]), np.stack([np.eye(2)] * 3))
    assert rpe(estimate, truth).tolist() == [1.0, 1.0]
    assert rpe(estimate, truth, error="angle").tolist() == [0.0, math.pi / 2]
    assert rpe(estimate, truth, error="rotation").tolist() == [0.0, 2.0]
    assert rpe(estimate, truth, delta=2).tolist() == [2.0]
    assert rpe(estimate, truth, delta=4.0, unit="m", all_pairs=True).tolist() == [2.0]
    assert rpe(estimate, truth, delta=1, unit="m", pairs_from="reference").tolist() == [1.0]
    assert rpe(estimate, truth, delta=5, all_pairs=True).tolist() == []


def test_of_two_poses_that_are_equally_near_the_first_is_a_pair():
    way = Path(np.array([[0.0], [0.9375], [1.0625]]) * [1.0, 0.0])
    off = Path(np.array([[0.0], [1.9375], [4.0625]]) * [1.0, 0.0])
    options = {"error": "distance", "delta": 1.0, "unit": "m", "all_pairs": True}
    assert rpe(way, off, **options).tolist() == [1.0]


@given(st.integers(0, 1000), st.floats(0.5, 8.0))
def test_all_pairs_in_metres_against_a_plain_loop(seed, delta):
    random = np.random.default_rng(seed)
    steps = random.choice([0.0, 0.25, 0.5, 1.0], size=(12, 1)) * [1.0, 0.0]
    truth = np.concatenate([[[0.0, 0.0]], np.cumsum(steps, axis=0)])
    estimate = truth * [1.0, 0.0] + np.arange(13)[:, None] * [0.0, 1.0]
    got = rpe(
        Path(estimate), Path(truth), error="distance", delta=delta, unit="m", all_pairs=True,
        pairs_from="reference",
    )  # fmt: skip
    way, expected = truth[:, 0], []
    for i in range(12):
        off = [abs(way[j] - way[i] - delta) for j in range(i + 1, 13)]
        if min(off) <= 0.1 * delta:
            j = i + 1 + off.index(min(off))
            expected.append(math.dist(estimate[i], estimate[j]) - math.dist(truth[i], truth[j]))
    np.testing.assert_allclose(got, np.abs(expected), atol=1e-12)


def test_nan_stays_in_its_row_and_does_not_raise():
    random = np.random.default_rng(1)
    x, y = random.normal(size=(2, 3, 9))
    x = x.copy()
    x[1, 4] = np.nan
    rollout = Rollout(
        Trajectory(x, y, 0 * y, 0 * y, 0.1), reference=Trajectory(y, y, 0 * y, 0 * y, 0.1)
    )
    for name in ("ape", "ape_aligned", "ape_scaled", "ape_origin", "rpe"):
        assert np.isnan(measured(name, rollout)).tolist() == [False, True, False], name


def test_in_the_plane_the_angle_is_that_between_the_yaws():
    yaw = np.array([[0.0, 3.0, -3.0]])
    still = np.zeros_like(yaw)
    rollout = Rollout(
        Trajectory(still, still, yaw, still, 0.1), reference=Trajectory(*[still] * 4, 0.1)
    )
    assert measured("ape_rotation", rollout) == pytest.approx(math.sqrt(6.0))
    turned = 2 * math.pi - 6
    assert measured("rpe_rotation", rollout) == pytest.approx(math.sqrt((9 + turned**2) / 2))


@pytest.mark.parametrize("measure", [ape, rpe])
def test_poses_that_do_not_belong_together(measure):
    three, turns = np.zeros((3, 2)), np.zeros((3, 2, 2))
    for wrong in (three[:2], three[0], np.zeros((3, 3)), np.zeros((0, 2))):
        with pytest.raises(DataError, match=r"expected positions \(\.\.\., T, d\) at the same T"):
            measure(Path(wrong), Path(three))
        with pytest.raises(DataError, match="got an estimate"):
            measure(Path(three), Path(wrong))
    with pytest.raises(DataError, match=r"got an estimate \(0, 2\)"):
        measure(Path(three[:0]), Path(three[:0]))
    with pytest.raises(DataError, match=r"got rotations \(2, 2, 2\) beside positions \(3, 2\)"):
        measure(Path(three, turns[:2]), Path(three, turns))


def test_wrong_calls():
    path = Path(np.zeros((3, 2)))
    with pytest.raises(UsageError, match="error: got 'yaw', expected one of translation, angle"):
        ape(path, path, error="yaw")
    with pytest.raises(UsageError, match="alignment: got 'se3', expected one of none, rigid"):
        ape(path, path, alignment="se3")
    with pytest.raises(UsageError, match="needs rotations; got a Path of positions alone"):
        rpe(path, path)
    for delta in (0, 1.5, math.nan):
        with pytest.raises(UsageError, match="expected a whole number, 1 or more"):
            rpe(path, path, delta=delta, error="distance")
    with pytest.raises(UsageError, match="expected a positive distance"):
        rpe(path, path, delta=-1.0, unit="m", error="distance")
    with pytest.raises(UsageError, match="metres and a batch"):
        rpe(Path(np.zeros((2, 3, 2))), path, unit="m", error="distance")
    with pytest.raises(DataError, match="not finite"):
        rpe(Path(np.full((3, 2), np.nan)), path, unit="m", error="distance")
