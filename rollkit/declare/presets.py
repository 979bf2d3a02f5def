"""Declaring presets: what another project measures, under its name, and by which limits."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from rollkit.declare.attach import (
    Function,
    attach,
    definition_of,
    name_of,
    one_of,
    spec_of,
    whole,
    wrong,
)
from rollkit.declare.metrics import INVARIANCES, LAWS_OF_SCALE, NEEDS, SIGNALS, MetricSpec
from rollkit.errors import DeclarationError

Over = Literal["time", "rms", "mean", "last", "max_abs"]
Score = Literal["mean_of_scores", "score_of_means"]

OVER = {
    "time": "every instant",
    "rms": "root of the mean square over time",
    "mean": "mean over time",
    "last": "value at the last instant",
    "max_abs": "largest magnitude over time",
}
SAMPLES = ("mean", "min", "first", "medoid", "most-likely")
SCORES = {
    "mean_of_scores": "every case is judged, the mean over the cases is the share that passes",
    "score_of_means": "the mean margin over the cases is judged, once",
}


@dataclass(frozen=True, kw_only=True)
class Check:
    """What is read off one signal, and the limits it is held to.

    Parameters
    ----------
    name : str
        An identifier. Metrics are called `<preset>_<name>`.
    unit : str
    low, high : float or str, optional
        The limits; a text is the name of a signal that has the limit at each instant. Without
        either, the value is reported and judged by nobody.
    strict : bool
        Whether the limit itself is a violation.
    over : {"time", "rms", "mean", "last", "max_abs"}
        What is held to the limits: every instant, or one number made of all.
    signal : str, optional
        The signal it is read off; that of its own name by default.
    meaning : str
        What it is, in words; its name by default.
    source : str
        Where the limits come from, if not from where the preset does.
    also_under : tuple of str
        Invariances of its verdict beyond those of the preset.
    scales_with : mapping, optional
        Of a value without a limit: as for `metric`.

    Examples
    --------
    >>> Check(name="lat_accel", unit="m/s^2", low=-4.89, high=4.89).limits
    '(-4.89, 4.89)'
    """

    name: str
    unit: str
    low: float | str | None = None
    high: float | str | None = None
    strict: bool = True
    over: Over = "time"
    signal: str = ""
    meaning: str = ""
    source: str = ""
    also_under: tuple[str, ...] = ()
    scales_with: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (isinstance(self.name, str) and self.name.isidentifier()):
            raise DeclarationError(f"Check: name: got {self.name!r}, expected an identifier")
        if not (isinstance(self.unit, str) and self.unit):
            raise self._wrong(f"unit: got {self.unit!r}, expected text such as 'm/s' or '1'")
        if self.over not in tuple(OVER):
            raise self._wrong(f"over: got {self.over!r}, expected one of {', '.join(OVER)}")
        for trait in self.also_under:
            if trait not in INVARIANCES:
                expected = f"some of {', '.join(INVARIANCES)}"
                raise self._wrong(f"also_under: got {trait!r}, expected {expected}")
        if self.over == "time" and not self.judged:
            raise self._wrong("no limit to compare every instant with")
        for signal in self.scales_with:
            if signal not in SIGNALS or self.judged:
                expected = "none beside a limit" if self.judged else ", ".join(SIGNALS)
                raise self._wrong(f"scales_with: got {signal!r}, expected {expected}")
        for limit in (self.low, self.high):
            if not _is_limit(limit):
                expected = "a finite number, the name of a signal, or None"
                raise self._wrong(f"limits: got {limit!r}, expected {expected}")
        numbers = [one for one in (self.low, self.high) if isinstance(one, int | float)]
        if numbers != sorted(numbers) or (self.strict and len(set(numbers)) < len(numbers)):
            raise self._wrong(f"limits: got {self.low!r} and {self.high!r}, expected low < high")
        object.__setattr__(self, "signal", self.signal or self.name)
        object.__setattr__(self, "meaning", self.meaning or self.name.replace("_", " "))

    def _wrong(self, problem: str) -> DeclarationError:
        return DeclarationError(f"Check {self.name}: {problem}")

    @property
    def judged(self) -> bool:
        """Whether it has a limit."""
        return self.low is not None or self.high is not None

    @property
    def limits(self) -> str:
        """The limits as an interval, in text."""
        return interval(self.low, self.high, strict=self.strict)


def interval(low: float | str | None, high: float | str | None, *, strict: bool) -> str:
    """Limits in text.

    >>> interval(None, 4.13, strict=False)
    '(-inf, 4.13]'
    """
    least, most = (one if isinstance(one, str | None) else f"{one:g}" for one in (low, high))
    return "".join(
        [
            "(" if strict or least is None else "[",
            "-inf" if least is None else least,
            ", ",
            "inf" if most is None else most,
            ")" if strict or most is None else "]",
        ]
    )


def _is_limit(limit: object) -> bool:
    if isinstance(limit, str):
        return limit.isidentifier()
    return limit is None or (isinstance(limit, int | float) and math.isfinite(limit))


@dataclass(frozen=True, kw_only=True)
class Quirk:
    """Where a project's definition is not what it seems.

    Parameters
    ----------
    name : str
        A few words.
    text : str
        What the definition does, what would be right, and what that makes of the numbers.
    signals : tuple of str
        The signals, checks or metrics of the preset whose numbers it changes.
    breaks : tuple of str
        Invariances among those that these declare which it breaks for their margins, or laws of
        scale for values without a limit; the kit expects them to fail.
    resolution : float
        To how much it rounds the numbers, in their unit; the kit lets them differ by that.
    shows : callable, optional
        Whether it can change anything in a rollout: `lambda rollout: rollout.dt != 0.1`. By default
        it can in any; `rollkit explain` leaves out the quirks that cannot.
    """

    name: str
    text: str
    signals: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    resolution: float = 0.0
    shows: Callable[[Any], bool] | None = None

    def __post_init__(self) -> None:
        if not (self.name and self.text):
            raise DeclarationError(f"Quirk {self.name!r}: has no name or no text")
        if self.breaks and not self.signals:
            raise DeclarationError(
                f"Quirk {self.name!r}: breaks {', '.join(self.breaks)}, but of no signals"
            )


class Signal(NamedTuple):
    """A signal over time that does not begin at the first instant, or is not at every one.

    `values` are `(..., L)`; `first` is where the first of them is, in steps after the first
    instant: 0.5 halfway to the next. Where they are not one step apart, `at` says where each is,
    `(L,)`, in steps after `first`.
    """

    values: Any
    first: float = 0.0
    at: Any = None


class PresetSpec(NamedTuple):
    """What a preset is. See `preset` for the meaning of each field."""

    name: str
    function: Callable[..., Mapping[str, Any]]
    project: str
    commit: str
    file: str
    checks: tuple[Check, ...]
    metrics: tuple[MetricSpec, ...]
    quirks: tuple[Quirk, ...]
    needs: tuple[str, ...]
    min_steps: int
    samples: str | None
    score: Score
    corrects: str | None
    invariant_under: tuple[str, ...]
    notes: str
    version: int
    definition: str
    uses: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Project, commit and file in one line."""
        at = f" @{self.commit}" if self.commit else ""
        return f"{self.project}{at}{f' {self.file}' if self.file else ''}"


def preset(
    *,
    project: str,
    commit: str = "",
    file: str = "",
    checks: tuple[Check, ...] = (),
    metrics: tuple[Callable[..., Any], ...] = (),
    quirks: tuple[Quirk, ...] = (),
    needs: str | tuple[str, ...] = (),
    uses: str | tuple[str, ...] = (),
    min_steps: int = 0,
    samples: str | None = None,
    score: Score = "mean_of_scores",
    corrects: str | None = None,
    invariant_under: tuple[str, ...] = ("se2", "mirror"),
    notes: str = "",
    version: int = 1,
    name: str | None = None,
) -> Callable[[Function], Function]:
    """Declare a preset: a function of a `Rollout` that returns its signals over time, by name.

    Each signal is an array `(..., L)` that begins at the first instant, or a `Signal`. For every
    check four metrics follow: `<preset>_<check>`, the value that is nearest to its limit or beyond
    it; `_margin`, how far inside the limit that is, negative beyond; `_time`, when, in s; `_ok`, 1
    where it passes. `<preset>` itself is 1 where every check passes. An undefined signal is never
    a pass: it makes all of them undefined.

    Parameters
    ----------
    project, commit, file : str
        Where the definition comes from.
    checks : tuple of Check
    metrics : tuple of functions
        Metrics declared with `@metric` that belong to it.
    quirks : tuple of Quirk
    needs, min_steps
        As for `metric`.
    uses : str or tuple of str
        What it looks at where it is there, and does without where it is not: the size of another
        vehicle than the project's own, say.
    samples : str, optional
        How the project makes one number of K samples: a rule of `--samples`. None where it has one
        trajectory, and the caller decides.
    score : {"mean_of_scores", "score_of_means"}
        Which of both the project reports.
    corrects : str, optional
        The faithful preset of which this is the corrected one.
    invariant_under : tuple of str
        Transformations that leave every verdict and margin unchanged.
    notes : str
        What a reader should know beside: inputs that the project takes from elsewhere, say.
    version : int
        Raise it when the definition changes.
    name : str, optional
        The function's name by default.

    Raises
    ------
    DeclarationError
        No docstring, or an argument that is none of the above.

    Examples
    --------
    >>> from rollkit import Check, Rollout, Trajectory, evaluate, preset
    >>> @preset(project="my fleet", checks=(Check(name="speed", unit="m/s", high=30.0),))
    ... def my_limits(rollout):
    ...     '''Nothing drives faster than 30 m/s.'''
    ...     return {"speed": rollout.speed}
    >>> straight = dict(y=[0.0] * 3, yaw=[0.0] * 3, dt=0.1)
    >>> fast = Rollout(Trajectory(x=[0.0, 3.0, 6.2], speed=[30.0, 31.0, 29.0], **straight))
    >>> for name, value in evaluate(fast, [my_limits]).items():
    ...     print(name, value)
    my_limits 0.0
    my_limits_speed 31.0
    my_limits_speed_margin -1.0
    my_limits_speed_time 0.1
    my_limits_speed_ok 0.0
    """

    def declared(function: Function) -> Function:
        needed = (needs,) if isinstance(needs, str) else tuple(needs)
        used = (uses,) if isinstance(uses, str) else tuple(uses)
        for need in needed:
            one_of(function, "needs", need, NEEDS)
        for use in used:
            one_of(function, "uses", use, NEEDS)
        for trait in invariant_under:
            one_of(function, "invariant_under", trait, INVARIANCES)
        one_of(function, "score", score, tuple(SCORES))
        one_of(function, "samples", samples, (*SAMPLES, None))
        whole(function, "min_steps", min_steps, 0)
        whole(function, "version", version, 1)
        if not (isinstance(project, str) and project):
            raise wrong(function, f"project: got {project!r}, expected text")
        if not (checks or metrics):
            raise wrong(function, "has neither checks nor metrics")
        own = tuple(_metric(function, one) for one in metrics)
        names = [*(one.name for one in checks), *(one.name for one in own)]
        if len(set(names)) < len(names):
            raise wrong(function, f"checks and metrics: got {names}, expected each name once")
        for quirk in quirks:
            _known(function, quirk, checks, own, tuple(invariant_under))
        spec = PresetSpec(
            name=name_of(function, name),
            function=function,
            project=project,
            commit=commit,
            file=file,
            checks=tuple(checks),
            metrics=own,
            quirks=tuple(quirks),
            needs=needed,
            min_steps=min_steps,
            samples=samples,
            score=score,
            corrects=corrects,
            invariant_under=tuple(invariant_under),
            notes=notes,
            version=version,
            definition=definition_of(function),
            uses=used,
        )
        return attach(function, spec)

    return declared


def _metric(function: Callable[..., Any], one: Callable[..., Any]) -> MetricSpec:
    spec = spec_of(one)
    if not isinstance(spec, MetricSpec):
        raise wrong(function, f"metrics: got {one!r}, expected functions declared with @metric")
    return spec


def _known(
    function: Callable[..., Any],
    quirk: Quirk,
    checks: tuple[Check, ...],
    metrics: tuple[MetricSpec, ...],
    traits: tuple[str, ...],
) -> None:
    """Refuse a quirk of signals that there are not, or one that breaks what nobody looks at."""
    parts: tuple[Check | MetricSpec, ...] = (*checks, *metrics)
    known = tuple(dict.fromkeys([*(one.signal for one in checks), *(one.name for one in parts)]))
    for signal in quirk.signals:
        one_of(function, f"signals of quirk {quirk.name!r}", signal, known)
    touched = [one for one in parts if touches(quirk, one)]
    for law in quirk.breaks:
        one_of(function, f"breaks of quirk {quirk.name!r}", law, (*INVARIANCES, *LAWS_OF_SCALE))
        if not any(law in expected_of(one, traits) for one in touched):
            problem = f"{law!r}, which nothing of {', '.join(quirk.signals)} declares"
            raise wrong(function, f"quirk {quirk.name!r}: breaks {problem}")


def expected_of(one: Check | MetricSpec, traits: tuple[str, ...]) -> tuple[str, ...]:
    """The laws that one expects of a check of a preset with these traits, or of its own metric."""
    kept = (*traits, *one.also_under) if isinstance(one, Check) else one.invariant_under
    return (*dict.fromkeys(kept), *(LAWS_OF_SCALE if one.scales_with else ()))


def touches(quirk: Quirk, one: Check | MetricSpec) -> bool:
    """Whether a quirk changes the numbers of a check, or of a metric of the preset's own."""
    signal = one.signal if isinstance(one, Check) else one.name
    return one.name in quirk.signals or signal in quirk.signals
