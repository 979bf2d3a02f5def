"""Of which dimension a declared unit is."""

import re

_BASE: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("1", "%", "rad", "deg"), (0, 0)),
    **dict.fromkeys(("m", "km", "cm", "mm"), (1, 0)),
    **dict.fromkeys(("s", "ms", "min", "h"), (0, 1)),
    "Hz": (0, -1),
}
_FACTOR = re.compile(r"([A-Za-z]+|1|%)(?:\^(-?\d+))?")


def dimension(unit: str) -> tuple[int, int] | None:
    """The powers of length and of time in a unit, or None for one that is not made of these.

    >>> dimension("m/s^3"), dimension("1/(m s)"), dimension("rad"), dimension("kWh")
    ((1, -3), (-1, -1), (0, 0), None)
    """
    over, _, under = unit.partition("/")
    length = time = 0
    for part, sign in ((over, 1), (under.strip("()"), -1)):
        for factor in part.replace("*", " ").split():
            found = _FACTOR.fullmatch(factor)
            if found is None or found[1] not in _BASE:
                return None
            power = sign * int(found[2] or 1)
            length += power * _BASE[found[1]][0]
            time += power * _BASE[found[1]][1]
    return length, time
