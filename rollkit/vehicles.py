"""A vehicle: its size, and the point of it that poses describe."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from rollkit.errors import DataError, UsageError, unknown

REAR_AXLE: Final = "rear_axle"
CENTER: Final = "center"
CAMERA: Final = "camera"
REFERENCE_POINTS: Final = (REAR_AXLE, CENTER, CAMERA)
_SIZES = ("length", "width", "wheelbase")
_FIELDS = (*_SIZES, "reference_point", "rear_axle_to_center", "camera")


@dataclass(frozen=True, init=False)
class Vehicle:
    """A vehicle's size in m, and the point of it that a trajectory describes.

    Parameters
    ----------
    length, width, wheelbase : float
        m.
    reference_point : {"rear_axle", "center", "camera"}
        What the poses are poses of: the middle of the rear axle, the middle of the vehicle, or a
        camera (or any other sensor) that looks forward.
    rear_axle_to_center : float, optional
        m, how far the middle of the vehicle is ahead of its rear axle. Where it is not given it is
        taken to be half the wheelbase, which is right where the body hangs over both axles alike.
    camera : (float, float), optional
        m, how far the camera is ahead of the rear axle and to its left; needed where the reference
        point is the camera.

    Raises
    ------
    DataError
        A size that is no positive length, no such point, or a camera at no known place.

    Examples
    --------
    >>> car = Vehicle(length=4.9, width=2.1, wheelbase=2.9)
    >>> car.reference_point, car.lever("center")
    ('rear_axle', (1.45, 0.0))
    >>> Vehicle(4.9, 2.1, 2.9, "camera", camera=(1.6, 0.1)).lever("rear_axle")
    (-1.6, -0.1)
    """

    length: float
    width: float
    wheelbase: float
    reference_point: str
    rear_axle_to_center: float
    camera: tuple[float, float] | None

    def __init__(
        self,
        length: float,
        width: float,
        wheelbase: float,
        reference_point: str = REAR_AXLE,
        rear_axle_to_center: float | None = None,
        camera: tuple[float, float] | None = None,
    ) -> None:
        sizes = dict(zip(_SIZES, (length, width, wheelbase), strict=True))
        for name, value in sizes.items():
            if not (_finite(value) and value > 0):
                raise DataError(f"Vehicle: {name}: got {value!r}, expected a positive length in m")
        if reference_point not in REFERENCE_POINTS:
            raise DataError(
                f"Vehicle: reference_point: got {reference_point!r}, "
                f"expected one of {', '.join(REFERENCE_POINTS)}"
            )
        ahead = wheelbase / 2 if rear_axle_to_center is None else rear_axle_to_center
        if not (_finite(ahead) and ahead >= 0):
            raise DataError(
                f"Vehicle: rear_axle_to_center: got {ahead!r}, expected a length in m, 0 or more"
            )
        vars(self).update(
            {name: float(value) for name, value in sizes.items()},
            reference_point=reference_point,
            rear_axle_to_center=float(ahead),
            camera=None if camera is None else _pair(camera),
        )
        if reference_point == CAMERA:
            self.position(CAMERA)

    def position(self, point: str) -> tuple[float, float]:
        """Where a point is, m ahead of the rear axle and to its left.

        Raises
        ------
        UsageError
            No such point.
        DataError
            The camera, and nobody said where it is.

        Examples
        --------
        >>> Vehicle(4.9, 2.1, 2.9, rear_axle_to_center=1.4).position("center")
        (1.4, 0.0)
        """
        check_point(point)
        if point != CAMERA:
            return self.rear_axle_to_center if point == CENTER else 0.0, 0.0
        if self.camera is None:
            raise DataError(
                "Vehicle: camera: got none, expected where it is",
                hint="camera=(forward, left) in m of the rear axle; --vehicle ...,camera=1.6:0.0",
            )
        return self.camera

    def lever(self, to: str) -> tuple[float, float]:
        """From the reference point to another, m ahead and to the left.

        Raises
        ------
        UsageError, DataError
            As for `position`.

        Examples
        --------
        >>> Vehicle(4.9, 2.1, 2.9, "center", rear_axle_to_center=1.4).lever("rear_axle")
        (-1.4, 0.0)
        """
        (ahead, left), (here, aside) = self.position(to), self.position(self.reference_point)
        return ahead - here, left - aside

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values: every number that was used."""
        camera = None if self.camera is None else list(self.camera)
        return {**vars(self), "camera": camera}

    @classmethod
    def of(cls, given: "Vehicle | Mapping[str, Any]") -> "Vehicle":
        """A vehicle as it is, or of a mapping of its sizes by name.

        Raises
        ------
        UsageError
            Sizes that a vehicle does not have, or lacks.
        DataError
            As for the vehicle itself.

        Examples
        --------
        >>> Vehicle.of({"length": 4.9, "width": 2.1, "wheelbase": 2.9}).wheelbase
        2.9
        """
        if isinstance(given, Vehicle):
            return given
        if not isinstance(given, Mapping):
            raise UsageError(
                f"vehicle: got {type(given).__name__}, expected a Vehicle or its sizes by name"
            )
        for name in given:
            if name not in _FIELDS:
                raise unknown("size of a vehicle", str(name), _FIELDS)
        if lacking := [name for name in _SIZES if name not in given]:
            raise UsageError(
                f"vehicle: got no {', no '.join(lacking)}",
                hint="length=4.9,width=2.1,wheelbase=2.9, in m",
            )
        return cls(**given)


def check_point(point: str) -> None:
    """Refuse what is no point of a vehicle."""
    if point not in REFERENCE_POINTS:
        raise unknown("reference point", str(point), REFERENCE_POINTS)


def _finite(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return False
    return math.isfinite(value)


def _pair(camera: object) -> tuple[float, float]:
    if isinstance(camera, tuple | list) and len(camera) == 2 and all(map(_finite, camera)):
        return float(camera[0]), float(camera[1])
    raise DataError(
        f"Vehicle: camera: got {camera!r}, expected (forward, left) in m of the rear axle"
    )
