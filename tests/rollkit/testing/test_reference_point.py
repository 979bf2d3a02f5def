"""The law of reference points: who brings what it sees to one point keeps it, others do not."""

import numpy as np
import pytest

from rollkit import metric
from rollkit.arrays import max_abs
from rollkit.testing import strategies, transforms
from rollkit.testing.checks import check, laws_of, subject_of

DECLARED = {"needs": "vehicle", "min_steps": 1, "invariant_under": ("se2", "reference_point")}


@metric(unit="m/s^2", **DECLARED)
def accel_of_the_rear_axle(rollout):
    """Largest acceleration along the body at the rear axle."""
    return max_abs(rollout.at_point("rear_axle").kinematics.accel)


@metric(unit="m/s^2", **DECLARED)
def lateral_accel_of_the_centre(rollout):
    """Largest lateral acceleration at the centre."""
    return max_abs(rollout.at_point("center").kinematics.lateral_accel)


@metric(unit="m/s", **DECLARED)
def speed_of_the_rear_axle(rollout):
    """Largest speed of the rear axle."""
    return max_abs(rollout.at_point("rear_axle").speed)


@metric(unit="m/s^2", **DECLARED)
def lateral_accel_wherever(rollout):
    """Largest lateral acceleration of whichever point the poses describe."""
    return max_abs(rollout.kinematics.lateral_accel)


@metric(unit="m/s^2", **DECLARED)
def accel_by_differences(rollout):
    """Largest difference of whatever speed it is given."""
    return max_abs(rollout.trajectory.kinematics.accel)


@metric(unit="m/s", **DECLARED)
def speed_wherever(rollout):
    """Largest speed of whichever point the poses describe."""
    return max_abs(rollout.speed)


@metric(unit="m/s^2", needs=("vehicle", "actions"), invariant_under=("reference_point",))
def accel_of_actions(rollout):
    """Largest acceleration of the actions, which only the rear axle has."""
    return max_abs(rollout.accel)


def verdict(function, examples=60):
    subject = subject_of(function)
    (law,) = [one for one in laws_of(subject) if one.name == "reference_point"]
    return check(law, subject, max_examples=examples, seed=1, shrink=False)


@pytest.mark.parametrize(
    "right", [accel_of_the_rear_axle, lateral_accel_of_the_centre, speed_of_the_rear_axle]
)
def test_measured_at_one_point_is_measured_alike(right):
    assert verdict(right).verdict == "passed", verdict(right)


@pytest.mark.parametrize(
    "wrong", [lateral_accel_wherever, accel_by_differences, speed_wherever, accel_of_actions]
)
def test_measured_wherever_is_caught(wrong):
    assert verdict(wrong, examples=1000).verdict == "violated"


def test_the_law_holds_for_those_who_declare_it_only():
    @metric(unit="m/s")
    def undeclared(rollout):
        """Largest speed."""
        return max_abs(rollout.speed)

    assert "reference_point" not in {law.name for law in laws_of(subject_of(undeclared))}


def test_a_vehicle_in_other_units_is_that_vehicle():
    from hypothesis import find

    rollout = find(strategies.rollouts(needs=("vehicle",)), lambda one: one.steps > 1)
    told = transforms.units(rollout, 2.0, 1.0)
    assert told.vehicle.lever("center") == (2 * rollout.vehicle.lever("center")[0], 0.0)
    moved = told.at_point("center").trajectory.x
    assert moved == pytest.approx(2 * rollout.at_point("center").trajectory.x)
    assert np.isfinite(moved).all()
