"""Every law of the kit, as data: `ALL`, and `of(kind)` for those of one kind."""

from rollkit.testing.invariant import Invariant, Kind
from rollkit.testing.invariants import (
    action_sources,
    integrator_arrays,
    integrators,
    metric_holes,
    metric_traits,
    metrics,
)

_OF_INTEGRATORS = (integrators, integrator_arrays)
_OF_METRICS = (metrics, metric_traits, metric_holes)

ALL: tuple[Invariant, ...] = tuple(
    law
    for module in (*_OF_INTEGRATORS, *_OF_METRICS, action_sources)
    for law in vars(module).values()
    if isinstance(law, Invariant)
)


def of(kind: Kind) -> tuple[Invariant, ...]:
    """The laws of one kind of plugin function, in the order of their declaration."""
    return tuple(law for law in ALL if law.kind == kind)
