"""The only place where text from a user's file becomes HTML: always escaped, always cut to a bearable length."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from html import escape

from cartography.inspection.wording import cut
from cartography.particulars import is_address

__all__ = ["bullets", "definitions", "label", "linked", "pictured", "safe"]

_LONGEST = 4000
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&:^=])")


def safe(text: object, longest: int = _LONGEST) -> str:
    """Return any value as HTML text: markup escaped, control characters blanked, cut at `longest`."""
    plain = str(text)
    plain = plain if len(plain) <= longest else plain[: longest - 1] + "…"
    return escape("".join(c if c.isprintable() or c == "\n" else " " for c in plain), quote=True)


def label(text: object, longest: int = 80) -> str:
    """Return any value for a widget's label, which Streamlit reads as Markdown: shown as it is, on one line, cut."""
    plain = "".join(c if c.isprintable() else " " for c in cut(str(text), longest))
    return _MARKS.sub(r"\\\1", plain).replace(r"\:", "\\:\u2060")  # no icon nor emoji begins after a word joiner


def definitions(pairs: Iterable[tuple[object, object]]) -> str:
    """Return (name, value) pairs as an HTML definition list."""
    rows = "".join(f"<dt>{safe(name, 80)}</dt><dd>{safe(value)}</dd>" for name, value in pairs)
    return f'<dl class="ec-card">{rows}</dl>'


def linked(address: str) -> str:
    """Return an address on the web as a link that shows all of it and tells the other side nothing; else as text."""
    if not is_address(address):
        return safe(address)
    plain = escape(address, quote=True)
    return f'<a href="{plain}" target="_blank" rel="noopener noreferrer nofollow">{plain}</a>'


def pictured(image: bytes) -> str:
    """Return a PNG or WEBP of our own making as HTML; small ones are enlarged pixel by pixel."""
    kind = "png" if image.startswith(b"\x89PNG") else "webp"
    source = f"data:image/{kind};base64,{b64encode(image).decode('ascii')}"
    return f'<img class="ec-picture" data-testid="item-picture" alt="" src="{source}">'


def bullets(sentences: Iterable[object]) -> str:
    """Return sentences as an HTML list."""
    return '<ul class="ec-notes">' + "".join(f"<li>{safe(sentence)}</li>" for sentence in sentences) + "</ul>"
