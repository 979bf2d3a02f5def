"""Its hook takes an argument that the hook does not have."""

from rollkit import arrays, hookimpl, metric


@metric(unit="m/s", needs="actions")
def broken(rollout):
    """A metric that is broken on purpose."""
    return arrays.last(rollout.speed)


@hookimpl
def rollkit_metrics(config):
    return [broken]
