"""The action source `recorded`: drives a pose log again; and the metrics of how far it strays."""

from pathlib import Path
from typing import Annotated

import numpy as np

from rollkit import Actions, Draws, Episodes, Param, State, Trajectory, action_source, hookimpl
from rollkit_logs.clock import clock
from rollkit_logs.deviation import final_deviation, max_deviation, mean_deviation
from rollkit_logs.drive import drive
from rollkit_logs.motion import HeadingOrigin
from rollkit_logs.readers import Format, read
from rollkit_logs.resample import Method
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
    format: Annotated[Format, Param(doc="the log's format; auto looks at the file")] = "auto",
    resample: Annotated[Method, Param(doc="how samples come to a uniform time step")] = "cubic",
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
    name, log = read(path, format)
    time = clock(log, dt=dt, times=times)
    driven = drive(
        log, time, resample=resample, smooth=smooth, heading=heading, standstill=standstill
    )
    cut = windows(driven.steps, time.dt, horizon, draws)
    start = cut.starts(draws)
    steps = start[:, None] + np.arange(cut.steps)
    instants = start[:, None] + np.arange(cut.steps + 1)
    again, before = driven.smoothed, driven.recorded
    return Episodes(
        initial=State(
            driven.x[start], driven.y[start], again.heading[start], again.forward_speed[start]
        ),
        actions=Actions(again.accel[steps], again.curvature[steps], time.dt),
        reference=Trajectory(
            driven.x[instants],
            driven.y[instants],
            before.heading[instants],
            before.speed[instants],
            time.dt,
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


@hookimpl
def rollkit_action_sources():
    return [recorded]


@hookimpl
def rollkit_metrics():
    return [mean_deviation, max_deviation, final_deviation]
