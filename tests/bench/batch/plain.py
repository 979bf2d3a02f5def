"""What rollkit is measured against: plain NumPy on whole arrays, and a Python loop per sample.

Both take `(N, 64)` actions and one initial speed, and return the nine metrics by name.
"""

import numpy as np

Values = dict[str, np.ndarray]


def vectorised(accel: np.ndarray, curvature: np.ndarray, dt: float, speed: float) -> Values:
    """Whole-array temporaries, NumPy's own sine and cosine, no loop."""
    free = speed + np.cumsum(accel * dt, axis=1)
    v = np.empty((len(accel), accel.shape[1] + 1))
    v[:, 0] = speed
    # Held at or above 0 after every step: the closed form, faster than a loop over columns.
    v[:, 1:] = free - np.minimum(np.minimum.accumulate(free, axis=1), 0)
    step = v[:, :-1] * dt
    yaw = np.zeros_like(v)
    yaw[:, 1:] = np.cumsum(step * curvature, axis=1)
    x, y = np.zeros_like(v), np.zeros_like(v)
    x[:, 1:] = np.cumsum(step * np.cos(yaw[:, :-1]), axis=1)
    y[:, 1:] = np.cumsum(step * np.sin(yaw[:, :-1]), axis=1)
    lateral = v[:, :-1] ** 2 * curvature
    return {
        "max_abs_accel": np.abs(accel).max(axis=1),
        "max_abs_curvature": np.abs(curvature).max(axis=1),
        "min_speed": v.min(axis=1),
        "final_speed": v[:, -1],
        "max_abs_jerk": np.abs(np.diff(accel, axis=1) / dt).max(axis=1),
        "max_abs_curvature_rate": np.abs(np.diff(curvature, axis=1) / dt).max(axis=1),
        "max_abs_lateral_accel": np.abs(lateral).max(axis=1),
        "rms_lateral_accel": np.sqrt(np.mean(lateral**2, axis=1)),
        "path_length": np.hypot(np.diff(x, axis=1), np.diff(y, axis=1)).sum(axis=1),
    }


def per_sample(accel: np.ndarray, curvature: np.ndarray, dt: float, speed: float) -> Values:
    """A loop over samples and over time with NumPy scalars, as policy repositories have it."""
    samples = [_sample(a, kappa, dt, speed) for a, kappa in zip(accel, curvature, strict=True)]
    return {name: np.array([one[name] for one in samples]) for name in samples[0]}


def _sample(accel: np.ndarray, curvature: np.ndarray, dt: float, speed: float) -> dict:
    x, y, yaw, v = np.float64(0.0), np.float64(0.0), np.float64(0.0), np.float64(speed)
    xs, ys, speeds, lateral = [x], [y], [v], []
    for t in range(len(accel)):
        a, kappa = accel[t], curvature[t]
        lateral.append(v * v * kappa)
        x = x + v * np.cos(yaw) * dt
        y = y + v * np.sin(yaw) * dt
        yaw = yaw + v * kappa * dt
        v = max(v + a * dt, np.float64(0.0))
        xs.append(x)
        ys.append(y)
        speeds.append(v)
    lateral = np.array(lateral)
    return {
        "max_abs_accel": np.max(np.abs(accel)),
        "max_abs_curvature": np.max(np.abs(curvature)),
        "min_speed": np.min(speeds),
        "final_speed": speeds[-1],
        "max_abs_jerk": np.max(np.abs(np.diff(accel) / dt)),
        "max_abs_curvature_rate": np.max(np.abs(np.diff(curvature) / dt)),
        "max_abs_lateral_accel": np.max(np.abs(lateral)),
        "rms_lateral_accel": np.sqrt(np.mean(lateral**2)),
        "path_length": np.sum(np.hypot(np.diff(xs), np.diff(ys))),
    }
