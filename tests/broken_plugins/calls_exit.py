"""Its metric ends the process."""

import sys

from rollkit import hookimpl, metric


@metric(unit="m/s", needs="actions")
def broken(rollout):
    """A metric that is broken on purpose."""
    sys.exit("goodbye")  # HERE


@hookimpl
def rollkit_metrics():
    return [broken]
