"""Shared by the tests of the core: a plugin with presets, as a third party would write it."""

import pytest

FLEETS = '''
"""Limits of two fleets."""

from rollkit import Check, Quirk, hookimpl, metric, preset


@metric(unit="m", better="lower", bounds=(0, None), needs="reference")
def ours_end(rollout):
    """Distance to the reference at the end."""
    return rollout.deviation[..., -1]


@metric(unit="m", better="lower", bounds=(0, None), needs="reference")
def theirs_end(rollout):
    """Twice the distance to the reference at the end."""
    return 2 * rollout.deviation[..., -1]


@preset(
    project="our/fleet",
    commit="abc1234",
    file="limits.py",
    checks=(
        Check(name="speed", unit="m/s", high=10.0),
        Check(name="side", unit="m", low=-2.0, high=2.0, signal="y", strict=False),
        Check(name="side_rms", unit="m", over="rms", signal="y", meaning="how far aside"),
    ),
    metrics=(ours_end,),
    samples="first",
    quirks=(
        Quirk(
            name="aside of the start",
            text="It is aside of where the car starts; it should be aside of its lane.",
            signals=("y",),
            breaks=("se2",),
        ),
    ),
    notes="The lane is straight.",
)
def ours(rollout):
    """Slower than 10 m/s, and no more than 2 m aside. More is uncomfortable.

    The formula: |y| <= 2.
    """
    return {"speed": rollout.speed, "y": rollout.trajectory.y}


@preset(
    project="their/fleet",
    checks=(
        Check(name="speed", unit="m/s", high=11.5, source="a paper"),
        Check(name="side", unit="m", low=-2.0, high=2.0, signal="y", strict=False),
        Check(name="side_rms", unit="m", over="rms", signal="y", high=1.0),
    ),
    metrics=(theirs_end,),
    corrects="ours",
    min_steps=3,
    score="score_of_means",
)
def theirs(rollout):
    """Slower than 11.5 m/s, and no more than 2 m aside."""
    return {"speed": rollout.speed, "y": rollout.trajectory.y}


@hookimpl
def rollkit_presets():
    return [ours, theirs]
'''


@pytest.fixture
def fleets(tmp_path):
    """The plugin's file: `./fleets.py` in the folder that a command line runs in."""
    (tmp_path / "fleets.py").write_text(FLEETS.lstrip(), encoding="utf-8")
    return tmp_path / "fleets.py"
