"""The pictures of the gallery were made by the commands that stand above them."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def make():
    """The script that makes them."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import make_gallery

        yield make_gallery
    finally:
        sys.path.remove(str(ROOT / "docs"))


def test_every_picture_is_there_and_is_what_its_commands_made(make):
    assert not make.check(), "run python docs/make_gallery.py"


def test_every_picture_is_looked_at(make):
    """It has commands, and a paragraph that says how to read it."""
    text = make.PAGE.read_text(encoding="utf-8")
    found = list(make.steps(text))
    assert 8 <= len(found) == text.count("**How to read it.**") == text.count("](gallery/")
    assert all(any("rollkit " in block for block in one.blocks) for one in found)


PAGE = """\
<!-- file: one.py -->
```python
print(1)
```

```sh
python one.py
```

![One](gallery/one.png)

<!-- shot: page=two.html theme=dark -->
![Two](gallery/two.png)
"""


def test_what_a_picture_is_made_by(make):
    one, two = make.steps(PAGE)
    assert one == ("one.png", {"one.py": "print(1)\n"}, ("python one.py\n",), "")
    assert two == one._replace(picture="two.png", how="<!-- shot: page=two.html theme=dark -->")


@pytest.mark.parametrize("old", ["print(1)", "python one.py", "theme=dark"])
def test_what_drifts_is_found(make, tmp_path, monkeypatch, old):
    page, folder = tmp_path / "gallery.md", tmp_path / "gallery"
    for name, path in [("PAGE", page), ("FOLDER", folder), ("MADE", folder / "made.json")]:
        monkeypatch.setattr(make, name, path)
    folder.mkdir()
    page.write_text(PAGE, encoding="utf-8")
    digests = {one.picture: one.digest for one in make.steps(PAGE)}
    make.MADE.write_text(json.dumps(digests), encoding="utf-8")
    assert make.check() == ["one.png: missing", "two.png: missing"]
    for name in digests:
        (folder / name).touch()
    assert make.check() == []
    (folder / "old.png").write_bytes(bytes(make.LARGEST + 1))
    assert make.check() == ["old.png: not on the page", "old.png: 250,001 bytes"]
    (folder / "old.png").unlink()
    page.write_text(PAGE.replace(old, "another"), encoding="utf-8")
    assert "two.png: made by other commands" in make.check()
