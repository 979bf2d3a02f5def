"""Reports to make pages of, collected once."""

import functools

import numpy as np

import rollkit
from rollkit import Gate, Report
from rollkit.reporting.collecting import collect

GATES = [
    "max_abs_jerk <= 3.9",
    Gate("p95(max_abs_jerk) <= 3.5", severity="warning", name="most of them"),
    "mean(min_speed) > 1",
]


@functools.cache
def of_run() -> Report:
    """A run with a gate that does not hold, one that warns and one that holds."""
    return collect(rollkit.run("left", seeds=60, gates=GATES, keep_values=True))


@functools.cache
def of_two() -> Report:
    """A run beside another one."""
    base = rollkit.run("left", seeds=30, keep_values=True)
    other = rollkit.run("left", seeds=30, params={"speed": 9.0}, keep_values=True)
    return collect(other, base=base)


@functools.cache
def of_preset() -> Report:
    """A sweep, judged by a preset."""
    result = rollkit.run(
        ["left", "right"], seeds=10, presets=["nuplan_comfort"], gates=GATES, keep_values=True
    )
    return collect(result)


@functools.cache
def of_samples() -> Report:
    """Three samples of each of four cases, beside where they should go."""
    time = 0.1 * np.arange(1, 21)
    x = np.array([5.0, 8.0, 11.0, 14.0])[:, None, None] * time
    aside = np.array([0.0, 0.1, -0.2])[:, None] * time**2
    about = {"ids": ("a", "b", "c", "d"), "dt": 0.1, "frame": "", "origin": ""}
    samples = rollkit.Poses(
        x=np.broadcast_to(x, (4, 3, 20)), y=np.broadcast_to(aside, (4, 3, 20)), **about
    )
    reference = rollkit.Poses(x=x, y=np.zeros((4, 1, 20)), **about)
    result = rollkit.evaluate_predictions(
        [samples], [reference], metrics=["ade", "min_ade"], gates=["ade <= 0.1"], keep_values=True
    )
    return collect(result, predictions=[samples], reference=[reference])
