"""Rollouts of K samples, plainly made."""

import numpy as np
import pytest

from rollkit import Rollout, Trajectory


@pytest.fixture(scope="session")
def forecast():
    """A rollout of positions `(..., K, T, 2)` against `(..., T, 2)`, all instants predicted."""

    def made(xy, true_xy, yaw=None, true_yaw=None, probability=None, dt=0.1):
        return Rollout(
            _path(xy, yaw, dt),
            reference=_path(true_xy, true_yaw, dt),
            probability=probability,
            given=0,
        )

    return made


def _path(xy, yaw, dt):
    x, y = np.moveaxis(np.asarray(xy, dtype=float), -1, 0)
    yaw = np.zeros_like(x) if yaw is None else np.unwrap(yaw, axis=-1)
    return Trajectory(x, y, yaw, np.zeros_like(x), dt)


@pytest.fixture(scope="session")
def golden(shared):
    """A file of reference numbers."""

    def read(name):
        path = shared / "golden" / name
        if not path.exists():
            pytest.skip(f"no {name} in ../shared/golden")
        with np.load(path, allow_pickle=False) as file:
            return dict(file)

    return read
