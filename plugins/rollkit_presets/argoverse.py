"""Argoverse 2: displacement of forecasts, misses, and what a wrong probability adds."""

from functools import partial

import numpy as np

from rollkit import Check, Quirk, Rollout, Signal, arrays, hookimpl, metric, preset
from rollkit.arrays import Array
from rollkit_presets._samples import of_best

MISS_DISTANCE = 2.0  # m, a forecast whose end is further off is missed: Argoverse 2's benchmark

_error = partial(
    metric,
    unit="m",
    better="lower",
    bounds=(0, None),
    min_steps=1,
    invariant_under=("se2", "mirror"),
)
_of_positions = partial(_error, needs="reference", scales_with={"position": 1})
_of_probabilities = partial(_error, needs=("reference", "probability"))


def brier(error: Array, probability: Array) -> Array:
    """An error with the Brier penalty of its probability, error + (1 - p)², `(...)`, in m.

    Parameters
    ----------
    error : array, `(...)`
        m.
    probability : array, `(...)`
        As given: those of a case need not add up to 1.

    Returns
    -------
    array, `(...)`

    References
    ----------
    Argoverse 2, `compute_brier_ade` and `compute_brier_fde`, which normalise where asked to.

    Examples
    --------
    >>> brier(np.array([1.0, 1.0]), np.array([1.0, 0.5]))
    array([1.  , 1.25])
    """
    return error + np.square(1 - probability)


@_of_positions(name="av2_ade")
def ade(rollout: Rollout) -> Array:
    """Average displacement error, mean |p[t] - r[t]| over the predicted instants, in m, as
    Argoverse 2 has it.
    """
    return arrays.mean(rollout.predicted(rollout.deviation))


def _fde(rollout: Rollout) -> Array:
    return arrays.last(rollout.deviation)


@_of_probabilities(name="av2_brier_ade")
def brier_ade(rollout: Rollout) -> Array:
    """Average displacement error with its Brier penalty, ADE + (1 - p)², p as given."""
    return brier(ade(rollout), _probability(rollout))


@_of_probabilities(name="av2_brier_fde")
def brier_fde(rollout: Rollout) -> Array:
    """Final displacement error with its Brier penalty, FDE + (1 - p)², p as given."""
    return brier(_fde(rollout), _probability(rollout))


@_of_positions(name="av2_min_ade", compares_samples=True)
def min_ade(rollout: Rollout) -> Array:
    """Average displacement error, in m, of the sample whose end is the nearest to the reference."""
    return of_best(rollout, _fde(rollout), ade(rollout))


@_of_positions(name="av2_min_fde", compares_samples=True)
def min_fde(rollout: Rollout) -> Array:
    """Least final displacement error of the samples of a case, min over k of |p[k, T] - r[T]|,
    in m.
    """
    return of_best(rollout, _fde(rollout), _fde(rollout))


@_of_probabilities(name="av2_brier_min_ade", compares_samples=True)
def brier_min_ade(rollout: Rollout) -> Array:
    """ADE + (1 - p)², p as given, of the sample whose end is the nearest to the reference."""
    return of_best(rollout, _fde(rollout), brier_ade(rollout))


@_of_probabilities(name="av2_brier_min_fde", compares_samples=True)
def brier_min_fde(rollout: Rollout) -> Array:
    """FDE + (1 - p)², p as given, of the sample whose end is the nearest to the reference."""
    return of_best(rollout, _fde(rollout), brier_fde(rollout))


@_error(name="av2_missed", unit="1", bounds=(0, 1), needs="reference", compares_samples=True)
def missed(rollout: Rollout) -> Array:
    """1 where every sample of a case ends more than 2 m from the reference, 0 where one does not;
    its mean over the cases is the miss rate.
    """
    least = min_fde(rollout)
    return np.where(np.isnan(least), np.nan, least > MISS_DISTANCE)


def _probability(rollout: Rollout) -> Array:
    assert rollout.probability is not None  # the metric needs it
    return rollout.probability


QUIRKS = (
    Quirk(
        name="one distance at every speed",
        text="A forecast is missed where its end is more than 2 m off, however fast the vehicle "
        "drives and however long the horizon is. Waymo's miss rate grows with both. A slow vehicle "
        "is hardly ever missed, a fast one often by an error of speed of a few per cent.",
        signals=("displacement",),
    ),
    Quirk(
        name="the best end chooses",
        text="The minima are those of the sample with the nearest end, the average error too. The "
        "least average error may be that of another sample, and is never larger.",
        signals=("av2_min_ade", "av2_brier_min_ade"),
        shows=lambda rollout: bool(rollout.samples),
    ),
    Quirk(
        name="probabilities as given",
        text="The Brier penalty takes each probability as it is given; Argoverse normalises those "
        "of a case only where it is asked to. Of K samples without any knowledge, p = 1/K, it adds "
        "(1 - 1/K)², 0.69 m for K = 6: metres and probabilities are added up.",
        signals=("av2_brier_ade", "av2_brier_fde", "av2_brier_min_ade", "av2_brier_min_fde"),
        shows=lambda rollout: rollout.probability is not None,
    ),
)


@preset(
    project="argoverse/av2-api",
    commit="b7321d1f",
    file="src/av2/datasets/motion_forecasting/eval/metrics.py",
    checks=(
        Check(
            name="fde",
            signal="displacement",
            unit="m",
            high=MISS_DISTANCE,
            strict=False,
            over="last",
            meaning="distance to the reference at the last instant",
        ),
    ),
    metrics=(
        ade,
        brier_ade,
        brier_fde,
        min_ade,
        min_fde,
        brier_min_ade,
        brier_min_fde,
        missed,
    ),
    quirks=QUIRKS,
    needs="reference",
    min_steps=1,
    notes="In the plane, over the predicted instants. `av2` says of each sample whether it is a "
    "hit; the leaderboard's miss rate is the mean of `av2_missed` over the cases. The worlds of "
    "several actors are the mean over the actors, once each is a case.",
)
def av2(rollout: Rollout) -> dict[str, Signal]:
    """Argoverse 2's forecasting metrics: ADE, FDE, their Brier variants, minima over the samples,
    and a miss where the end is more than 2 m off.

    Examples
    --------
    >>> from rollkit import Rollout, Trajectory, evaluate
    >>> still = dict(yaw=[0.0] * 3, speed=[0.0] * 3, dt=0.5)
    >>> there = Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 1.0, 2.5], **still)
    >>> where = Trajectory(x=[0.0, 1.0, 2.0], y=[0.0, 0.0, 0.0], **still)
    >>> found = evaluate(Rollout(there, reference=where), [av2])
    >>> float(found["av2_ade"]), float(found["av2_fde"]), float(found["av2_fde_ok"])
    (1.75, 2.5, 0.0)
    """
    return {"displacement": Signal(rollout.predicted(rollout.deviation), rollout.given)}


@hookimpl
def rollkit_presets():
    return [av2]
