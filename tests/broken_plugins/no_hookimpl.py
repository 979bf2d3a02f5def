"""Its hook is not marked."""

from rollkit import arrays, metric


@metric(unit="m/s", needs="actions")
def broken(rollout):
    """A metric that is broken on purpose."""
    return arrays.last(rollout.speed)


def rollkit_metrics():
    return [broken]
