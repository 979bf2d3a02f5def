"""What an estimate says, whatever it was made by."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit.comparing.statistics.estimate import Constant, effect_of
from rollkit.comparing.statistics.paired import paired
from rollkit.comparing.statistics.unpaired import Moments, unpaired

RNG = np.random.default_rng(11)
MADE = [
    *paired((np.zeros(n), RNG.normal(0.2, 1.0, n)) for n in (2, 9, 50, 3000)),
    unpaired(Moments(20, 1.0, 0.3), Moments(4, 1.3, 2.0)),
    unpaired(Moments(20, 1.0, 0.0), Moments(4, 1.3, 0.0)),
]


@pytest.mark.parametrize("answer", MADE, ids=lambda one: one.method)
@given(tau=st.floats(-1e3, 1e3))
def test_p_values_and_probability(answer, tau):
    above, below = answer.p_above(tau), answer.p_below(tau)
    assert 0.0 <= above <= 1.0
    assert 0.0 <= below <= 1.0
    assert above + below >= 1.0 - 1e-12  # what is at neither side of tau is at both
    assert answer.probability_above(tau) == pytest.approx((1.0 - above + below) / 2.0)
    if answer.low is not None and not answer.low - 1e-9 <= tau <= answer.high + 1e-9:
        assert min(above, below) <= 0.025 + 1e-9


@pytest.mark.parametrize("answer", MADE, ids=lambda one: one.method)
def test_plain_numbers(answer):
    """An artifact takes them as they are."""
    for name in ("base_mean", "candidate_mean", "difference", "low", "high", "std", "effect"):
        assert type(getattr(answer, name)) in (float, type(None)), name
    for name in ("n_base", "n_candidate", "pairs"):
        assert type(getattr(answer, name)) in (int, type(None)), name
    assert type(answer.identical) is bool
    for value in (answer.p_above(0.1), answer.p_below(0.1), answer.probability_above(0.1)):
        assert type(value) is float


def test_of_what_does_not_vary():
    law = Constant(1.0, tie=0.25, floor=0.01)
    assert [law.above(tau) for tau in (0.5, 0.75, 1.0, 2.0)] == [0.01, 1.0, 1.0, 1.0]
    assert [law.below(tau) for tau in (0.0, 1.0, 1.25, 1.5)] == [1.0, 1.0, 1.0, 0.01]
    assert law.interval() == (1.0, 1.0)
    assert Constant(1.0, tie=0.0, floor=0.03).interval() == (None, None)
    assert (effect_of(1.0, 0.0), effect_of(0.0, 0.0), effect_of(1.0, 4.0)) == (None, 0.0, 0.25)


def test_importing_loads_no_scipy():
    code = (
        "import sys, pkgutil, importlib\n"
        "import rollkit.comparing.statistics as package\n"
        "for one in pkgutil.iter_modules(package.__path__):\n"
        "    importlib.import_module(f'{package.__name__}.{one.name}')\n"
        "assert not [name for name in sys.modules if name.startswith('scipy')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
