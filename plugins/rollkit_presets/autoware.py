"""Autoware: what its validator of trajectories looks at."""

from rollkit import hookimpl


@hookimpl
def rollkit_presets():
    return []
