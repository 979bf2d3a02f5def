"""Numbers and units as people read them, and names as the page's own."""

import math
from collections.abc import Mapping
from typing import Any

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
DASH = "–"


def number(value: Any, *, digits: int = 5) -> str:
    """A number in five digits, text as it is, a dash where there is nothing.

    >>> number(3.9774511), number(-0.25), number(12), number(None), number(1e-7)
    ('3.9775', '−0.25', '12', '–', '1e−07')
    """
    if value is None:
        return DASH
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(value)
    if math.isnan(value):
        return DASH
    text = f"{value:,}" if isinstance(value, int) else f"{value:.{digits}g}"
    return text.replace("-", "−").replace("inf", "∞")


def unit(text: str) -> str:
    """A unit with raised powers; nothing for a plain number.

    >>> unit("m/s^2"), unit("1/(m s)"), unit("1")
    ('m/s²', '1/(m s)', '')
    """
    if text == "1":
        return ""
    first, *powers = text.split("^")
    return first + "".join(_raised(one) for one in powers)


def _raised(text: str) -> str:
    """Digits at the beginning of a text, raised; without any, the text with its sign."""
    rest = text.lstrip("-0123456789")
    power = text[: len(text) - len(rest)]
    return f"{power.translate(_SUPERSCRIPTS)}{rest}" if power else f"^{rest}"


def with_unit(value: float | None, of: str) -> str:
    """A number and its unit.

    >>> with_unit(4.0, "m/s^3"), with_unit(0.5, "1")
    ('4 m/s³', '0.5')
    """
    return f"{number(value)} {unit(of)}".rstrip()


def plural(count: int, what: str) -> str:
    """How many there are of something.

    >>> plural(1, "gate"), plural(12000, "case")
    ('1 gate', '12,000 cases')
    """
    return f"{count:,} {what}{'s' * (count != 1)}"


def setting(params: Mapping[str, Any]) -> str:
    """Options in one line.

    >>> setting({"speed": 8.0, "noise": 0})
    'speed=8, noise=0'
    """
    return ", ".join(f"{name}={_plain(value)}" for name, value in params.items())


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
