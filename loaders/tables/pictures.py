"""Columns of bytes that are pictures or sounds, as Hugging Face and others write them.

They are kept as data URIs, never opened here.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pandas as pd

from loaders.files.limits import size_text

__all__ = ["pictures_in"]

_MOST = 128 << 20
_LOOKED_AT = 50
_KINDS = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
    b"OggS": "audio/ogg",
    b"fLaC": "audio/flac",
    b"ID3": "audio/mpeg",
    b"\xff\xfb": "audio/mpeg",
}
_IN_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}


def pictures_in(column: Any) -> tuple[pd.Series | None, str]:
    """Return a column of Arrow binaries as data URIs, or None and why not, in a word or two."""
    first = [value for value in column.slice(0, _LOOKED_AT).to_pylist() if value]
    if not first or 2 * sum(_kind(value) is not None for value in first) <= len(first):
        return None, "bytes"
    if column.nbytes > _MOST:
        return None, f"{_called(first)}, {size_text(column.nbytes)}"
    return pd.Series([_uri(value) for value in column.to_pylist()], dtype="str"), ""


def _called(values: list[bytes]) -> str:
    return "sounds" if any((_kind(value) or "").startswith("audio") for value in values) else "pictures"


def _kind(content: bytes) -> str | None:
    if content.startswith(b"RIFF"):
        return _IN_RIFF.get(content[8:12])
    return next((kind for magic, kind in _KINDS.items() if content.startswith(magic)), None)


def _uri(content: bytes | None) -> str | None:
    kind = _kind(content) if content else None
    return f"data:{kind};base64,{b64encode(content).decode('ascii')}" if content and kind else None
