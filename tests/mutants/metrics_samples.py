"""Metrics that compare the K samples of a case, with one fault each."""

from typing import Any

import numpy as np

from rollkit import Rollout, arrays, metric
from rollkit.arrays import Array

_LEAST: dict[str, Any] = {
    "unit": "m",
    "better": "lower",
    "bounds": (0, None),
    "needs": "reference",
    "min_steps": 1,
    "invariant_under": ("se2", "mirror"),
    "compares_samples": True,
}
_BRIER: dict[str, Any] = {**_LEAST, "needs": ("reference", "probability")}


def _ade(rollout: Rollout) -> Array:
    return arrays.mean(rollout.predicted(rollout.deviation))


def _spread(rollout: Rollout, least: Array) -> Array:
    """The value of the case for each of its samples."""
    return np.broadcast_to(least, rollout.batch)


@metric(**_LEAST)
def min_ade_over_the_whole_batch(rollout: Rollout) -> Array:
    """The least error of all cases together."""
    return np.full(rollout.batch, _ade(rollout).min(initial=np.inf))


@metric(**_LEAST)
def min_ade_over_the_last_axis(rollout: Rollout) -> Array:
    """The least error over the last axis of the batch, which may be the cases."""
    value = _ade(rollout)
    return _spread(rollout, value.min(axis=-1, keepdims=True, initial=1e9)) if value.ndim else value


@metric(**_LEAST)
def min_ade_that_loses_the_samples(rollout: Rollout) -> Array:
    """The least error once for each case, not for each of its samples."""
    return np.minimum.reduce(_ade(rollout), axis=rollout.samples, initial=np.inf)


@metric(**_LEAST)
def min_ade_of_the_first_sample(rollout: Rollout) -> Array:
    """The error of the first sample for all of them."""
    first = (..., *(slice(0, 1) for _ in rollout.samples))
    return _spread(rollout, _ade(rollout)[first])


@metric(**_LEAST)
def min_ade_drops_nan(rollout: Rollout) -> Array:
    """The least error of those samples whose error is known."""
    value = np.where(np.isnan(_ade(rollout)), 1e9, _ade(rollout))
    return _spread(rollout, np.min(value, axis=rollout.samples, keepdims=True, initial=1e9))


@metric(**{**_LEAST, "compares_samples": False})
def min_ade_not_declared(rollout: Rollout) -> Array:
    """The least error of a case, not declared to compare its samples."""
    least = np.min(_ade(rollout), axis=rollout.samples, keepdims=True, initial=np.inf)
    return _spread(rollout, least)


@metric(**_LEAST)
def min_fde_of_the_map(rollout: Rollout) -> Array:
    """The least error at the end along x or along y, whichever is more."""
    error = arrays.last(np.maximum(np.abs(rollout.error_x), np.abs(rollout.error_y)))
    least = np.min(error, axis=rollout.samples, keepdims=True, initial=np.inf)
    return _spread(rollout, least)


@metric(**_BRIER)
def brier_with_probability_of_the_first(rollout: Rollout) -> Array:
    """The least error with the probability of the first sample."""
    assert rollout.probability is not None
    first = (..., *(slice(0, 1) for _ in rollout.samples))
    error = np.min(_ade(rollout), axis=rollout.samples, keepdims=True, initial=np.inf)
    return _spread(rollout, error + np.square(1 - rollout.probability[first]))


@metric(**{**_LEAST, "compares_samples": False})
def brier_needs_not_declared(rollout: Rollout) -> Array:
    """The error with the probability where there is one, which it does not declare to need."""
    share = 1.0 if rollout.probability is None else rollout.probability
    return _ade(rollout) + np.square(1 - share)


@metric(**{**_BRIER, "scales_with": {"position": 1}})
def brier_said_to_scale(rollout: Rollout) -> Array:
    """Metres and a bare number in sum, said to scale like metres."""
    assert rollout.probability is not None
    return _ade(rollout) + np.square(1 - rollout.probability)
