"""What the two definitions of the least average displacement share: errors up to horizons."""

from collections.abc import Callable
from functools import partial

import numpy as np

from rollkit import Check, Quirk, Rollout, Signal, arrays, metric
from rollkit.arrays import Array

HORIZONS_S = (0.5, 1.0, 3.0, 5.0)

ADE = Check(
    name="ade",
    signal="displacement",
    unit="m",
    over="mean",
    meaning="distance to the reference",
    scales_with={"position": 1},
)


def horizons(preset: str) -> tuple[str, ...]:
    """The metrics of a preset up to each horizon, by name."""
    return tuple(f"{preset}_{seconds:g}s".replace(".", "_") for seconds in HORIZONS_S)


def least_of_k(preset: str) -> Quirk:
    """That the least of more samples is less."""
    return Quirk(
        name="the least of K",
        text="The number is that of the best of K samples, and of more samples the best is better:"
        " a wide spread of guesses reads as a good one. Numbers of different K tell nothing of each"
        " other.",
        signals=(preset, *horizons(preset)),
        shows=lambda rollout: bool(rollout.samples),
    )


_error = partial(
    metric,
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    compares_samples=True,
)
Chosen = Callable[[Rollout, Array], Array]  # of the errors up to a horizon, that of the best


def displacement(rollout: Rollout) -> dict[str, Signal]:
    """The distance of each sample to the reference, m, at the predicted instants."""
    return {"displacement": Signal(rollout.predicted(rollout.deviation), rollout.given)}


def average(rollout: Rollout) -> Array:
    """Average displacement error of each sample, m."""
    return arrays.mean(rollout.predicted(rollout.deviation))


def average_until(rollout: Rollout, seconds: float) -> Array:
    """That up to the instant nearest to a horizon; nan where the rollout ends before."""
    count = round(seconds / rollout.dt)
    steps = count - (1 - rollout.given)
    if count < 1 or steps > rollout.steps:
        return np.full(rollout.batch, np.nan)
    return average(rollout.until(steps))


def minade(preset: str, says: str, chosen: Chosen) -> tuple[Callable[[Rollout], Array], ...]:
    """The metrics of a preset: over the whole, then up to each horizon."""

    def whole(rollout: Rollout) -> Array:
        return chosen(rollout, average(rollout))

    whole.__doc__ = f"Average displacement error over the whole, in m, of {says}."
    over_all = _error(name=preset, scales_with={"position": 1})(whole)
    named = zip(horizons(preset), HORIZONS_S, strict=True)
    return (over_all, *(_up_to(name, seconds, says, chosen) for name, seconds in named))


def _up_to(name: str, seconds: float, says: str, chosen: Chosen) -> Callable[[Rollout], Array]:
    def up_to(rollout: Rollout) -> Array:
        return chosen(rollout, average_until(rollout, seconds))

    up_to.__doc__ = (
        f"Average displacement error up to {seconds:g} s, in m, of {says}. Undefined where the "
        "prediction ends before."
    )
    return _error(name=name)(up_to)
