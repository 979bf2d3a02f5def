"""AlpaSim: the displacement of the best of K samples."""

from rollkit import Quirk, Rollout, Signal, hookimpl, preset
from rollkit_presets._minade import ADE, displacement, horizons, least_of_k, minade
from rollkit_presets._samples import least


@preset(
    project="NVlabs/alpasim",
    checks=(ADE,),
    metrics=minade(
        "alpasim_minade",
        "the sample of a case that is best up to there",
        least,
    ),
    quirks=(
        Quirk(
            name="another sample for each horizon",
            text="The least is taken anew for each horizon: the errors up to 0.5, 1, 3 and 5 s may"
            " be those of four samples, and no sample need have them all. alpamayo_minade tells"
            " those of one, which are never smaller.",
            signals=horizons("alpasim_minade"),
            shows=lambda rollout: bool(rollout.samples),
        ),
        least_of_k("alpasim_minade"),
    ),
    needs="reference",
    min_steps=1,
    notes="Made from the formula, of no particular commit; not compared with AlpaSim's numbers.",
)
def alpasim_minade(rollout: Rollout) -> dict[str, Signal]:
    """Least average displacement error of the samples of each case, chosen anew for each horizon:
    min over k of the mean of |p[k, t] - r[t]| up to there.

    Over the whole, and up to 0.5, 1, 3 and 5 s.

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
    Over the whole it is `alpamayo_minade`; up to a shorter horizon it is never more. The least
    grows no worse with K: compare at one K only. Positions only, in x and y.

    References
    ----------
    AlpaSim, its minADE.

    Examples
    --------
    Two samples of one case: the first is off by 1 m at 0.5 s and by 5 m at 1 s, the second by 2 m
    and by 3 m.

    >>> import rollkit
    >>> still = dict(yaw=[[[0.0] * 3] * 2], speed=[[[0.0] * 3] * 2], dt=0.5)
    >>> y = [[[0.0, 1.0, 5.0], [0.0, 2.0, 3.0]]]
    >>> there = rollkit.Trajectory(x=[[[0.0] * 3] * 2], y=y, **still)
    >>> where = rollkit.Trajectory([[0.0] * 3], [[0.0] * 3], [[0.0] * 3], [[0.0] * 3], dt=0.5)
    >>> values = rollkit.evaluate(rollkit.Rollout(there, reference=where), [alpasim_minade])
    >>> values["alpasim_minade"], values["alpasim_minade_0_5s"]
    (array([[2.5, 2.5]]), array([[1., 1.]]))
    """
    return displacement(rollout)


@hookimpl
def rollkit_presets():
    return [alpasim_minade]
