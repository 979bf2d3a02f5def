"""Loading plugins: import when named, call each hook in a guard, keep what it declares.

Hooks are never broadcast. One implementation that raises would take every other plugin's answer
with it, so each is called by itself and what it returns is attributed to its plugin.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar

import pluggy

from rollkit import discovery, hookspecs
from rollkit.declare import (
    ActionSourceSpec,
    BaselineSpec,
    ExecutorSpec,
    IntegratorSpec,
    InverseSpec,
    MetricSpec,
    PresetSpec,
    ReaderSpec,
    ReporterSpec,
    Spec,
    spec_of,
    where,
)
from rollkit.discovery import Available, normalized
from rollkit.errors import DeclarationError, Failure, PluginError, UsageError, unknown
from rollkit.guard import Origin, failure, guarded
from rollkit.presets import metrics_of

STARTER = "starter"
PRESETS = "presets"
FORMATS = "formats"
DISPLACEMENT = "displacement_starter"
BUNDLE = "rollkit_plugins"
GATES = "rollkit_gates"  # files of gates that a module brings

_SpecT = TypeVar(
    "_SpecT",
    MetricSpec,
    IntegratorSpec,
    ActionSourceSpec,
    ExecutorSpec,
    ReaderSpec,
    InverseSpec,
    BaselineSpec,
    PresetSpec,
    ReporterSpec,
)


@dataclass(frozen=True)
class Registered(Generic[_SpecT]):
    """What a plugin declares (a metric, an integrator ...), and the plugin it came from."""

    spec: _SpecT
    origin: Origin


class Plugins:
    """What has been loaded, by kind and name.

    Built-ins are loaded when one of them is asked for by name; everything else only through `load`.
    """

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager("rollkit")
        self._manager.add_hookspecs(hookspecs)
        self.origins: dict[str, Origin] = {}
        self.failures: list[Failure] = []
        self._members: dict[str, list[str]] = {}  # plugin -> those it bundles, and itself
        self.metrics: dict[str, Registered[MetricSpec]] = {}
        self.integrators: dict[str, Registered[IntegratorSpec]] = {}
        self.sources: dict[str, Registered[ActionSourceSpec]] = {}
        self.executors: dict[str, Registered[ExecutorSpec]] = {}
        self.readers: dict[str, Registered[ReaderSpec]] = {}
        self.inverses: dict[str, Registered[InverseSpec]] = {}
        self.baselines: dict[str, Registered[BaselineSpec]] = {}
        self.presets: dict[str, Registered[PresetSpec]] = {}
        self.reporters: dict[str, Registered[ReporterSpec]] = {}
        # hook -> what it must return, where that is kept, and the decorator that makes it
        self._hooks: dict[str, tuple[type[Spec], dict[str, Any], str]] = {
            "rollkit_metrics": (MetricSpec, self.metrics, "metric"),
            "rollkit_integrators": (IntegratorSpec, self.integrators, "integrator"),
            "rollkit_action_sources": (ActionSourceSpec, self.sources, "action_source"),
            "rollkit_executors": (ExecutorSpec, self.executors, "executor"),
            "rollkit_readers": (ReaderSpec, self.readers, "reader"),
            "rollkit_inverses": (InverseSpec, self.inverses, "inverse"),
            "rollkit_baselines": (BaselineSpec, self.baselines, "baseline"),
            "rollkit_presets": (PresetSpec, self.presets, "preset"),
            "rollkit_reporters": (ReporterSpec, self.reporters, "reporter"),
        }

    def load(self, names: Iterable[str]) -> list[str]:
        """Load the named plugins and those they bundle; the keys of all of them, in order.

        A plugin that fails is kept in `failures` and does not disturb the others.

        Raises
        ------
        UsageError
            A name that is not installed, or that two distributions claim.
        """
        found = [discovery.find(name) for name in names]  # wrong names first: nothing is loaded
        loaded: list[str] = []
        for one in found:
            loaded += self._load(one)
        return list(dict.fromkeys(loaded))

    def add(self, module: ModuleType) -> list[str]:
        """Load a plugin that is imported already; the keys of it and of those it bundles."""
        name = module.__name__.rpartition(".")[2]
        return self._load(Available(Origin(name, module.__name__), loaded=module))

    def metric(self, name: str) -> Registered[MetricSpec]:
        """The loaded or built-in metric of that name."""
        try:
            return self._lookup("metric", self.metrics, name)
        except UsageError as error:  # the hundreds of presets would bury the others
            plain = (one.spec.name for one in self.metrics.values() if one.spec.preset is None)
            known = ", ".join(sorted(plain)) or "none"
            presets = "`rollkit presets show NAME` has those of a preset"
            raise UsageError(error.message, hint=f"known: {known}; {presets}") from None

    def integrator(self, name: str) -> Registered[IntegratorSpec]:
        """The loaded or built-in integrator of that name."""
        return self._lookup("integrator", self.integrators, name)

    def source(self, name: str) -> Registered[ActionSourceSpec]:
        """The loaded or built-in action source of that name."""
        return self._lookup("action source", self.sources, name)

    def executor(self, name: str) -> Registered[ExecutorSpec]:
        """The loaded or built-in executor of that name."""
        return self._lookup("executor", self.executors, name)

    def reader(self, name: str) -> Registered[ReaderSpec]:
        """The loaded or built-in reader of that name."""
        return self._lookup("format", self.readers, name)

    def inverse(self, name: str) -> Registered[InverseSpec]:
        """The loaded or built-in inverse of that name."""
        return self._lookup("fitting method", self.inverses, name)

    def baseline(self, name: str) -> Registered[BaselineSpec]:
        """The loaded or built-in baseline of that name."""
        return self._lookup("baseline", self.baselines, name)

    def reporter(self, name: str) -> Registered[ReporterSpec]:
        """The loaded or built-in reporter of that name."""
        return self._lookup("reporter", self.reporters, name)

    def preset(self, name: str) -> Registered[PresetSpec]:
        """The loaded or built-in preset of that name."""
        self.load([PRESETS])
        return self._lookup("preset", self.presets, name)

    def gate_files(self, name: str) -> list[Path]:
        """The files of gates that a plugin brings, and those it bundles.

        Raises
        ------
        UsageError, PluginError
            No such plugin, or one that fails.
        """
        keys = self.load([name])
        if self.failures:
            raise PluginError(self.failures[0])
        return [file for key in keys for file in self.gate_files_of(key)]

    def gate_files_of(self, key: str) -> list[Path]:
        """The files of gates that the loaded plugin of this key brings."""
        return [Path(file) for file in getattr(self._manager.get_plugin(key), GATES, ())]

    def metrics_of(self, plugins: Iterable[str]) -> list[Registered[MetricSpec]]:
        """The metrics that the plugins of these keys declared."""
        order = list(plugins)
        mine = [one for one in self.metrics.values() if one.origin.key in order]
        return sorted(mine, key=lambda one: order.index(one.origin.key))

    def choose_metrics(
        self,
        named: Iterable[str],
        wanted: Iterable[str] | None,
        *,
        presets: Iterable[str] = (),
        bundles: Iterable[str] = (STARTER,),
        besides: Iterable[str] = (),
        also: Iterable[str] = (),
    ) -> list[Registered[MetricSpec]]:
        """The metrics to compute.

        Those of the named plugins and presets; where these have none (and no plugin is broken),
        those of the bundles, and of the plugins of the keys `besides`. Where presets are named, no
        others of the plugins' are meant. `wanted` picks from these, or from any built-in, by name;
        those in `also` are computed whatever else is.
        """
        asked = [self.preset(name).spec.name for name in presets]
        chosen = [
            one
            for one in self.metrics_of(named)
            if not asked or one.spec.preset is None or one.spec.preset in asked
        ]
        chosen += [one for name in asked for one in self._of_preset(name) if one not in chosen]
        if not chosen and not self.failures:
            chosen = self.metrics_of([*self.load(bundles), *besides])
        if wanted is not None:
            by_name = {one.spec.name: one for one in chosen}
            chosen = [by_name.get(name) or self.metric(name) for name in dict.fromkeys(wanted)]
        more = [self.metric(name) for name in also]
        return [*chosen, *(one for one in more if one not in chosen)]

    def _of_preset(self, name: str) -> list[Registered[MetricSpec]]:
        """The metrics of a loaded preset."""
        return [one for one in self.metrics.values() if one.spec.preset == name]

    def _lookup(
        self, kind: str, table: dict[str, Registered[_SpecT]], name: str
    ) -> Registered[_SpecT]:
        if name in table:
            return table[name]

        wanted = normalized(name)

        def loaded() -> Any:
            return next((table[one] for one in table if normalized(one) == wanted), None)

        if found := loaded():
            return found
        builtins: list[Available] = [one for one in discovery.installed() if one.origin.builtin]
        # A built-in is nearly always called like its plugin; only otherwise are all of them loaded.
        likely: list[Available] = [
            one for one in builtins if normalized(one.origin.plugin) == wanted
        ]
        for one in [*likely, *builtins]:
            before = len(table)
            self._load(one)
            if len(table) > before and (found := loaded()):
                return found
            if one in likely and self.failures:
                break
        if self.failures:  # what was asked for may be in the plugin that is broken
            raise PluginError(self.failures[0], hint=f"and there is no {kind} {name!r} otherwise")
        raise unknown(kind, name, table)

    def _load(self, available: Available) -> list[str]:
        origin = available.origin
        if origin.key in self.origins:
            return self._members[origin.key]
        self.origins[origin.key] = origin
        members = self._members[origin.key] = [origin.key]
        plugin: Any = None
        with guarded(origin, "load", self.failures):
            plugin = available.load()
        if plugin is not None:
            with guarded(origin, "register", self.failures):
                members[:0] = self._bundled(plugin, origin)
                self._register(plugin, origin)
        return members

    def _bundled(self, plugin: Any, origin: Origin) -> list[str]:
        """Load the plugins that this one names in `rollkit_plugins`."""
        names = getattr(plugin, BUNDLE, ())
        listed = isinstance(names, tuple | list)
        if not listed or not all(isinstance(one, str) for one in names):
            raise DeclarationError(f"{BUNDLE}: got {names!r}, expected a tuple of plugin names")
        loaded: list[str] = []
        for name in names:
            with guarded(origin, "register", self.failures, subject=name):
                loaded += self._load(discovery.find(name))
        return loaded

    def _register(self, plugin: Any, origin: Origin) -> None:
        """Hand the plugin to pluggy and collect what each of its hooks declares."""
        files = getattr(plugin, GATES, ())
        if not isinstance(files, tuple) or not all(isinstance(one, str | Path) for one in files):
            raise DeclarationError(f"{GATES}: got {files!r}, expected a tuple of paths")
        try:
            self._manager.register(plugin, name=origin.key)
        except pluggy.PluginValidationError:
            self._manager.unregister(name=origin.key)
            raise
        callers = self._manager.get_hookcallers(plugin) or []
        if not callers and not files and not hasattr(plugin, BUNDLE):
            raise DeclarationError(_nothing_declared(plugin))
        for caller in callers:
            for implementation in caller.get_hookimpls():
                if implementation.plugin is not plugin:
                    continue
                if not caller.has_spec():
                    fault = unknown("hook", caller.name, self._hooks)
                    self._fail(origin, fault, caller.name, implementation.function)
                elif implementation.hookwrapper or implementation.wrapper:
                    fault = UsageError("hook wrappers are not called; expected a plain @hookimpl")
                    self._fail(origin, fault, caller.name, implementation.function)
                else:
                    with guarded(origin, "register", self.failures, subject=caller.name):
                        self._collect(origin, caller.name, implementation.function)

    def _collect(self, origin: Origin, hook: str, implementation: Callable[[], Any]) -> None:
        kind, table, decorator = self._hooks[hook]
        answer = implementation()
        if isinstance(answer, str) or not isinstance(answer, Iterable):
            fault = DeclarationError(
                f"returned {_described(answer)}; expected a list of functions declared "
                f"with @{decorator}"
            )
            self._fail(origin, fault, hook, implementation)
            return
        for function in answer:
            spec = spec_of(function)
            if not isinstance(spec, kind):
                fault = DeclarationError(
                    f"returned {_described(function)} in its list; expected functions declared "
                    f"with @{decorator}"
                )
                self._fail(origin, fault, hook, implementation)
            elif spec.name in table:
                other = table[spec.name]
                fault = DeclarationError(
                    f"{decorator} {spec.name!r} is already declared by {other.origin}"
                )
                self._fail(origin, fault, spec.name, function)
            else:
                table[spec.name] = Registered(spec, origin)
                if isinstance(spec, PresetSpec):
                    self._keep_metrics(origin, spec)

    def _keep_metrics(self, origin: Origin, preset: PresetSpec) -> None:
        """The metrics of a preset are metrics like any other."""
        for spec in metrics_of(preset):
            if spec.name in self.metrics:
                other = self.metrics[spec.name].origin
                fault = DeclarationError(f"metric {spec.name!r} is already declared by {other}")
                self._fail(origin, fault, spec.name, preset.function)
            else:
                self.metrics[spec.name] = Registered(spec, origin)

    def _fail(
        self, origin: Origin, fault: Exception, subject: str, function: Callable[..., Any]
    ) -> None:
        self.failures.append(failure(origin, "register", fault, subject=subject, function=function))


def _described(value: Any) -> str:
    file, line = where(value) if callable(value) else (None, None)
    name = getattr(value, "__name__", None)
    text = f"{type(value).__name__} {name}" if name else repr(value)
    return f"{text} ({file}:{line})" if file else text


def _nothing_declared(plugin: Any) -> str:
    names = [one for one in dir(plugin) if one.startswith("rollkit_")]
    if names:
        return f"declares no hooks: {', '.join(names)} lack @hookimpl"
    return "declares no hooks; expected rollkit_metrics() or another hook, marked @hookimpl"
