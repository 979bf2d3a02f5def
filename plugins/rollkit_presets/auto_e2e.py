"""auto_e2e: comfort, from actions."""

from rollkit import hookimpl


@hookimpl
def rollkit_presets():
    return []
