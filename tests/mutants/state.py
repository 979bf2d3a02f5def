"""Integrators right in their formulas and wrong around them: state, rows, shapes, memory."""

import dataclasses
import time

import numpy as np

from rollkit import Actions, State, Trajectory, arrays, integrator
from rollkit_std.integrators.euler import euler

_KNOWN: dict[tuple[int, ...], Trajectory] = {}
_LAST = [0.0]


@integrator(order=1, speed_never_negative=True)
def euler_remembered_by_shape(initial: State, actions: Actions) -> Trajectory:
    """Euler behind a cache whose key is the shape of the actions alone."""
    return _KNOWN.setdefault(actions.accel.shape, euler(initial, actions))


@integrator(order=1, speed_never_negative=True)
def euler_filter_keeps_its_state(initial: State, actions: Actions) -> Trajectory:
    """Euler behind a low-pass filter of the acceleration that remembers the previous call."""
    accel = np.array(actions.accel)
    accel[..., 0] = (accel[..., 0] + _LAST[0]) / 2
    if accel.size:
        _LAST[0] = float(accel[..., -1].mean())
    return euler(initial, Actions(accel, actions.curvature, actions.dt))


@integrator(order=1, speed_never_negative=True)
def euler_noise_of_the_global_generator(initial: State, actions: Actions) -> Trajectory:
    """Euler with process noise from numpy's global generator."""
    noise = np.random.normal(0, 1e-3, actions.accel.shape)  # noqa: NPY002
    accel = (actions.accel + noise).astype(actions.accel.dtype)
    return euler(initial, Actions(accel, actions.curvature, actions.dt))


@integrator(order=1, speed_never_negative=True)
def euler_noise_of_its_own(initial: State, actions: Actions) -> Trajectory:
    """Euler with process noise from a generator seeded afresh in every call."""
    noise = np.random.default_rng(0).normal(0, 1e-3, actions.accel.shape)
    accel = (actions.accel + noise).astype(actions.accel.dtype)
    return euler(initial, Actions(accel, actions.curvature, actions.dt))


@integrator(order=1, speed_never_negative=True)
def euler_depends_on_the_clock(initial: State, actions: Actions) -> Trajectory:
    """Euler that dithers its positions by the time of day."""
    path = euler(initial, actions)
    drift = np.zeros_like(path.x)
    drift[..., 1:] = 1e-6 * (time.time_ns() % 1000)
    return dataclasses.replace(path, x=path.x + drift)


@integrator(order=1, speed_never_negative=True)
def euler_accumulates_in_place(initial: State, actions: Actions) -> Trajectory:
    """Euler that adds its steps to the initial state's own arrays."""
    path = euler(initial, actions)
    yaw = initial.yaw
    yaw += path.yaw[..., -1] - path.yaw[..., 0]
    return path


@integrator(order=1, speed_never_negative=True)
def euler_writes_back_what_it_drove(initial: State, actions: Actions) -> Trajectory:
    """Euler that replaces the actions' accelerations by those the clamped speed had."""
    path = euler(initial, actions)
    object.__setattr__(actions, "accel", arrays.differences(path.speed, actions.dt))
    return path


@integrator(order=1, speed_never_negative=True)
def euler_stops_the_initial_state(initial: State, actions: Actions) -> Trajectory:
    """Euler that leaves the last speed in the initial state, for the next call to go on from."""
    path = euler(initial, actions)
    object.__setattr__(initial, "speed", path.speed[..., -1])
    return path


@integrator(order=1, speed_never_negative=True)
def euler_yaw_of_the_first_row(initial: State, actions: Actions) -> Trajectory:
    """Euler that turns every row by the first row's curvature."""
    kappa = actions.curvature.reshape(-1, actions.steps)[:1]
    shared = np.broadcast_to(kappa[0] if len(kappa) else 0, actions.accel.shape)
    return euler(initial, Actions(actions.accel, shared.astype(kappa.dtype), actions.dt))


@integrator(order=1, speed_never_negative=True)
def euler_sums_on_into_the_next_row(initial: State, actions: Actions) -> Trajectory:
    """Euler whose running sum of x goes on from the end of one row into the next."""
    path = euler(initial, actions)
    way = path.x - path.x[..., :1]
    ends = np.cumsum(way[..., -1]).reshape(way.shape[:-1]) - way[..., -1]
    later = np.concatenate([path.x[..., :1], path.x[..., 1:] + ends[..., None]], axis=-1)
    return dataclasses.replace(path, x=later.astype(path.x.dtype))


@integrator(order=None, speed_never_negative=True)
def exact_one_stop_ends_the_step_of_all(initial: State, actions: Actions) -> Trajectory:
    """The closed form in which all rows move only for as long as the first one to stop."""
    speed = arrays.cumulative_clamped(initial.speed, actions.accel * actions.dt)
    v0, v1 = speed[..., :-1], speed[..., 1:]
    rows = tuple(range(v0.ndim - 1))
    moving = arrays.time_moving(v0, actions.accel, actions.dt)
    moving = np.min(moving, axis=rows, initial=actions.dt, keepdims=True)
    arc = (v0 + v1) / 2 * moving
    turn = arc * actions.curvature
    yaw = arrays.cumulative(initial.yaw, turn)
    chord = arc * arrays.sinc(turn / 2)
    cos, sin = arrays.cos_sin(yaw[..., :-1] + turn / 2)
    x = arrays.cumulative(initial.x, chord * cos)
    y = arrays.cumulative(initial.y, chord * sin)
    return Trajectory(x, y, yaw, speed, actions.dt)


@integrator(order=1, speed_never_negative=True)
def euler_recentres_the_batch(initial: State, actions: Actions) -> Trajectory:
    """Euler that moves the batch so that its starts are centred on the origin."""
    path = euler(initial, actions)
    return dataclasses.replace(path, x=path.x - path.x[..., 0].sum() / max(initial.x.size, 1))


@integrator(order=1, speed_never_negative=True)
def euler_rows_left_sorted(initial: State, actions: Actions) -> Trajectory:
    """Euler that sorts the rows by initial speed and forgets to sort them back."""
    if len(actions.batch) != 1:
        return euler(initial, actions)
    by = np.argsort(initial.speed)
    start = State(initial.x[by], initial.y[by], initial.yaw[by], initial.speed[by])
    return euler(start, Actions(actions.accel[by], actions.curvature[by], actions.dt))


@integrator(order=1, speed_never_negative=True)
def euler_rest_of_the_chunks_lost(initial: State, actions: Actions) -> Trajectory:
    """Euler that works in pairs of rows and leaves an odd one where it started."""
    path = euler(initial, actions)
    if len(actions.batch) != 1 or actions.batch[0] % 2 == 0 or actions.batch[0] == 1:
        return path
    x, y = np.array(path.x), np.array(path.y)
    x[-1], y[-1] = x[-1, 0], y[-1, 0]
    return dataclasses.replace(path, x=x, y=y)


@integrator(order=1, speed_never_negative=True)
def euler_large_batches_in_half_precision(initial: State, actions: Actions) -> Trajectory:
    """Euler that stores yaw in float16 as soon as there is more than one row."""
    path = euler(initial, actions)
    if path.x.size == path.x.shape[-1]:
        return path
    turned = (path.yaw - path.yaw[..., :1]).astype(np.float16).astype(path.yaw.dtype)
    return dataclasses.replace(path, yaw=path.yaw[..., :1] + turned)


@integrator(order=1, speed_never_negative=True)
def euler_widens_to_double(initial: State, actions: Actions) -> Trajectory:
    """Euler that returns float64 for float32."""
    path = euler(initial, actions)
    return dataclasses.replace(path, speed=path.speed.astype(np.float64))


@integrator(order=1, speed_never_negative=True)
def euler_narrows_to_single(initial: State, actions: Actions) -> Trajectory:
    """Euler that returns float32 for float64."""
    path = euler(initial, actions)
    fields = (path.x, path.y, path.yaw, path.speed)
    return Trajectory(*(field.astype(np.float32) for field in fields), path.dt)


@integrator(order=1, speed_never_negative=True)
def euler_keeps_the_added_axis(initial: State, actions: Actions) -> Trajectory:
    """Euler that returns (1, T + 1) for a single rollout."""
    path = euler(initial, actions)
    fields = (path.x, path.y, path.yaw, path.speed)
    return Trajectory(*(np.atleast_2d(field) for field in fields), path.dt)


@integrator(order=1, speed_never_negative=True)
def euler_time_axis_first(initial: State, actions: Actions) -> Trajectory:
    """Euler that returns (T + 1, N) for N rows."""
    path = euler(initial, actions)
    fields = (path.x, path.y, path.yaw, path.speed)
    return Trajectory(*(np.moveaxis(field, -1, 0) for field in fields), path.dt)


@integrator(order=1, speed_never_negative=True)
def euler_rows_only(initial: State, actions: Actions) -> Trajectory:
    """Euler that handles (N, T) and nothing else."""
    rows, _steps = actions.accel.shape
    fields = (initial.x, initial.y, initial.yaw, initial.speed)
    return euler(State(*(np.reshape(field, rows) for field in fields)), actions)


@integrator(order=1, speed_never_negative=True)
def euler_fails_on_an_empty_batch(initial: State, actions: Actions) -> Trajectory:
    """Euler that looks for the fastest row where there is none."""
    if np.max(initial.speed) < 0:
        raise ValueError("speeds must not be negative")
    return euler(initial, actions)


@integrator(order=1, speed_never_negative=True)
def euler_needs_contiguous_memory(initial: State, actions: Actions) -> Trajectory:
    """Euler that reads the initial yaws as one block, which those of a bare number are not."""
    if not initial.yaw.size:
        return euler(initial, actions)
    yaw = np.frombuffer(initial.yaw, initial.yaw.dtype).reshape(initial.yaw.shape)
    return euler(State(initial.x, initial.y, yaw, initial.speed), actions)


@integrator(order=1, speed_never_negative=True)
def euler_returns_an_array(initial: State, actions: Actions) -> object:
    """Euler that returns the fields stacked in one array instead of a Trajectory."""
    path = euler(initial, actions)
    return np.stack([path.x, path.y, path.yaw, path.speed], axis=-1)
