"""What several presets say of the same rollouts, each in its guard."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from rollkit import measure
from rollkit.declare import Check, PresetSpec
from rollkit.errors import Failure
from rollkit.guard import guarded
from rollkit.plugins import Registered
from rollkit.poses import Poses
from rollkit.predictions.actions import Fitted, Mask
from rollkit.predictions.rollouts import Cases, past_of, rollout_of
from rollkit.presets.metrics import metrics_of
from rollkit.presets.verdicts import Reading, Verdict, verdict
from rollkit.rollouts import Rollout

Preset = Registered[PresetSpec]


class Judged(NamedTuple):
    """A preset and its verdict on the rollouts `(n, K)` of a block; None with a reason or fault."""

    preset: PresetSpec
    verdict: Verdict | None = None
    reason: str | None = None
    fault: Failure | None = None

    def readings(self) -> Iterator[tuple[Check, Reading]]:
        """Each check that has a limit, and what it says."""
        for check in self.preset.checks:
            if self.verdict is not None and check.judged:
                yield check, self.verdict.readings[check.name]


def judged(presets: Sequence[Preset], poses: Poses, cases: Cases) -> tuple[Rollout, list[Judged]]:
    """The rollouts of a block of these cases, and what each preset says of them."""
    rollout, fitted = rollout_of(poses, cases.spec.vehicle), Fitted()
    if any("actions" in one.spec.needs for one in presets):
        rollout, fitted = cases.fitting.beside(rollout, past_of(poses))
    return rollout, [_one(preset, rollout, fitted) for preset in presets]


def _one(preset: Preset, rollout: Rollout, fitted: Fitted) -> Judged:
    spec = preset.spec
    acts = "actions" in spec.needs
    if acts and fitted.fault is not None:
        return Judged(spec, fault=fitted.fault)
    reason = measure.missing(metrics_of(spec)[0], rollout)
    if reason is not None:
        return Judged(spec, reason=(fitted.reason or reason) if acts else reason)
    with guarded(preset.origin, "compute", subject=spec.name, function=spec.function) as attempt:
        said = verdict(spec, rollout)
        if acts and fitted.known is not None and not fitted.known.all():
            known = fitted.known[:, np.newaxis]
            readings = {name: _where(known, one) for name, one in said.readings.items()}
            said = said._replace(readings=readings)
        return Judged(spec, said)
    return Judged(spec, fault=attempt.fault)


def _where(known: Mask, reading: Reading) -> Reading:
    """Undefined in the cases that have no actions."""
    return Reading(*(np.where(known, one, np.nan) for one in reading))
