"""Its hook raises."""

from rollkit import hookimpl


@hookimpl
def rollkit_metrics():
    return [{}["jerk"]]  # HERE
