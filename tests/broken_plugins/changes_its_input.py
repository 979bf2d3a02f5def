"""Its metric writes into the rollout, and insists."""

from rollkit import arrays, hookimpl, metric


@metric(unit="m/s", needs="actions")
def broken(rollout):
    """A metric that is broken on purpose."""
    rollout.accel.flags.writeable = True  # HERE
    rollout.accel[...] = 0
    return arrays.last(rollout.speed)


@hookimpl
def rollkit_metrics():
    return [broken]
