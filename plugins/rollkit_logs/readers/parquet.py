"""Parquet tables, long or wide, and the data sets that are known by their columns."""

from collections.abc import Iterator

from rollkit import File, Poses, reader
from rollkit_logs import arrow, tables
from rollkit_logs.first_instant import First
from rollkit_logs.readers import argoverse_forecasting, physical_ai


@reader(suffixes=(".parquet", ".pq"), recognises=lambda head: head.startswith(arrow.PARQUET))
def parquet(
    file: File,
    *,
    start: First = "auto",
    types: argoverse_forecasting.Types = argoverse_forecasting.VEHICLES,
) -> Iterator[Poses]:
    """Parquet with columns t, x, y, a pose a row; or lists x, y, a sample a row. Needs pyarrow.

    Long: t (s), x, y (m), and yaw, speed, z, qx .. qw, rates, case, sample, probability, as in
    `csv`.
    Wide: x and y hold a list in each row, and so do yaw, speed, z and rates; the case is called by
    `case`, `seed`, `id` or `clip_id`, and several rows of one are its samples; times are a list `t`
    or a step `dt`. What `rollkit run --save-trajectories` wrote is such a table; a seed of another
    cell than the first is `cell/seed`. A null was not observed.

    A Parquet file has its columns at its end, so this reader looks at them and hands the data sets
    it knows to their own: `av2_forecasting`, which takes `types`, and `physical_ai`.

    Raises
    ------
    DataError
        A missing column, one of another type, a row that is no pose, a damaged file.
    """
    with arrow.opened(file) as table:
        if table.has(argoverse_forecasting.COLUMNS):
            yield from argoverse_forecasting.av2_forecasting(file, types=types)
        elif table.has(physical_ai.COLUMNS) and "t" not in table.names:
            yield from physical_ai.physical_ai(file)
        else:
            yield from tables.poses(table, start=start)
