"""Its metric leaves the bounds it declares."""

from rollkit import arrays, hookimpl, metric


@metric(unit="m/s", bounds=(0, None))  # HERE
def broken(rollout):
    """A metric that is broken on purpose."""
    return -1 - arrays.last(rollout.speed)


@hookimpl
def rollkit_metrics():
    return [broken]
