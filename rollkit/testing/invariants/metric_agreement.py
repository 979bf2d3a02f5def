"""The value of a metric in its laws, and when two values agree: to rounding, away from edges."""

import numpy as np

from rollkit.arrays import Array
from rollkit.rollouts import Rollout
from rollkit.testing import transforms
from rollkit.testing.invariant import Tolerance, close
from rollkit.testing.rounding import carried
from rollkit.testing.subjects import MetricSubject as Subject

ROUNDING = Tolerance(
    1e-9, "rounding of T additions and of the transformation, relative to the value and the signals"
)
JUMP = 0.01  # of a value: much more than a small change of the numbers makes of it elsewhere


def apart(subject: Subject, rollout: Rollout) -> tuple[int, ...]:
    """The leading axes whose rows have nothing to do with each other: cases, or all of them."""
    shared = len(rollout.samples) if subject.spec.compares_samples else 0
    return rollout.batch[: len(rollout.batch) - shared]


def value(subject: Subject, rollout: Rollout) -> Array:
    """The value, or nan where the rollout lacks what the metric needs."""
    if any(getattr(rollout, need) is None for need in subject.spec.needs):
        return np.full(rollout.batch, np.nan)
    return subject(rollout)


def slack(rollout: Rollout, expected: Array, tolerance: Tolerance) -> float:
    """How far two values may be apart: rounding of the value, and of the signals over dt."""
    trajectory = rollout.trajectory
    signals = [trajectory.x, trajectory.y, trajectory.yaw, trajectory.speed]
    if rollout.actions is not None:
        signals += [rollout.actions.accel, rollout.actions.curvature]
    largest = max(float(np.abs(one).max(initial=0)) for one in signals)
    defined = np.abs(expected[np.isfinite(expected)])
    own = float(defined.max(initial=0))
    return tolerance.value * (own + 1e-3 * (1 + largest) * max(1.0, 1e-3 / rollout.dt))


def agree(
    subject: Subject, changed: Rollout, plain: Rollout, tolerance: Tolerance = ROUNDING
) -> None:
    """The value of a changed rollout is that of the plain one."""
    expected, got = value(subject, plain), value(subject, changed)
    # What is halfway between two numbers may be rounded to either of them.
    atol = slack(changed, expected, tolerance) + 2 * subject.spec.resolution
    got = forgiven(subject, plain, got, expected, atol, tolerance.value)
    for of in (changed, plain):
        got = carried(lambda one: value(subject, one), of, got, expected, atol)
    close("value", got, expected, atol)


def forgiven(
    subject: Subject, plain: Rollout, got: Array, expected: Array, atol: float, share: float
) -> Array:
    """What was got; on an edge, where the rounding of the numbers decides, what was expected.

    A value stands on an edge that jumps when every number changes by a share of itself: a miss
    that is exactly at its threshold, or the best of two samples that are equally good.
    """
    with np.errstate(invalid="ignore"):
        far = ~(np.abs(got - expected) <= atol)
    if got.shape != expected.shape or not far.any():
        return got
    for sign in (1, -1):
        nudged = value(subject, transforms.nudged(plain, sign * share))
        jump = np.abs(nudged - expected) > JUMP * (1 + np.abs(expected))
        got = np.where(jump, expected, got)
    return got
