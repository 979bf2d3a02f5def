"""What stands in one panel of the picture: the checks of one name, of one signal."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rollkit.explaining.views import Seen, Series, View
from rollkit.pictures.styles import Style, style

Limit = float | Series | None


class Entry(NamedTuple):
    """A check of a preset, the preset's view, and how it looks."""

    view: View
    seen: Seen
    style: Style

    @property
    def series(self) -> Series | None:
        """The signal; None where there is none to draw."""
        found = self.view.signals.get(self.seen.check.signal)
        return found if found is not None and np.isfinite(found.values).any() else None

    @property
    def limits(self) -> tuple[Limit, Limit]:
        """The lower and the upper limit: a number, a series, or None."""
        return self.view.limit(self.seen.check.low), self.view.limit(self.seen.check.high)


class Group(NamedTuple):
    """What is drawn in one panel."""

    signal: str
    unit: str
    entries: list[Entry]

    @property
    def title(self) -> str:
        """What it is, and its unit as one writes it."""
        shown = [one for one in self.entries if one.series is not None] or self.entries
        checks = [one.seen.check for one in shown]
        named = [one for one in checks if one.name == self.signal] or checks
        meaning = named[0].meaning[:1].upper() + named[0].meaning[1:]
        unit = self.unit.replace("^2", "²").replace("^3", "³")
        return meaning if unit == "1" else f"{meaning} [{unit}]"


def grouped(views: Sequence[View]) -> list[Group]:
    """The panels: checks of one name stand together, and with them those of the same signal."""
    signals: dict[str, str] = {}  # of a check, as the first preset that has it says
    groups: dict[tuple[str, str], Group] = {}
    for number, view in enumerate(views):
        for name, seen in view.seen.items():
            key = signals.setdefault(name, seen.check.signal), seen.check.unit
            group = groups.setdefault(key, Group(*key, []))
            group.entries.append(Entry(view, seen, style(number)))
    return list(groups.values())
