"""The rollouts that laws of metrics draw, with what the metric says it needs."""

from typing import Any

from hypothesis import strategies as st

from rollkit.declare import MetricSpec
from rollkit.rollouts import Rollout
from rollkit.testing.strategies import rollouts


def drawn(
    spec: MetricSpec, *, besides: tuple[str, ...] = (), **options: Any
) -> st.SearchStrategy[Rollout]:
    """Rollouts with what the metric says it needs: steps, parts, samples of a case."""
    steps, compares = max(1, spec.min_steps), bool(spec.compares_samples)
    options = {"max_steps": max(16, steps + 4), **options}
    needs = (*spec.needs, *besides)
    return rollouts(min_steps=steps, needs=needs, sampled=compares, **options)


def enough(spec: MetricSpec) -> st.SearchStrategy[Rollout]:
    """Rollouts of any batch."""
    return drawn(spec)


def of_a_vehicle(spec: MetricSpec) -> st.SearchStrategy[Rollout]:
    """Rollouts of a vehicle whose size is known."""
    return drawn(spec, besides=("vehicle",))


def several(spec: MetricSpec) -> st.SearchStrategy[Rollout]:
    """Batches of four, of two samples each where the metric compares them."""
    return drawn(spec, batch=(4, 2) if spec.compares_samples else (4,))


def batches(spec: MetricSpec) -> st.SearchStrategy[Rollout]:
    """Batches of several rows, odd and even, and K samples of N cases."""
    return drawn(spec, batches=((3,), (4,), (2, 2), (2, 3)))


def samples(spec: MetricSpec) -> st.SearchStrategy[Rollout]:
    """Four samples of each of two cases."""
    return drawn(spec, batch=(2, 4))


def calm(spec: MetricSpec) -> st.SearchStrategy[Rollout]:
    """Comfortable rollouts, whose numbers are of one size."""
    return drawn(spec, profile="comfort")


def hostile(spec: MetricSpec) -> st.SearchStrategy[Rollout]:
    """What a broken policy drives, often so short that one sign holds throughout."""
    short = drawn(spec, profile="hostile", max_steps=max(1, spec.min_steps) + 2)
    return short | drawn(spec, profile="hostile")
