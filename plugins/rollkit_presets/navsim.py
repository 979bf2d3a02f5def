"""NAVSIM: comfort of one plan, and of two after each other."""

from rollkit import hookimpl


@hookimpl
def rollkit_presets():
    return []
