"""What a check found: a record of one law and one function, and reports of many."""

from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal[
    "passed",
    "violated",  # the law does not hold
    "crashed",  # the interpreter ended
    "timeout",  # no answer within the time limit
    "broken",  # the law itself raised: a bug of the kit's
    "skipped",  # nothing to check it with; the reason says what
    "expected",  # violated, as the caller said it would be
    "unexpected",  # passed, though the caller said it would not
]
GOOD = ("passed", "skipped", "expected")


@dataclass(frozen=True, kw_only=True)
class Record:
    """One law checked on one plugin function."""

    plugin: str
    kind: str
    subject: str
    invariant: str
    statement: str
    verdict: Verdict
    examples: int = 0
    message: str = ""  # what was got and expected, or the reason
    example: str = ""  # the smallest input found, as Python
    file: str | None = None
    line: int | None = None
    command: str = ""  # does it again

    @property
    def failed(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.verdict not in GOOD

    def __str__(self) -> str:
        head = f"{self.subject}: {self.invariant}: {self.verdict}"
        if not self.failed:
            return f"{head}{f' ({self.message})' if self.message else ''}"
        where = f" at {self.file}:{self.line}" if self.file else ""
        lines = [f"{head}{where}", f"  law: {self.statement}", f"  {self.message}"]
        if self.example:
            lines.append("  smallest example:")
            lines += [f"    {line}" if line else "" for line in self.example.splitlines()]
        if self.command:
            lines.append(f"  again: {self.command}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values."""
        return dict(vars(self))


class Report(list[Record]):
    """The records of several checks, in order."""

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.failures

    @property
    def failures(self) -> list[Record]:
        """The records that failed."""
        return [one for one in self if one.failed]

    def __repr__(self) -> str:
        shown = self.failures or self
        return "\n".join(map(str, shown))
