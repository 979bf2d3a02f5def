"""The closed form, with one fault each."""

import numpy as np

from rollkit import Actions, State, Trajectory, arrays, integrator
from rollkit.arrays import Array


def _speed(initial: State, actions: Actions) -> Array:
    return arrays.cumulative_clamped(initial.speed, actions.accel * actions.dt)


def _arc(speed: Array, actions: Actions) -> Array:
    """Length of every step's arc."""
    v0, v1 = speed[..., :-1], speed[..., 1:]
    return (v0 + v1) / 2 * arrays.time_moving(v0, actions.accel, actions.dt)


def _exact(
    initial: State,
    actions: Actions,
    *,
    arc: Array | None = None,
    turn: Array | None = None,
    chord: Array | None = None,
    ahead: Array | None = None,
) -> Trajectory:
    """The closed form; what is given takes the place of what is right."""
    speed = _speed(initial, actions)
    arc = _arc(speed, actions) if arc is None else arc
    turn = arc * actions.curvature if turn is None else turn
    yaw = arrays.cumulative(initial.yaw, turn)
    chord = arc * arrays.sinc(turn / 2) if chord is None else chord
    cos, sin = arrays.cos_sin(yaw[..., :-1] + (turn / 2 if ahead is None else ahead))
    x = arrays.cumulative(initial.x, chord * cos)
    y = arrays.cumulative(initial.y, chord * sin)
    return Trajectory(x, y, yaw, speed, actions.dt)


def _turn(initial: State, actions: Actions) -> tuple[Array, Array]:
    """Arc and turn of every step."""
    arc = _arc(_speed(initial, actions), actions)
    return arc, arc * actions.curvature


@integrator(order=None, speed_never_negative=True)
def exact_yaw_updated_before_position(initial: State, actions: Actions) -> Trajectory:
    """The closed form whose chord points along the yaw of the step's end."""
    _, turn = _turn(initial, actions)
    return _exact(initial, actions, ahead=turn)


@integrator(order=None, speed_never_negative=True)
def exact_yaw_of_the_start(initial: State, actions: Actions) -> Trajectory:
    """The closed form whose chord points along the yaw of the step's start."""
    _, turn = _turn(initial, actions)
    return _exact(initial, actions, ahead=0 * turn)


@integrator(order=None, speed_never_negative=True)
def exact_sign_of_half_turn(initial: State, actions: Actions) -> Trajectory:
    """The closed form whose chord bends the wrong way."""
    _, turn = _turn(initial, actions)
    return _exact(initial, actions, ahead=-turn / 2)


@integrator(order=None, speed_never_negative=True)
def exact_chord_is_the_arc(initial: State, actions: Actions) -> Trajectory:
    """The closed form that takes the arc's length for the chord's."""
    arc, _ = _turn(initial, actions)
    return _exact(initial, actions, chord=arc)


@integrator(order=None, speed_never_negative=True)
def exact_sinc_of_the_full_turn(initial: State, actions: Actions) -> Trajectory:
    """The closed form with the chord of twice the angle."""
    arc, turn = _turn(initial, actions)
    return _exact(initial, actions, chord=arc * arrays.sinc(turn))


@integrator(order=None, speed_never_negative=True)
def exact_sinc_of_numpy(initial: State, actions: Actions) -> Trajectory:
    """The closed form with numpy's sinc, which brings a π of its own."""
    arc, turn = _turn(initial, actions)
    return _exact(initial, actions, chord=arc * np.sinc(turn / 2))


@integrator(order=None, speed_never_negative=True)
def exact_sinc_without_its_limit(initial: State, actions: Actions) -> Trajectory:
    """The closed form that divides 0 by 0 where it does not turn."""
    arc, turn = _turn(initial, actions)
    with np.errstate(invalid="ignore"):
        return _exact(initial, actions, chord=arc * (np.sin(turn / 2) / (turn / 2)))


@integrator(order=None, speed_never_negative=True)
def exact_straight_for_small_turns(initial: State, actions: Actions) -> Trajectory:
    """The closed form that takes turns below 0.01 rad for straight lines."""
    _, turn = _turn(initial, actions)
    return _exact(initial, actions, turn=turn * (np.abs(turn) >= 0.01))


@integrator(order=None, speed_never_negative=True)
def exact_series_of_sinc(initial: State, actions: Actions) -> Trajectory:
    """The closed form with two terms of the series of sinc, wrong for large turns."""
    arc, turn = _turn(initial, actions)
    return _exact(initial, actions, chord=arc * (1 - np.square(turn) / 24))


@integrator(order=None, speed_never_negative=True)
def exact_turn_wrapped(initial: State, actions: Actions) -> Trajectory:
    """The closed form that wraps the turn of every step into [-π, π)."""
    arc, turn = _turn(initial, actions)
    chord = arc * arrays.sinc(turn / 2)
    wrapped = turn - 2 * np.pi * np.round(turn / (2 * np.pi))
    return _exact(initial, actions, turn=wrapped, chord=chord, ahead=turn / 2)


@integrator(order=None, speed_never_negative=True)
def exact_unwraps_what_is_unwrapped(initial: State, actions: Actions) -> Trajectory:
    """The closed form that unwraps its yaw, and so takes turns beyond π for jumps."""
    path = _exact(initial, actions)
    yaw = np.unwrap(path.yaw, axis=-1)
    return Trajectory(path.x, path.y, yaw, path.speed, path.dt)


@integrator(order=None, speed_never_negative=True)
def exact_stop_inside_a_step_ignored(initial: State, actions: Actions) -> Trajectory:
    """The closed form with s = (v0 + v1)/2 dt, also where it stops inside the step."""
    speed = _speed(initial, actions)
    return _exact(initial, actions, arc=(speed[..., :-1] + speed[..., 1:]) / 2 * actions.dt)


@integrator(order=None, speed_never_negative=True)
def exact_rolls_back_after_the_stop(initial: State, actions: Actions) -> Trajectory:
    """The closed form with s = v dt + a dt²/2, which is negative after a stop."""
    speed = _speed(initial, actions)
    arc = speed[..., :-1] * actions.dt + actions.accel * (actions.dt**2 / 2)
    return _exact(initial, actions, arc=arc)


@integrator(order=None, speed_never_negative=True)
def exact_stopping_distance_doubled(initial: State, actions: Actions) -> Trajectory:
    """The closed form that stops after v²/|a| instead of v²/(2|a|)."""
    speed = _speed(initial, actions)
    stops = speed[..., :-1] + actions.accel * actions.dt < 0
    return _exact(initial, actions, arc=_arc(speed, actions) * (1 + stops).astype(speed.dtype))


@integrator(order=None, speed_never_negative=True)
def exact_half_forgotten(initial: State, actions: Actions) -> Trajectory:
    """The closed form with s = v dt + a dt², twice the gain of the acceleration."""
    speed = _speed(initial, actions)
    arc = speed[..., 1:] * arrays.time_moving(speed[..., :-1], actions.accel, actions.dt)
    return _exact(initial, actions, arc=arc)


@integrator(order=None, speed_never_negative=True)
def exact_speed_of_the_start(initial: State, actions: Actions) -> Trajectory:
    """The closed form with s = v dt, the speed of the start held over the step."""
    speed = _speed(initial, actions)
    arc = speed[..., :-1] * arrays.time_moving(speed[..., :-1], actions.accel, actions.dt)
    return _exact(initial, actions, arc=arc)


@integrator(order=None, speed_never_negative=True)
def exact_actions_interpolated(initial: State, actions: Actions) -> Trajectory:
    """The closed form on curvatures interpolated to the next action, which should be held."""
    kappa = actions.curvature
    ahead = np.concatenate([kappa[..., 1:], kappa[..., -1:]], axis=-1)
    arc, _ = _turn(initial, actions)
    return _exact(initial, actions, turn=arc * (kappa + ahead) / 2)


@integrator(order=None, speed_never_negative=True)
def exact_end_steps_count_half(initial: State, actions: Actions) -> Trajectory:
    """The closed form whose first step counts half, as in the trapezoidal rule."""
    arc, _ = _turn(initial, actions)
    share = np.ones_like(arc)
    share[..., 0] = 0.5
    return _exact(initial, actions, arc=arc * share)


@integrator(order=None, speed_never_negative=True)
def exact_single_precision_inside(initial: State, actions: Actions) -> Trajectory:
    """The closed form that computes in float32 and returns float64."""
    fields = (initial.x, initial.y, initial.yaw, initial.speed)
    start = State(*(np.asarray(field, np.float32) for field in fields))
    moves = Actions(
        actions.accel.astype(np.float32), actions.curvature.astype(np.float32), actions.dt
    )
    path = _exact(start, moves)
    dtype = actions.accel.dtype
    return Trajectory(
        path.x.astype(dtype), path.y.astype(dtype), path.yaw.astype(dtype),
        path.speed.astype(dtype), path.dt,
    )  # fmt: skip


@integrator(order=None, speed_never_negative=False)
def exact_reverse_mirrored(initial: State, actions: Actions) -> Trajectory:
    """The closed form with reverse gear, that yaws in reverse as it does forward."""
    speed = arrays.cumulative(initial.speed, actions.accel * actions.dt)
    arc = (speed[..., :-1] + speed[..., 1:]) / 2 * actions.dt
    turn = np.abs(arc) * actions.curvature
    yaw = arrays.cumulative(initial.yaw, turn)
    chord = arc * arrays.sinc(turn / 2)
    cos, sin = arrays.cos_sin(yaw[..., :-1] + turn / 2)
    x = arrays.cumulative(initial.x, chord * cos)
    y = arrays.cumulative(initial.y, chord * sin)
    return Trajectory(x, y, yaw, speed, actions.dt)
