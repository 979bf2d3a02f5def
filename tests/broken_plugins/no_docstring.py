"""Its metric says nothing about itself."""

from rollkit import arrays, hookimpl, metric


@metric(unit="m/s")  # HERE
def broken(rollout):
    return arrays.last(rollout.speed)


@hookimpl
def rollkit_metrics():
    return [broken]
