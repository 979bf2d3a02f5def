"""Its metric raises."""

from rollkit import arrays, hookimpl, metric


@metric(unit="m/s", needs="actions")
def broken(rollout):
    """A metric that is broken on purpose."""
    return arrays.last(rollout.velocity)  # HERE


@hookimpl
def rollkit_metrics():
    return [broken]
