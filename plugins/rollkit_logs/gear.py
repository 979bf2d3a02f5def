"""Which steps lead somewhere, and in which gear: what a manoeuvre is and what only noise."""

import numpy as np
import numpy.typing as npt

from rollkit.arrays import Array

Mask = npt.NDArray[np.bool_]
Legs = npt.NDArray[np.int64]

# A way back, m, that is a manoeuvre: the legs of a three-point turn are longer, the scatter of
# positions at a standstill seldom is as wide.
_SUSTAINED = 3.0
# A leg, m, that nobody drives in reverse.
_FORWARD = 50.0


def legs(x: Array, y: Array) -> tuple[Mask, Legs]:
    """Steps that lead on, and the leg that each step is in, counted from 0, both `(n - 1,)`.

    A step leads on if it ends further ahead than every one before it: noise at a standstill does
    not. A leg ends in a cusp, the point furthest ahead from which the path goes back, by more than
    120 degrees, and gets 3 m away; 3 m led there too. A path that never gets 3 m away is one leg,
    and all of it leads on.
    """
    path = (x + 1j * y).tolist()  # plain numbers: faster in a loop
    onward = np.zeros(len(path) - 1, dtype=bool)
    cusps = np.zeros(len(path) - 1, dtype=np.int64)
    # The tip is the point furthest ahead, the tail the last one at least 3 m before it.
    tail, tip, ahead = 0, 0, 0j
    for now, point in enumerate(path):
        away = point - path[tip]
        further = (away * ahead.conjugate()).real
        if abs(away) >= _SUSTAINED:
            if further < -abs(away) / 2:
                cusps[tip] = 1
                tail = tip
            onward[tip:now] = _records(path[tip : now + 1], away)
        elif further > 0:
            onward[now - 1] = True
        else:
            continue
        tip = now
        while abs(path[tip] - path[tail + 1]) >= _SUSTAINED:
            tail += 1
        way = path[tip] - path[tail]
        ahead = way / abs(way)
    return onward if onward.any() else ~onward, np.cumsum(cusps)


def backwards(leg: Legs, length: Array, lean: Array | None) -> Mask:
    """Steps in a leg that is driven in reverse, `(n - 1,)`.

    Parameters
    ----------
    leg : array, `(n - 1,)`
        As `legs` counts them.
    length : array, `(n - 1,)`
        m; 0 for a step that has no direction of its own.
    lean : array, `(n - 1,)`, optional
        Cosine between the course of a step and the recorded yaw. Without one each cusp changes
        gear, forward first, but a leg of more than 50 m is driven forward.
    """
    if lean is not None:
        return np.asarray(np.bincount(leg, length * lean)[leg] < 0)
    gears = [False]
    for driven in np.bincount(leg, length)[1:]:
        gears.append(driven <= _FORWARD and not gears[-1])
    return np.array(gears)[leg]


def _records(points: list[complex], course: complex) -> Mask:
    """Whether each point after the first is further along the course than all before it."""
    along = (np.array(points) * course.conjugate()).real
    return np.asarray(along[1:] > np.maximum.accumulate(along)[:-1])
