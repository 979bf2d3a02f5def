"""Argoverse 2 motion forecasting: the tracks of one scenario, `scenario_*.parquet`."""

from collections.abc import Iterator
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt

from rollkit import DataError, File, Param, Poses, UsageError, reader
from rollkit.arrays import Array
from rollkit_logs import arrow
from rollkit_logs.arrow_columns import integers, numbers, texts
from rollkit_logs.blocks import cases_in_block
from rollkit_logs.rows import Rows, check_numbers

_STEP = 0.1  # of the data set, where a file does not say when it starts and ends
_SPAN = ("start_timestamp", "end_timestamp", "num_timestamps")
_SIGNALS = ("position_x", "position_y", "heading", "velocity_x", "velocity_y")
COLUMNS = ("track_id", "object_type", "timestep", *_SIGNALS)
_FRAME = "the city's: x, y as they stand, heading counter-clockwise from x"
_MOST_STEPS = 1_000_000

Types = Annotated[str, Param(doc="tracks of a scenario to read: an object_type, or all, or focal")]
VEHICLES = "vehicle"


# A Parquet file has its columns at its end: `parquet` looks there, and hands it over.
@reader(suffixes=(".parquet",), recognises=lambda _: False)
def av2_forecasting(
    file: File,
    *,
    types: Types = VEHICLES,
) -> Iterator[Poses]:
    """Argoverse 2 scenarios: every track a case, called by its `track_id`, gaps kept as gaps.

    From `timestep`, `position_x`, `position_y` (m), `heading` (rad), `velocity_x`, `velocity_y`
    (m/s), in the city's frame; the speed is the part of the velocity along the heading. A track
    goes from its first step to its last, with nan where it has no row. The step is `end_timestamp`
    less `start_timestamp` over their `num_timestamps`, 0.1 s where the file does not have them.
    `parquet` knows such a file by its columns.

    Raises
    ------
    DataError
        A missing column, a step that a track has twice, timestamps that cannot be.
    UsageError
        Tracks of a type that the scenario does not have.
    """
    with arrow.opened(file) as table:
        for name in COLUMNS:
            table.needed(name, expected=", ".join(COLUMNS))
        extra = [one for one in ("focal_track_id", "scenario_id") if table.column(one)]
        span = [one for one in _SPAN if table.column(one)]
        table.check([*_SIGNALS, "timestep", *span])
        labels = ["track_id", "object_type", *extra]
        table.check(labels, text=labels)
        content = table.read([*COLUMNS, *extra, *span])
    rows = Rows(file.path, range(1, len(content) + 1), tabular=True)
    label = {name: texts(content.column(name)) for name in labels}
    kept = _kept(file, label, types)
    step = integers(content.column("timestep"), f"{file.path}: column 'timestep'")
    values = {name: numbers(content.column(name)) for name in _SIGNALS}
    for name, column in values.items():
        check_numbers(rows, name, column)
    _check_steps(rows, step)
    dt, origin = _dt(file, content, span)
    track = label["track_id"]
    if len(set(label.get("scenario_id", track[:1]))) > 1:
        track = label["scenario_id"] + "/" + track
    signals = {
        "x": values["position_x"],
        "y": values["position_y"],
        "yaw": values["heading"],
        "speed": values["velocity_x"] * np.cos(values["heading"])
        + values["velocity_y"] * np.sin(values["heading"]),
    }
    places = np.flatnonzero(kept)
    for ids, own, cases, first, last in _tracks(rows, track, step, places):
        shape = (len(ids), 1, last - first + 1)
        filled = {name: np.full(shape, np.nan) for name in signals}
        for name, column in signals.items():
            filled[name][cases, 0, step[own] - first] = column[own]
        yield Poses(
            ids=ids,
            **_as_any(filled),
            time=dt * np.arange(first, last + 1),
            frame=_FRAME,
            origin=origin,
            whole=True,
        )


def _as_any(signals: dict[str, Array]) -> dict[str, Any]:
    return dict(signals)


def _kept(
    file: File, label: dict[str, npt.NDArray[np.object_]], types: str
) -> npt.NDArray[np.bool_]:
    """Rows of the tracks that are asked for."""
    kinds, track = label["object_type"], label["track_id"]
    if types == "all":
        return np.ones(len(track), dtype=bool)
    if types == "focal":
        if "focal_track_id" not in label:
            raise DataError(
                f"{file.path}: no column 'focal_track_id', expected one for types=focal"
            )
        kept = np.asarray(track == label["focal_track_id"], dtype=bool)
    else:
        kept = np.asarray(kinds == types, dtype=bool)
    if not kept.any():
        known = ", ".join(sorted(set(kinds.tolist()))[:12])
        raise UsageError(
            f"{file.path}: has no tracks of type {types!r}",
            hint=f"--set types=NAME, one of all, focal, {known}",
        )
    return kept


def _check_steps(rows: Rows, step: npt.NDArray[np.int64]) -> None:
    wrong = (step < 0) | (step >= _MOST_STEPS)
    if wrong.any():
        index = int(np.argmax(wrong))
        raise DataError(
            f"{rows.at(index)}: timestep: got {step[index]}, expected 0 to {_MOST_STEPS}"
        )


def _dt(file: File, content: Any, span: list[str]) -> tuple[float, str]:
    """The time between two steps, and where it comes from."""
    if len(span) < len(_SPAN):
        return _STEP, f"{_STEP:g} s, the data set's 10 Hz; {file.path.name} has no timestamps"
    start, end, count = (float(numbers(content.column(one))[0]) for one in _SPAN)
    dt = round((end - start) * 1e-9 / (count - 1), 6) if count > 1 else np.nan
    if not 1e-3 <= dt <= 1e3:
        raise DataError(
            f"{file.path}, row 1: got start_timestamp {start:g} ns, end_timestamp {end:g} ns and "
            f"num_timestamps {count:g}, expected steps of about {_STEP:g} s"
        )
    return dt, f"start_timestamp and end_timestamp of {file.path.name}, {count - 1:g} steps apart"


def _tracks(
    rows: Rows,
    track: npt.NDArray[np.object_],
    step: npt.NDArray[np.int64],
    places: npt.NDArray[np.intp],
) -> Iterator[tuple[tuple[str, ...], Any, Any, int, int]]:
    """Tracks with the same first and last step: their ids, rows, case of each row, and the steps.

    In the order of the file.
    """
    names, begin, case = np.unique(track[places], return_index=True, return_inverse=True)
    order = np.lexsort((step[places], case))
    own, of = places[order], case[order]
    twice = (of[1:] == of[:-1]) & (step[own][1:] == step[own][:-1])
    if twice.any():
        index = int(own[np.argmax(twice) + 1])
        raise DataError(
            f"{rows.at(index)}: track {track[index]!r} has timestep {step[index]} twice"
        )
    starts = np.searchsorted(of, np.arange(len(names) + 1))
    first, last = step[own[starts[:-1]]], step[own[starts[1:] - 1]]
    groups: dict[tuple[int, int], list[int]] = {}
    for one in np.argsort(begin, kind="stable").tolist():
        groups.setdefault((int(first[one]), int(last[one])), []).append(one)
    for (low, high), members in groups.items():
        most = cases_in_block((high - low + 1) * 8 * 4)
        for at in range(0, len(members), most):
            some = members[at : at + most]
            where = np.concatenate([own[starts[one] : starts[one + 1]] for one in some])
            count = [int(starts[one + 1] - starts[one]) for one in some]
            cases = np.repeat(np.arange(len(some)), count)
            yield tuple(str(names[one]) for one in some), where, cases, low, high
