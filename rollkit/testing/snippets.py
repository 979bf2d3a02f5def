"""A counterexample as Python that can be pasted."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from rollkit.declare import Spec
from rollkit.model import Actions, State, Trajectory
from rollkit.rollouts import Rollout


def code(value: Any) -> str:
    """A value as the Python expression that makes it.

    >>> code(Actions([1.0], [0.0], 0.1))
    'Actions(accel=[1.0], curvature=[0.0], dt=0.1)'
    """
    if isinstance(value, Actions):
        fields = {"accel": value.accel, "curvature": value.curvature, "dt": value.dt}
        return _call("Actions", fields)
    if isinstance(value, State):
        return _call("State", {one: getattr(value, one) for one in ("x", "y", "yaw", "speed")})
    if isinstance(value, Trajectory):
        fields = {one: getattr(value, one) for one in ("x", "y", "yaw", "speed")}
        return _call("Trajectory", {**fields, "dt": value.dt})
    if isinstance(value, Rollout):
        names = ("trajectory", "actions", "reference", "vehicle")
        parts = {one: getattr(value, one) for one in names}
        given = {name: one for name, one in parts.items() if one is not None}
        told = _call("Rollout", given)
        if value.probability is not None:
            share = code(value.probability)
            share = share if share.startswith("np.") else f"np.array({share})"
            told = f"{told[:-1]}, probability={share})"
        return told if value.given == 1 else f"{told[:-1]}, given={value.given})"
    if isinstance(value, np.ndarray):
        if value.size == 0:
            return f"np.zeros({value.shape})"
        numbers = repr(value.tolist())
        return numbers if value.dtype != np.float32 else f"np.array({numbers}, np.float32)"
    if isinstance(value, tuple):
        return f"({', '.join(map(code, value))}{',' * (len(value) == 1)})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {code(one)}' for key, one in value.items())}}}"
    return repr(value)


def _call(name: str, fields: Mapping[str, Any]) -> str:
    return f"{name}({', '.join(f'{key}={code(one)}' for key, one in fields.items())})"


def repeating(plugin: str | None, spec: Spec, law: str, drawn: Mapping[str, Any]) -> str:
    """Lines that do one example of one check again and raise what it raised.

    `plugin` is a name or a file; without one the function is imported from its module.
    """
    arguments = "".join(f"    {name}={code(value)},\n" for name, value in drawn.items())
    names = {"Actions", "Rollout", "State", "Trajectory", "Vehicle"}
    used = sorted(name for name in names if f"{name}(" in arguments)
    lines = ["import numpy as np"] if "np." in arguments else []
    if used:
        lines.append(f"from rollkit import {', '.join(used)}")
    lines.append("from rollkit.testing import repeat")
    source = repr(plugin)
    if plugin is None:
        source = spec.function.__name__
        lines.append(f"from {spec.function.__module__} import {source}")
    call = f"repeat(\n    {source}, {spec.name!r}, {law!r},\n{arguments})"
    return "\n".join([*lines, "", call])
