"""Examples as they are embedded: paths seen from their start, signals over time, few points."""

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rollkit import Example, Rollout, Trajectory, signals_of
from rollkit_html.compact import short

Floats = npt.NDArray[np.floating]

SAMPLES = 12  # of one example that are drawn
_NUMBERS = 100_000  # of all examples of one side
_SERIES = 9  # that one sample has: x, y, its signals over time
_FEWEST, _MOST = 60, 600  # points of a line
_ARROWS = 8  # along a path


class Start(NamedTuple):
    """Where a path begins: what is ahead and to the left is seen from there."""

    x: float
    y: float
    yaw: float

    def seen(self, one: Trajectory) -> tuple[Floats, Floats, Floats]:
        """x ahead, y to the left and the yaw, each as the trajectory is shaped."""
        x, y = one.x - self.x, one.y - self.y
        cosine, sine = np.cos(self.yaw), np.sin(self.yaw)
        return cosine * x + sine * y, cosine * y - sine * x, one.yaw - self.yaw


def traces(examples: Sequence[Example]) -> list[dict[str, Any]]:
    """All examples, of which each has its share of the numbers that fit into the page."""
    lines = sum(
        min(SAMPLES, _samples(one)) + (one.rollout.reference is not None) for one in examples
    )
    most = int(np.clip(_NUMBERS // max(1, lines * _SERIES), _FEWEST, _MOST))
    return [_trace(one, most) for one in examples]


def _samples(example: Example) -> int:
    return example.rollout.batch[0]


def _trace(example: Example, most: int) -> dict[str, Any]:
    rollout = example.rollout
    first, likely = _main(example)
    rest = [one for one in range(_samples(example)) if one != first]
    shown = [first, *rest[: SAMPLES - 1]]
    start = _start(rollout.trajectory, first)
    ahead, left, yaw = start.seen(rollout.trajectory)
    places = _evenly(ahead.shape[-1], most)
    found: dict[str, Any] = {
        "name": example.name,
        "why": list(example.wanted.why),
        "again": example.again,
        "samples": _samples(example),
        "main": first,
        "likely": likely,
        "dt": rollout.dt,
        "t": short(rollout.dt * places),
        "paths": [[_metres(ahead[one, places]), _metres(left[one, places])] for one in shown],
        "arrows": _arrows(ahead[first], left[first], yaw[first]),
        "signals": _signals(rollout, shown, most),
    }
    if rollout.reference is not None:
        found["reference"] = _path(rollout.reference, start, most)
        found["reference_signals"] = _signals(Rollout(_lifted(rollout.reference)), [0], most)
    if example.history is not None:
        found["history"] = _path(example.history, start, most)
    return found


def _main(example: Example) -> tuple[int, bool]:
    """The sample that is drawn in full, and whether it is so as the most likely one.

    The one that is meant; the most likely, where that is known; else the first.
    """
    rollout = example.rollout
    if example.wanted.sample is not None:
        return example.wanted.sample, False
    if rollout.probability is None or np.isnan(rollout.probability).all():
        return 0, False
    return int(np.nanargmax(rollout.probability)), True


def _start(one: Trajectory, sample: int) -> Start:
    x, y, yaw = one.x[sample], one.y[sample], one.yaw[sample]
    first = int(np.argmax(np.isfinite(x + y + yaw)))
    here = Start(float(x[first]), float(y[first]), float(yaw[first]))
    return here if np.isfinite(here).all() else Start(0.0, 0.0, 0.0)


def _path(one: Trajectory, start: Start, most: int) -> list[list[Any]]:
    ahead, left, _ = start.seen(one)
    places = _evenly(len(ahead), most)
    return [_metres(ahead[places]), _metres(left[places])]


def _metres(values: Floats) -> list[Any]:
    """To a tenth of a millimetre."""
    return short(np.round(values, 4) + 0.0)


def _lifted(one: Trajectory) -> Trajectory:
    """The same with a batch of one: `(1, T+1)`."""
    return Trajectory(one.x[None], one.y[None], one.yaw[None], one.speed[None], one.dt)


def _signals(rollout: Rollout, samples: Sequence[int], most: int) -> dict[str, Any]:
    """Signals by name, of each sample; the deviation from the reference is one of them."""
    found = {
        name: [_series(time, values[one], most) for one in samples]
        for name, _, time, values in signals_of(rollout)
    }
    if rollout.reference is not None:
        time = rollout.dt * np.arange(rollout.steps + 1)
        found["deviation"] = [_series(time, rollout.deviation[one], most) for one in samples]
    return found


def _series(time: Floats, values: Floats, most: int) -> dict[str, Any]:
    """A line over time: evenly spaced, or the lowest and the highest of every stretch of it."""
    if len(values) <= most:
        step = float(time[1] - time[0]) if len(time) > 1 else 0.0
        return {"a": short(time[:1]), "d": short([step])[0], "v": short(values)}
    kept = peaks(values, most)
    return {"t": short(time[kept]), "v": short(values[kept])}


def peaks(values: Floats, most: int) -> npt.NDArray[np.intp]:
    """The places of the lowest and the highest value of each of `most / 2` stretches, and the ends.

    A peak is never lost, nor is a gap where nothing is known.

    >>> import numpy as np
    >>> peaks(np.array([0.0, 0, 9, 0, 0, -3, 0, 0]), 4)
    array([0, 2, 4, 5, 7])
    """
    bounds = np.unique(np.linspace(0, len(values), max(1, most // 2) + 1).astype(int))
    places = {0, len(values) - 1}
    for low, high in itertools.pairwise(bounds.tolist()):
        part = values[low:high]
        unknown = np.isnan(part)
        if unknown.any():
            places.add(low + int(np.argmax(unknown)))
        if not unknown.all():
            places |= {low + int(np.nanargmin(part)), low + int(np.nanargmax(part))}
    return np.array(sorted(places), dtype=np.intp)


def _evenly(count: int, most: int) -> npt.NDArray[np.intp]:
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.intp))


def _arrows(x: Floats, y: Floats, yaw: Floats) -> list[list[Any]]:
    """Places at equal distances along the path, and the heading there: x, y, degrees."""
    known = np.flatnonzero(np.isfinite(x + y + yaw))
    if not len(known):
        return []
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x[known]), np.diff(y[known])))])
    wanted = np.linspace(0, along[-1], _ARROWS + 1)[1:]
    places = known[np.unique(np.searchsorted(along, wanted).clip(max=len(known) - 1))]
    return [_metres(np.array([x[one], y[one], np.degrees(yaw[one])])) for one in places.tolist()]
