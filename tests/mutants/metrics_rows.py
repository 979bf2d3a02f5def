"""Metrics right for one rollout and wrong for many, or for another shape."""

from typing import Any

import numpy as np

from rollkit import Rollout, arrays, metric
from rollkit.arrays import Array

_ACCEL: dict[str, Any] = {
    "unit": "m/s^2",
    "better": "lower",
    "bounds": (0, None),
    "needs": "actions",
    "min_steps": 1,
    "invariant_under": ("se2", "mirror", "time_reversal"),
}


@metric(**_ACCEL)
def mean_abs_accel_over_all_axes(rollout: Rollout) -> Array:
    """Mean |a| over steps and rows alike, the same number for every row."""
    mean = np.abs(rollout.accel).sum() / max(rollout.accel.size, 1)
    return np.full(rollout.batch, mean, rollout.accel.dtype)


@metric(**_ACCEL)
def mean_abs_accel_as_one_number(rollout: Rollout) -> Array:
    """Mean |a| over steps and rows alike, as one number for all."""
    return np.abs(rollout.accel).sum() / max(rollout.accel.size, 1)


@metric(**_ACCEL)
def max_abs_accel_over_rows(rollout: Rollout) -> Array:
    """Largest |a| over the first axis, which is the rows."""
    return np.max(np.abs(rollout.accel), axis=0, initial=0)


@metric(**_ACCEL)
def max_abs_accel_over_axis_one(rollout: Rollout) -> Array:
    """Largest |a| over axis 1, which is time for (N, T) only."""
    return np.max(np.abs(rollout.accel), axis=1, initial=0)


@metric(**_ACCEL)
def max_abs_accel_over_samples(rollout: Rollout) -> Array:
    """Largest |a|, taken over K samples too where there are any."""
    value = arrays.max_abs(rollout.accel)
    return value.max(axis=-1) if value.ndim > 1 else value


@metric(**_ACCEL)
def max_abs_accel_keeps_time(rollout: Rollout) -> Array:
    """Largest |a| with the time axis kept."""
    return np.max(np.abs(rollout.accel), axis=-1, keepdims=True)


@metric(**_ACCEL)
def max_abs_accel_loses_batch_of_one(rollout: Rollout) -> Array:
    """Largest |a| with all axes of length 1 squeezed away."""
    return np.squeeze(arrays.max_abs(rollout.accel))


@metric(**_ACCEL)
def rms_accel_over_rows(rollout: Rollout) -> Array:
    """Root mean square of acceleration with the mean square of the whole batch."""
    square = np.square(rollout.accel).sum() / max(rollout.accel.size, 1)
    return np.full(rollout.batch, np.sqrt(square), rollout.accel.dtype)


@metric(**_ACCEL)
def max_abs_accel_summed_over_rows(rollout: Rollout) -> Array:
    """Largest |a| summed up over the batch."""
    value = arrays.max_abs(rollout.accel)
    return np.full(rollout.batch, value.sum(), rollout.accel.dtype)


@metric(**{**_ACCEL, "unit": "1", "bounds": (0, 1)})
def max_abs_accel_of_the_batch_share(rollout: Rollout) -> Array:
    """Largest |a| as a share of the batch's largest."""
    value = arrays.max_abs(rollout.accel)
    return value / np.max(value, initial=1e-9)


@metric(**_ACCEL)
def max_abs_accel_sorted_rows(rollout: Rollout) -> Array:
    """Largest |a| of all rows in ascending order instead of the rows' own."""
    value = arrays.max_abs(rollout.accel)
    return np.sort(value, axis=0) if value.ndim else value


@metric(**_ACCEL)
def max_abs_accel_rest_of_the_chunks_lost(rollout: Rollout) -> Array:
    """Largest |a| in pairs of rows, with 0 for a third one that makes no pair."""
    value = np.array(arrays.max_abs(rollout.accel))
    if value.ndim and len(value) > 1 and len(value) % 2:
        value[-1] = 0
    return value


@metric(**_ACCEL)
def max_abs_accel_fails_on_an_empty_batch(rollout: Rollout) -> Array:
    """Largest |a| that looks for the largest row where there is none."""
    if not np.isfinite(np.max(np.abs(rollout.accel))):
        return np.full(rollout.batch, np.nan)
    return arrays.max_abs(rollout.accel)


@metric(**_ACCEL)
def max_abs_accel_nan_for_all(rollout: Rollout) -> Array:
    """Largest |a|, undefined for every row as soon as one row has a nan."""
    value = arrays.max_abs(rollout.accel)
    return value * np.nan if np.isnan(value).any() else value


@metric(**_ACCEL)
def max_abs_accel_in_bool(rollout: Rollout) -> Array:
    """Whether there is any acceleration, instead of the largest."""
    return arrays.max_abs(rollout.accel) > 0


@metric(**_ACCEL)
def max_abs_accel_as_text(rollout: Rollout) -> object:
    """Largest |a| as text."""
    return arrays.max_abs(rollout.accel).astype(str)


@metric(unit="m", bounds=(0, None), invariant_under=("se2", "mirror", "time_reversal"))
def path_length_sums_in_single_precision(rollout: Rollout) -> Array:
    """Length of the path, added up and returned in float32 whatever came in."""
    return np.sum(rollout.step_length, axis=-1, dtype=np.float32)
