"""The language of gates, `p95(max_abs_jerk) <= 4.13`: read token by token, never evaluated.

gate       = subject comparison number
subject    = metric | statistic "(" metric ")"
metric     = name [ "@" number "s" ]
comparison = "<" | "<=" | ">" | ">=" | "=="
"""

import math
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from rollkit.errors import UsageError

COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}
STATISTICS: Final = ("min", "max", "mean", "std", "p50", "p95", "p99", "rate", "n")
EXAMPLES: Final = (
    "'max_abs_jerk <= 4.13' holds every rollout, 'p95(max_abs_jerk) <= 4' most of them"
)

_LONGEST = 1000  # characters
_AROUND = 30  # characters shown on either side of a mistake
_TOKEN = re.compile(
    r"(?P<number>[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign><=|>=|==|[<>()@])"
)


@dataclass(frozen=True)
class Expression:
    """What is compared with which number.

    `statistic` is None where every rollout is meant, `at` (a horizon, s) where the whole is.

    >>> parse(" p95( min_ade@3s )<1.20 ")
    Expression(metric='min_ade', comparison='<', limit=1.2, statistic='p95', at=3.0)
    >>> str(parse(" p95( min_ade@3s )<1.20 "))
    'p95(min_ade@3s) < 1.2'
    """

    metric: str
    comparison: str
    limit: float
    statistic: str | None = None
    at: float | None = None

    @property
    def name(self) -> str:
        """The metric as artifacts name it, with its horizon."""
        return self.metric if self.at is None else f"{self.metric}@{self.at:g}s"

    def margin(self, value: float) -> float:
        """How far inside the limit a value is; negative beyond it."""
        if self.comparison == "==":
            return -abs(value - self.limit)
        return self.limit - value if self.comparison[0] == "<" else value - self.limit

    def holds(self, value: float) -> bool:
        """Whether a value is as it should be; nan never is."""
        return COMPARISONS[self.comparison](value, self.limit)

    def __str__(self) -> str:
        subject = self.name if self.statistic is None else f"{self.statistic}({self.name})"
        return f"{subject} {self.comparison} {shortest(self.limit)}"


def shortest(number: float) -> str:
    """The number in as few digits as read back as the same.

    >>> shortest(4.0), shortest(4.13), shortest(0.1 + 0.2)
    ('4', '4.13', '0.30000000000000004')
    """
    short = f"{number:g}"
    return short if float(short) == number else repr(number)


def parse(text: str) -> Expression:
    """The expression that a text says.

    Raises
    ------
    UsageError
        It says none; the place is pointed at.

    >>> parse("p95(max_abs_jerk <= 4")
    Traceback (most recent call last):
    rollkit.errors.UsageError: gate: got '<=' at character 18, expected ')'
    p95(max_abs_jerk <= 4
                     ^
    """
    if not isinstance(text, str):
        raise UsageError(f"gate: got {type(text).__name__}, expected text: {EXAMPLES}")
    if len(text) > _LONGEST:
        raise UsageError(f"gate: got {len(text)} characters, expected at most {_LONGEST}")
    tokens = _Tokens(text)
    subject = tokens.take("name", "a metric, or a statistic of one")
    statistic, name = None, subject.text
    if tokens.skip("("):
        if subject.text not in STATISTICS:
            raise _wrong(text, subject, f"a statistic: {', '.join(STATISTICS)}")
        statistic, name = subject.text, tokens.take("name", "a metric").text
    at = tokens.horizon() if tokens.skip("@") else None
    if statistic is not None:
        tokens.take(")", "')'")
    comparison = tokens.comparison()
    limit = tokens.number("a number")
    tokens.end()
    return Expression(name, comparison, limit, statistic, at)


class _Token(NamedTuple):
    kind: str  # number, name, other, end; of a sign the sign itself
    text: str
    place: int


class _Tokens:
    """The tokens of a text, taken one after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._next = next(self._tokens)

    def skip(self, kind: str) -> bool:
        """Whether this kind is next; it is then taken."""
        if self._next.kind != kind:
            return False
        self._next = next(self._tokens)
        return True

    def take(self, kind: str, expected: str) -> _Token:
        """The next token, which must be of this kind."""
        token = self._next
        if token.kind != kind:
            raise _wrong(self._text, token, expected)
        if kind != "end":
            self._next = next(self._tokens)
        return token

    def comparison(self) -> str:
        expected = ", ".join(COMPARISONS)
        kind = self._next.kind if self._next.kind in COMPARISONS else "a comparison"
        return self.take(kind, f"one of {expected}").text

    def number(self, expected: str) -> float:
        token = self.take("number", expected)
        if not math.isfinite(float(token.text)):
            raise _wrong(self._text, token, "a number that is finite")
        return float(token.text)

    def horizon(self) -> float:
        token = self._next
        seconds = as_horizon(self.number("a horizon in seconds, as in @3s"))
        if seconds is None:
            raise _wrong(self._text, token, "a positive number of seconds")
        if self._next.text != "s":
            raise _wrong(self._text, self._next, "'s', as in @3s")
        self.take("name", "'s'")
        return seconds

    def end(self) -> None:
        self.take("end", "the end: each gate is one comparison")


def as_horizon(seconds: float) -> float | None:
    """The horizon, to the six digits that metrics are named by; None where it is none.

    >>> as_horizon(3.0000001), as_horizon(0)
    (3.0, None)
    """
    return float(f"{seconds:g}") if seconds > 0 and math.isfinite(seconds) else None


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        found = _TOKEN.match(text, place)
        if found is None:
            yield _Token("other", text[place], place)
            return
        kind = str(found.lastgroup)
        yield _Token(found[0] if kind == "sign" else kind, found[0], place)
        place = found.end()
    yield _Token("end", "", place)


def _wrong(text: str, token: _Token, expected: str) -> UsageError:
    """The error that points at a token."""
    got = repr(token.text[:_AROUND]) if token.text else "the end"
    first = max(0, token.place - _AROUND)
    around = text[first : token.place + _AROUND]
    shown = "".join(one if one.isprintable() else "?" for one in around)
    return UsageError(
        f"gate: got {got} at character {token.place + 1}, expected {expected}",
        hint=f"{shown}\n{' ' * (token.place - first)}^",
    )
