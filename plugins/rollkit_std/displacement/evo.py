"""Absolute and relative pose errors as functions, with all options, for arrays of poses.

The metrics `ape`, `rpe` and their kin call these with one choice of options each.
"""

from typing import Literal, NamedTuple

import numpy as np

from rollkit import DataError, UsageError
from rollkit.arrays import Array
from rollkit_std.displacement import _pairs
from rollkit_std.displacement._alignment import Alignment, origin, umeyama
from rollkit_std.displacement._rotations import angle, transposed, turned

Alignments = Literal["none", "rigid", "scaled", "origin"]
Errors = Literal["translation", "angle", "rotation", "full", "distance"]


class Path(NamedTuple):
    """Poses: positions `(..., T, d)` in m and rotations to the world `(..., T, d, d)`, d 2 or 3.

    The rotations may be None where an error does not ask for them.
    """

    positions: Array
    rotations: Array | None = None


def ape(
    estimate: Path,
    reference: Path,
    *,
    error: Errors = "translation",
    alignment: Alignments = "none",
) -> Array:
    """Absolute pose error of every pose, `(..., T)`: in m, for angles in rad.

    With the aligned estimate P and the reference Q, and E[t] = P[t]⁻¹ Q[t].

    Parameters
    ----------
    estimate, reference : Path, `(..., T, d)`
        The same instants; batches that broadcast.
    error : str
        `"translation"`: |p - q|; `"angle"`: that of E's rotation; `"rotation"`: |R(E) - 1|, the
        root of the sum of squares of the matrix; `"full"`: |E - 1| of the whole matrix.
    alignment : str
        `"none"`; `"rigid"`: the turn and move that bring the positions nearest (SE(2), SE(3));
        `"scaled"`: with a scale (Sim(2), Sim(3)); `"origin"`: first pose onto first pose.

    Returns
    -------
    array, `(..., T)`
        nan where a pose is nan; all of a trajectory where an alignment sees one.

    Raises
    ------
    UsageError
        An unknown option, or rotations missing where they are asked for.
    DataError
        Poses of other instants, or none.

    References
    ----------
    Sturm et al., A benchmark for the evaluation of RGB-D SLAM systems, IROS 2012; `evo_ape`.

    Examples
    --------
    >>> there = Path(np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]))
    >>> where = Path(np.array([[0.0, 3.0], [1.0, 3.0], [2.0, 4.0]]))
    >>> ape(there, where)
    array([3., 3., 4.])
    """
    _known("error", error, ("translation", "angle", "rotation", "full"))
    _same_instants(estimate, reference)
    moved = aligned(estimate, reference, alignment)
    if error == "translation":
        return _length(moved.positions - reference.positions)
    turn, offset = _between(moved, reference)
    return _error(error, turn, offset)


def rpe(
    estimate: Path,
    reference: Path,
    *,
    error: Errors = "translation",
    delta: float = 1,
    unit: Literal["steps", "m"] = "steps",
    all_pairs: bool = False,
    tolerance: float = 0.1,
    pairs_from: Literal["estimate", "reference"] = "estimate",
) -> Array:
    """Relative pose error of every pair of poses, `(..., P)`: in m, for angles in rad.

    Of poses i and j, with the motions A = P[i]⁻¹ P[j] of the estimate and B = Q[i]⁻¹ Q[j] of the
    reference: E = B⁻¹ A. No alignment changes it, but for a scale.

    Parameters
    ----------
    estimate, reference : Path, `(..., T, d)`
        The same instants; batches that broadcast; with metres one trajectory `(T, d)`.
    error : str
        `"translation"`: the length of E's; `"angle"`, `"rotation"` and `"full"` as for `ape`;
        `"distance"`: the difference of the lengths of A and B, which needs no rotations.
    delta, unit : float and str
        How far apart i and j are: in `"steps"`, or in `"m"` of way.
    all_pairs : bool
        From every pose on; else each pair begins where the one before ends. In metres, those begin
        at the first pose that is `delta` from the start.
    tolerance : float
        Of all pairs in metres: those within this share of `delta`.
    pairs_from : str
        Whose way is measured, in metres.

    Returns
    -------
    array, `(..., P)`
        nan where a pose of the pair is.

    Raises
    ------
    UsageError
        An unknown option, rotations missing where they are asked for, or metres and a batch.
    DataError
        Poses of other instants, or none.

    References
    ----------
    Sturm et al., A benchmark for the evaluation of RGB-D SLAM systems, IROS 2012; `evo_rpe`.

    Examples
    --------
    >>> there = Path(np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0]]))
    >>> where = Path(np.array([[0.0, 3.0], [1.0, 3.0], [2.0, 3.0]]))
    >>> rpe(there, where, error="distance")
    array([0., 1.])
    """
    _known("error", error, ("translation", "angle", "rotation", "full", "distance"))
    _known("unit", unit, ("steps", "m"))
    _known("pairs_from", pairs_from, ("estimate", "reference"))
    _same_instants(estimate, reference)
    measured = (estimate if pairs_from == "estimate" else reference).positions
    if unit == "steps":
        first, second = _pairs.by_steps(measured.shape[-2], delta, every=all_pairs)
    elif measured.ndim == 2:
        first, second = _pairs.by_metres(measured, delta, tolerance if all_pairs else None)
    else:
        raise UsageError("rpe: got metres and a batch; expected one trajectory (T, d) at a time")
    if error == "distance":
        ways = [
            _length(one.positions[..., second, :] - one.positions[..., first, :])
            for one in (estimate, reference)
        ]
        return np.abs(ways[0] - ways[1])
    motions = [_between(_at(one, first), _at(one, second)) for one in (estimate, reference)]
    (turn, offset), (true_turn, true_offset) = motions
    back = transposed(true_turn)
    return _error(error, back @ turn, turned(back, offset - true_offset))


def aligned(estimate: Path, reference: Path, alignment: Alignments) -> Path:
    """The estimate, laid onto the reference."""
    move = align(estimate, reference, alignment)
    if move is None:
        return estimate
    rotations = estimate.rotations
    return Path(
        move.positions(estimate.positions),
        None if rotations is None else move.rotations(rotations),
    )


def align(estimate: Path, reference: Path, alignment: Alignments) -> Alignment | None:
    """The move that lays an estimate onto its reference; None for none."""
    _known("alignment", alignment, ("none", "rigid", "scaled", "origin"))
    if alignment == "none":
        return None
    if alignment == "origin":
        first, to = (_at(one, np.array([0])) for one in (estimate, reference))
        turn, wanted = _rotations(first), _rotations(to)
        return origin(
            first.positions[..., 0, :],
            turn[..., 0, :, :],
            to.positions[..., 0, :],
            wanted[..., 0, :, :],
        )
    return umeyama(estimate.positions, reference.positions, scaled=alignment == "scaled")


def _at(path: Path, index: _pairs.Indices) -> Path:
    """The poses at some instants."""
    turns = path.rotations
    return Path(path.positions[..., index, :], None if turns is None else turns[..., index, :, :])


def _between(first: Path, second: Path) -> tuple[Array, Array]:
    """Rotation and translation of first⁻¹ second, pose by pose."""
    back = transposed(_rotations(first))
    return back @ _rotations(second), turned(back, second.positions - first.positions)


def _error(error: Errors, turn: Array, offset: Array) -> Array:
    if error == "translation":
        return _length(offset)
    if error == "angle":
        return angle(turn)
    left = np.square(turn - np.eye(turn.shape[-1])).sum(axis=(-2, -1))
    return np.sqrt(left if error == "rotation" else left + np.square(offset).sum(axis=-1))


def _rotations(path: Path) -> Array:
    if path.rotations is None:
        raise UsageError("this error needs rotations; got a Path of positions alone")
    return path.rotations


def _length(vector: Array) -> Array:
    return np.sqrt(np.square(vector).sum(axis=-1))


def _same_instants(estimate: Path, reference: Path) -> None:
    expected = reference.positions.shape[-2:]
    if len(expected) < 2 or 0 in expected or estimate.positions.shape[-2:] != expected:
        raise DataError(
            f"got an estimate {estimate.positions.shape} of a reference "
            f"{reference.positions.shape}; expected positions (..., T, d) at the same T instants"
        )
    for one in (estimate, reference):
        if one.rotations is not None and one.rotations.shape[-3:] != (*expected, expected[1]):
            raise DataError(
                f"got rotations {one.rotations.shape} beside positions {one.positions.shape}; "
                "expected (..., T, d, d)"
            )


def _known(what: str, got: str, names: tuple[str, ...]) -> None:
    if got not in names:
        raise UsageError(f"{what}: got {got!r}, expected one of {', '.join(names)}")
