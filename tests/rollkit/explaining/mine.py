"""Presets made by hand, that differ by a quirk, by their limits, or in nothing; a plugin, too."""

import numpy as np

from rollkit import Check, Quirk, Signal, hookimpl, preset

ACCEL = Check(name="accel", unit="m/s^2", low=-3.0, high=3.0, meaning="acceleration")
SPEED = Check(name="speed", unit="m/s", high=30.0)
DOUBLED = Quirk(
    name="doubled",
    text="Differences are divided by half the time step. An acceleration reads twice what it is.",
    signals=("accel",),
)


def accel(rollout):
    return Signal(np.diff(rollout.speed) / rollout.dt, 0.5)


@preset(project="ours", checks=(ACCEL, SPEED))
def plain(rollout):
    """Forward differences of the speed."""
    return {"accel": accel(rollout), "speed": rollout.speed}


@preset(project="theirs", checks=(ACCEL, SPEED), quirks=(DOUBLED,))
def doubled(rollout):
    """Differences of the speed, twice."""
    one = accel(rollout)
    return {"accel": one._replace(values=2 * one.values), "speed": rollout.speed}


@preset(project="theirs", checks=(Check(name="accel", unit="m/s^2", high=1.0, strict=False),))
def narrow(rollout):
    """The same signal as plain, and another limit."""
    return {"accel": accel(rollout)}


@preset(project="theirs", checks=(ACCEL,))
def shifted(rollout):
    """One more than there is."""
    one = accel(rollout)
    return {"accel": one._replace(values=one.values + 1)}


@preset(
    project="theirs",
    checks=(
        Check(name="accel", unit="m/s^2", low="least", high="most"),
        Check(name="accel_rms", signal="accel", unit="m/s^2", high=1.5, over="rms"),
        Check(name="mean_speed", signal="speed", unit="m/s", over="mean"),
    ),
)
def varying(rollout):
    """Limits that vary over time, numbers made of all instants, a value that nobody judges."""
    most = np.linspace(4.0, 1.0, rollout.steps) + np.zeros((*rollout.batch, 1))
    values = accel(rollout)
    limits = {"least": Signal(-most, 0.5), "most": Signal(most, 0.5)}
    return {"accel": values, "speed": rollout.speed, **limits}


@preset(project="theirs", needs="reference", checks=(SPEED,))
def referring(rollout):
    """Needs a reference."""
    return {"speed": rollout.speed - rollout.target.speed}


@preset(project="theirs", needs="actions", checks=(ACCEL,))
def acting(rollout):
    """Needs actions."""
    return {"accel": rollout.accel}


@preset(project="theirs", checks=(ACCEL,))
def broken(rollout):
    """Fails."""
    raise ValueError("no such thing")


@hookimpl
def rollkit_presets():
    return [plain, doubled, narrow, shifted, varying, referring, acting, broken]
