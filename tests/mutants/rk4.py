"""Runge-Kutta schemes of order 2 and 4, with one fault each."""

import numpy as np

from rollkit import Actions, State, Trajectory, arrays, integrator
from rollkit.arrays import Array


class _Step:
    """Every step of a rollout: speeds, and the yaws that classical Runge-Kutta reaches for."""

    def __init__(self, initial: State, actions: Actions, moving: Array | None = None) -> None:
        self.initial, self.dt = initial, actions.dt
        self.speed = arrays.cumulative_clamped(initial.speed, actions.accel * actions.dt)
        self.v0, self.v1 = self.speed[..., :-1], self.speed[..., 1:]
        self.vm = (self.v0 + self.v1) / 2
        if moving is None:
            moving = arrays.time_moving(self.v0, actions.accel, actions.dt)
        self.moving = moving
        self.turned = moving * actions.curvature  # the turn at a speed of 1
        self.yaw = arrays.cumulative(initial.yaw, self.vm * self.turned)
        self.yaw1 = self.yaw[..., :-1]
        self.yaw2 = self.yaw1 + self.v0 * self.turned / 2
        self.yaw3 = self.yaw1 + self.vm * self.turned / 2
        self.yaw4 = self.yaw1 + self.vm * self.turned

    def path(self, *slopes: tuple[float, Array, Array]) -> Trajectory:
        """The trajectory of slopes, each (weight, speed, yaw)."""
        along, across = 0 * self.v0, 0 * self.v0
        for weight, speed, yaw in slopes:
            along = along + weight * speed * np.cos(yaw)
            across = across + weight * speed * np.sin(yaw)
        x = arrays.cumulative(self.initial.x, self.moving * along)
        y = arrays.cumulative(self.initial.y, self.moving * across)
        return Trajectory(x, y, self.yaw, self.speed, self.dt)


@integrator(order=4, speed_never_negative=True)
def rk4_weights_of_another_scheme(initial: State, actions: Actions) -> Trajectory:
    """Classical Runge-Kutta with the weights of the 3/8 rule."""
    at = _Step(initial, actions)
    return at.path(
        (1 / 8, at.v0, at.yaw1),
        (3 / 8, at.vm, at.yaw2),
        (3 / 8, at.vm, at.yaw3),
        (1 / 8, at.v1, at.yaw4),
    )


@integrator(order=4, speed_never_negative=True)
def rk4_weights_equal(initial: State, actions: Actions) -> Trajectory:
    """Classical Runge-Kutta that takes the plain mean of the four slopes."""
    at = _Step(initial, actions)
    return at.path(
        (1 / 4, at.v0, at.yaw1),
        (1 / 4, at.vm, at.yaw2),
        (1 / 4, at.vm, at.yaw3),
        (1 / 4, at.v1, at.yaw4),
    )


@integrator(order=4, speed_never_negative=True)
def rk4_weights_exceed_one(initial: State, actions: Actions) -> Trajectory:
    """Classical Runge-Kutta with weights 1, 2, 2, 2 over 6."""
    at = _Step(initial, actions)
    return at.path(
        (1 / 6, at.v0, at.yaw1),
        (2 / 6, at.vm, at.yaw2),
        (2 / 6, at.vm, at.yaw3),
        (2 / 6, at.v1, at.yaw4),
    )


@integrator(order=4, speed_never_negative=True)
def rk4_midpoint_reused(initial: State, actions: Actions) -> Trajectory:
    """Classical Runge-Kutta that takes the second slope for the third."""
    at = _Step(initial, actions)
    return at.path(
        (1 / 6, at.v0, at.yaw1),
        (2 / 6, at.vm, at.yaw2),
        (2 / 6, at.vm, at.yaw2),
        (1 / 6, at.v1, at.yaw4),
    )


@integrator(order=4, speed_never_negative=True)
def rk4_end_at_the_midpoint(initial: State, actions: Actions) -> Trajectory:
    """Classical Runge-Kutta whose last slope points along the middle's yaw."""
    at = _Step(initial, actions)
    return at.path(
        (1 / 6, at.v0, at.yaw1),
        (2 / 6, at.vm, at.yaw2),
        (2 / 6, at.vm, at.yaw3),
        (1 / 6, at.v1, at.yaw3),
    )


@integrator(order=4, speed_never_negative=True)
def rk4_half_step_forgotten(initial: State, actions: Actions) -> Trajectory:
    """Classical Runge-Kutta that takes the middle slopes a whole step ahead."""
    at = _Step(initial, actions)
    yaw2, yaw3 = at.yaw1 + at.v0 * at.turned, at.yaw1 + at.vm * at.turned
    return at.path(
        (1 / 6, at.v0, at.yaw1), (2 / 6, at.vm, yaw2), (2 / 6, at.vm, yaw3), (1 / 6, at.v1, at.yaw4)
    )


@integrator(order=4, speed_never_negative=True)
def rk4_speed_of_the_start(initial: State, actions: Actions) -> Trajectory:
    """Classical Runge-Kutta whose four slopes all use the speed at the start."""
    at = _Step(initial, actions)
    return at.path(
        (1 / 6, at.v0, at.yaw1),
        (2 / 6, at.v0, at.yaw2),
        (2 / 6, at.v0, at.yaw3),
        (1 / 6, at.v0, at.yaw4),
    )


@integrator(order=4, speed_never_negative=True)
def rk4_yaw_by_euler(initial: State, actions: Actions) -> Trajectory:
    """Classical Runge-Kutta for the position, with the yaw advanced by Euler."""
    at = _Step(initial, actions)
    at.yaw = arrays.cumulative(initial.yaw, at.v0 * at.turned)
    turn, start = at.v0 * at.turned, at.yaw[..., :-1]
    return at.path(
        (1 / 6, at.v0, start),
        (2 / 6, at.vm, start + turn / 2),
        (2 / 6, at.vm, start + turn / 2),
        (1 / 6, at.v1, start + turn),
    )


@integrator(order=4, speed_never_negative=True)
def rk4_stop_inside_a_step_ignored(initial: State, actions: Actions) -> Trajectory:
    """Classical Runge-Kutta that moves for all of the step in which it stops."""
    at = _Step(initial, actions, moving=np.full_like(actions.accel, actions.dt))
    return at.path(
        (1 / 6, at.v0, at.yaw1),
        (2 / 6, at.vm, at.yaw2),
        (2 / 6, at.vm, at.yaw3),
        (1 / 6, at.v1, at.yaw4),
    )


@integrator(order=4, speed_never_negative=True)
def rk4_stops_before_the_step(initial: State, actions: Actions) -> Trajectory:
    """Classical Runge-Kutta that leaves out the step in which it stops."""
    speed = arrays.cumulative_clamped(initial.speed, actions.accel * actions.dt)
    stops = speed[..., :-1] + actions.accel * actions.dt < 0
    at = _Step(initial, actions, moving=(actions.dt * ~stops).astype(speed.dtype))
    return at.path(
        (1 / 6, at.v0, at.yaw1),
        (2 / 6, at.vm, at.yaw2),
        (2 / 6, at.vm, at.yaw3),
        (1 / 6, at.v1, at.yaw4),
    )


@integrator(order=4, speed_never_negative=True)
def midpoint_declared_fourth_order(initial: State, actions: Actions) -> Trajectory:
    """The midpoint rule that declares order 4."""
    at = _Step(initial, actions)
    return at.path((1, at.vm, at.yaw2))


@integrator(order=2, speed_never_negative=True)
def midpoint_speed_of_the_start(initial: State, actions: Actions) -> Trajectory:
    """The midpoint rule with the speed at the start instead of the middle."""
    at = _Step(initial, actions)
    return at.path((1, at.v0, at.yaw2))


@integrator(order=2, speed_never_negative=True)
def midpoint_yaw_of_the_start(initial: State, actions: Actions) -> Trajectory:
    """The midpoint rule with the yaw at the start instead of the middle."""
    at = _Step(initial, actions)
    return at.path((1, at.vm, at.yaw1))


@integrator(order=2, speed_never_negative=True)
def midpoint_sign_of_half_turn(initial: State, actions: Actions) -> Trajectory:
    """The midpoint rule that looks half a turn back instead of ahead."""
    at = _Step(initial, actions)
    return at.path((1, at.vm, at.yaw1 - at.v0 * at.turned / 2))


@integrator(order=2, speed_never_negative=True)
def heun_corrector_forgotten(initial: State, actions: Actions) -> Trajectory:
    """Heun's method that returns its predictor."""
    at = _Step(initial, actions)
    return at.path((1, at.v0, at.yaw1))


@integrator(order=2, speed_never_negative=True)
def heun_yaw_updated_before_position(initial: State, actions: Actions) -> Trajectory:
    """Heun's method whose first slope already uses the yaw of the step's end."""
    at = _Step(initial, actions)
    return at.path((1 / 2, at.v0, at.yaw4), (1 / 2, at.v1, at.yaw4))


@integrator(order=2, speed_never_negative=True)
def heun_half_forgotten(initial: State, actions: Actions) -> Trajectory:
    """Heun's method that adds both slopes without halving their sum."""
    at = _Step(initial, actions)
    return at.path((1, at.v0, at.yaw1), (1, at.v1, at.yaw4))
