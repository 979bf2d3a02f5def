"""Makes the pictures of docs/gallery.md by the commands on it: python docs/make_gallery.py

It needs rollkit's extras `compare`, `parquet`, `plot` and `report`, playwright and a Chromium. The
files and the `sh` blocks of the page are run in order, in an empty folder; the pictures below a
block are made when it has run. `--check` runs nothing and says which pictures are missing, not on
the page, too large, or were made by other commands than the page shows.
"""

import hashlib
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).parent
PAGE = DOCS / "gallery.md"
FOLDER = DOCS / "gallery"
MADE = FOLDER / "made.json"  # of each picture, a digest of what it was made by
LARGEST, ALL = 250_000, 1_500_000  # bytes

# A file, a block of commands, or a picture.
_PART = re.compile(
    r"^<!-- file: (?P<file>\S+) -->\n```\w*\n(?P<content>.*?)^```$"
    r"|^```sh\n(?P<commands>.*?)^```$"
    r"|^!\[[^\]]*\]\(gallery/(?P<picture>\S+)\)$",
    re.M | re.S,
)
# How a picture that no command writes comes about: `<!-- shot: page=report.html theme=dark -->`.
_HOW = re.compile(r"^<!-- (?P<kind>terminal|shot): ?(?P<options>.*) -->$", re.M)


class Step(NamedTuple):
    """A picture: what came before it on the page, its own block of commands, and how it is made."""

    picture: str
    files: dict[str, str]
    blocks: tuple[str, ...]  # of commands, those of earlier pictures too
    how: str

    @property
    def digest(self) -> str:
        """Of all that the picture was made by."""
        text = json.dumps([self.files, self.blocks, self.how])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def steps(text: str) -> Iterator[Step]:
    """The pictures of a page, in order."""
    files: dict[str, str] = {}
    blocks: list[str] = []
    end = 0
    for part in _PART.finditer(text):
        if part["file"]:
            files[part["file"]] = part["content"]
        elif part["commands"]:
            blocks.append(part["commands"])
        else:
            how = _HOW.search(text, end, part.start())
            yield Step(part["picture"], dict(files), tuple(blocks), how[0] if how else "")
        end = part.end()


def check() -> list[str]:
    """What is wrong with the pictures; nothing is run."""
    found = list(steps(PAGE.read_text(encoding="utf-8")))
    made = json.loads(MADE.read_text(encoding="utf-8"))
    there = {one.name: one.stat().st_size for one in FOLDER.iterdir() if one != MADE}
    wanted = [one.picture for one in found]
    wrong = [f"{one.picture}: missing" for one in found if one.picture not in there]
    wrong += [f"{name}: not on the page" for name in sorted({*there, *made} - {*wanted})]
    wrong += [
        f"{one.picture}: made by other commands"
        for one in found
        if one.picture in there and made.get(one.picture) != one.digest
    ]
    wrong += [f"{name}: {size:,} bytes" for name, size in there.items() if size > LARGEST]
    if sum(there.values()) > ALL:
        wrong.append(f"all: {sum(there.values()):,} bytes")
    return wrong


def write() -> None:
    """Run the page's commands and write its pictures."""
    from gallery_pictures import browser, how_of, make, run

    found = list(steps(PAGE.read_text(encoding="utf-8")))
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, browser() as opened:
        done = 0
        for one in found:
            for file, content in one.files.items():
                (Path(name) / file).write_text(content, encoding="utf-8")
            for block in one.blocks[done:]:
                run(block, Path(name))
            done = len(one.blocks)
            last = re.findall(r"^(?:.*\\\n)*.+$", one.blocks[-1], re.M)[-1]
            picture = make(one.picture, how_of(one.how), Path(name), last, opened)
            picture.save(FOLDER / one.picture, optimize=True)
            print(f"{one.picture}: {(FOLDER / one.picture).stat().st_size:,} bytes")
    for old in {path.name for path in FOLDER.iterdir()} - {one.picture for one in found}:
        (FOLDER / old).unlink()
    made = json.dumps({one.picture: one.digest for one in found}, indent=2)
    MADE.write_text(f"{made}\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit("\n".join(check()))
    write()
