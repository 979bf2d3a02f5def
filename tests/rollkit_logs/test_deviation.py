"""The three deviations: by hand, in batches, and what they are invariant under."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit import Rollout, Trajectory
from rollkit_logs.deviation import final_deviation, max_deviation, mean_deviation

METRICS = (mean_deviation, max_deviation, final_deviation)


def trajectory(position: np.ndarray) -> Trajectory:
    still = np.zeros(position.shape)
    return Trajectory(position.real, position.imag, still, still, 0.1)


@pytest.mark.parametrize(
    ("metric", "expected"), [(mean_deviation, 2.0), (max_deviation, 5.0), (final_deviation, 1.0)]
)
def test_by_hand(metric, expected):
    there, where = np.array([0, 3 + 4j, 1j]), np.zeros(3, dtype=complex)
    assert float(metric(Rollout(trajectory(there), reference=trajectory(where)))) == expected


def test_samples_share_a_reference():
    """K predicted samples of N cases, and one reference each."""
    rng = np.random.default_rng(0)
    there = rng.normal(size=(3, 4, 9)) + 1j * rng.normal(size=(3, 4, 9))
    where = rng.normal(size=(3, 9)) + 1j * rng.normal(size=(3, 9))
    rollout = Rollout(trajectory(there), reference=trajectory(where))
    distance = np.abs(there - where[:, None, :])
    np.testing.assert_allclose(mean_deviation(rollout), distance.mean(axis=-1))
    np.testing.assert_allclose(max_deviation(rollout), distance.max(axis=-1))
    np.testing.assert_allclose(final_deviation(rollout), distance[..., -1])


@pytest.mark.parametrize("metric", METRICS)
@given(angle=st.floats(-4, 4), shift=st.complex_numbers(max_magnitude=1e3), mirror=st.booleans())
def test_the_frame_does_not_matter(metric, angle, shift, mirror):
    rng = np.random.default_rng(1)
    there, where = (rng.normal(size=9) + 1j * rng.normal(size=9) for _ in range(2))

    def moved(position):
        return trajectory(np.exp(1j * angle) * (position.conj() if mirror else position) + shift)

    before = metric(Rollout(trajectory(there), reference=trajectory(where)))
    after = metric(Rollout(moved(there), reference=moved(where)))
    assert after == pytest.approx(before, abs=1e-9)


@pytest.mark.parametrize("metric", METRICS)
def test_nan_stays(metric):
    there = np.array([1.0, 2.0, np.nan], dtype=complex)
    assert np.isnan(metric(Rollout(trajectory(there), reference=trajectory(0 * there))))
