"""nuPlan: comfort, and displacement in open loop."""

from rollkit import hookimpl


@hookimpl
def rollkit_presets():
    return []
