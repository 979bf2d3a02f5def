"""Its metric raises in the middle of a run."""

from rollkit import arrays, hookimpl, metric


@metric(unit="m/s", needs="actions")
def broken(rollout):
    """A metric that is broken on purpose."""
    if rollout.batch[0] < 2048:
        raise ArithmeticError("only whole chunks")  # HERE
    return arrays.last(rollout.speed)


@hookimpl
def rollkit_metrics():
    return [broken]
