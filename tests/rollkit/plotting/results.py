"""Small results to draw."""

import numpy as np

import rollkit

GATES = ("max_abs_jerk <= 3.6", "p95(max_abs_lateral_accel) <= 3", "mean(min_speed) >= -99")


def run(source="left", seeds=20, gates=GATES, **options):
    return rollkit.run(source, seeds=seeds, gates=list(gates), keep_values=True, **options)


def turns(samples=1, names=("a", "b", "c", "d"), shift=0.0):
    """Turns of 10 m, driven at 5 m/s for 2 s; each case is wider, each sample still more."""
    t = 0.1 * np.arange(21)
    radius = 10.0 + np.arange(len(names))[:, None, None] + 3 * np.arange(samples)[:, None]
    angle = 5 * t / radius
    return rollkit.Poses(
        ids=names,
        x=radius * np.sin(angle),
        y=radius * (1 - np.cos(angle)) + shift,
        yaw=angle,
        dt=0.1,
        frame="plane",
        origin="made",
    )


def evaluation(samples=1, names=("a", "b", "c", "d"), rule="mean", **options):
    """Those turns against the first of their samples, and the blocks of both."""
    blocks = [turns(samples, names)], [turns(1, names, shift=1.0)]
    result = rollkit.evaluate_predictions(
        *blocks, metrics=["ade", "max_abs_curvature"], samples=rule, keep_values=True, **options
    )
    return result, *blocks
