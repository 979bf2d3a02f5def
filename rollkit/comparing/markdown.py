"""A comparison as a comment for a pull request, in GitHub's flavour of Markdown.

Names come from plugins and files. What they hold is shown as it stands: no markup, no HTML, no
cell border and no mention of a user.
"""

import re
from collections.abc import Iterable, Sequence

from rollkit.comparing import remarks, words
from rollkit.comparing.results import Comparison, MetricComparison

# By which a job finds its earlier comment, to replace it.
MARK = "<!-- rollkit compare -->"
# GitHub takes 65,536 letters.
_MOST = 100  # rows of a table

_COLUMNS = {
    "verdict": ":--",
    "metric": ":--",
    "unit": ":--",
    "base": "--:",
    "candidate": "--:",
    "difference": "--:",
    "in %": "--:",
    "95% interval": "--:",
    "p": "--:",
}
_SIMPLE = re.compile(r"[\w.,:=/%@+-]+")
# What might be markup: so is an underscore, but within a word, and a list at the beginning.
_SPECIAL = re.compile(r"[^\w .,;:'?/%()=+^-]|(?<![^\W_])_|_(?![^\W_])|^[-+=]|(?<=^\d)[.)]")


def markdown(comparison: Comparison) -> str:
    """The comment: a headline, the table of what is not equal, what is equal folded away."""
    ranked = comparison.ranked
    sides = f"{code(comparison.base)} → {code(comparison.candidate)}"
    parts = [
        f"{MARK}\n### {_sign(comparison)} rollkit compare: {words.tally(comparison)}",
        f"{sides}, {words.counted(comparison)}",
        _table(comparison, [one for one in ranked if not _unchanged(comparison, one)]),
    ]
    unchanged = [one for one in ranked if _unchanged(comparison, one)]
    if unchanged:
        parts += [
            f"<details>\n<summary>{len(unchanged)} equal</summary>",
            _table(comparison, unchanged),
            "</details>",
        ]
    reasons = [f"{code(one.name)}: {text(one.reason)}" for one in ranked if one.reason]
    notes = [*reasons[:_MOST], *map(text, remarks.notes(comparison))]
    parts.append("\n".join(f"- {one}" for one in notes))
    return "\n\n".join(part for part in parts if part) + "\n"


def code(name: str) -> str:
    """A name in the letters of code.

    >>> print(code("max_abs_jerk"), code("a|<b>"))
    `max_abs_jerk` <code>a&#124;&#60;b&#62;</code>
    """
    name = words.short(name)
    return f"`{name}`" if _SIMPLE.fullmatch(name) else f"<code>{_entities(name)}</code>"


def text(said: str) -> str:
    """Words that are no markup; an @ addresses nobody.

    >>> print(text("*needs* a reference"))
    &#42;needs&#42; a reference
    """
    return re.sub(r"(?<!\w)&#64;(?=\w)", "&#64;&#8203;", _entities(words.short(said)))


def _entities(said: str) -> str:
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", said)


def _sign(comparison: Comparison) -> str:
    if not comparison.ok:
        return "❌"
    return "⚠️" if comparison.verdicts["worse"] else "✅"


def _unchanged(comparison: Comparison, one: MetricComparison) -> bool:
    return one.verdict == "equal" and not comparison.fails(one)


def _table(comparison: Comparison, some: Sequence[MetricComparison]) -> str:
    if not some:
        return ""
    rows = [_row(_COLUMNS), _row(_COLUMNS.values())]
    rows += [_row(_cells(comparison, one)) for one in some[:_MOST]]
    more = f"\n\nand {len(some) - _MOST} more" if len(some) > _MOST else ""
    return "\n".join(rows) + more


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(comparison: Comparison, one: MetricComparison) -> list[str]:
    verdict = words.verdict(one)
    return [
        f"**{verdict}**" if comparison.fails(one) else verdict,
        code(one.name),
        text(one.unit),
        words.number(one.base_mean),
        words.number(one.candidate_mean),
        words.difference(one),
        words.percent(one),
        words.interval(one),
        words.p_value(one.p),
    ]
