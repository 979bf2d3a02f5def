"""AlpaSim's minADE: the least is taken anew for each horizon."""

import numpy as np

import rollkit
from rollkit import Rollout, Trajectory
from rollkit_presets.alpamayo_minade import alpamayo_minade
from rollkit_presets.alpasim import alpasim_minade

STEPS = {"": 64, "_0_5s": 5, "_1s": 10, "_3s": 30, "_5s": 50}


def drawn(seed=5, cases=50, samples=6):
    random = np.random.default_rng(seed)
    x, y = np.cumsum(random.normal(scale=0.1, size=(2, cases, samples, 65)), axis=-1)
    x -= x[..., :1]
    y -= y[..., :1]
    flat = np.zeros_like(x)
    path = Trajectory(x, y, flat, flat, 0.1)
    line = np.zeros((cases, 65))
    return x, y, Rollout(path, reference=Trajectory(line, line, line, line, 0.1))


def test_it_is_the_least_of_a_plain_loop():
    x, y, rollout = drawn()
    values = rollkit.evaluate(rollout, [alpasim_minade])
    for name, count in STEPS.items():
        for case in range(len(x)):
            errors = [
                sum(np.hypot(x[case, k, t], y[case, k, t]) for t in range(1, count + 1)) / count
                for k in range(x.shape[1])
            ]
            got = values[f"alpasim_minade{name}"][case]
            np.testing.assert_allclose(got, min(errors), rtol=1e-12)


def test_it_is_never_more_than_alpamayos_and_the_same_over_the_whole():
    values = rollkit.evaluate(drawn()[2], [alpasim_minade, alpamayo_minade])
    np.testing.assert_array_equal(values["alpasim_minade"], values["alpamayo_minade"])
    for name in list(STEPS)[1:]:
        ours, theirs = values[f"alpasim_minade{name}"], values[f"alpamayo_minade{name}"]
        assert (ours <= theirs).all()
        assert (ours < theirs).any()
