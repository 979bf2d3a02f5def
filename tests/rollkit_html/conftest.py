"""A real browser without a network, and pages of it that may not complain."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, Route, sync_playwright

from rollkit import Report
from rollkit_html.reporter import html

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def _missing(why: str) -> None:
    """Skip, but fail where a browser has to be there, as in `.ci/run`."""
    if os.environ.get("ROLLKIT_BROWSER") == "required":
        pytest.fail(f"ROLLKIT_BROWSER=required, but {why}", pytrace=False)
    pytest.skip(why)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for the tests of a file. Not for the session: while it runs, asyncio's loop is taken."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        _missing(f"there is no browser to open the report with: none of {', '.join(NAMES)}")
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(
                executable_path=path,
                args=QUIET,
                chromium_sandbox=os.geteuid() != 0,  # which root cannot have
            )
        except Error as error:
            _missing(f"{path} does not start: {error.message.splitlines()[0]}")
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a file in a fresh profile without a network.

    After the test: no error or warning on the console, no exception, no dialog, and nothing was
    asked for but the file itself. Options are those of a context: `color_scheme`, `viewport`.
    """
    complaints: list[str] = []
    contexts = []

    def opened(path: Path, **options: Any) -> Page:
        uri = path.resolve().as_uri()
        context = browser.new_context(offline=True, **options)
        contexts.append(context)

        def only_itself(route: Route) -> None:
            asked = route.request.url
            if asked.partition("#")[0] == uri:
                route.continue_()
            else:
                complaints.append(f"asked for {asked[:200]}")
                route.abort()

        context.route("**/*", only_itself)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
        page.on(
            "console",
            lambda said: (
                complaints.append(f"console {said.type}: {said.text}")
                if said.type in ("error", "warning")
                else None
            ),
        )

        def dismiss(dialog: Any) -> None:
            complaints.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        page.on("dialog", dismiss)
        page.goto(uri)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def write(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Report], Path]:
    """Write a report's page and return its path."""

    def written(report: Report) -> Path:
        path = tmp_path_factory.mktemp("pages") / "report #1.html"  # a name that needs escaping
        path.write_text(html(report), encoding="utf-8")
        return path

    return written
