"""How large a difference may be without being one: `0.1`, `5%`, or metric by metric."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rollkit.errors import UsageError, unknown

Amount = float | int | str
Amounts = Amount | Mapping[str, Amount]

_EXPECTED = "expected a number, a share of the base's mean (5%), or name=5%,other=0.1"


class Size(NamedTuple):
    """A number in the metric's unit, or a share of the magnitude of the base's mean."""

    value: float
    relative: bool = False

    def of(self, base_mean: float | None) -> float:
        """In the metric's unit; of a mean of 0 or of none, a share is 0."""
        return self.value * abs(base_mean or 0.0) if self.relative else self.value

    def factors(self, base_mean: float | None) -> tuple[float, float]:
        """What the base is multiplied by to be that much below itself, and above; 1 if by a number.

        Of a negative mean -2, 5 % below is -2.1: the factors are 1.05 and 0.95.
        """
        if not self.relative or not base_mean:
            return 1.0, 1.0
        share = math.copysign(self.value, base_mean)
        return 1.0 - share, 1.0 + share

    def __str__(self) -> str:
        return f"{100 * self.value:g}%" if self.relative else f"{self.value:g}"


NOTHING = Size(0.0)


@dataclass(frozen=True)
class Sizes:
    """The sizes by metric, and that of all others; None is none."""

    by_name: Mapping[str, Size]
    others: Size | None

    def of(self, metric: str) -> Size | None:
        """That of a metric."""
        return self.by_name.get(metric, self.others)

    def every(self) -> list[Size]:
        """All of them."""
        return [*self.by_name.values(), *([] if self.others is None else [self.others])]

    def check(self, what: str, known: Iterable[str]) -> None:
        """Refuse metrics that are not compared.

        Raises
        ------
        UsageError
        """
        known = list(known)
        for name in self.by_name:
            if name not in known:
                raise unknown("metric", name, known, of=what)


def sizes(what: str, given: Amounts | None) -> Sizes:
    """What the caller says. `what` is the argument's name.

    Raises
    ------
    UsageError
        No such size.

    Examples
    --------
    >>> some = sizes("tolerance", "2%,max_abs_jerk=0.1")
    >>> str(some.of("max_abs_jerk")), str(some.of("min_speed"))
    ('0.1', '2%')
    """
    if given is None:
        return Sizes({}, None)
    if isinstance(given, Mapping):
        return Sizes(
            {str(name): _size(f"{what}: {name}", one) for name, one in given.items()}, None
        )
    if not isinstance(given, str):
        return Sizes({}, _size(what, given))
    by_name: dict[str, Size] = {}
    others: Size | None = None
    for part in given.split(","):
        name, sign, amount = (one.strip() for one in part.rpartition("="))
        if not sign and others is None:
            others = _size(what, amount)
        elif not sign:
            raise UsageError(f"{what}: got {given!r}, which has two for all metrics; {_EXPECTED}")
        elif name in by_name or not name:
            raise UsageError(
                f"{what}: got {given!r}, which has {name!r} twice; {_EXPECTED}"
                if name
                else f"{what}: got {part!r}; {_EXPECTED}"
            )
        else:
            by_name[name] = _size(f"{what}: {name}", amount)
    return Sizes(by_name, others)


def _size(what: str, given: Amount) -> Size:
    text = str(given).strip()
    relative = isinstance(given, str) and text.endswith("%")
    try:
        value = float(text.removesuffix("%") if relative else given)
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if isinstance(given, bool) or not math.isfinite(value) or value < 0:
        raise UsageError(f"{what}: got {given!r}; {_EXPECTED}, 0 or more")
    return Size(value / 100 if relative else value, relative)
