"""comma.ai: the cost of lateral control."""

from rollkit import hookimpl


@hookimpl
def rollkit_presets():
    return []
