"""How every number came about, as the page says it."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from rollkit import RunResult, Shown
from rollkit_html.words import setting


def provenance(shown: Shown) -> dict[str, Any]:
    """Everything needed to do a result again."""
    result = shown.result
    artifact = result.to_dict()
    said = dict(result.provenance)
    argv = said.pop("argv", None)
    inputs = said.pop("inputs", None)
    return {
        "label": shown.label,
        "commands": _commands(shown, argv),
        "spec": pretty(artifact["run" if is_run(shown) else "eval"]),
        "said": {name: pretty(value) for name, value in said.items()},
        "inputs": [
            dict(one) if isinstance(one, Mapping) else {"input": one} for one in inputs or ()
        ],
        "plugins": [one._asdict() for one in result.plugins],
        "volatile": {name: pretty(value) for name, value in result.volatile.items()},
        "cells": [
            {"source": one.source, "integrator": one.integrator, "params": setting(one.params)}
            for one in (result.cells if isinstance(result, RunResult) else ())
        ],
        "cases": None if isinstance(result, RunResult) else pretty(dict(result.cases)),
    }


def _commands(shown: Shown, argv: list[str] | None) -> dict[str, str]:
    verb = "run" if is_run(shown) else "eval"
    found = {}
    if shown.label.endswith(".json"):
        found["do it again, exactly"] = shlex.join(["rollkit", verb, "--from", shown.label])
    if argv:
        found["as it was called"] = shlex.join(["rollkit", *argv])
    return found


def is_run(shown: Shown) -> bool:
    """Whether it is a run; an evaluation otherwise."""
    return isinstance(shown.result, RunResult)


def pretty(value: Any) -> str:
    """JSON that is read, not only parsed; text as it stands."""
    if isinstance(value, str):
        return value
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)
