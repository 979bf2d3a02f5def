"""How the pictures of docs/gallery.md come about, in the folder where its commands run.

A picture is a figure that a command wrote, what the last command of a block prints on a terminal,
or a report as a browser shows it. All are reduced to the colours they need.
"""

import contextlib
import fcntl
import io
import os
import pty
import re
import shlex
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_COLOURS = 256
_ROWS = 60  # of the terminal
_TERMINAL = """\
<meta charset="utf-8"><style>{stylesheet}
body {{ margin: 0; background: {background}; color: {foreground} }}
pre {{ display: inline-block; margin: 0; padding: 14px 18px }}
code {{ font: 14px/1.164 "DejaVu Sans Mono", monospace }}
i {{ display: inline-block; width: 1ch; font-style: normal }}
i.dots {{ transform: scaleX(0.822); transform-origin: left }} /* those of DejaVu Sans, in a cell */
</style><pre><code>{code}</code></pre>
"""


class Terminal(NamedTuple):
    """What the last command prints on a terminal so many columns wide."""

    columns: int = 100


class Shot(NamedTuple):
    """A report in a browser: its upper end, or what begins at an element."""

    page: str
    theme: str = "light"
    at: str = ""  # a selector
    choose: str = ""  # of a row of the table
    filter: str = ""
    height: int = 1000
    width: int = 1280


def how_of(comment: str) -> Terminal | Shot | None:
    """How a picture comes about: `<!-- shot: page=report.html theme=dark -->`, as the page says.

    None is a picture that a command wrote.
    """
    if not comment:
        return None
    kind, *options = shlex.split(comment.removeprefix("<!-- ").removesuffix(" -->"))
    said: dict[str, Any] = dict(one.split("=", 1) for one in options)
    said |= {name: int(said[name]) for name in ("columns", "height", "width") if name in said}
    return {"terminal:": Terminal, "shot:": Shot}[kind](**said)


def run(block: str, folder: Path) -> None:
    """Run a block of commands; 1 is what a gate that does not hold exits with."""
    done = subprocess.run(
        ["bash", "-c", block],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode > 1:
        raise SystemExit(f"{block}{done.stderr}")


def environment() -> dict[str, str]:
    """That of a user who has activated this environment."""
    hidden = ("PYTHONPATH", "COLUMNS", "FORCE_COLOR", "NO_COLOR")
    variables = {name: one for name, one in os.environ.items() if name not in hidden}
    path = f"{Path(sys.executable).parent}{os.pathsep}{variables['PATH']}"
    return variables | {"PATH": path, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A browser of this machine."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise SystemExit(f"the gallery needs a browser: none of {', '.join(BROWSERS)} is here")
    with sync_playwright() as playwright:
        sandbox = os.geteuid() != 0  # which root cannot have
        started = playwright.chromium.launch(executable_path=path, chromium_sandbox=sandbox)
        yield started
        started.close()


def make(
    name: str, one: Terminal | Shot | None, folder: Path, command: str, by: Browser
) -> Image.Image:
    """One picture; `command` is the last of the block that it stands below."""
    if one is None:
        return reduced((folder / name).read_bytes())
    if isinstance(one, Terminal):
        return reduced(_photographed(command, folder, one.columns, by))
    return reduced(_shot(one, folder, by))


def reduced(png: bytes) -> Image.Image:
    """The picture in few colours."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    return picture.quantize(_COLOURS, kmeans=3, dither=Image.Dither.NONE)


def on_a_terminal(command: str, folder: Path, columns: int) -> str:
    """What a command prints where stdout is a terminal, then what it says on stderr."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, columns, 0, 0))
    started = subprocess.Popen(
        ["bash", "-c", command],
        cwd=folder,
        env={**environment(), "TERM": "xterm-256color", "COLORTERM": "truecolor"},
        stdin=subprocess.DEVNULL,
        stdout=its,
        stderr=subprocess.PIPE,
    )
    os.close(its)
    printed = b""
    with contextlib.suppress(OSError):  # the end of a terminal that nobody writes to any more
        while some := os.read(ours, 65536):
            printed += some
    os.close(ours)
    said = started.communicate()[1]
    return (printed.replace(b"\r\n", b"\n") + said).decode()


def _photographed(command: str, folder: Path, columns: int, by: Browser) -> bytes:
    text = on_a_terminal(command, folder, columns)
    console = Console(record=True, width=columns, file=io.StringIO(), force_terminal=True)
    console.print(Text(f"$ {command}", "bold"))
    console.print(Text.from_ansi(text), end="")
    markup = console.export_html(theme=SVG_EXPORT_THEME, code_format=_TERMINAL)
    context = by.new_context(offline=True, viewport={"width": 2000, "height": 1000})
    page = context.new_page()
    page.set_content(re.sub("[\u2190-\u28ff]", _cell, markup))
    png = page.locator("pre").screenshot()
    context.close()
    return png


def _cell(letter: re.Match[str]) -> str:
    """A letter that the font may lack, in a cell as wide as the others."""
    dots = ' class="dots"' if letter[0] >= "\u2800" else ""
    return f"<i{dots}>{letter[0]}</i>"


def _shot(one: Shot, folder: Path, by: Browser) -> bytes:
    size = {"width": one.width, "height": one.height}
    context = by.new_context(offline=True, color_scheme=one.theme, viewport=size)
    page = context.new_page()
    page.goto((folder / one.page).resolve().as_uri())
    _drawn(page)
    if one.filter:
        page.fill("#filter", one.filter)
    if one.choose:
        page.locator("#cases td:first-child", has_text=one.choose).first.click()
        page.mouse.move(0, 0)
        _drawn(page)
    for _ in range(2 if one.at else 0):  # what comes into sight is drawn, and may move the rest
        page.evaluate("at => document.querySelector(at).scrollIntoView()", one.at)
        page.wait_for_timeout(300)
        _drawn(page)
    png = page.screenshot()
    context.close()
    return png


def _drawn(page: Page) -> Any:
    return page.wait_for_selector("body[data-drawn=true]", state="attached")
