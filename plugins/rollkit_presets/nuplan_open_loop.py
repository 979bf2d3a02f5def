"""nuPlan: displacement from the expert in open loop, once a second."""

from typing import Literal

import numpy as np

from rollkit import Check, Quirk, Rollout, Signal, preset
from rollkit.arrays import Array
from rollkit_presets._nuplan_signals import unwrapped

HORIZONS = (3, 5, 8)  # s
MAX_DISPLACEMENT = 8.0  # m, of the average and of the final displacement, mean over the horizons
MAX_HEADING_ERROR = 0.8  # rad, of the average and of the final heading error, likewise
# m, beyond which the largest displacement within each horizon is a miss
MISSES = dict(zip(HORIZONS, (6.0, 8.0, 16.0), strict=True))
Over = Literal["mean", "last"]
ERRORS = ("displacement", "heading_error")
AT_HORIZONS = tuple(f"{kind}_{name}" for name in ERRORS for kind in ("average", "final"))
AT_SECONDS = tuple(f"{name}_{horizon}s" for name in ERRORS for horizon in HORIZONS)
_SAME = 1e-6  # of a step: an instant that is a whole second but for rounding

FILE = (
    "nuplan/planning/metrics/evaluation_metrics/common/planner_expert_average_l2_error_within_bound"
    ".py, and beside it final_l2, average_heading, final_heading and planner_miss_rate"
)


def each_second(signal: Array, dt: float, given: int, seconds: int) -> Array:
    """A signal `(..., T+1)` at 1, 2, ... s after the start, `(..., seconds)`.

    Between two instants on the line between them; nan where the signal has not begun or has ended.

    >>> each_second(np.array([0.0, 1.0, 2.0, 4.0]), 0.5, 1, 2)
    array([ 2., nan])
    >>> each_second(np.array([0.0, 1.0, 3.0]), 0.4, 1, 1)
    array([nan])
    """
    place = np.arange(1, seconds + 1) / dt - (1 - given)
    whole = np.floor(place + _SAME)
    share = np.where(np.abs(place - whole) < _SAME, 0.0, place - whole)
    before = whole.astype(np.intp)
    after = before + (share > 0)
    there = (before >= 0) & (after < signal.shape[-1])
    before, after = np.where(there, before, 0), np.where(there, after, 0)
    share = share.astype(signal.dtype)
    found = signal[..., before] * (1 - share) + signal[..., after] * share
    return np.where(there, found, np.asarray(np.nan, signal.dtype))


def open_loop(displacement: Array, heading_error: Array) -> dict[str, Array]:
    """The signals by name, of the displacement in m and the heading error in rad once a second.

    Parameters
    ----------
    displacement, heading_error : array, `(..., 8)`
        At 1, 2, ... 8 s; nan beyond the end of the prediction.

    Returns
    -------
    dict
        `displacement_3s` and so on, `(..., 3)`: what each second of a horizon has; and
        `average_displacement` and so on, `(..., 3)`: what each horizon has.
    """
    found: dict[str, Array] = {}
    for name, signal in (("displacement", displacement), ("heading_error", np.abs(heading_error))):
        parts = [signal[..., :horizon] for horizon in HORIZONS]
        named = zip(HORIZONS, parts, strict=True)
        found |= {f"{name}_{horizon}s": part for horizon, part in named}
        found[f"average_{name}"] = np.stack([part.mean(axis=-1) for part in parts], axis=-1)
        found[f"final_{name}"] = np.stack([part[..., -1] for part in parts], axis=-1)
    return found


def _checks() -> tuple[Check, ...]:
    limits = {"displacement": ("m", MAX_DISPLACEMENT), "heading_error": ("rad", MAX_HEADING_ERROR)}
    kinds: dict[str, Over] = {"average": "mean", "final": "last"}
    checks = [
        Check(
            name=f"{kind}_{name}",
            unit=unit,
            high=limit,
            over="mean",
            strict=False,
            meaning=f"{kind} {_words(name)}, mean over the horizons of 3, 5 and 8 s,",
        )
        for name, (unit, limit) in limits.items()
        for kind in kinds
    ]
    for horizon in HORIZONS:
        checks.append(
            Check(
                name=f"largest_displacement_{horizon}s",
                signal=f"displacement_{horizon}s",
                unit="m",
                high=MISSES[horizon],
                over="max_abs",
                strict=False,
                meaning=f"largest displacement within {horizon} s",
            )
        )
    checks += [
        Check(
            name=f"{kind}_{name}_{horizon}s",
            signal=f"{name}_{horizon}s",
            unit=unit,
            over=over,
            meaning=f"{_words(name)} once a second up to {horizon} s",
        )
        for horizon in HORIZONS
        for name, (unit, _) in limits.items()
        for kind, over in kinds.items()
    ]
    return tuple(checks)


def _words(name: str) -> str:
    return name.replace("_", " ")


@preset(
    project="motional/nuplan-devkit",
    commit="e9241677",
    file=FILE,
    checks=_checks(),
    quirks=(
        Quirk(
            name="once a second",
            text="Errors are looked at once a second, and not at the start; right is every instant."
            " A plan that is 20 m off at 2.5 s and back at 3 s is faultless.",
            signals=(*AT_SECONDS, *AT_HORIZONS),
            shows=lambda rollout: rollout.dt < 1 - _SAME,
        ),
        Quirk(
            name="mean over the horizons",
            text="The average and the final error are means over the horizons of 3, 5 and 8 s, and"
            " the mean is held to one limit. What comes early counts more than once, and of a plan"
            " that is right up to 5 s the end may be 24 m off; the limit of the largest"
            " displacement within 8 s, 16 m, is then what it fails.",
            signals=AT_HORIZONS,
        ),
    ),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    notes=(
        "nuPlan takes the mean over the plans of a scenario, once a second a new one; here each"
        " rollout is one plan, and its reference the expert's drive. Its scores fall linearly to 0"
        " at the limit and a scenario may miss 3 plans of 10; here a plan is within the limits or"
        " not. Undefined where the prediction ends before 8 s; the numbers of a horizon, where it"
        " ends before that."
    ),
)
def nuplan_open_loop(rollout: Rollout) -> dict[str, Signal]:
    """Displacement from the expert and heading error, once a second over 3, 5 and 8 s.

    The average and the final one of each horizon, their mean over the horizons within 8 m and
    0.8 rad, and the largest displacement within 6, 8 and 16 m. Distances of the poses' own point,
    the rear axle, at 1, 2, ... 8 s after the start; on the line between two poses where there is
    none at that time.
    """
    rear = rollout.at_point("rear_axle")
    sampled = [
        each_second(one, rear.dt, rear.given, HORIZONS[-1])
        for one in (rear.error_x, rear.error_y, unwrapped(rear.heading_error))
    ]
    turn = sampled[2] - 2 * np.pi * np.round(sampled[2] / (2 * np.pi))
    found = open_loop(np.hypot(sampled[0], sampled[1]), turn)
    return {name: _at_its_time(name, values, rear) for name, values in found.items()}


def _at_its_time(name: str, values: Array, rollout: Rollout) -> Signal:
    """A signal at 1, 2, ... s after the start, or at the horizons."""
    seconds = HORIZONS if name in AT_HORIZONS else np.arange(1, values.shape[-1] + 1)
    return Signal(values, at=np.asarray(seconds) / rollout.dt - (1 - rollout.given))
