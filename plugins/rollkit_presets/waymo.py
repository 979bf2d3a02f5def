"""Waymo sim agents: kinematic features, and how likely the real drive is under the simulated."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from rollkit import Check, Quirk, Rollout, Signal, Trajectory, arrays, hookimpl, metric, preset
from rollkit.arrays import Array
from rollkit_presets._histogram import Histogram, likelihood
from rollkit_presets._samples import least
from rollkit_presets._waymo_features import Features, displacement_error, features


class Feature(NamedTuple):
    """One of the features, and the histogram that its likelihood is taken from."""

    name: str
    unit: str
    words: str
    first: int  # the instant that has it first; as many have it not at the end
    histogram: Histogram  # in its unit: the configuration of the challenge


PSEUDOCOUNT = 0.1  # that every bin has from the start: same
FEATURES = (
    Feature("linear_speed", "m/s", "speed", 1, Histogram(0.0, 25.0, 10, PSEUDOCOUNT)),
    Feature("linear_accel", "m/s^2", "acceleration", 2, Histogram(-12.0, 12.0, 11, PSEUDOCOUNT)),
    Feature("yaw_rate", "rad/s", "yaw rate", 1, Histogram(-0.628, 0.628, 11, PSEUDOCOUNT)),
    Feature("yaw_accel", "rad/s^2", "yaw acceleration", 2, Histogram(-3.14, 3.14, 11, PSEUDOCOUNT)),
)

_INVARIANT = ("se2", "mirror", "time_reversal")
_displacement = partial(
    metric,
    unit="m",
    better="lower",
    bounds=(0, None),
    needs="reference",
    min_steps=1,
    invariant_under=("se2", "mirror"),
    scales_with={"position": 1},
)


def _simulated(rollout: Rollout) -> Features:
    return _features(rollout.trajectory)


def _observed(rollout: Rollout) -> Features:
    return _features(rollout.target)


def _features(path: Trajectory) -> Features:
    return features(path.x, path.y, path.z, path.yaw, path.dt)


def _likelihood(feature: Feature) -> Callable[[Rollout], Array]:
    def of_reference(rollout: Rollout) -> Array:
        simulated = getattr(rollout.once(_simulated, _simulated), feature.name)
        observed = getattr(rollout.once(_observed, _observed), feature.name)
        found = likelihood(feature.histogram, simulated, observed, rollout.samples)
        return np.broadcast_to(found, rollout.batch)

    of_reference.__doc__ = (
        f"Likelihood of the reference's {feature.words} under the histogram of that of all samples "
        "of the case at all instants: exp of the mean log share of the bin."
    )
    return metric(
        name=f"wosac_kinematics_{feature.name}_likelihood",
        unit="1",
        better="higher",
        bounds=(0, 1),
        needs="reference",
        min_steps=2 * feature.first,
        invariant_under=_INVARIANT,
        compares_samples=True,
    )(of_reference)


@_displacement(name="wosac_kinematics_ade")
def ade(rollout: Rollout) -> Array:
    """Average displacement error over the predicted instants, in space where both have a height,
    in m.
    """
    both = (_position(one) for one in (rollout.trajectory, rollout.target))
    return arrays.mean(rollout.predicted(displacement_error(*both)))


@_displacement(name="wosac_kinematics_min_ade", compares_samples=True)
def min_ade(rollout: Rollout) -> Array:
    """Least average displacement error of the samples of a case, in space where both have a
    height, in m.
    """
    return least(rollout, ade(rollout))


def _turns_far(yaw: Array) -> bool:
    """Whether it turns by more than half a turn over two steps."""
    return bool((np.abs(yaw[..., 2:] - yaw[..., :-2]) > np.pi).any())


def _position(path: Trajectory) -> tuple[Array, ...]:
    return (path.x, path.y) if path.z is None else (path.x, path.y, path.z)


def _checks(linear_with: str) -> tuple[Check, ...]:
    """Each feature's root mean square, without limits; what the linear ones scale with."""
    return tuple(
        Check(
            name=one.name,
            unit=one.unit,
            over="rms",
            meaning=one.words,
            scales_with={linear_with: 1} if one.name.startswith("linear") else {},
        )
        for one in FEATURES
    )


_of_features = partial(
    preset,
    project="waymo-research/waymo-open-dataset",
    commit="99a4cb3f",
    file="src/waymo_open_dataset/wdl_limited/sim_agents_metrics/trajectory_features.py",
    invariant_under=_INVARIANT,
)


@_of_features(
    checks=_checks("position"),
    metrics=(*map(_likelihood, FEATURES), ade, min_ade),
    min_steps=2,
    quirks=(
        Quirk(
            name="speed without a sign",
            text="Speed is the distance between the neighbours of an instant, over two steps. "
            "Reversing reads as driving forward, braking into reverse as braking and accelerating "
            "again, and a turn as the chord across it. Right is the way driven, signed by where "
            "the vehicle faces.",
            signals=("linear_speed", "linear_accel"),
        ),
        Quirk(
            name="turns wrapped over two steps",
            text="The turn between the neighbours of an instant is wrapped. A heading that turns "
            "by more than a quarter turn a step, half a turn over both, reads as turning the other "
            "way. At 10 Hz that is 15.7 rad/s, beyond any vehicle; at 0.5 Hz it is 0.79 rad/s, "
            "which a hairpin bend reaches.",
            signals=("yaw_rate", "yaw_accel"),
            shows=lambda rollout: _turns_far(rollout.trajectory.yaw),
        ),
        Quirk(
            name="accelerations span four steps",
            text="An acceleration is the difference of speeds two steps apart, each over two steps "
            "itself. What changes within two steps is averaged out: a jolt of one step reads as "
            "three eighths of it at most, over four instants.",
            signals=("linear_accel", "yaw_accel"),
        ),
        Quirk(
            name="undefined at the ends",
            text="Speeds lack one instant at each end, accelerations two. Hard braking in the "
            "first two or the last two instants is not seen.",
            signals=tuple(one.name for one in FEATURES),
        ),
    ),
    notes="The features equal Waymo's own code; the likelihoods follow its published description "
    "(Montali et al., The Waymo Open Sim Agents Challenge, 2023) with its histograms, instants "
    "taken as independent of each other, and were not compared with its code. Instants of the "
    "reference that were not observed are left out of them. Waymo puts the history in front, so "
    "that the first simulated instants have features, and takes 32 samples.",
)
def wosac_kinematics(rollout: Rollout) -> dict[str, Signal]:
    """Kinematic features of the Waymo Open Sim Agents Challenge by central differences: speed in
    space, acceleration, yaw rate, yaw acceleration; and the reference's likelihood under each.

    Examples
    --------
    >>> from rollkit import Rollout, Trajectory, evaluate
    >>> drive = Trajectory.through(np.arange(7.0) ** 2, np.zeros(7), 0.5)
    >>> found = evaluate(Rollout(drive, reference=drive), [wosac_kinematics])
    >>> round(float(found["wosac_kinematics_linear_accel"]), 6)
    8.0
    >>> round(float(found["wosac_kinematics_linear_accel_likelihood"]), 3)  # 3.1 of 4.1 in its bin
    0.756
    """
    found = rollout.once(_simulated, _simulated)
    return {one.name: Signal(getattr(found, one.name), one.first) for one in FEATURES}


@_of_features(
    checks=_checks("speed"),
    corrects="wosac_kinematics",
    min_steps=1,
    notes="Without likelihoods: their histograms are made for the features of the challenge.",
)
def wosac_kinematics_corrected(rollout: Rollout) -> dict[str, Array]:
    """The motion that the features stand for: as it was recorded, or the signed way driven and
    the unwrapped yaw by central differences of second order, at every instant.
    """
    rates = rollout.kinematics
    return {
        "linear_speed": rollout.speed,
        "linear_accel": rates.accel,
        "yaw_rate": rates.yaw_rate,
        "yaw_accel": rates.yaw_accel,
    }


@hookimpl
def rollkit_presets():
    return [wosac_kinematics, wosac_kinematics_corrected]
