"""Shared by the tests of the compiled engine: its cache, and the comparison with NumPy."""

import numpy as np
import pytest

from rollkit.measure import missing, roll_out, value

FIELDS = ("x", "y", "yaw", "speed")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """Compiled kernels in a folder of the test run, not in the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROLLKIT_CACHE_DIR", str(tmp_path_factory.mktemp("kernels")))
        yield


@pytest.fixture(scope="session")
def agree():
    """The check that a kernel computes what NumPy does, within 1e-12 of the case's scale."""

    def check(kernel, integrator, metrics, initial, actions):
        answer = kernel(initial, actions, trajectory=True)
        assert answer is not None
        values, trajectory = answer
        rollout = roll_out(integrator, initial, actions)
        # The largest number that goes into a sum of positions or yaws.
        states = [np.abs(getattr(rollout.trajectory, name)) for name in FIELDS]
        scale = max((one.max() for one in states if one.size), default=0.0) + 1.0
        assert vars(trajectory).keys() >= vars(rollout.trajectory).keys(), "as the door makes it"
        for name in FIELDS:
            close(getattr(trajectory, name), getattr(rollout.trajectory, name), scale)
        for spec in metrics:
            if spec.name in kernel.fused and not missing(spec, rollout):
                close(values[spec.name], value(spec, rollout, {}, rollout.batch), scale)

    return check


def close(got, expected, scale):
    assert got.shape == expected.shape
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12 * scale)
