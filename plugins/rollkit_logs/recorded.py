"""The action source `recorded`: drives a pose log again; and the metrics of how far it strays."""

from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from rollkit import (
    Actions,
    DataError,
    Draws,
    Episodes,
    File,
    Param,
    Poses,
    State,
    Trajectory,
    action_source,
    detect_format,
    hookimpl,
    read_poses,
)
from rollkit_logs.deviation import final_deviation, max_deviation, mean_deviation
from rollkit_logs.drive import Resample, drive
from rollkit_logs.motion import HeadingOrigin
from rollkit_logs.windows import windows


@action_source()
def recorded(
    draws: Draws,
    *,
    horizon: float | None = None,
    dt: float | None = None,
    path: Annotated[Path, Param(doc="the pose log")],
    times: Annotated[
        Path | None, Param(doc="file of times in s, one a line, for a log without any (kitti)")
    ] = None,
    format: Annotated[str, Param(doc="the log's format; auto looks at the file")] = "auto",
    resample: Annotated[Resample, Param(doc="how samples come to a uniform time step")] = "cubic",
    smooth: Annotated[
        float, Param("s", 0, 10, "window of the Savitzky-Golay filter; 0 smooths nothing")
    ] = 1.0,
    heading: Annotated[
        HeadingOrigin, Param(doc="heading from the direction of the path or the recorded yaw")
    ] = "path",
    standstill: Annotated[
        float, Param("m/s", 0.01, 5, "speed below which a step has no direction of its own")
    ] = 0.5,
) -> Episodes:
    """A recorded drive: accelerations and curvatures that follow a pose log, by finite differences.

    Without a horizon the whole drive is one rollout, seed 0; with one, seed i is the i-th window.
    Every rollout starts at the recorded position. The reference is the path as recorded: resampled,
    not smoothed. docs/recorded-drives.md says how the numbers come about.

    Raises
    ------
    DataError
        A log that cannot be read or driven; one line with file, line, got and expected.
    UsageError
        A seed or a horizon beyond the drive.
    """
    file = File(path)
    name = detect_format(file, format)
    driven = drive(
        str(path),
        _log(file, name, times),
        dt=dt,
        resample=resample,
        smooth=smooth,
        heading=heading,
        standstill=standstill,
    )
    cut = windows(driven.steps, driven.dt, horizon, draws)
    start = cut.starts(draws)
    steps = start[:, None] + np.arange(cut.steps)
    instants = start[:, None] + np.arange(cut.steps + 1)
    again, before = driven.smoothed, driven.recorded
    return Episodes(
        initial=State(
            driven.x[start], driven.y[start], again.heading[start], again.forward_speed[start]
        ),
        actions=Actions(again.accel[steps], again.curvature[steps], driven.dt),
        reference=Trajectory(
            driven.x[instants],
            driven.y[instants],
            before.heading[instants],
            before.speed[instants],
            driven.dt,
        ),
        notes={
            "format": name,
            **driven.notes,
            "windows": cut.count,
            "window_steps": cut.steps,
            "window_s": cut.seconds,
            "unused_steps": driven.steps - cut.count * cut.steps,
        },
    )


def _log(file: File, format: str, times: Path | None) -> Poses:
    """The only track in the file."""
    options: dict[str, Any] = {} if times is None else {"times": times}
    blocks = list(islice(read_poses(file, format, **options), 2))
    log = blocks[0]
    if len(blocks) > 1 or (log.cases, log.samples) != (1, 1):
        got = "several cases" if len(blocks) > 1 or log.cases > 1 else f"{log.samples} samples"
        raise DataError(
            f"{file.path}: got {got}, expected one recorded drive",
            hint="rollkit eval measures predictions",
        )
    if 0 in log.unusable:
        raise DataError(f"{file.path}: cannot be driven: {log.unusable[0]}")
    return log


@hookimpl
def rollkit_action_sources():
    return [recorded]


@hookimpl
def rollkit_metrics():
    return [mean_deviation, max_deviation, final_deviation]
