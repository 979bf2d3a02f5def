"""Cutting a drive into windows, one a seed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rollkit import Draws, UsageError


@dataclass(frozen=True)
class Windows:
    """`count` consecutive windows of `steps` steps each, from the first instant on."""

    steps: int
    count: int
    dt: float

    @property
    def seconds(self) -> float:
        """Length of a window, s."""
        return self.steps * self.dt

    def starts(self, draws: Draws) -> npt.NDArray[np.int64]:
        """The first instant of each seed's window, `(n,)`.

        Raises
        ------
        UsageError
            A seed beyond the last window.
        """
        first, stop = draws.first, draws.first + draws.count
        if stop > self.count:
            raise UsageError(
                f"recorded: got seeds {first}:{stop}, expected 0:{self.count}, as the drive holds "
                f"{self.count} window{'s' if self.count > 1 else ''} of {self.seconds:g} s",
                hint=f"--seeds {self.count} drives them all",
            )
        return self.steps * np.arange(first, stop)


def windows(steps: int, dt: float, horizon: float | None, draws: Draws) -> Windows:
    """The windows of a drive of so many steps; without a horizon the drive is one.

    Raises
    ------
    UsageError
        A horizon shorter than a step or longer than the drive, or several seeds without a horizon.
    """
    if horizon is None:
        if draws.first + draws.count > 1:
            raise UsageError(
                f"recorded: got seeds {draws.first}:{draws.first + draws.count}, but without a "
                "horizon the whole drive is one rollout, seed 0",
                hint="--horizon 6.4 cuts it into windows of 6.4 s, one a seed",
            )
        return Windows(steps, 1, dt)
    # The step of a log is what it is: the nearest whole number of steps, said in the notes.
    wanted = round(horizon / dt)
    if not 1 <= wanted <= steps:
        raise UsageError(
            f"recorded: horizon: got {horizon:g} s, expected from one step, {dt:g} s, to the whole "
            f"drive, {steps * dt:g} s"
        )
    return Windows(wanted, steps // wanted, dt)
