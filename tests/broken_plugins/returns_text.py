"""Its metric returns text."""

from rollkit import hookimpl, metric


@metric(unit="m/s", needs="actions")  # HERE
def broken(rollout):
    """A metric that is broken on purpose."""
    return "fast"


@hookimpl
def rollkit_metrics():
    return [broken]
