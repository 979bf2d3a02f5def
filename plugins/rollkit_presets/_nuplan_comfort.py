"""What the comfort of nuPlan and of NAVSIM have in common: what they declare and compute."""

from collections.abc import Callable
from functools import partial

from rollkit import Rollout, preset
from rollkit.arrays import Array
from rollkit_presets import _nuplan_signals, _odd_windows
from rollkit_presets._comfort_checks import comfort_checks
from rollkit_presets._nuplan_quirks import COMFORT, PACIFICA, RATES

NOTES = f"{RATES} {PACIFICA}"

_comfort = partial(
    preset,
    checks=comfort_checks(strict=True, time_reversal=("jerk", "yaw_accel", "yaw_rate")),
    uses="vehicle",
    invariant_under=("se2", "mirror", "reference_point"),
    notes=NOTES,
)
faithful = partial(_comfort, quirks=COMFORT, min_steps=3)
corrected = partial(_comfort, min_steps=4)


def comfort_of(rollout: Rollout) -> dict[str, Array]:
    """The six signals of a rollout at its rear axle, computed once for both projects."""
    return rollout.once(comfort_of, partial(_at_rear_axle, _nuplan_signals.comfort_signals))


def corrected_of(rollout: Rollout) -> dict[str, Array]:
    """The six signals as physics has them, computed once for both projects."""
    return rollout.once(corrected_of, partial(_at_rear_axle, _odd_windows.comfort_signals))


def _at_rear_axle(signals: Callable[..., dict[str, Array]], rollout: Rollout) -> dict[str, Array]:
    rear = rollout.at_point("rear_axle")
    accel, lateral, turn, turning = rear.kinematics
    return signals(accel, lateral, rear.trajectory.yaw, turn, turning, rear.dt, _lever_of(rollout))


def _lever_of(rollout: Rollout) -> float:
    """From the rear axle to the centre, m: the vehicle's own, or the Pacifica's without one."""
    if rollout.vehicle is None:
        return _nuplan_signals.PACIFICA_LEVER
    return rollout.vehicle.rear_axle_to_center
