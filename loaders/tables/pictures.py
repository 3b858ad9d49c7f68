"""Columns of bytes that are pictures, as Hugging Face and others write them: kept as data URIs, never opened here."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pandas as pd

from loaders.files.limits import size_text

__all__ = ["pictures_in"]

_MOST = 128 << 20
_LOOKED_AT = 50
_KINDS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"RIFF": "webp", b"GIF8": "gif", b"BM": "bmp"}


def pictures_in(column: Any) -> tuple[pd.Series | None, str]:
    """Return a column of Arrow binaries as data URIs, or None and why not, in a word or two."""
    first = [value for value in column.slice(0, _LOOKED_AT).to_pylist() if value]
    if not first or 2 * sum(_kind(value) is not None for value in first) <= len(first):
        return None, "bytes"
    if column.nbytes > _MOST:
        return None, f"pictures, {size_text(column.nbytes)}"
    return pd.Series([_uri(value) for value in column.to_pylist()], dtype="str"), ""


def _kind(content: bytes) -> str | None:
    return next((kind for magic, kind in _KINDS.items() if content.startswith(magic)), None)


def _uri(content: bytes | None) -> str | None:
    kind = _kind(content) if content else None
    return f"data:image/{kind};base64,{b64encode(content).decode('ascii')}" if content and kind else None
