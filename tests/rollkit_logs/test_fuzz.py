"""Whatever a file holds, its reader gives poses or an error that says what is wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .fuzzing import SEEDS, mutations, outcomes


@pytest.mark.parametrize("name", SEEDS)
def test_the_seed_is_a_valid_file(name):
    assert outcomes(name, SEEDS[name]) == "poses"


@pytest.mark.parametrize("name", SEEDS)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_files(name, data):
    outcomes(name, data.draw(mutations(SEEDS[name])))
