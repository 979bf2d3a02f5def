"""Argoverse 2 sensor data: poses of the ego vehicle, `city_SE3_egovehicle.feather`."""

from collections.abc import Iterator

from rollkit import File, Poses, reader
from rollkit_logs import arrow
from rollkit_logs.ego import ego
from rollkit_logs.readers.columns import QUATERNION

_TIME = "timestamp_ns"
_POSITION = ("tx_m", "ty_m", "tz_m")
COLUMNS = (_TIME, *QUATERNION, *_POSITION)


def recognises(head: bytes) -> bool:
    """Whether a Feather file's schema, which it starts with, names the columns."""
    named = (one.encode() in head for one in (_TIME, *_POSITION))
    return head.startswith(arrow.FEATHER) and all(named)


@reader(suffixes=(".feather",), recognises=recognises)
def av2_ego(file: File) -> Iterator[Poses]:
    """Argoverse 2 ego poses in the city's frame: `timestamp_ns`, `qw` .. `qz`, `tx_m` .. `tz_m`.

    z up, metres, x forward in the vehicle. Times are nanoseconds, taken from the first one; stamps
    that are almost the same pass, and are for the resampling to drop.

    Raises
    ------
    DataError
        A missing column, a quaternion that is not of length 1, times that run backwards.
    """
    drive, _ = ego(file, time=_TIME, unit=1e-9, position=_POSITION)
    yield drive
