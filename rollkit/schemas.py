"""Whether JSON is shaped as a schema of ours says: looked at before anything trusts it.

Only what a reader relies on: kinds of values, words of a list, numbers that a float can hold. A
member that is missing or unknown is no fault here, so that what an earlier rollkit wrote is read.
"""

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_KINDS = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def fault(data: Any, schema: Path) -> str | None:
    """Where the data is not as the schema says, what was got and what expected; None if nowhere.

    >>> from rollkit.results import SCHEMA
    >>> fault({"metrics": [{"name": "ade", "n": "12"}]}, SCHEMA)
    'metrics[0].n: got "12", expected integer'
    """
    whole = _read(schema)
    return _fault(data, whole, whole, "")


@cache
def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _fault(value: Any, schema: Mapping[str, Any], whole: Any, where: str) -> str | None:
    if "$ref" in schema:
        schema = _referred(whole, schema["$ref"])
    kinds = schema.get("type")
    if kinds is not None:
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if not any(_is(value, kind) for kind in kinds):
            return _said(value, " or ".join(kinds), where)
    words = schema.get("enum")
    if words is not None and not any(value is one or value == one for one in words):
        return _said(value, f"one of {', '.join(map(str, words))}", where)
    if "minimum" in schema and isinstance(value, int | float) and value < schema["minimum"]:
        return _said(value, f"{schema['minimum']} or more", where)
    if isinstance(value, dict):
        return _of_object(value, schema, whole, where)
    if isinstance(value, list):
        return _of_array(value, schema, whole, where)
    return None


def _of_object(
    value: dict[str, Any], schema: Mapping[str, Any], whole: Any, where: str
) -> str | None:
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    for name, one in value.items():
        inner = known.get(name, others)
        if isinstance(inner, dict):
            found = _fault(one, inner, whole, f"{where}.{name}" if where else name)
            if found is not None:
                return found
    return None


def _of_array(value: list[Any], schema: Mapping[str, Any], whole: Any, where: str) -> str | None:
    least, most = schema.get("minItems", 0), schema.get("maxItems", math.inf)
    if not least <= len(value) <= most:
        expected = f"{least}" if least == most else f"{least} or more"
        return f"{where}: got {len(value)} values, expected {expected}"
    inner = schema.get("items")
    if inner is None:
        return None
    for number, one in enumerate(value):
        found = _fault(one, inner, whole, f"{where}[{number}]")
        if found is not None:
            return found
    return None


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return isinstance(value, _KINDS[kind]) and (kind == "boolean") is isinstance(value, bool)
    try:
        return isinstance(value, _KINDS[kind]) and math.isfinite(value)
    except OverflowError:  # a whole number beyond all floats
        return False


def _said(value: Any, expected: str, where: str) -> str:
    if isinstance(value, dict | list):
        got = "an object" if isinstance(value, dict) else "a list"
    else:
        got = _short(json.dumps(value))
    return f"{where or 'the whole'}: got {got}, expected {expected}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}..."


def _referred(whole: Any, name: str) -> Any:
    for step in name.removeprefix("#/").split("/"):
        whole = whole[step]
    return whole
