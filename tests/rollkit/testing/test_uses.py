"""What a preset uses where it is there, and to how much it rounds."""

import numpy as np
import pytest

from rollkit import Check, Quirk, preset
from rollkit.declare import spec_of
from rollkit.errors import DeclarationError
from rollkit.guard import Origin
from rollkit.presets import metrics_of
from rollkit.testing import checks
from rollkit.testing.subjects import MetricSubject

SPEED = Check(name="speed", unit="m/s", high=100.0, over="last")


def verdict(function, law):
    """Of a law, on the margin of its only check."""
    (margin,) = [one for one in metrics_of(spec_of(function)) if one.name.endswith("_margin")]
    subject = MetricSubject(margin, Origin(plugin="fleet", module=__name__))
    options = {"max_examples": 30, "seed": 1, "shrink": False}
    return checks.check(checks.law_named(subject, law), subject, **options).verdict


def test_what_it_uses_may_be_missing_and_make_a_difference():
    def lengths(rollout):
        """Speed in lengths of the vehicle."""
        return {"speed": rollout.speed / (rollout.vehicle.length if rollout.vehicle else 1.0)}

    for uses, expected in (((), "violated"), ("vehicle", "passed")):
        declared = preset(project="fleet", checks=(SPEED,), uses=uses, name="lengths")(lengths)
        assert verdict(declared, "needs_what_it_declares") == expected
        del declared.__rollkit__


def test_what_it_rounds_may_differ_by_that():
    def halves(rollout):
        """One number, which the yaw rounds up or down."""
        up = np.cos(1e3 * rollout.trajectory.yaw) > 0
        return {"speed": np.where(up, 2e-6, 1e-6)}

    for resolution, expected in ((0.0, "violated"), (1e-6, "passed")):
        text = "It rounds to 1e-6; nothing need be."
        quirk = Quirk(name="rounded", text=text, signals=("speed",), resolution=resolution)
        declared = preset(project="fleet", checks=(SPEED,), quirks=(quirk,), name="halves")(halves)
        assert verdict(declared, "se2") == expected
        del declared.__rollkit__


def test_what_there_is_not_is_not_used():
    def mine(rollout):
        """Speed."""
        return {"speed": rollout.speed}

    with pytest.raises(DeclarationError, match="uses"):
        preset(project="fleet", checks=(SPEED,), uses="weather")(mine)
