"""Cases whose accelerations are known."""

import numpy as np

from rollkit import Poses


def driven(accels, *, dt=0.5, speed=10.0, **others):
    """Straight drives `(n, K)` that begin at a speed and accelerate so much in each step."""
    accels = np.array(accels, dtype=float)
    accels = accels.reshape(-1, *accels.shape[-2:]) if accels.ndim > 2 else accels[:, np.newaxis]
    start = np.full((*accels.shape[:2], 1), speed)
    speeds = np.concatenate([start, speed + dt * np.cumsum(accels, axis=-1)], axis=-1)
    middle = dt * (speeds[..., 1:] + speeds[..., :-1]) / 2
    x = np.concatenate([0 * start, np.cumsum(middle, axis=-1)], axis=-1)
    about = {"ids": tuple("abcdefgh"[: len(x)]), "frame": "plane", "origin": "made", "dt": dt}
    return Poses(x=x, y=0 * x, yaw=0 * x, speed=speeds, **{**about, **others})
