"""The hooks of rollkit. This file documents them and holds no logic.

A plugin is a module (or any object) with functions of these names, each marked `@hookimpl`. rollkit
calls every implementation by itself inside a guard, so one that fails takes nothing else with it.
"""

from collections.abc import Callable, Iterable
from typing import Any

import pluggy

hookspec = pluggy.HookspecMarker("rollkit")
hookimpl = pluggy.HookimplMarker("rollkit")


@hookspec
def rollkit_metrics() -> Iterable[Callable[..., Any]]:
    """Return the plugin's metrics: functions declared with `@metric`."""
    return ()


@hookspec
def rollkit_integrators() -> Iterable[Callable[..., Any]]:
    """Return the plugin's integrators: functions declared with `@integrator`."""
    return ()


@hookspec
def rollkit_action_sources() -> Iterable[Callable[..., Any]]:
    """Return the plugin's action sources: functions declared with `@action_source`."""
    return ()


@hookspec
def rollkit_executors() -> Iterable[Callable[..., Any]]:
    """Return the plugin's executors: functions declared with `@executor`."""
    return ()


@hookspec
def rollkit_readers() -> Iterable[Callable[..., Any]]:
    """Return the plugin's readers: functions declared with `@reader`."""
    return ()


@hookspec
def rollkit_inverses() -> Iterable[Callable[..., Any]]:
    """Return the plugin's inverses: functions declared with `@inverse`."""
    return ()


@hookspec
def rollkit_baselines() -> Iterable[Callable[..., Any]]:
    """Return the plugin's baselines: functions declared with `@baseline`."""
    return ()


@hookspec
def rollkit_reporters() -> Iterable[Callable[..., Any]]:
    """Return the plugin's reporters: functions declared with `@reporter`."""
    return ()


@hookspec
def rollkit_presets() -> Iterable[Callable[..., Any]]:
    """Return the plugin's presets: functions declared with `@preset`."""
    return ()
