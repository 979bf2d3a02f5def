"""Waymo sim agents: kinematic features and their likelihoods."""

from rollkit import hookimpl


@hookimpl
def rollkit_presets():
    return []
