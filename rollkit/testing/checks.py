"""The doors of the kit: check a function, or all that a plugin declares. Needs no pytest."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

from hypothesis.database import ExampleDatabase

from rollkit.declare import (
    ActionSourceSpec,
    IntegratorSpec,
    MetricSpec,
    Spec,
    spec_of,
)
from rollkit.errors import PluginError, UsageError, unknown
from rollkit.guard import Origin
from rollkit.plugins import Plugins, Registered
from rollkit.testing import invariants
from rollkit.testing.invariant import Invariant, Kind
from rollkit.testing.records import Record, Report
from rollkit.testing.subjects import (
    IntegratorSubject,
    MetricSubject,
    SourceSubject,
    Subject,
)
from rollkit.testing.trial import DEFAULT_EXAMPLES, attempt, blank, lacking


def check_metric(metric: str | Callable[..., Any], **options: Any) -> Report:
    """Check a metric against every law that its declared traits switch on.

    Parameters
    ----------
    metric : str or function
        A built-in's name, or a function declared with `@metric`.
    expected_failures : mapping of name to reason, optional
        Laws, as `"law"` or `"function.law"`, that do not hold and why that is right. One that
        holds nevertheless is reported.
    max_examples : int
        Examples that hypothesis tries for each law.
    seed : int, optional
        Makes the check repeat exactly.

    Returns
    -------
    Report
        A list of records; `.ok`, `.failures`.

    Examples
    --------
    >>> from rollkit.testing import check_metric
    >>> check_metric("max_abs_jerk", max_examples=5).ok
    True
    """
    return _check("metric", MetricSpec, metric, **options)


def check_integrator(integrator: str | Callable[..., Any], **options: Any) -> Report:
    """Check an integrator; the options are those of `check_metric`.

    >>> from rollkit.testing import check_integrator
    >>> check_integrator("exact", max_examples=5).ok
    True
    """
    return _check("integrator", IntegratorSpec, integrator, **options)


def check_action_source(
    source: str | Callable[..., Any], *, params: Mapping[str, Any] | None = None, **options: Any
) -> Report:
    """Check an action source; `params` are values of its options, needed where one is required.

    >>> from rollkit.testing import check_action_source
    >>> check_action_source("straight", max_examples=5).ok
    True
    """
    return _check("action_source", ActionSourceSpec, source, params=params, **options)


def check_plugin(
    plugin: str | ModuleType,
    *,
    expected_failures: Mapping[str, str] | None = None,
    max_examples: int = DEFAULT_EXAMPLES,
    seed: int | None = None,
) -> Report:
    """Check everything that a plugin declares.

    Parameters
    ----------
    plugin : str or module
        A plugin's name, the path of a file, or an imported module.
    expected_failures, max_examples, seed
        As for `check_metric`.

    Raises
    ------
    PluginError
        The plugin cannot be loaded.

    Examples
    --------
    >>> from rollkit.testing import check_plugin
    >>> report = check_plugin("jerk", max_examples=5)
    >>> report.ok, report[0].subject
    (True, 'max_abs_jerk')
    """
    checks = _checks(plugin, expected_failures)
    return Report(
        check(law, one, expected_failures, max_examples=max_examples, seed=seed)
        for one, law in checks
    )


def plugin_checks(
    plugin: str | ModuleType,
    *,
    expected_failures: Mapping[str, str] | None = None,
    max_examples: int = DEFAULT_EXAMPLES,
    seed: int | None = None,
) -> list[Callable[[], None]]:
    """Every check of a plugin as a function that raises `AssertionError`, to parametrize a test.

    >>> from rollkit.testing import plugin_checks
    >>> checks = plugin_checks("jerk", max_examples=5)
    >>> checks[0].__name__
    'max_abs_jerk.one_number_per_rollout'
    >>> checks[0]()
    """
    options = {"max_examples": max_examples, "seed": seed}
    checks = _checks(plugin, expected_failures)
    return [_raising(one, law, expected_failures or {}, options) for one, law in checks]


def _checks(
    plugin: str | ModuleType, expected: Mapping[str, str] | None
) -> list[tuple[Subject, Invariant]]:
    found = subjects(plugin)
    _known(expected or {}, found)
    return [(one, law) for one in found for law in laws_of(one)]


def _known(expected: Mapping[str, str], found: list[Subject]) -> None:
    """A failure that is expected of a check which is not made would be expected in vain."""
    pairs = [(one.spec.name, law.name) for one in found for law in laws_of(one)]
    known = {law for _, law in pairs} | {f"{name}.{law}" for name, law in pairs}
    for name in expected:
        if name not in known:
            raise unknown("check", name, known, hint="expected_failures names a check of these")


def subjects(plugin: str | ModuleType) -> list[Subject]:
    """What a plugin declares, ready to be checked."""
    plugins = Plugins()
    names = plugins.load([plugin]) if isinstance(plugin, str) else plugins.add(plugin)
    if plugins.failures:
        raise PluginError(plugins.failures[0])
    found: list[Registered[Any]] = [
        *plugins.metrics.values(),
        *plugins.integrators.values(),
        *plugins.sources.values(),
    ]
    mine = (one for one in found if one.origin.key in names)
    return [_subject(one.spec, one.origin) for one in mine if not _follows(one.spec)]


def _follows(spec: Spec) -> bool:
    """Whether rollkit itself picks the number: where and when a preset's margin is the least."""
    return isinstance(spec, MetricSpec) and spec.preset is not None and spec.jumps


def laws_of(subject: Subject) -> list[Invariant]:
    """The laws that a function's traits switch on."""
    return [one for one in invariants.of(kind_of(subject)) if one.applies(subject.spec)]


def law_named(subject: Subject, name: str) -> Invariant:
    """One of the function's laws, by name."""
    laws = {one.name: one for one in laws_of(subject)}
    if name not in laws:
        raise unknown("law", name, laws, of=subject.spec.name)
    return laws[name]


def kind_of(subject: Subject) -> Kind:
    """What kind of function it is."""
    kinds: dict[type, Kind] = {
        IntegratorSubject: "integrator",
        MetricSubject: "metric",
        SourceSubject: "action_source",
    }
    return kinds[type(subject)]


def check_subject(
    subject: Subject, expected_failures: Mapping[str, str] | None = None, **options: Any
) -> Report:
    """Check one function against all its laws."""
    expected = expected_failures or {}
    _known(expected, [subject])
    return Report(check(law, subject, expected, **options) for law in laws_of(subject))


def check(
    law: Invariant,
    subject: Subject,
    expected_failures: Mapping[str, str] | None = None,
    *,
    max_examples: int = DEFAULT_EXAMPLES,
    seed: int | None = None,
    database: ExampleDatabase | None = None,
    shrink: bool = True,
) -> Record:
    """Check one function against one law; without `shrink` the first violation found will do."""
    record = blank(law, subject)
    if wanting := lacking(subject):
        record = replace(record, verdict="skipped", message=f"needs values for {wanting}")
    else:
        record = attempt(record, law, subject, max_examples, seed, database, shrink)
    expected = {**_declared(subject), **(expected_failures or {})}
    why = expected.get(f"{record.subject}.{law.name}", expected.get(law.name))
    if why is None or record.verdict in ("skipped", "broken"):
        return record
    if record.verdict == "passed":
        said = f"was expected to fail ({why}), and holds"
        return replace(record, verdict="unexpected", message=said)
    return replace(record, verdict="expected", message=why)


def _declared(subject: Subject) -> Mapping[str, str]:
    """The laws that a function says itself it breaks, and why."""
    return subject.spec.breaks if isinstance(subject, MetricSubject) else {}


def repeat(plugin: str | Callable[..., Any], subject: str, law: str, /, **drawn: Any) -> None:
    """Do one example of one check again, as a record's `example` says; raises what it raised.

    `plugin` is a plugin's name, the path of a file, or the function itself.
    """
    found = subjects(plugin) if isinstance(plugin, str) else [subject_of(plugin)]
    named = {one.spec.name: one for one in found}
    if subject not in named:
        raise unknown("function", subject, named, of=f"plugin {plugin}")
    law_named(named[subject], law).law(named[subject], **drawn)


def _check(
    kind: str,
    wanted: type[Spec],
    function: str | Callable[..., Any],
    *,
    params: Mapping[str, Any] | None = None,
    **options: Any,
) -> Report:
    plugins = Plugins()
    if isinstance(function, str):
        lookups: dict[str, Callable[[str], Registered[Any]]] = {
            "metric": plugins.metric,
            "integrator": plugins.integrator,
            "action_source": plugins.source,
        }
        found = lookups[kind](function)
        return check_subject(_subject(found.spec, found.origin, params), **options)
    if not isinstance(spec_of(function), wanted):
        raise UsageError(f"{function!r} is not declared with @{kind}")
    return check_subject(subject_of(function, params), **options)


def subject_of(function: Callable[..., Any], params: Mapping[str, Any] | None = None) -> Subject:
    """A declared function, ready to be checked."""
    spec = spec_of(function)
    if spec is None:
        raise UsageError(f"{function!r} is not declared: it lacks a decorator of rollkit's")
    return _subject(spec, Origin(plugin=spec.name, module=function.__module__), params)


def _subject(spec: Spec, origin: Origin, params: Mapping[str, Any] | None = None) -> Subject:
    if isinstance(spec, MetricSpec):
        return MetricSubject(spec, origin)
    if isinstance(spec, IntegratorSpec):
        return IntegratorSubject(spec, origin)
    if isinstance(spec, ActionSourceSpec):
        return SourceSubject(spec, origin, params or {})
    raise UsageError(
        f"{spec.name!r}: there are laws of metrics, integrators and action sources only",
        hint="check_plugin checks the metrics of a preset",
    )


def _raising(
    subject: Subject, law: Invariant, expected: Mapping[str, str], options: Mapping[str, Any]
) -> Callable[[], None]:
    def raising() -> None:
        record = check(law, subject, expected, **options)
        if record.failed:
            raise AssertionError(str(record))

    raising.__name__ = raising.__qualname__ = f"{subject.spec.name}.{law.name}"
    return raising
