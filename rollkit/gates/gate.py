"""A gate: an expression, how grave it is where it does not hold, and what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Literal, get_args

from rollkit.errors import UsageError, unknown
from rollkit.gates.expression import Expression, as_horizon, parse

Severity = Literal["error", "warning"]
SEVERITIES: Final[tuple[str, ...]] = get_args(Severity)
WHERE: Final = ("source", "horizon")


@dataclass(frozen=True)
class Gate:
    """What the statistics of a metric are held to.

    Parameters
    ----------
    expr : str
        `max_abs_jerk <= 4.13`: every rollout. `p95(max_abs_jerk) <= 4`: a statistic of those that
        have a value: min, max, mean, std, p50, p95, p99, n, or rate, the share of rollouts for
        which a metric that is 0 or 1 is 1. `min_ade@3s` is the metric up to a horizon.
    severity : {"error", "warning"}
        A warning is reported and does not change the exit code.
    where : mapping, optional
        `source`: of a sweep only the cells of that source, each of which has to hold. `horizon`,
        s: of an evaluation the metric up to that horizon.
    name, why : str
        What it is called, and why it is there.
    plugin : str
        The plugin that brought it.

    Raises
    ------
    UsageError
        None of this.

    Examples
    --------
    >>> Gate("p95(max_abs_jerk)<=4.0", where={"source": "left"}).expr
    'p95(max_abs_jerk) <= 4'
    >>> Gate("mean(min_ade) < 1.2", where={"horizon": 3}).expression.name
    'min_ade@3s'
    """

    expr: str
    severity: Severity = "error"
    where: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    why: str = ""
    plugin: str = ""

    def __post_init__(self) -> None:
        whole = str(parse(self.expr))
        for name in ("name", "why", "plugin"):
            value = getattr(self, name)
            if not isinstance(value, str):
                raise UsageError(f"gate {whole}: {name}: got {value!r}, expected text")
            object.__setattr__(self, name, " ".join(value.split()))
        if self.severity not in SEVERITIES:
            raise unknown("severity", str(self.severity), SEVERITIES, of=f"gate {whole}")
        object.__setattr__(self, "expr", whole)
        object.__setattr__(self, "where", dict(_where(whole, self.where)))

    @cached_property
    def expression(self) -> Expression:
        """What it says, `where` included."""
        said = parse(self.expr)
        return said if said.at is not None else replace(said, at=self.where.get("horizon"))

    @property
    def title(self) -> str:
        """What it is called: its name, or what it says; and where."""
        source = self.where.get("source")
        return f"{self.name or self.expression}{f', {source}' if source is not None else ''}"

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        return {**{name: getattr(self, name) for name in KEYS}, "where": dict(self.where)}

    @classmethod
    def from_dict(cls, data: Any) -> "Gate":
        """From a table of a file, or what `to_dict` writes; a text is an expression.

        Raises
        ------
        UsageError
            It is none.
        """
        if isinstance(data, str):
            return cls(data)
        if not isinstance(data, Mapping):
            got = type(data).__name__
            raise UsageError(f"got {got}, expected an expression, or a table with one in `expr`")
        for name in data:
            if name not in KEYS:
                raise unknown("key", str(name), KEYS, of="a gate")
        if "expr" not in data:
            raise UsageError(f"got {', '.join(data) or 'nothing'}, expected `expr`, an expression")
        return cls(**data)


KEYS: Final = ("expr", "severity", "where", "name", "why", "plugin")


def _where(gate: str, given: Any) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise UsageError(f"gate {gate}: where: got {given!r}, expected {' and '.join(WHERE)}")
    for name in given:
        if name not in WHERE:
            raise unknown("filter", str(name), WHERE, of=f"gate {gate}")
    source, horizon = given.get("source", ""), given.get("horizon", 1.0)
    if not isinstance(source, str):
        raise UsageError(f"gate {gate}: where: source: got {source!r}, expected its name")
    if isinstance(horizon, bool) or not isinstance(horizon, int | float):
        raise UsageError(f"gate {gate}: where: horizon: got {horizon!r}, expected seconds")
    seconds = as_horizon(horizon)
    if seconds is None:
        raise UsageError(f"gate {gate}: where: horizon: got {horizon!r}, expected more than 0 s")
    if "horizon" not in given:
        return given
    at = parse(gate).at
    if at is not None and at != seconds:
        raise UsageError(
            f"gate {gate}: where: horizon: got {seconds:g} s, and {at:g} s in its text"
        )
    return {**given, "horizon": seconds}
