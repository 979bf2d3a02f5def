"""Logs of a known drive, written in every format by means other than the readers'."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
from scipy.spatial.transform import Rotation

from rollkit import Draws, Episodes, Rollout
from rollkit_logs.recorded import recorded
from rollkit_std.integrators.exact import exact

# Camera axes (x right, y down, z forward) in terms of the body's (x forward, y left, z up).
CAMERA_FROM_BODY = np.array([[0.0, -1, 0], [0, 0, -1], [1, 0, 0]])


@dataclass(frozen=True)
class Truth:
    t: np.ndarray
    x: np.ndarray
    y: np.ndarray
    yaw: np.ndarray

    @property
    def body(self) -> Rotation:
        """Pitched and rolled a little, which must not touch the yaw."""
        tilt = 0.05 * np.sin(self.t)
        return Rotation.from_euler("ZYX", np.stack([self.yaw, tilt, -tilt], axis=-1))

    def kitti(self) -> str:
        rotation = CAMERA_FROM_BODY @ self.body.as_matrix() @ CAMERA_FROM_BODY.T
        position = np.stack([self.x, self.y, 0.1 * self.t], axis=-1) @ CAMERA_FROM_BODY.T
        return lines(np.concatenate([rotation, position[:, :, None]], axis=2).reshape(-1, 12))

    def times(self) -> str:
        return lines(self.t[:, None])

    def tum(self) -> str:
        poses = np.stack([self.t, self.x, self.y, 0.1 * self.t], axis=-1)
        return "# t x y z qx qy qz qw\n" + lines(np.hstack([poses, self.body.as_quat()]))

    def csv(self, *, yaw: bool = True) -> str:
        columns = [self.t, self.x, self.y, *([self.yaw] if yaw else [])]
        header = "t,x,y,yaw" if yaw else "t,x,y"
        return f"{header}\n" + lines(np.stack(columns, axis=-1), separator=",")

    def parquet(self, path: Path) -> None:
        columns = {"yaw": self.yaw, "y": self.y, "x": self.x, "t": self.t}
        pyarrow.parquet.write_table(pyarrow.table(columns), path)


def lines(rows: np.ndarray, separator: str = " ") -> str:
    return "".join(separator.join(repr(float(one)) for one in row) + "\n" for row in rows)


@pytest.fixture
def left_turn() -> Truth:
    """A quarter of a circle of 20 m to the left, at 5 m/s and 10 Hz, starting north-east."""
    t = np.arange(63) * 0.1
    yaw = np.pi / 4 + 5 / 20 * t
    x = 20 * (np.sin(yaw) - np.sin(yaw[0])) + 3
    y = -20 * (np.cos(yaw) - np.cos(yaw[0])) - 7
    return Truth(t, x, y, yaw)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a text file and return its path."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def log(write: Callable[[str, str], Path]) -> Callable[..., Path]:
    """Write t, x, y and optionally yaw as a CSV log and return its path."""

    def written(t, x, y, yaw=None) -> Path:
        truth = Truth(*np.broadcast_arrays(*map(np.asarray, (t, x, y, 0 if yaw is None else yaw))))
        return write("drive.csv", truth.csv(yaw=yaw is not None))

    return written


@pytest.fixture
def drive() -> Callable[..., tuple[Episodes, Rollout]]:
    """Call `recorded` and roll its actions out with `exact`."""

    def driven(path: Path, *, seeds: tuple[int, int] = (0, 1), **options):
        episodes = recorded(Draws(*seeds), path=path, **options)
        trajectory = exact(episodes.initial, episodes.actions)
        return episodes, Rollout(trajectory, episodes.actions, episodes.reference)

    return driven
