"""The comment for a pull request: read back by a Markdown parser, whatever the names hold."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rollkit.comparing.markdown import MARK, code, text

from .handmade import WORSE, comparison, metric

COMMENT = """\
<!-- rollkit compare -->
### ❌ rollkit compare: 1 of 3 metrics worse, 1 undecided, 1 equal

`base.parquet` → `candidate.parquet`, 200 pairs by seed

| verdict | metric | unit | base | candidate | difference | in % | 95% interval | p |
| :-- | :-- | :-- | --: | --: | --: | --: | --: | --: |
| **worse** | `jerk` | m/s^3 | 4 | 4.2 | +0.20 | +5.0% | -0.10 to +0.50 | <0.001 |
| undecided | `open` | m/s^3 | 4 | 4.2 | +0.20 | +5.0% | -0.10 to +0.50 | 0.100 |

<details>
<summary>1 equal</summary>

| verdict | metric | unit | base | candidate | difference | in % | 95% interval | p |
| :-- | :-- | :-- | --: | --: | --: | --: | --: | --: |
| equal | `same` | m/s^3 | 4 | 4 | 0 | 0% | 0 to 0 | - |

</details>

- left out: 3 seeds of base.parquet alone
"""

SAME = {"verdict": "equal", "candidate_mean": 4.0, "difference": 0.0, "low": 0.0, "high": 0.0}
NASTY = [
    "a|b",
    "a\\|b",
    "`a`",
    "``",
    "<script>alert(1)</script>",
    "<!-- -->",
    "</details>",
    "*a* _b_ __c__ ~~d~~",
    "[a](javascript:b)",
    "![](http://x)",
    "&lt;b&gt;",
    "a\nb",
    "@someone #1",
    "| a |\n|---|",
    "\x1b[31m",
    "- a",
    "1. a",
    "",
]


def read(markdown):
    """The tables of a comment as GitHub would show them: a row of cells' texts each."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    rows = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and token.level > 3:
            children = token.children or []
            loud = [one.content for one in children if one.type == "html_inline"]
            assert set(loud) <= {"<code>", "</code>"}
            kinds = {"text", "code_inline", "html_inline", "strong_open", "strong_close"}
            assert {one.type for one in children} <= kinds | {"text_special"}
            shown = (one.content for one in children if one.type != "html_inline")
            rows[-1].append("".join(shown))
    return rows


def test_a_comment():
    told = comparison(metric("same", **SAME), metric("open"), metric(**WORSE), only_base=3)
    assert told.to_markdown() == COMMENT
    heads, worse, undecided, _, same = read(COMMENT)
    assert heads[:3] == ["verdict", "metric", "unit"]
    assert worse[:2] == ["worse", "jerk"]
    assert (undecided[0], same[0]) == ("undecided", "equal")


@pytest.mark.parametrize("name", NASTY)
def test_names_are_shown_as_they_stand(name):
    told = comparison(
        metric(name, **WORSE, unit=name, reason=name),
        base=name,
        candidate=name,
        notes=(name,),
    )
    shown = " ".join("".join(one if one.isprintable() else " " for one in name).split())
    _, row = read(told.to_markdown())
    assert row[1] == shown
    assert row[2].replace("\u200b", "") == shown
    assert len(row) == 9
    rendered = MarkdownIt("commonmark").enable("table").render(told.to_markdown())
    tags = set(re.findall(r"<(/?\w+)", rendered))
    known = {"h3", "p", "code", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "strong"}
    assert tags <= known | {f"/{one}" for one in known}


@given(st.text(max_size=40))
def test_any_name_at_all(name):
    shown = " ".join("".join(one if one.isprintable() else " " for one in name).split())
    table = f"| a | b |\n|---|---|\n| {code(name)} | {text(name)} |\n"
    _, row = read(table)
    assert [one.replace("\u200b", "") for one in row] == [shown.replace("\u200b", "")] * 2


def test_nobody_is_addressed():
    assert "@" not in re.sub("&#64;&#8203;", "", text("@a (@b) c@d")).replace("c@d", "")
    assert html.unescape(text("@a")) == "@\u200ba"
    assert html.unescape(text("ade@3s")) == "ade@3s"


def test_the_headline():
    assert "### ✅" in comparison(metric(**SAME)).to_markdown()
    assert "### ⚠️" in comparison(metric(**WORSE), fail_on=()).to_markdown()
    assert comparison(metric()).to_markdown().startswith(f"{MARK}\n### ✅ rollkit compare: 1 of 1")


def test_it_fits_into_a_comment():
    told = comparison(*(metric(f"metric_{n}_{'x' * 500}", reason="y" * 500) for n in range(3000)))
    comment = told.to_markdown()
    assert len(comment) < 65_536
    assert "and 2900 more" in comment
