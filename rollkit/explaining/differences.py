"""Where the verdicts of presets differ, and why: in the words of their declared quirks."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from rollkit.declare import OVER, Check, Quirk, touches
from rollkit.explaining.views import Seen, Series, View

_ROUNDING = 1e-9  # in SI units: less than anybody measures
_NOTICED = 0.05  # of a value and of a limit: further apart, numbers are worth a line


class Row(NamedTuple):
    """A check, and what each preset that has it says."""

    name: str
    unit: str
    meaning: str
    seen: dict[str, Seen]  # by the name of the preset

    @property
    def differs(self) -> bool:
        """Whether one preset passes what another does not."""
        return {True, False} <= {one.ok for one in self.seen.values()}

    @property
    def noticeable(self) -> bool:
        """Whether the numbers are clearly apart, and not only the limits."""
        shares = [one.share for one in self.seen.values() if one.share is not None]
        values = [one.value for one in self.seen.values() if one.value is not None]
        apart = not np.allclose(values, values[:1] or 0.0, rtol=_NOTICED)
        return apart and max(shares, default=0) - min(shares, default=0) > _NOTICED

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        return {
            "name": self.name,
            "unit": self.unit,
            "meaning": self.meaning,
            "differs": self.differs,
            "presets": {name: one.to_dict() for name, one in self.seen.items()},
        }


class Reason(NamedTuple):
    """Why verdicts differ: a quirk of a preset, or what both are to each other."""

    text: str
    preset: str | None = None
    quirk: str | None = None

    def __str__(self) -> str:
        if self.quirk is not None:
            return f"{self.preset}, {self.quirk}: {self.text}"
        return self.text if self.preset is None else f"{self.preset}: {self.text}"


class Difference(NamedTuple):
    """A check on which verdicts or numbers differ, and the reasons."""

    row: Row
    reasons: tuple[Reason, ...]

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        return {
            "check": self.row.name,
            "verdicts": {name: one.verdict for name, one in self.row.seen.items()},
            "reasons": [one._asdict() for one in self.reasons],
        }


def rows_of(views: Sequence[View]) -> list[Row]:
    """Each check once, in the order of the presets; of one name and unit, they are the same."""
    found: dict[tuple[str, str], Row] = {}
    for view in views:
        for name, seen in view.seen.items():
            check = seen.check
            row = found.setdefault((name, check.unit), Row(name, check.unit, check.meaning, {}))
            row.seen[view.name] = seen
    return list(found.values())


def number(value: float | None) -> str:
    """A number as it is told; what rounding leaves of 0 is 0.

    >>> number(1.23456), number(-7e-12), number(None)
    ('1.235', '0', '-')
    """
    return "-" if value is None else f"{value if abs(value) > _ROUNDING else 0.0:.4g}"


def differences(
    rows: Sequence[Row], views: Sequence[View], corrected: Sequence[View] = ()
) -> list[Difference]:
    """Every check on which the verdicts differ, with the reasons."""
    return [Difference(one, tuple(_reasons(one, views, corrected))) for one in rows if one.differs]


def _reasons(row: Row, views: Sequence[View], corrected: Sequence[View]) -> Iterator[Reason]:
    judging = [one for one in views if one.name in row.seen and row.seen[one.name].ok is not None]
    seen = {one.name: row.seen[one.name] for one in judging}
    limits = _limits(judging, row)
    if len(limits) > 1:
        yield Reason(f"the limits differ: {_listed(limits)}")
    over = _whose({name: OVER[one.check.over] for name, one in seen.items()})
    if len(over) > 1:
        yield Reason(f"what is held to the limits differs: {_listed(over)}")
    same = _same(judging, row)
    if same and not any(_varying(one.check) for one in seen.values()):
        return
    quirks = list(quirks_of(row, judging))
    yield from quirks
    yield from _without(row, judging, corrected)
    if not quirks and not same:
        yield Reason("no quirk of it is declared; the signals are derived differently")
        yield from (Reason(one.preset.definition, preset=one.name) for one in judging)


def _varying(check: Check) -> list[str]:
    """The signals that limit a check."""
    return [one for one in (check.low, check.high) if isinstance(one, str)]


def _limits(views: Sequence[View], row: Row) -> dict[str, list[str]]:
    """The limits in text, and whose they are; of those that vary the same, one text."""
    whose: dict[str, list[str]] = {}
    found: list[tuple[View, str]] = []
    for view in views:
        seen = row.seen[view.name]
        text = f"{seen.limits} {row.unit}"
        alike = (said for other, said in found if _limited_alike(view, other, row))
        if _varying(seen.check):
            text = next(alike, text if seen.time is None else f"{text} at {seen.time:.4g} s")
        found.append((view, text))
        whose.setdefault(text, []).append(view.name)
    return whose


def _limited_alike(view: View, other: View, row: Row) -> bool:
    mine, theirs = (row.seen[one.name].check for one in (view, other))
    if (mine.low, mine.high, mine.strict) != (theirs.low, theirs.high, theirs.strict):
        return False
    return all(_equal(view.signals[one], other.signals[one]) for one in _varying(mine))


def _whose(texts: dict[str, str]) -> dict[str, list[str]]:
    """Each text once, and the presets whose it is."""
    whose: dict[str, list[str]] = {}
    for name, text in texts.items():
        whose.setdefault(text, []).append(name)
    return whose


def _listed(whose: dict[str, list[str]]) -> str:
    return ", ".join(f"{text} by {' and '.join(names)}" for text, names in whose.items())


def quirks_of(row: Row, views: Sequence[View]) -> Iterator[Reason]:
    """The quirks that concern a check, of each preset that has it."""
    for view in views:
        if view.name in row.seen:
            seen = row.seen[view.name]
            for quirk in view.quirks:
                if touches(quirk, seen.check) and not _rounds_too_little(quirk, seen):
                    yield Reason(quirk.text, preset=view.name, quirk=quirk.name)


def _rounds_too_little(quirk: Quirk, seen: Seen) -> bool:
    """Whether it does nothing but round numbers that are further from the limit than that."""
    return seen.margin is not None and 0 < quirk.resolution < abs(seen.margin)


def _without(row: Row, views: Sequence[View], corrected: Sequence[View]) -> Iterator[Reason]:
    """What the check says by the corrected definitions, which have none of the quirks."""
    faithful = {one.name for one in views}
    for view in corrected:
        seen = view.seen.get(row.name)
        if view.preset.corrects in faithful and seen is not None and seen.value is not None:
            said = f"without these, {number(seen.value)} {row.unit}, {seen.verdict}"
            yield Reason(said, preset=view.name)


def _same(views: Sequence[View], row: Row) -> bool:
    """Whether all of them look at one and the same signal."""
    first, *others = (one.signals[row.seen[one.name].check.signal] for one in views)
    return all(_equal(first, other) for other in others)


def _equal(one: Series, other: Series) -> bool:
    return one.values.shape == other.values.shape and all(
        np.allclose(mine, theirs, rtol=1e-9, atol=1e-12, equal_nan=True)
        for mine, theirs in zip(one, other, strict=True)
    )
