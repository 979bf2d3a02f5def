"""Alpamayo's minADE: the sample that is best over the whole, and its error up to four horizons."""

from rollkit import Quirk, Rollout, Signal, preset
from rollkit.arrays import Array
from rollkit_presets._alpamayo_source import COMMIT, DISPLACEMENT, PROJECT
from rollkit_presets._minade import (
    ADE,
    average,
    displacement,
    horizons,
    least_of_k,
    minade,
)
from rollkit_presets._samples import of_best


def _of_best(rollout: Rollout, errors: Array) -> Array:
    return of_best(rollout, average(rollout.whole or rollout), errors)


@preset(
    project=PROJECT,
    commit=COMMIT,
    file=DISPLACEMENT,
    checks=(ADE,),
    metrics=minade(
        "alpamayo_minade",
        "the sample of a case whose average displacement error over the whole is the least",
        _of_best,
    ),
    quirks=(
        Quirk(
            name="chosen with knowledge of what comes after",
            text="One sample of each case is chosen, by its error over the whole, and its error up"
            " to 0.5, 1, 3 and 5 s is told. Up to a horizon another sample may be better:"
            " alpasim_minade takes the least anew for each. It is never larger, and the two agree"
            " over the whole.",
            signals=horizons("alpamayo_minade"),
            shows=lambda rollout: bool(rollout.samples),
        ),
        least_of_k("alpamayo_minade"),
    ),
    needs="reference",
    min_steps=1,
    notes="Alpamayo takes the mean over the groups of a scene, and beside it their standard "
    "deviation (of the population, n). Here a case is a group, and the mean is over the cases.",
)
def alpamayo_minade(rollout: Rollout) -> dict[str, Signal]:
    """Average displacement error of one sample of each case, chosen once: the one that is best over
    the whole horizon, k = argmin over k of mean |p[k, t] - r[t]|.

    Its error over the whole, and up to 0.5, 1, 3 and 5 s.

    Parameters
    ----------
    rollout : Rollout, `(..., T+1)`
        With a reference, and K samples of each case `(N, K)`.

    Returns
    -------
    dict of Signal
        The distance of each sample to the reference over the predicted instants, `(..., T)` in m.

    Notes
    -----
    The sample is chosen with knowledge of what comes after a horizon, so up to there another may be
    better: `alpasim_minade` takes that one. Of samples that are equally good over the whole it is
    the one that is better up to the horizon. The least grows no worse with K: compare at one K
    only. Positions only, in x and y.

    References
    ----------
    Alpamayo, src/alpamayo_r1/metrics/distance_metrics.py: compute_minade.

    Examples
    --------
    Two samples of one case: the first is off by 1 m at 0.5 s and by 5 m at 1 s, the second by 2 m
    and by 3 m.

    >>> import rollkit
    >>> still = dict(yaw=[[[0.0] * 3] * 2], speed=[[[0.0] * 3] * 2], dt=0.5)
    >>> y = [[[0.0, 1.0, 5.0], [0.0, 2.0, 3.0]]]
    >>> there = rollkit.Trajectory(x=[[[0.0] * 3] * 2], y=y, **still)
    >>> where = rollkit.Trajectory([[0.0] * 3], [[0.0] * 3], [[0.0] * 3], [[0.0] * 3], dt=0.5)
    >>> values = rollkit.evaluate(rollkit.Rollout(there, reference=where), [alpamayo_minade])
    >>> values["alpamayo_minade"], values["alpamayo_minade_0_5s"]
    (array([[2.5, 2.5]]), array([[2., 2.]]))
    """
    return displacement(rollout)
