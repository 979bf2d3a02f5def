"""What the page is made of beside its data: style sheets, scripts, Vega and its templates."""

import base64
import functools
import hashlib
from importlib.resources import files
from typing import Any

from rollkit_html import charts

_SNIPPET = "window.vegaEmbed = vegaEmbed;"  # all that the page takes of the bundle
STYLES = ("page", "charts", "print")
# In this order: each uses what stands before it.
SCRIPTS = (
    *("dom", "theme", "filter", "plots", "distributions", "examples", "paths", "signals"),
    *("cursor", "table", "chosen", "filters", "page"),
)


def text(name: str) -> str:
    """A file of this package."""
    return files("rollkit_html").joinpath(name).read_text(encoding="utf-8")


def style() -> str:
    """The style sheet."""
    return "\n".join(text(f"css/{name}.css") for name in STYLES)


def script() -> str:
    """The page's own script, in a scope of its own."""
    parts = [text(f"js/{name}.js") for name in SCRIPTS]
    return "(() => {\n'use strict';\n" + "\n".join(parts) + "})();\n"


@functools.cache
def library() -> str:
    """Vega as one script, likewise."""
    import vl_convert

    bundle = vl_convert.javascript_bundle(_SNIPPET).replace("\r\n", "\n")
    # Neither may stand in a script of a page.
    bundle = bundle.replace("</script", "<\\/script").replace("<!--", "\\x3C!--")
    return "(() => {" + bundle + "})();"


@functools.cache
def compiled() -> dict[str, Any]:
    """The templates of the plots, as Vega draws them."""
    import vl_convert

    return {name: vl_convert.vegalite_to_vega(one) for name, one in charts.templates().items()}


def policy(*scripts: str, style: str) -> str:
    """What the page may do: run these scripts and no others, and ask nobody for anything."""
    allowed = " ".join(map(_hash, scripts))
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(content: str) -> str:
    """As a policy names a text."""
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
