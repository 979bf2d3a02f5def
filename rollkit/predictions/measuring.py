"""The values of every metric for one block, over the whole and up to each horizon."""

from collections.abc import Sequence

import numpy as np

from rollkit import measure
from rollkit.arrays import Array
from rollkit.guard import guarded
from rollkit.model import Trajectory
from rollkit.predictions.actions import Fitted, Fitting
from rollkit.predictions.tally import Line
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
    fitted = Fitted()
    if any("actions" in line.metric.spec.needs for line in lines):
        rollout, fitted = fitting.beside(rollout, history)
        for line in lines:
            if fitted.fault is not None and "actions" in line.metric.spec.needs:
                line.fault = fitted.fault
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
            line.reason = f"the predictions have no instant at {line.at:g} s"
            values[line.name] = measure.undefined(rollout.batch)
            continue
        reason = measure.missing(spec, seen)
        if reason is not None:
            line.reason = (fitted.reason or reason) if "actions" in spec.needs else reason
            values[line.name] = measure.undefined(rollout.batch)
            continue
        with guarded(
            line.metric.origin, "compute", subject=spec.name, function=spec.function
        ) as attempt:
            values[line.name] = measure.value(spec, seen, {}, seen.batch)
            if fitted.known is not None and "actions" in spec.needs and not fitted.known.all():
                known = fitted.known[:, np.newaxis]
                values[line.name] = np.where(known, values[line.name], np.nan)
        line.fault = attempt.fault
    return values


def _until(rollout: Rollout, seconds: float, horizons: Horizons) -> Rollout | None:
    """The rollout up to a horizon, the nearest instant; None where it ends before."""
    count = round(seconds / rollout.dt)
    steps = count - (1 - rollout.given)
    if steps > rollout.steps or count < 1:
        return None
    horizons.setdefault(seconds, set()).add(round(count * rollout.dt, 9))
    return rollout.until(steps)
