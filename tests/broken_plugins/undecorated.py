"""Its metric is not declared."""

from rollkit import arrays, hookimpl


def broken(rollout):
    """A metric that is broken on purpose."""
    return arrays.last(rollout.speed)


@hookimpl  # HERE
def rollkit_metrics():
    return [broken]
