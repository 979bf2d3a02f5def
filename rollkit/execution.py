"""How a run is carried out: by whom, and what is kept of it. Nothing here changes a number."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

LOCAL: Final = "local"


@dataclass(frozen=True)
class Execution:
    """Who does the work, and which files get the values of each rollout.

    Parameters
    ----------
    workers : int or "auto"
        How many at once.
    executor : str
        `local`, or the name of an executor that a plugin brings.
    scheduler : str, optional
        Where that executor's workers wait for work.
    save, save_trajectories : Path, optional
        Parquet files for the values and for the trajectories of every rollout.
    resume : bool
        Go on where an interrupted run left these files.
    force : bool
        Replace whatever files stand there, and remove what an interrupted run has kept.
    keep_values : bool
        Keep the values of every rollout in memory, too.
    """

    workers: int | str = 1
    executor: str = LOCAL
    scheduler: str | None = None
    save: Path | None = None
    save_trajectories: Path | None = None
    resume: bool = False
    force: bool = False
    keep_values: bool = False

    @property
    def files(self) -> list[Path]:
        """The files that are to keep something of each rollout."""
        return [one for one in (self.save, self.save_trajectories) if one is not None]


def place(path: str | Path | None) -> Path | None:
    """Where a file is now, wherever a plugin may change to."""
    return None if path is None else Path(path).absolute()


HERE: Final = Execution()  # in this process, keeping nothing
