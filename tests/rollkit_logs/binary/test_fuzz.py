"""Damaged binary files: poses or an error that says what is wrong, and nothing else."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..fuzzing import mutations, outcomes
from .seeds import SEEDS, prepared


@pytest.mark.parametrize("name", SEEDS)
def test_a_sound_file_is_poses(name):
    assert outcomes(name.partition("__")[0], prepared(name, SEEDS[name])) == "poses"


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_damaged_files_are_refused_or_read(name, data):
    content = data.draw(mutations(SEEDS[name]))
    outcomes(name.partition("__")[0], prepared(name, content))
