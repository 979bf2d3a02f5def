"""Its metric divides by 0."""

import numpy as np

from rollkit import arrays, hookimpl, metric


@metric(unit="m/s", needs="actions")  # HERE
def broken(rollout):
    """A metric that is broken on purpose."""
    with np.errstate(divide="ignore"):
        return 1 / (0 * arrays.last(rollout.speed))


@hookimpl
def rollkit_metrics():
    return [broken]
