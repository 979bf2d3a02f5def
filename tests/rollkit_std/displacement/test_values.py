"""The displacement metrics: worked by hand, against plain loops, and what they declare."""

import math

import numpy as np
import pytest
from hypothesis import given, settings

import rollkit
from rollkit import Rollout, Trajectory
from rollkit.plugins import Plugins
from rollkit.testing import check_metric
from rollkit.testing.strategies import rollouts

# One case, two samples, a given start and three instants; the reference stands at the origin,
# looking along y, so that ahead is +y and left is -x.
X = [[0.0, 3.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.5]]
Y = [[0.0, 4.0, -1.0, 6.0], [0.0, 2.0, 4.0, 2.0]]  # distances 5 1 6; 2 4 2.5
TURNS = [[0.0, 0.5, -1.0, 0.0], [0.0, 0.0, -0.25, 2 * math.pi + 0.5]]
STILL = np.zeros((2, 4))
UP = math.pi / 2
HAND = Rollout(
    Trajectory(X, Y, UP + np.array(TURNS), STILL, 0.5),
    reference=Trajectory(STILL[0], STILL[0], UP + STILL[0], STILL[0], 0.5),
    probability=np.array([0.5, 1.5]),
)
ADE = (4.0, 8.5 / 3)
EXPECTED = {
    "ade": ADE,
    "fde": (6.0, 2.5),
    "l2_at": (6.0, 2.5),
    "l2_average": ADE,
    "max_displacement": (6.0, 4.0),
    "rms_displacement": (math.sqrt(62 / 3), math.sqrt((4 + 16 + 6.25) / 3)),
    "min_ade": (ADE[1], ADE[1]),
    "min_ade_of_best": (ADE[1], ADE[1]),
    "ade_of_best_end": (ADE[1], ADE[1]),
    "min_fde": (2.5, 2.5),
    "missed": (1.0, 1.0),
    "missed_by_all": (1.0, 1.0),
    "brier_ade": (4.25, ADE[1] + 0.25),
    "brier_fde": (6.25, 2.75),
    "brier_min_ade": (ADE[1] + 0.25,) * 2,
    "brier_min_fde": (2.75, 2.75),
    "brier_ade_normalized": (4.5625, ADE[1] + 0.0625),
    "brier_fde_normalized": (6.5625, 2.5625),
    "brier_min_ade_normalized": (ADE[1] + 0.0625,) * 2,
    "brier_min_fde_normalized": (2.5625, 2.5625),
    "mean_heading_error": (0.5, 0.25),
    "final_heading_error": (0.0, 0.5),
    "max_heading_error": (1.0, 0.5),
    "along_track_error": (11 / 3, 8 / 3),
    "cross_track_error": (1.0, 0.5),
    "final_along_track_error": (6.0, 2.0),
    "final_cross_track_error": (0.0, 1.5),
    "final_along_track_offset": (6.0, 2.0),
    "final_cross_track_offset": (0.0, -1.5),
}
OF_CASE = {name for name in EXPECTED if name.startswith("min_") or "_min_" in name} | {
    "missed_by_all",
    "ade_of_best_end",
}


def corners(x, y, yaw):
    """The corners of a box of 4 x 3 x 2 m."""
    for ahead in (2, -2):
        for left in (1.5, -1.5):
            for up in (1, -1):
                cos, sin = math.cos(yaw), math.sin(yaw)
                yield x + cos * ahead - sin * left, y + sin * ahead + cos * left, up


def loop(rollout, case, sample):
    """The same numbers by plain loops, written from the definitions: a dict of name and value."""
    true, path = rollout.target, rollout.trajectory
    count = rollout.batch[-1]
    instants = range(rollout.given, rollout.steps + 1)

    def at(of, k, t):
        row = (case, k if of is path else 0)
        return float(of.x[row][t]), float(of.y[row][t]), float(of.yaw[row][t])

    def distance(k, t):
        return math.dist(at(path, k, t)[:2], at(true, k, t)[:2])

    def turn(k, t):
        angle = at(path, k, t)[2] - at(true, k, t)[2]
        return abs(math.remainder(angle, 2 * math.pi))

    def offset(k, t):
        (x, y, _), (tx, ty, yaw) = at(path, k, t), at(true, k, t)
        away, bearing = math.hypot(x - tx, y - ty), math.atan2(y - ty, x - tx)
        return away * math.cos(bearing - yaw), away * math.sin(bearing - yaw)

    def corner(k, t, j):
        return math.dist(list(corners(*at(path, k, t)))[j], list(corners(*at(true, k, t)))[j])

    def mean(values):
        values = list(values)
        return math.fsum(values) / len(values)

    ade = [mean(distance(k, t) for t in instants) for k in range(count)]
    fde = [distance(k, rollout.steps) for k in range(count)]
    p = [float(one) for one in rollout.probability[case]]
    total = math.fsum(p)
    share = [one / total if total else math.nan for one in p]
    k, end = sample, rollout.steps

    def brier(error, sure):
        return [e + (1 - q) ** 2 for e, q in zip(error, sure, strict=True)]

    def of_least(error, values):
        found = [v for e, v in zip(error, values, strict=True) if e == min(error)]
        return math.nan if any(map(math.isnan, found)) else min(found)

    return {
        "ade": ade[k],
        "fde": fde[k],
        "l2_at": fde[k],
        "l2_average": ade[k],
        "max_displacement": max(distance(k, t) for t in instants),
        "rms_displacement": math.sqrt(mean(distance(k, t) ** 2 for t in instants)),
        "min_ade": min(ade),
        "min_ade_of_best": min(ade),
        "ade_of_best_end": of_least(fde, ade),
        "min_fde": min(fde),
        "missed": float(fde[k] > 2),
        "missed_by_all": float(min(fde) > 2),
        "brier_ade": brier(ade, p)[k],
        "brier_fde": brier(fde, p)[k],
        "brier_min_ade": of_least(ade, brier(ade, p)),
        "brier_min_fde": of_least(fde, brier(fde, p)),
        "brier_ade_normalized": brier(ade, share)[k],
        "brier_fde_normalized": brier(fde, share)[k],
        "brier_min_ade_normalized": of_least(ade, brier(ade, share)),
        "brier_min_fde_normalized": of_least(fde, brier(fde, share)),
        "mean_heading_error": mean(turn(k, t) for t in instants),
        "final_heading_error": turn(k, end),
        "max_heading_error": max(turn(k, t) for t in instants),
        "along_track_error": mean(abs(offset(k, t)[0]) for t in instants),
        "cross_track_error": mean(abs(offset(k, t)[1]) for t in instants),
        "final_along_track_error": abs(offset(k, end)[0]),
        "final_cross_track_error": abs(offset(k, end)[1]),
        "final_along_track_offset": offset(k, end)[0],
        "final_cross_track_offset": offset(k, end)[1],
        "corner_distance": mean(
            min(corner(i, t, j) for i in range(count)) for t in instants for j in range(8)
        ),
    }


@pytest.fixture(scope="module")
def metrics():
    plugins = Plugins()
    plugins.load(["displacement"])
    assert not plugins.failures
    return {name: one.spec for name, one in plugins.metrics.items()}


def test_the_bundle_holds_what_is_worked_by_hand(metrics):
    assert set(metrics) == {*EXPECTED, "corner_distance"}


@pytest.mark.parametrize("name", EXPECTED)
def test_by_hand(metrics, name):
    np.testing.assert_allclose(metrics[name].function(HAND), EXPECTED[name], rtol=0, atol=4e-15)


def test_corner_distance_by_hand(metrics):
    """Turned by half a turn all corners are 5 m off, moved by 3 m ahead all are 3 m off."""
    still, half = [0.0, 0.0], [0.0, math.pi]
    paths = Trajectory([still, [0.0, 3.0]], [still] * 2, [half, still], [still] * 2, 0.5)
    there = Trajectory(still, still, still, still, 0.5)
    alone = Rollout(paths, reference=Trajectory(*[[still] * 2] * 4, 0.5))
    np.testing.assert_allclose(metrics["corner_distance"].function(alone), [5.0, 3.0], rtol=1e-15)
    both = metrics["corner_distance"].function(Rollout(paths, reference=there))
    np.testing.assert_allclose(both, [3.0, 3.0], rtol=1e-15)


def test_chunks_of_instants_change_no_corner_distance(metrics, monkeypatch):
    random = np.random.default_rng(6)
    rollout, other = (
        Rollout(
            Trajectory(*random.normal(size=(4, 5, 2, 9)), 0.1),
            reference=Trajectory(*random.normal(size=(4, 5, 9)), 0.1),
        )
        for _ in range(2)
    )
    whole = metrics["corner_distance"].function(rollout)
    for some in (1, 25, 40):  # poses: one, two or four instants of ten
        metrics["corner_distance"].function(other)  # memory that is used again holds nothing true
        with monkeypatch.context() as patched:
            patched.setattr("rollkit_std.displacement._corners._AT_ONCE", some)
            got = metrics["corner_distance"].function(rollout)
        np.testing.assert_array_equal(got, whole)


def test_each_case_may_have_samples_of_its_reference_too(metrics):
    """References `(N, K)`, one a sample: whether they are samples must be said."""
    still = np.zeros((2, 2))
    path = Trajectory([[0.0, 1.0], [0.0, 3.0]], still, still, still, 0.1)
    true = Trajectory(still, still, still, still, 0.1)
    for sampled, expected in ((True, [1.0, 1.0]), (False, [1.0, 3.0])):
        case = Rollout(path, reference=true, sampled=sampled)
        assert metrics["min_ade"].function(case).tolist() == expected


def test_of_the_samples_together_the_corner_distance_takes_the_nearest_of_each_instant(metrics):
    paths = Trajectory([[0.0, 1, 5], [0.0, 5, 1]], *[[[0.0] * 3] * 2] * 3, 0.5)
    case = Rollout(paths, reference=Trajectory(*[[0.0] * 3] * 4, 0.5))
    np.testing.assert_allclose(metrics["corner_distance"].function(case), [1.0, 1.0], rtol=1e-15)


@given(
    rollouts(
        needs=("reference", "probability"), sampled=True, batches=((2, 3), (1, 2)), max_steps=6
    )
)
@settings(max_examples=40)
def test_against_plain_loops(metrics, rollout):
    got = {name: spec.function(rollout) for name, spec in metrics.items()}
    for case, sample in np.ndindex(rollout.batch):
        for name, expected in loop(rollout, case, sample).items():
            away = abs(rollout.deviation[case, :, -1] - 2).min()
            if "missed" in name and away < 1e-9:  # rounding decides
                continue
            if "brier_min" in name:  # so it does between samples that are equally good
                ties = loop_ties(rollout, case)
                if ties:
                    continue
            assert got[name][case, sample] == pytest.approx(
                expected, rel=1e-9, abs=1e-9, nan_ok=True
            ), name


def loop_ties(rollout, case):
    """Whether two samples of the case are equally good but for rounding."""
    errors = rollout.deviation[case, :, rollout.given :]
    return any(
        np.diff(np.sort(one)).min(initial=1.0) < 1e-9 for one in (errors.mean(-1), errors[:, -1])
    )


def test_the_two_habits_of_the_least_over_a_horizon(metrics):
    """Sample 0 is better at first, sample 1 over the whole."""
    paths = Trajectory([[0.0, 1.0, 9.0], [0.0, 2.0, 3.0]], *[[[0.0] * 3] * 2] * 3, 0.5)
    whole = Rollout(paths, reference=Trajectory(*[[0.0] * 3] * 4, 0.5))
    early = whole.until(1)
    assert metrics["min_ade"].function(early).tolist() == [1.0, 1.0]
    assert metrics["min_ade_of_best"].function(early).tolist() == [2.0, 2.0]
    assert metrics["min_ade_of_best"].function(early.until(1)).tolist() == [2.0, 2.0]
    for name in ("min_ade", "min_ade_of_best"):
        assert metrics[name].function(whole).tolist() == [2.5, 2.5]


def test_of_samples_that_are_equally_good_the_most_probable_counts(metrics):
    paths = Trajectory([[0.0, 1.0], [0.0, -1.0]], *[[[0.0] * 2] * 2] * 3, 0.5)
    case = Rollout(
        paths,
        reference=Trajectory(*[[0.0] * 2] * 4, 0.5),
        probability=np.array([0.25, 0.5]),
    )
    assert metrics["brier_min_fde"].function(case).tolist() == [1.25, 1.25]


def test_exactly_two_metres_is_no_miss(metrics):
    paths = Trajectory([[0.0, 2.0], [0.0, np.nextafter(2.0, 3)]], *[[[0.0] * 2] * 2] * 3, 0.5)
    case = Rollout(paths, reference=Trajectory(*[[0.0] * 2] * 4, 0.5))
    assert metrics["missed"].function(case).tolist() == [0.0, 1.0]
    assert metrics["missed_by_all"].function(case).tolist() == [0.0, 0.0]


def test_probabilities_of_zero_cannot_be_scaled(metrics):
    case = Rollout(HAND.trajectory, reference=HAND.reference, probability=np.zeros(2))
    for name, spec in metrics.items():
        if name.endswith("_normalized"):
            assert np.isnan(spec.function(case)).all()


def test_without_samples_each_rollout_is_a_case_of_its_own(metrics):
    alone = Rollout(
        HAND.trajectory, reference=Trajectory(*[STILL] * 4, 0.5), probability=np.array([0.5, 0.25])
    )
    assert alone.samples == ()
    np.testing.assert_allclose(metrics["min_ade"].function(alone), ADE)
    np.testing.assert_allclose(metrics["min_fde"].function(alone), EXPECTED["fde"])
    for name in ("brier_ade_normalized", "brier_min_ade_normalized"):  # each is sure
        np.testing.assert_allclose(metrics[name].function(alone), ADE)


@pytest.mark.parametrize("given", [0, 1])
def test_the_given_start_does_not_count(metrics, given):
    still = [0.0, 0.0]
    path = Trajectory([4.0, 2.0], still, still, still, 0.5)
    rollout = Rollout(path, reference=Trajectory(*[still] * 4, 0.5), given=given)
    assert metrics["ade"].function(rollout) == (2.0 if given else 3.0)
    assert metrics["max_displacement"].function(rollout) == (2.0 if given else 4.0)


def test_nan_in_one_sample_makes_its_case_undefined_and_no_other(metrics):
    x = np.zeros((2, 3, 4))
    x[0, 1, 2] = np.nan
    still = np.zeros((2, 3, 4))
    true = Trajectory(*[np.zeros((2, 4))] * 4, 0.5)
    case = Rollout(
        Trajectory(x, still, still, still, 0.5), reference=true, probability=np.full((2, 3), 1 / 3)
    )
    alone = {"ade", "l2_average", "max_displacement", "brier_ade", "brier_ade_normalized"}
    for name, spec in metrics.items():
        value = np.isnan(spec.function(case))
        assert not value[1].any(), name
        if name in alone:
            assert value[0].tolist() == [False, True, False], name
        if name in {"min_ade", "min_ade_of_best", "brier_min_ade", "corner_distance"}:
            assert value[0].all(), name


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_how_a_rollout_lies_in_memory_changes_no_bit(metrics, name):
    random = np.random.default_rng(3)
    signals = random.normal(size=(4, 40, 3, 30))
    true = Trajectory(*random.normal(size=(4, 40, 30)), 0.1)
    share = random.uniform(0, 1, (40, 3))

    def value(layout):
        path = Trajectory(*map(layout, signals), 0.1)
        return metrics[name].function(Rollout(path, reference=true, probability=share))

    def by_instant(array):
        return np.ascontiguousarray(array.transpose(2, 0, 1)).transpose(1, 2, 0)

    np.testing.assert_array_equal(value(np.array), value(by_instant))


def test_single_precision_comes_out_as_it_goes_in(metrics):
    random = np.random.default_rng(4)
    path, true = random.normal(size=(4, 5, 3, 9)), random.normal(size=(4, 5, 9))
    share = random.uniform(0, 1, (5, 3))

    def rollout(dtype):
        both = (Trajectory(*one.astype(dtype), 0.1) for one in (path, true))
        return Rollout(next(both), reference=next(both), probability=share.astype(dtype))

    single, double = rollout(np.float32), rollout(np.float64)
    for name, spec in metrics.items():
        got = spec.function(single)
        assert got.dtype == np.float32, name
        np.testing.assert_allclose(got, spec.function(double), rtol=1e-4, atol=1e-5, err_msg=name)


def test_what_each_says_of_itself(metrics):
    for name, spec in metrics.items():
        assert "reference" in spec.needs
        assert ("probability" in spec.needs) == name.startswith("brier")
        of_each = {"brier_ade_normalized", "brier_fde_normalized"}
        compares = name in OF_CASE or name == "corner_distance"
        assert spec.compares_samples == ("each" if name in of_each else compares), name
        assert spec.unit == ("rad" if "heading" in name else "1" if "missed" in name else "m")
        assert spec.better == (None if name.endswith("offset") else "lower")
        assert ("mirror" in spec.invariant_under) == (name != "final_cross_track_offset")
        assert "se2" in spec.invariant_under
        assert spec.min_steps == 1


@pytest.mark.parametrize("name", ["ade", "min_ade_of_best", "brier_min_fde", "missed_by_all"])
def test_the_laws_hold(name):
    """These here, one of each kind; every built-in is checked with the kit's own tests."""
    report = check_metric(name, max_examples=5, seed=1)
    assert report.ok, report


def test_without_probabilities_the_brier_scores_are_undefined():
    bare = Rollout(HAND.trajectory, reference=HAND.reference)
    assert np.isnan(rollkit.evaluate(bare, ["brier_fde"])["brier_fde"]).all()
