"""Waymax: whether a vehicle could drive it."""

from rollkit import hookimpl


@hookimpl
def rollkit_presets():
    return []
