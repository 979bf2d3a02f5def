"""Bounds by profile: comfort, regulatory, physical."""

from rollkit import hookimpl


@hookimpl
def rollkit_presets():
    return []
