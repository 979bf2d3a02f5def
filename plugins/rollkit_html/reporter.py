"""The HTML reporter: one file, everything in it."""

from rollkit import Report, hookimpl, reporter
from rollkit_html.page import page


@reporter(suffixes=(".html", ".htm"))
def html(report: Report) -> str:
    """One self-contained HTML page that opens offline."""
    return page(report)


@hookimpl
def rollkit_reporters():
    return [html]
