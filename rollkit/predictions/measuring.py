"""The values of every metric for one block, over the whole and up to each horizon."""

from collections.abc import Sequence
from dataclasses import replace

from rollkit import measure
from rollkit.arrays import Array
from rollkit.guard import guarded
from rollkit.model import Trajectory
from rollkit.predictions.actions import Fitting
from rollkit.predictions.tally import Line
from rollkit.predictions.trajectories import one_of_each
from rollkit.rollouts import Rollout

Horizons = dict[float, set[float]]  # asked -> used, s


def values_of(
    rollout: Rollout,
    lines: Sequence[Line],
    horizons: Horizons,
    fitting: Fitting,
    history: Trajectory | None,
) -> dict[str, Array]:
    """The values of every line, `(N, K)`; what a metric does wrong is recorded on its line."""
    without: str | None = None
    past = None
    # Where the start itself is unknown, a history does not end where the poses begin.
    if history is not None and history.complete and rollout.given:
        past = one_of_each(history, samples=rollout.batch[1])
    if any("actions" in line.metric.spec.needs for line in lines):
        actions, without, fault = fitting.actions(rollout.trajectory, past)
        rollout = replace(rollout, actions=actions)
        for line in lines:
            if fault is not None and "actions" in line.metric.spec.needs:
                line.fault = fault
    beginnings: dict[float, Rollout | None] = {}
    for seconds in dict.fromkeys(line.at for line in lines if line.at is not None):
        beginnings[seconds] = _until(rollout, seconds, horizons)
    values: dict[str, Array] = {}
    for line in lines:
        if line.fault is not None:
            continue
        seen = rollout if line.at is None else beginnings[line.at]
        spec = line.metric.spec
        if seen is None:
            line.reason = f"the predictions are shorter than {line.at:g} s"
            values[line.name] = measure.undefined(rollout.batch)
            continue
        reason = measure.missing(spec, seen)
        if reason is not None:
            line.reason = without if without and "actions" in spec.needs else reason
            values[line.name] = measure.undefined(rollout.batch)
            continue
        with guarded(
            line.metric.origin, "compute", subject=spec.name, function=spec.function
        ) as attempt:
            values[line.name] = measure.value(spec, seen, {}, seen.batch)
        line.fault = attempt.fault
    return values


def _until(rollout: Rollout, seconds: float, horizons: Horizons) -> Rollout | None:
    """The rollout up to a horizon, the nearest instant; None where it ends before."""
    count = round(seconds / rollout.dt)
    steps = count - (1 - rollout.given)
    if steps > rollout.steps or count < 1:
        return None
    horizons.setdefault(seconds, set()).add(count * rollout.dt)
    return rollout.until(steps)
