"""What a reader hands over: a block of cases, their poses at common times."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from rollkit.arrays import Array
from rollkit.door import numbers, read_only, time_step
from rollkit.errors import DataError
from rollkit.motion import RATES

_SHAPES = {
    **dict.fromkeys(("x", "y", "yaw", "speed", "z", *RATES), ()),
    "rotation": (3, 3),
}
SIGNALS = tuple(_SHAPES)  # what poses may hold at each of their instants


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Poses:
    """Poses of n cases, K samples each, at T common instants. NaN marks what was not observed.

    SI units and radians; x forward or east, y to its left, yaw counter-clockwise. A recorded drive
    is one case of one sample. Tracks whose times differ are blocks of their own.

    Parameters
    ----------
    ids : tuple of str, n
        By which a case is known, and matched with that of another file.
    x, y : array, `(n, K, T)`
        m.
    yaw : array, `(n, K, T)`, optional
        rad, wrapped or not.
    speed : array, `(n, K, T)`, optional
        m/s, where the file itself has it.
    z, rotation : array, `(n, K, T)` and `(n, K, T, 3, 3)`, optional
        Height in m, and rotation from the body to the world.
    accel, lateral_accel, yaw_rate, yaw_accel : array, `(n, K, T)`, optional
        m/s², rad/s and rad/s² in the body's axes, where the file itself has them.
    time : array, `(T,)`, optional
        s, from any origin; need not be even.
    dt : float, optional
        s, where the file has no times but says how far its rows are apart.
    given : int
        1 where the first instant is the given start, 0 where all instants were predicted, the first
        of them one step after the start.
    probability : array, `(n, K)`, optional
    history : Poses, optional
        Before the start, `(n, 1, H)`, its last instant the start itself.
    reference : Poses, optional
        Where it really went, `(n, 1, T')`, where the same file holds that too.
    frame : str
        How the file's frame became the plane, in words.
    origin : str
        Where the time step came from, in words.
    unusable : mapping of int to str
        Cases that cannot be used, by their place in the block, and why.
    whole : bool
        Whether it is a recorded drive or track: one that may be cut into windows.

    Raises
    ------
    DataError
        Arrays that do not belong together, or times that do not grow.

    Examples
    --------
    >>> Poses(ids=("a",), x=[[[0.0, 1.0]]], y=[[[0.0, 0.0]]], dt=0.1, frame="plane", origin="given")
    Poses(cases=1, samples=1, instants=2)
    """

    ids: tuple[str, ...]
    x: Array
    y: Array
    yaw: Array | None = None
    speed: Array | None = None
    z: Array | None = None
    rotation: Array | None = None
    accel: Array | None = None
    lateral_accel: Array | None = None
    yaw_rate: Array | None = None
    yaw_accel: Array | None = None
    time: Array | None = None
    dt: float | None = None
    given: int = 1
    probability: Array | None = None
    history: "Poses | None" = None
    reference: "Poses | None" = None
    frame: str
    origin: str
    unusable: Mapping[int, str] = field(default_factory=dict)
    whole: bool = False

    def __post_init__(self) -> None:
        x = numbers("x", self.x)
        if x.ndim != 3 or x.shape[0] != len(self.ids) or x.size == 0:
            raise DataError(
                f"Poses: x: got {x.shape}, expected ({len(self.ids)}, K, T): one row for each id"
            )
        for name, beyond in _SHAPES.items():
            value = getattr(self, name)
            if value is not None:
                array = numbers(name, value)
                if array.shape != (*x.shape, *beyond):
                    raise DataError(
                        f"Poses: {name}: got {array.shape}, expected {(*x.shape, *beyond)}"
                    )
                object.__setattr__(self, name, array)
        if self.time is not None:
            time = read_only(np.asarray(self.time, dtype=np.float64))
            if time.shape != x.shape[-1:]:
                raise DataError(f"Poses: time: got {time.shape}, expected {x.shape[-1:]}")
            if not (np.isfinite(time).all() and (time[1:] >= time[:-1]).all()):
                raise DataError("Poses: time: got times that do not grow, expected them in order")
            object.__setattr__(self, "time", time)
        if self.dt is not None:
            object.__setattr__(self, "dt", time_step(self.dt))
        if self.probability is not None:
            share = numbers("probability", self.probability)
            if share.shape != x.shape[:2]:
                raise DataError(f"Poses: probability: got {share.shape}, expected {x.shape[:2]}")
            object.__setattr__(self, "probability", share)
        for name in ("history", "reference"):
            beside = getattr(self, name)
            if beside is not None and beside.x.shape[:2] != (x.shape[0], 1):
                raise DataError(
                    f"Poses: {name}: got {beside.x.shape}, expected ({x.shape[0]}, 1, T)"
                )

    @property
    def cases(self) -> int:
        """Number of cases n."""
        return int(self.x.shape[0])

    @property
    def samples(self) -> int:
        """Number of samples K of each."""
        return int(self.x.shape[1])

    @property
    def instants(self) -> int:
        """Number of instants T."""
        return int(self.x.shape[2])

    @property
    def recorded(self) -> dict[str, Array]:
        """The rates that were measured beside the poses, by name."""
        named = {name: getattr(self, name) for name in RATES}
        return {name: one for name, one in named.items() if one is not None}

    def rows(self, index: npt.NDArray[Any]) -> "Poses":
        """Some of the cases, by a mask or by their places."""
        places = np.arange(self.cases)[index].tolist()
        taken: dict[str, Any] = {
            name: None if value is None else value[index]
            for name in (*SIGNALS, "probability")
            for value in (getattr(self, name),)
        }
        for name in ("history", "reference"):
            beside = getattr(self, name)
            taken[name] = None if beside is None else beside.rows(index)
        unusable = {
            now: self.unusable[before]
            for now, before in enumerate(places)
            if before in self.unusable
        }
        ids = tuple(self.ids[one] for one in places)
        return replace(self, ids=ids, unusable=unusable, **taken)

    @property
    def times(self) -> Array | None:
        """When each instant is, s: as the file says, or counted in steps from the start."""
        if self.time is not None or self.dt is None:
            return self.time
        return self.dt * (np.arange(self.instants) + (1 - self.given))

    def __repr__(self) -> str:
        return f"Poses(cases={self.cases}, samples={self.samples}, instants={self.instants})"
