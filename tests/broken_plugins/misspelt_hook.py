"""Its hook has a name that nobody calls."""

from rollkit import arrays, hookimpl, metric


@metric(unit="m/s", needs="actions")
def broken(rollout):
    """A metric that is broken on purpose."""
    return arrays.last(rollout.speed)


@hookimpl  # HERE
def rollkit_metric():
    return [broken]
