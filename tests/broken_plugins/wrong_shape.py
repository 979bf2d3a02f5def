"""Its metric returns one number for all rollouts."""

from rollkit import arrays, hookimpl, metric


@metric(unit="m/s", needs="actions")  # HERE
def broken(rollout):
    """A metric that is broken on purpose."""
    return arrays.last(rollout.speed).mean()


@hookimpl
def rollkit_metrics():
    return [broken]
