"""The browser's side of the map as one module: the files in js/, joined in the order in which they build up.

They are ES modules that import each other, so that tools can read and check them one by one. Joined, they share
one scope: their import lines go, and `export` with them. One file is one request, and fits into an offline page.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from cartography.records.arrays import digest

__all__ = ["CODE_NAME", "FILES", "LOADER", "OFFLINE_FILES", "code", "offline_code", "style_sheet"]

_HERE = Path(__file__).parent
_VIEW = (
    "geometry",
    "motion",
    "camera",
    "source",
    "grid",
    "lasso",
    "points",
    "stamps",
    "splat",
    "axes",
    "tiles",
    "sprites",
    "shelves",
    "showing",
    "sheet",
    "strokes",
    "borders",
    "roads",
    "fog",
    "realms",
    "townnames",
    "dragons",
    "labels",
    "album",
    "banners",
    "pictures",
    "stories",
    "land",
    "pointer",
    "choices",
    "sets",
    "choosing",
    "overlay",
    "marks",
    "panel",
    "bar",
    "search",
    "signs",
    "legend",
    "minimap",
    "furniture",
    "notices",
    "card",
    "gestures",
    "hand",
    "facts",
    "loading",
    "pace",
    "feed",
    "turn",
    "forming",
    "painting",
    "report",
    "view",
)
FILES = (*_VIEW, "mount")
OFFLINE_FILES = (*_VIEW, "saved", "page")
_IMPORT = re.compile(r"^import\b[^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


@cache
def code() -> str:
    """Return all of the browser's code as one ES module."""
    return _joined(FILES)


@cache
def offline_code() -> str:
    """Return all of an offline page's code as one ES module that draws the map by itself."""
    return _joined(OFFLINE_FILES).replace("export default function open", "function open") + "\nopen();\n"


def _joined(names: tuple[str, ...]) -> str:
    sources = ((_HERE / "js" / f"{name}.js").read_text(encoding="utf-8") for name in names)
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", source)) for source in sources)


@cache
def style_sheet() -> str:
    """Return the style sheet."""
    return (_HERE / "view.css").read_text(encoding="utf-8")


CODE_NAME = f"view-{digest(code())}.js"
"""Changes with the code, so that browsers may keep it for good."""

LOADER = """
export default async function (component) {
    const module = await import(new URL(component.data.code, document.baseURI));
    return module.default(component);
}
"""
"""What Streamlit sends along with every change of data: small, the rest comes by route and is kept."""
