"""Declares a metric that is already there."""

from rollkit import arrays, hookimpl, metric


@metric(unit="m/s", needs="actions")  # HERE
def max_abs_jerk(rollout):
    """A metric that is broken on purpose."""
    return arrays.last(rollout.speed)


@hookimpl
def rollkit_metrics():
    return [max_abs_jerk]
