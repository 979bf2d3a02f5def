"""AlpaSim: the displacement of the best of K samples."""

from rollkit import hookimpl


@hookimpl
def rollkit_presets():
    return []
