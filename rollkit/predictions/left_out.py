"""Cases that were left out, and why: counted by kind, the first of them listed."""

from collections import Counter
from typing import Any, Final

KINDS: Final = {
    "invalid": "the prediction cannot be used",
    "unmatched": "the reference has no case of that id",
    "short": "the reference does not cover the prediction",
    "reference_invalid": "the reference has a gap, or cannot be used",
}
LISTED: Final = 1000


class LeftOut:
    """The record of them; `total` is how many there are."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.listed: list[dict[str, str]] = []

    def add(self, case: str, kind: str, reason: str) -> None:
        """Leave a case out."""
        self.counts[kind] += 1
        if len(self.listed) < LISTED:
            self.listed.append({"case": case, "kind": kind, "reason": reason})

    @property
    def total(self) -> int:
        """How many cases were left out."""
        return sum(self.counts.values())

    def to_dict(self) -> dict[str, Any]:
        """As strict JSON values: every kind, none of them too."""
        return {
            "left_out": {kind: self.counts[kind] for kind in KINDS},
            "listed": list(self.listed),
        }
