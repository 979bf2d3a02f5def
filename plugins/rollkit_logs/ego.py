"""The ego vehicle's drive in a table: whole-number timestamps, positions and quaternions."""

import numpy as np

from rollkit import File, Poses
from rollkit.arrays import Array
from rollkit_logs import arrow
from rollkit_logs.arrow_columns import integers, numbers
from rollkit_logs.attitude import from_quaternions
from rollkit_logs.readers.columns import QUATERNION
from rollkit_logs.recording import recording
from rollkit_logs.rows import Rows, check_numbers
from rollkit_logs.stamps import seconds


def ego(
    file: File, *, time: str, unit: float, position: tuple[str, ...], beside: tuple[str, ...] = ()
) -> tuple[Poses, dict[str, Array]]:
    """The drive, and the columns `beside` it, where the table has all of those.

    Parameters
    ----------
    file : File
    time, unit
        The column of the timestamps, and what one of them is in s.
    position : tuple of str
        The columns of x, y and z. Those of the quaternion are called `qx` .. `qw`.
    beside : tuple of str
        Other columns of numbers.

    Raises
    ------
    DataError
        A missing column, a quaternion that is not of length 1, times that run backwards.
    """
    columns = (time, *QUATERNION, *position)
    with arrow.opened(file) as table:
        for name in columns:
            table.needed(name, expected=", ".join(columns))
        found = [table.column(name) for name in beside]
        more = beside if all(found) else ()
        table.check([*columns, *more])
        content = table.read([*columns, *more])
    rows = Rows(file.path, range(1, len(content) + 1), tabular=True)
    values = {name: numbers(content.column(name)) for name in (*columns[1:], *more)}
    for name, column in values.items():
        check_numbers(rows, name, column)
    stamps = integers(content.column(time), f"{file.path}: column {time!r}")
    quaternion = (values[name] for name in QUATERNION)
    drive = recording(
        rows,
        position=np.stack([values[name] for name in position], axis=-1),
        rotation=from_quaternions(rows, *quaternion, order=" ".join(QUATERNION)),
        time=seconds(rows, stamps, unit),
        axes="vehicle",
        origin=f"column {time} of {file.path.name}",
    )
    return drive, {name: values[name] for name in more}
