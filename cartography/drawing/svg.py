"""SVG as text: elements, attributes and escaping, so that nothing a user wrote can become markup."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from cartography.drawing.names.lettering import cleaned, shortened

__all__ = ["Piece", "attributes", "element", "group", "image_url", "number", "path", "spans", "text", "told"]

_LONGEST_TOLD = 200
_PICTURES = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"RIFF": "webp"}

Value = str | float | int | None


@dataclass(frozen=True)
class Piece:
    """Something to put on a picture: its size in pixels, and its markup drawn from (0, 0)."""

    width: float
    height: float
    markup: str

    def at(self, x: float, y: float) -> str:
        """Return the markup moved to (x, y)."""
        return group(self.markup, transform=f"translate({number(x)} {number(y)})")


def number(value: float) -> str:
    """Return a number with at most two decimals and no more characters than it needs."""
    short = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def attributes(given: dict[str, Value]) -> str:
    """Return ` name="value"` for each attribute that is not None; `_` in a name stands for `-`."""
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_quoted(value)}"'
        for name, value in given.items()
        if value is not None
    )


def element(name: str, **given: Value) -> str:
    """Return an empty element."""
    return f"<{name}{attributes(given)}/>"


def group(inside: str, **given: Value) -> str:
    """Return `<g>` around markup."""
    return f"<g{attributes(given)}>{inside}</g>"


def text(content: object, **given: Value) -> str:
    """Return `<text>` with `content` cleaned and escaped."""
    return f"<text{attributes(given)}>{_escaped(cleaned(content))}</text>"


def spans(runs: Sequence[tuple[str, float]], **given: Value) -> str:
    """Return `<text>` made of runs of letters, each with a font size of its own."""
    if len(runs) == 1:
        return text(runs[0][0], font_size=runs[0][1], **given)
    inside = "".join(f"<tspan{attributes({'font_size': size})}>{_escaped(run)}</tspan>" for run, size in runs)
    return f"<text{attributes(given)}>{inside}</text>"


def told(inside: str, words: object) -> str:
    """Return `<g>` around markup that says `words` when somebody points at it."""
    return f"<g><title>{_escaped(shortened(words, _LONGEST_TOLD))}</title>{inside}</g>" if inside else ""


def image_url(content: bytes) -> str:
    """Return a PNG, JPEG or WEBP as a data URL; "" for bytes that browsers might do more with than show them."""
    kind = next((kind for magic, kind in _PICTURES.items() if content.startswith(magic)), None)
    return f"data:image/{kind};base64,{b64encode(content).decode('ascii')}" if kind else ""


def path(data: str, **given: Value) -> str:
    """Return `<path>`; numbers in `data` are written by the caller."""
    return element("path", d=data, **given)


def _quoted(value: Value) -> str:
    if isinstance(value, str):
        return _escaped(value).replace('"', "&quot;")
    return number(float(value or 0))


def _escaped(content: str) -> str:
    return content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
