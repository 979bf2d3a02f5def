"""Action sources in which a seed's numbers depend on more, or on less, than the seed."""

import random
import time
from typing import Annotated

import numpy as np

from rollkit import Actions, Draws, Param, State, action_source
from rollkit.arrays import Array

Speed = Annotated[float, Param("m/s", 1, 20, "speed at the start")]

_LIMITS = {"accel": 2.0, "curvature": 0.0}
_LEFT_OVER = [0.5]


def _wave(phase: Array, speed: float, horizon: float, dt: float) -> tuple[State, Actions]:
    """Acceleration 2 sin(t + 2π phase), with a phase `(n,)` in turns for each seed."""
    time_ = (np.arange(round(horizon / dt)) + 0.5) * dt
    accel = 2 * np.sin(time_ + 2 * np.pi * np.asarray(phase, np.float64)[:, None])
    return State(speed=np.full(len(accel), speed)), Actions(accel, 0 * accel, dt)


@action_source(limits=_LIMITS)
def wave_seed_ignored(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration, the same for every seed."""
    return _wave(np.full(len(draws), 0.25), speed, horizon, dt)


@action_source(limits=_LIMITS)
def wave_seeds_modulo_eight(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration that repeats every eight seeds."""
    return _wave((draws.seeds % np.uint64(8)) / 8, speed, horizon, dt)


@action_source(limits=_LIMITS)
def wave_seeds_in_single_precision(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration whose seeds are told apart only as far as float32 goes."""
    return _wave(draws.seeds.astype(np.float32) * 0.618 % 1, speed, horizon, dt)


@action_source(limits=_LIMITS)
def wave_of_the_global_numpy_generator(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration from numpy's global generator."""
    return _wave(np.random.rand(len(draws)), speed, horizon, dt)  # noqa: NPY002


@action_source(limits=_LIMITS)
def wave_of_the_global_generator(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration that adds a little of Python's global generator."""
    return _wave(draws.uniform(1)[:, 0] + 1e-6 * random.random(), speed, horizon, dt)


@action_source(limits=_LIMITS)
def wave_of_a_generator_of_the_first_seed(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration from one generator seeded by the chunk's first seed."""
    return _wave(np.random.default_rng(draws.first).random(len(draws)), speed, horizon, dt)


@action_source(limits=_LIMITS)
def wave_of_a_generator_of_the_count(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration that adds a phase from how many seeds the chunk has."""
    shift = np.random.default_rng(len(draws)).random()
    return _wave(draws.uniform(1)[:, 0] + shift, speed, horizon, dt)


@action_source(limits=_LIMITS)
def wave_of_the_place_in_the_chunk(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration by the row's number in the chunk instead of its seed."""
    return _wave(0.618 * np.arange(len(draws)) % 1, speed, horizon, dt)


@action_source(limits=_LIMITS)
def wave_alternates_in_the_chunk(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration that turns round in every second row of the chunk."""
    turned = np.arange(len(draws)) % 2 / 2
    return _wave(draws.uniform(1)[:, 0] + turned, speed, horizon, dt)


@action_source(limits=_LIMITS)
def wave_of_numbers_by_chunk_size(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration that draws as many numbers for each seed as there are seeds."""
    return _wave(draws.uniform(max(len(draws), 1))[:, 0], speed, horizon, dt)


@action_source(limits=_LIMITS)
def wave_summed_over_seeds(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration whose phases are a running sum along the wrong axis."""
    return _wave(np.cumsum(draws.uniform(1), axis=0)[:, 0], speed, horizon, dt)


@action_source(limits=_LIMITS)
def wave_normalised_by_the_batch(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration whose phases are shares of the chunk's largest."""
    phase = draws.uniform(1)[:, 0]
    return _wave(phase / np.max(phase, initial=1e-9), speed, horizon, dt)


@action_source(limits=_LIMITS)
def wave_centred_on_the_batch(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration from which the chunk's mean speed is taken out."""
    phase = draws.uniform(1)[:, 0]
    state, actions = _wave(phase, speed, horizon, dt)
    shift = phase - phase.sum() / max(len(draws), 1)
    return State(speed=state.speed + 0.1 * shift), actions


@action_source(limits=_LIMITS)
def wave_sorted_seeds(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration whose phases are handed out in ascending order."""
    return _wave(np.sort(draws.uniform(1)[:, 0]), speed, horizon, dt)


@action_source(limits=_LIMITS)
def wave_shuffled_seeds(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration whose rows are shuffled, always in the same way."""
    order = np.random.default_rng(0).permutation(len(draws))
    return _wave(draws.uniform(1)[order, 0], speed, horizon, dt)


@action_source(limits=_LIMITS)
def wave_redrawn_until_all_are_valid(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration that draws all phases anew where one of them is below 0.05."""
    phase = draws.uniform(1)[:, 0]
    for _ in range(100):
        if not (phase < 0.05).any():
            break
        phase = draws.uniform(1)[:, 0]
    return _wave(phase, speed, horizon, dt)


@action_source(limits=_LIMITS)
def wave_goes_on_from_the_last_call(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration that begins where the previous call's last seed was."""
    phase = draws.uniform(1)[:, 0]
    start, _LEFT_OVER[0] = _LEFT_OVER[0], float(np.sum(phase) % 1)
    return _wave(phase + start, speed, horizon, dt)


@action_source(limits=_LIMITS)
def wave_by_the_clock(
    draws: Draws, *, horizon: float, dt: float, speed: Speed = 10.0
) -> tuple[State, Actions]:
    """A wave of acceleration whose phase goes with the time of day."""
    now = time.time_ns() % 1_000_000 / 1_000_000
    return _wave(draws.uniform(1)[:, 0] + now, speed, horizon, dt)
