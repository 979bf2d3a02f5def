"""The transformations a metric may declare itself invariant under, and scalings of a signal."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from rollkit.arrays import Array
from rollkit.model import Actions, Trajectory
from rollkit.rollouts import Rollout
from rollkit.testing import reference
from rollkit.testing.fields import fields, trajectory
from rollkit.vehicles import CENTER


def _of(
    rollout: Rollout,
    change: Callable[[Trajectory], Trajectory],
    actions: Actions | None = None,
) -> Rollout:
    """A rollout with its trajectory and its reference changed, and perhaps its actions."""
    beside = None if rollout.reference is None else change(rollout.reference)
    moves = rollout.actions if actions is None else actions
    path = change(rollout.trajectory)
    return replace(rollout, trajectory=path, actions=moves, reference=beside)


def _actions(rollout: Rollout) -> Actions:
    if rollout.actions is None:
        raise ValueError("the strategies draw rollouts with actions")
    return rollout.actions


def se2(rollout: Rollout, angle: float, dx: float, dy: float) -> Rollout:
    """The world turned by an angle and moved."""
    cos, sin = np.cos(angle), np.sin(angle)

    def moved(of: Trajectory) -> Trajectory:
        x, y = cos * of.x - sin * of.y + dx, sin * of.x + cos * of.y + dy
        return Trajectory(x, y, of.yaw + angle, of.speed, of.dt)

    return _of(rollout, moved)


def mirror(rollout: Rollout) -> Rollout:
    """The mirror image: left is right."""

    def mirrored(of: Trajectory) -> Trajectory:
        return Trajectory(of.x, -of.y, -of.yaw, of.speed, of.dt)

    moves = _actions(rollout)
    return _of(rollout, mirrored, Actions(moves.accel, -moves.curvature, moves.dt))


def time_reversal(rollout: Rollout) -> Rollout:
    """The same path driven the other way: from its end to its start, facing the other way."""

    def reversed_(of: Trajectory) -> Trajectory:
        back = (..., slice(None, None, -1))
        return Trajectory(of.x[back], of.y[back], of.yaw[back] + np.pi, of.speed[back], of.dt)

    moves = _actions(rollout)
    accel, curvature = -moves.accel[..., ::-1], -moves.curvature[..., ::-1]
    return _of(rollout, reversed_, Actions(accel, curvature, moves.dt))


def time_shift(rollout: Rollout, steps: int) -> Rollout:
    """The same drive begun later: steps of steady driving, straight on, lead into it."""

    def later(of: Trajectory) -> Trajectory:
        ago = np.arange(-steps, 0) * of.dt
        v, yaw = of.speed[..., :1], of.yaw[..., :1]
        still = np.zeros_like(ago)
        lead = (
            of.x[..., :1] + ago * v * np.cos(yaw),
            of.y[..., :1] + ago * v * np.sin(yaw),
            yaw + still,
            v + still,
        )
        joined = (np.concatenate(pair, axis=-1) for pair in zip(lead, fields(of), strict=True))
        return trajectory(joined, of.dt)

    moves = _actions(rollout)
    nothing = np.zeros((*moves.batch, steps))
    accel = np.concatenate([nothing, moves.accel], axis=-1)
    curvature = np.concatenate([nothing, moves.curvature], axis=-1)
    return _of(rollout, later, Actions(accel, curvature, moves.dt))


def dt_refinement(rollout: Rollout) -> Rollout:
    """The same held actions in half steps, through the true midpoints; without a reference."""
    moves, start = _actions(rollout), rollout.trajectory.at(0)
    halves = Actions(
        np.repeat(moves.accel, 2, axis=-1), np.repeat(moves.curvature, 2, axis=-1), moves.dt / 2
    )
    driven = reference.rollout(start, halves)
    return replace(rollout, trajectory=driven.trajectory, actions=halves, reference=None)


def reference_point(rollout: Rollout) -> Rollout:
    """The same motion of the vehicle, told at its centre; without actions, as there are none."""
    if rollout.vehicle is None:
        raise ValueError("a law of reference points draws rollouts with a vehicle")
    return rollout.at_point(CENTER)


def scaled(rollout: Rollout, signal: str, factor: float) -> Rollout:
    """One signal times a factor, all others as they were: no drive, but data to be measured."""

    def times(of: Trajectory) -> Trajectory:
        place = factor if signal == "position" else 1.0
        speed = factor if signal == "speed" else 1.0
        return Trajectory(of.x * place, of.y * place, of.yaw, of.speed * speed, of.dt)

    moves = _actions(rollout)
    accel = moves.accel * (factor if signal == "accel" else 1.0)
    curvature = moves.curvature * (factor if signal == "curvature" else 1.0)
    return _of(rollout, times, Actions(accel, curvature, moves.dt))


def each_array(rollout: Rollout, change: Callable[[Array], Array]) -> Rollout:
    """Every array changed in the same way: its memory, its precision."""

    def changed(of: Trajectory) -> Trajectory:
        return trajectory(map(change, fields(of)), of.dt)

    moves = _actions(rollout)
    moved = _of(rollout, changed, Actions(change(moves.accel), change(moves.curvature), moves.dt))
    share = rollout.probability
    return moved if share is None else replace(moved, probability=change(share))


def rows(rollout: Rollout, index: Any) -> Rollout:
    """Some rows of a batch, in the order of the index; each keeps the reference of its case."""

    def chosen(of: Trajectory) -> Trajectory:
        at = index[: len(of.batch)] if isinstance(index, tuple) else index
        return trajectory((one[at] for one in fields(of)), of.dt)

    moves = _actions(rollout)
    accel, curvature = moves.accel[index], moves.curvature[index]
    share = None if rollout.probability is None else np.asarray(rollout.probability[index])
    # All at once: neither the actions nor the probabilities fit the rows on their own.
    return replace(
        rollout,
        trajectory=chosen(rollout.trajectory),
        actions=Actions(accel, curvature, moves.dt),
        reference=None if rollout.reference is None else chosen(rollout.reference),
        probability=share,
    )


def nudged(rollout: Rollout, share: float) -> Rollout:
    """Every row stretched a little, each by another factor within 1 ± share; not the reference.

    A value that jumps under this stands on the edge of a threshold, or of a choice.
    """
    golden = (5**0.5 - 1) / 2
    order = np.arange(np.prod(rollout.batch, dtype=int)).reshape(rollout.batch)
    factor = (1 + share * (2 * ((order + 1) * golden % 1) - 1))[..., None]
    path, moves = rollout.trajectory, _actions(rollout)
    return replace(
        rollout,
        trajectory=trajectory((one * factor for one in fields(path)), path.dt),
        actions=Actions(moves.accel * factor, moves.curvature * factor, moves.dt),
    )


def units(rollout: Rollout, length: float, time: float) -> Rollout:
    """The same drive in other units: every length times a factor, and every time."""

    def told(of: Trajectory) -> Trajectory:
        return Trajectory(
            of.x * length, of.y * length, of.yaw, of.speed * (length / time), of.dt * time
        )

    moves, beside, vehicle = _actions(rollout), rollout.reference, rollout.vehicle
    return replace(
        rollout,
        trajectory=told(rollout.trajectory),
        actions=Actions(
            moves.accel * (length / time**2), moves.curvature / length, moves.dt * time
        ),
        reference=beside and told(beside),
        vehicle=vehicle
        and replace(
            vehicle,
            length=vehicle.length * length,
            width=vehicle.width * length,
            wheelbase=vehicle.wheelbase * length,
            rear_axle_to_center=vehicle.rear_axle_to_center * length,
            camera=vehicle.camera and (vehicle.camera[0] * length, vehicle.camera[1] * length),
        ),
    )


def at_instant(rollout: Rollout, at: tuple[Any, ...], change: Callable[[Array], Array]) -> Rollout:
    """All signals changed at one instant, and in the step that begins there; not the reference.

    The change may be to nan, which the door of `Actions` refuses: the arrays are put in behind it.
    """

    def changed(array: Array) -> Array:
        new = np.array(array)
        if at[-1] < new.shape[-1]:
            new[at] = change(new[at])
        new.flags.writeable = False
        return new

    moves = _actions(rollout)
    behind = Actions(moves.accel, moves.curvature, moves.dt)
    object.__setattr__(behind, "accel", changed(moves.accel))
    object.__setattr__(behind, "curvature", changed(moves.curvature))
    altered = trajectory(map(changed, fields(rollout.trajectory)), rollout.dt)
    return replace(rollout, trajectory=altered, actions=behind)
