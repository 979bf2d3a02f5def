"""comma.ai: what its controls challenge charges for lateral control."""

from collections.abc import Callable
from functools import partial

import numpy as np

from rollkit import Check, Quirk, Rollout, Signal, arrays, hookimpl, metric, preset
from rollkit.arrays import Array
from rollkit_presets._comfort_checks import at_10_hz

FIRST, END = 100, 500  # samples: the cost is over those from 100 on and before 500: tinyphysics.py
STEP = 0.1  # s, what every difference is divided by: tinyphysics.py
FIRST_SECOND, END_SECOND = 10.0, 50.0  # s, what samples 100 and 500 are at 10 Hz
SCALE = 100.0  # of both mean squares: README
TRACKING = 50.0  # weight of the tracking cost in the total: README

_cost = partial(
    metric,
    better="lower",
    bounds=(0, None),
    needs="reference",
    invariant_under=("se2", "mirror"),
)


def tracking(target: Array, actual: Array, first: int = FIRST, end: int = END) -> Array:
    """Target less actual lateral acceleration, m/s², over samples first:end of `(..., n)`.

    A slice: of fewer samples what is left of them, of none nothing.

    >>> tracking(np.full(103, 2.0), np.full(103, 0.5))
    array([1.5, 1.5, 1.5])
    """
    return (target - actual)[..., first:end]


def lateral_jerk(actual: Array, dt: float = STEP, first: int = FIRST, end: int = END) -> Array:
    """Difference of successive samples first:end of the lateral acceleration over dt, m/s³.

    >>> lateral_jerk(np.arange(103) * 0.5)
    array([5., 5.])
    """
    return arrays.differences(actual[..., first:end], dt)


def cost(values: Array) -> Array:
    """100 times the mean of the squares over time; nan of no values.

    >>> float(cost(np.array([0.5, 1.5])))
    125.0
    """
    if values.shape[-1] == 0:
        return np.full(values.shape[:-1], np.nan)
    return SCALE * arrays.mean(np.square(values))


def _lateral_accels(rollout: Rollout) -> tuple[Array, Array]:
    target = Rollout(rollout.target, vehicle=rollout.vehicle)
    return target.kinematics.lateral_accel, rollout.kinematics.lateral_accel


def _faithful(rollout: Rollout) -> dict[str, Signal]:
    target, actual = _lateral_accels(rollout)
    return {
        "lat_accel_error": Signal(tracking(target, actual), FIRST),
        "lat_jerk": Signal(lateral_jerk(actual), FIRST + 0.5),
    }


def _corrected(rollout: Rollout) -> dict[str, Signal]:
    target, actual = _lateral_accels(rollout)
    first, end = (round(second / rollout.dt) for second in (FIRST_SECOND, END_SECOND))
    return {
        "lat_accel_error": Signal(tracking(target, actual, first, end), first),
        "lat_jerk": Signal(lateral_jerk(actual, rollout.dt, first, end), first + 0.5),
    }


def _costs(
    name: str, signals: Callable[[Rollout], dict[str, Signal]], samples: int
) -> tuple[Callable[[Rollout], Array], ...]:
    """The three costs of a preset; the first needs so many samples, the others one more."""

    def of(rollout: Rollout, signal: str) -> Array:
        return cost(rollout.once(signals, signals)[signal].values)

    @_cost(name=f"{name}_lataccel_cost", unit="m^2/s^4", min_steps=samples - 1)
    def lataccel_cost(rollout: Rollout) -> Array:
        """100 times the mean square of target less actual lateral acceleration."""
        return of(rollout, "lat_accel_error")

    @_cost(name=f"{name}_jerk_cost", unit="m^2/s^6", min_steps=samples)
    def jerk_cost(rollout: Rollout) -> Array:
        """100 times the mean square of the lateral jerk."""
        return of(rollout, "lat_jerk")

    @_cost(name=f"{name}_total_cost", unit="1", min_steps=samples)
    def total_cost(rollout: Rollout) -> Array:
        """50 times the cost of lateral acceleration and once that of the lateral jerk."""
        return TRACKING * of(rollout, "lat_accel_error") + of(rollout, "lat_jerk")

    return lataccel_cost, jerk_cost, total_cost


ALL = (
    "lat_accel_error",
    "lat_jerk",
    *(f"comma_controls_{one}_cost" for one in ("lataccel", "jerk", "total")),
)
_of_controls = partial(
    preset,
    project="commaai/controls_challenge",
    commit="105a122b",
    file="README.md, tinyphysics.py",
    needs="reference",
    checks=(
        Check(
            name="lat_accel_error",
            unit="m/s^2",
            over="rms",
            meaning="target less actual lateral acceleration",
        ),
        Check(name="lat_jerk", unit="m/s^3", over="rms", meaning="lateral jerk"),
    ),
)
NOTES = (
    "The reference is the target: its lateral acceleration is held against that of the rollout. "
    "The challenge has both from its simulator, the road's bank and slope beside them; here they "
    "are the rates that were recorded, or v ψ' of the motion. The challenge reports the mean over "
    "its segments."
)


@_of_controls(
    metrics=_costs("comma_controls", _faithful, FIRST + 1),
    min_steps=FIRST,
    notes=NOTES,
    quirks=(
        Quirk(
            name="a tenth of a second",
            text="Every difference is divided by 0.1 s, whatever the time step is. Right is the "
            "true time step. At 20 Hz the jerk reads half of what it is, and its cost a quarter.",
            signals=("lat_jerk", "comma_controls_jerk_cost", "comma_controls_total_cost"),
            shows=lambda rollout: not at_10_hz(rollout),
        ),
        Quirk(
            name="samples, not seconds",
            text="The costs are over samples 100 to 499. That is from 10 s to 50 s at 10 Hz, and "
            "at no other rate: the first 100 samples are left out, however short they are.",
            signals=ALL,
            shows=lambda rollout: not at_10_hz(rollout),
        ),
        Quirk(
            name="whatever is left of the samples",
            text="Of fewer than 500 samples the mean is over those from 100 on that there are, "
            "without a word: a short drive has a cost that a long one is compared with. Of 101 the "
            "error is defined and the jerk is not, of 100 and fewer neither.",
            signals=ALL,
            shows=lambda rollout: rollout.steps + 1 < END,
        ),
        Quirk(
            name="a sum of two units",
            text="The total adds 50 times a square of m/s² and a square of m/s³. It is a number "
            "without a unit, and what it trades for what depends on the rate of the samples.",
            signals=("comma_controls_total_cost",),
        ),
    ),
)
def comma_controls(rollout: Rollout) -> dict[str, Signal]:
    """comma.ai's controls challenge: 100 mean (target - actual)² of the lateral acceleration,
    100 mean (Δactual / 0.1 s)², and 50 times the first plus the second, over samples 100:500.
    """
    return rollout.once(_faithful, _faithful)


@_of_controls(
    metrics=_costs("comma_controls_corrected", _corrected, 1),
    corrects="comma_controls",
    notes=f"{NOTES} Undefined where the drive ends within 10 s.",
)
def comma_controls_corrected(rollout: Rollout) -> dict[str, Signal]:
    """comma.ai's costs with the true time step, from 10 s to 50 s of the drive."""
    return rollout.once(_corrected, _corrected)


@hookimpl
def rollkit_presets():
    return [comma_controls, comma_controls_corrected]
