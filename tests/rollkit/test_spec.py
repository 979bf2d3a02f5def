"""What a run is: seeds, horizon and dt, and the way into an artifact and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollkit import DataError, UsageError
from rollkit.spec import RunSpec, parse_seeds, steps_of


@pytest.mark.parametrize(
    ("seeds", "expected"),
    [
        (1000, (0, 1000)),
        ("1000", (0, 1000)),
        ("100:200", (100, 200)),
        ((5, 6), (5, 6)),
        (range(2, 9), (2, 9)),
        (f"{2**64 - 1}:{2**64}", (2**64 - 1, 2**64)),
    ],
)
def test_seeds(seeds, expected):
    assert parse_seeds(seeds) == expected


@pytest.mark.parametrize(
    "seeds",
    [0, -1, "", "a", "1:2:3", "5:5", "7:3", "-1:3", f"0:{2**64 + 1}", range(0, 9, 2), None, (1,)],
)
def test_seeds_that_are_none(seeds):
    with pytest.raises(UsageError, match="seeds: got"):
        parse_seeds(seeds)


@given(st.integers(1, 10_000), st.sampled_from([0.001, 0.01, 0.02, 0.05, 0.1, 0.25, 0.3, 1 / 3]))
def test_every_multiple_of_dt_is_a_horizon(steps, dt):
    assert steps_of(steps * dt, dt) == steps
    assert steps_of(float(f"{steps * dt:.12g}"), dt) == steps


@pytest.mark.parametrize(
    ("horizon", "dt", "message"),
    [
        (1.0, 0.3, "horizon 1 s is no multiple of dt 0.3 s\nnearest: 0.9 s (3 steps) or 1.2 s"),
        (0.05, 0.1, "nearest: 0.1 s (1 step)"),
        (0.0, 0.1, "horizon: got 0.0"),
        (-6.4, 0.1, "horizon: got -6.4"),
        (float("nan"), 0.1, "horizon: got nan"),
        (float("inf"), 0.1, "horizon: got inf"),
    ],
)
def test_horizons_that_are_none(horizon, dt, message):
    with pytest.raises(UsageError) as caught:
        steps_of(horizon, dt)
    assert message in str(caught.value)


@pytest.mark.parametrize("dt", [0.0, -0.1, float("nan"), float("inf")])
def test_time_steps_that_are_none(dt):
    with pytest.raises(DataError, match="dt: got"):
        steps_of(6.4, dt)


def test_a_spec_survives_the_artifact():
    spec = RunSpec("left", {"speed": 8.0}, "euler", ("jerk",), None, (3, 9), 6.4, 0.1)
    assert RunSpec.from_dict(spec.to_dict()) == spec
