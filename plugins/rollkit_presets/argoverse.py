"""Argoverse 2: displacement of forecasts."""

from rollkit import hookimpl


@hookimpl
def rollkit_presets():
    return []
