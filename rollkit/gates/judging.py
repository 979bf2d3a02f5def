"""Judging: gates held against the statistics of an artifact, of today or of a year ago."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from rollkit.discovery import normalized
from rollkit.errors import UsageError, unknown
from rollkit.gates.expression import Expression
from rollkit.gates.gate import Gate
from rollkit.gates.given import Given, gates_of
from rollkit.gates.results import GateResult, Worst

_LISTED = 5  # of the worst
_NO_ROLLOUT = ("std", "n")  # statistics that no rollout is the worst of


class Part(NamedTuple):
    """Rollouts that are judged together: all of an artifact, or one cell of a sweep.

    `metrics` are results as artifacts hold them, by name; `again` is the command that measures one
    seed again, where there is one.
    """

    metrics: Mapping[str, Any]
    each: str = "rollouts"
    source: str | None = None
    cell: int | None = None
    again: Callable[[int, str], str | None] | None = None


class Judged(Protocol):
    """What can be judged: the result of a run or of an evaluation."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The whole, then the cells of a sweep."""


def judge(result: Judged, gates: Sequence[Given]) -> tuple[GateResult, ...]:
    """Hold gates against a result, from its statistics alone.

    What is undefined, failed or missing does not pass, and nothing does for n = 0. A gate on every
    rollout fails where some are undefined; a statistic is that of the rollouts with a value.

    Parameters
    ----------
    result : RunResult or EvalResult
        Of a run, or read from an artifact.
    gates : sequence of str, Path or Gate
        Expressions, files, plugins that bring gates.

    Returns
    -------
    tuple of GateResult
        One a gate, in order: `.passed`, `.value`, `.reason`, `.worst`.

    Raises
    ------
    UsageError, DataError
        A gate that this result cannot be held to: a source it does not have, say.

    Examples
    --------
    >>> import rollkit
    >>> result = rollkit.run("emergency_brake", params={"noise": 0}, integrator="exact")
    >>> for one in judge(result, ["max_abs_accel <= 6", "p95(max_abs_accel) <= 9"]):
    ...     print(one.expr, one.verdict, round(one.value, 2))
    max_abs_accel <= 6 FAIL 7.59
    p95(max_abs_accel) <= 9 PASS 7.59
    """
    if not hasattr(result, "parts"):
        raise UsageError(
            f"judge: got {type(result).__name__}, expected the result of a run or an evaluation",
            hint="rollkit.read_result(path) and rollkit.read_evaluation(path) read artifacts",
        )
    parts, listed = result.parts, gates_of(gates)
    refuse_misplaced(listed, [one.source for one in parts if one.source is not None])
    return tuple(_judged(gate, parts) for gate in listed)


def refuse_misplaced(gates: Sequence[Gate], sources: Sequence[str]) -> None:
    """Refuse gates about sources or horizons that there are none of.

    A run has sources and no horizons; an evaluation, the other way round, has no sources.

    Raises
    ------
    UsageError
    """
    for gate in gates:
        source = gate.where.get("source")
        if sources and gate.expression.at is not None:
            raise UsageError(
                f"gate {gate.title}: a run has no horizons",
                hint="--horizon SECONDS is how long it is; evaluations are judged up to horizons",
            )
        if source is not None and not sources:
            raise UsageError(f"gate {gate.title}: where: source: an evaluation has no sources")
        if source is not None and not any(_same(source, one) for one in sources):
            raise unknown("source", source, sources, of=f"gate {gate.title}")


def _result(expression: Expression, part: Part) -> Any:
    """The metric's result, its name in upper or lower case; None where there is none."""
    name = expression.name
    alike = (one for known, one in part.metrics.items() if normalized(known) == normalized(name))
    return part.metrics.get(name) or next(alike, None)


def _same(source: str, other: str | None) -> bool:
    return other is not None and normalized(source) == normalized(other)


class _Reading(NamedTuple):
    """What a gate reads off one part."""

    value: float | None
    reason: str | None  # why it does not pass, whatever the value
    one: Any  # the metric's result; None where it is missing

    def rank(self, expression: Expression) -> tuple[bool, float]:
        """Smaller is worse: without a good reason first, then by the margin."""
        margin = float("-inf") if self.value is None else expression.margin(self.value)
        return self.reason is None, margin


def _judged(gate: Gate, parts: tuple[Part, ...]) -> GateResult:
    expression, source = gate.expression, gate.where.get("source")
    whole, *cells = parts
    chosen = [whole]
    if source is not None:
        cells = [one for one in cells or parts if _same(source, one.source)]
        chosen = cells
    readings = [_read(expression, one) for one in chosen]
    decisive = min(readings, key=lambda one: one.rank(expression))
    value, one = decisive.value, decisive.one
    passed = decisive.reason is None and value is not None and expression.holds(value)
    return GateResult(
        expr=str(expression),
        severity=gate.severity,
        where=gate.where,
        name=gate.name,
        why=gate.why,
        passed=passed,
        metric=expression.name,
        statistic=expression.statistic,
        comparison=expression.comparison,
        limit=expression.limit,
        value=value,
        unit=_unit(expression, one),
        reason=decisive.reason,
        n=0 if one is None else one.n,
        n_undefined=0 if one is None else one.n_undefined,
        worst=_worst(expression, cells or [whole]),
    )


def _read(expression: Expression, part: Part) -> _Reading:
    one = _result(expression, part)
    if one is None:
        missing = unknown("metric", expression.name, part.metrics)
        return _Reading(None, f"missing: {missing.message}", None)
    if expression.statistic == "rate":
        refuse_rate(expression, one.bounds)
    if one.status == "failed" or one.n == 0:
        why = one.error or f"for all {part.each}"
        return _Reading(None, f"{one.status}: {why}", one)
    value = _value(expression, one)
    reason = None
    if value is None:
        reason = f"undefined: {expression.statistic} of {one.n} {part.each}"
    elif expression.statistic is None and one.n_undefined:
        reason = f"undefined for {one.n_undefined} of {one.n + one.n_undefined} {part.each}"
    return _Reading(value, reason, one)


def refuse_rate(expression: Expression, bounds: tuple[float | None, float | None]) -> None:
    """Refuse the rate of a metric that is neither 0 nor 1.

    Raises
    ------
    UsageError
    """
    if tuple(bounds) != (0, 1):
        low, high = (side if side is not None else "none" for side in bounds)
        raise UsageError(
            f"gate {expression}: rate is for metrics that are 0 or 1, and the bounds of "
            f"{expression.metric} are {low} and {high}",
            hint=f"expected mean({expression.name}), or another statistic",
        )


def _value(expression: Expression, one: Any) -> float | None:
    """The statistic; where every rollout is meant, the value that is nearest to failing."""
    if expression.statistic is None:
        return min((one.min, one.max), key=expression.margin)
    name = "mean" if expression.statistic == "rate" else expression.statistic
    value: float | None = getattr(one, name)
    return value


def _unit(expression: Expression, one: Any) -> str:
    return "1" if one is None or expression.statistic in ("rate", "n") else str(one.unit)


def _worst(expression: Expression, parts: Sequence[Part]) -> tuple[Worst, ...]:
    """The worst rollout of each part, those beyond the limit first of all."""
    if expression.statistic in _NO_ROLLOUT:
        return ()
    found = [worst for part in parts if (worst := _worst_of(expression, part)) is not None]
    found.sort(key=lambda one: expression.margin(one.value))  # stable: of equals the first cell
    beyond = [one for one in found if not expression.holds(one.value)]
    return tuple((beyond or found[:1])[:_LISTED])


def _worst_of(expression: Expression, part: Part) -> Worst | None:
    one = _result(expression, part)
    if one is None or one.status != "ok":
        return None
    end = min(("min", "max"), key=lambda name: expression.margin(getattr(one, name)))
    value, case = getattr(one, end), getattr(one, f"arg{end}_case", None)
    if case is not None:
        return Worst(value, case=case)
    seed = getattr(one, f"arg{end}_seed")
    again = None if part.again is None else part.again(seed, expression.metric)
    return Worst(value, seed=seed, cell=part.cell, again=again)
