"""Poses made by hand, for tests of evaluations."""

import numpy as np

from rollkit import Poses


def poses(x, y=None, *, ids=None, dt=0.5, **others):
    """A block from nested lists `(n, K, T)` of x, and of y, which is 0 unless given."""
    x = np.array(x, dtype=float)
    y = np.zeros_like(x) if y is None else np.array(y, dtype=float) + np.zeros_like(x)
    ids = tuple(str(row) for row in range(len(x))) if ids is None else tuple(ids)
    return Poses(
        ids=ids,
        x=x,
        y=y,
        dt=None if "time" in others else dt,
        frame="plane",
        origin="made",
        **others,
    )


def straight(cases=1, samples=1, steps=4, speed=2.0, dt=0.5, **others):
    """Cases that drive along x at one speed, from the start on."""
    x = speed * dt * np.arange(steps + 1) * np.ones((cases, samples, 1))
    return poses(x, dt=dt, **others)


def random(seed, cases, samples, steps, dt=0.1, **others):
    """Predictions and references that wander."""
    rng = np.random.default_rng(seed)
    way = np.cumsum(rng.normal(1.0, 0.3, (2, cases, samples + 1, steps + 1)), axis=-1)
    way -= way[..., :1]
    predictions = poses(way[0, :, 1:], way[1, :, 1:], dt=dt, **others)
    return predictions, poses(way[0, :, :1], way[1, :, :1], dt=dt)
