"""In what two descriptions of a run differ, for the one line that says so."""

import json
from collections.abc import Iterator
from typing import Any

_MOST = 3
_LONGEST = 80
_ABSENT = object()


def difference(there: Any, here: Any) -> str:
    """The first differences by their dotted paths; nothing where there is none.

    >>> difference({"seeds": [0, 10], "dt": 0.1}, {"seeds": [0, 20], "dt": 0.1})
    'seeds: [0, 10] there, [0, 20] here'
    """
    lines = list(_differences("", there, here))
    more = [f"and {len(lines) - _MOST} more"] if len(lines) > _MOST else []
    return "; ".join(lines[:_MOST] + more)


def _differences(path: str, there: Any, here: Any) -> Iterator[str]:
    if isinstance(there, dict) and isinstance(here, dict):
        for name in {**here, **there}:
            inner = f"{path}.{name}" if path else name
            yield from _differences(inner, there.get(name, _ABSENT), here.get(name, _ABSENT))
    elif _items(there) and _items(here) and len(there) == len(here):
        for index, pair in enumerate(zip(there, here, strict=True)):
            yield from _differences(f"{path}.{index}", *pair)
    elif _text(there) != _text(here):
        yield f"{path}: {_short(there)} there, {_short(here)} here"


def _items(value: Any) -> bool:
    """Whether it is a list of things that have names inside, not of plain values."""
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _text(value: Any) -> str:
    # As text, not by ==: 5 and 5.0 are other bytes in the file.
    return "nothing" if value is _ABSENT else json.dumps(value, ensure_ascii=False)


def _short(value: Any) -> str:
    text = _text(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
