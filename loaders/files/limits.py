"""How much a file may ask for. A file is written by a stranger: what it claims is checked before it is believed."""

from __future__ import annotations

import os

from cartography.errors import LoadError

__all__ = ["FREE", "MAX_DEPTH", "MAX_LINE", "check_expansion", "check_memory", "size_text"]

FREE = 64 << 20
"""Bytes that may be unpacked from any archive without a question."""

RATIO = 250
"""Beyond `FREE`, a packed file may grow by this factor. Real vectors grow by 1.1 to 10."""

MAX_LINE = 64 << 20
"""Bytes in one line of text: five million numbers."""

MAX_DEPTH = 64
"""Levels of nesting in JSON. Vectors need four."""


def check_memory(nbytes: int, what: str) -> None:
    """Raise `LoadError` when `what` needs more memory than this machine has."""
    if nbytes > _most():
        raise LoadError(
            f"{what} would need {size_text(nbytes)} of memory; this machine has {size_text(_physical())}.",
            "Open a part of it with sample=100000, or write a smaller file.",
        )


def check_expansion(packed: int, unpacked: int, name: str) -> None:
    """Raise `LoadError` when `packed` bytes grow to `unpacked` bytes like a decompression bomb."""
    if unpacked > FREE and unpacked > RATIO * max(packed, 1):
        raise LoadError(
            f"{name} unpacks to {size_text(unpacked)} or more from {size_text(packed)}; "
            f"more than {RATIO} times is refused as a possible decompression bomb.",
            "If you trust the file, unpack it and open what is inside.",
        )
    check_memory(unpacked, name)


def size_text(nbytes: int) -> str:
    """Return a size as a person would say it."""
    size = float(nbytes)
    for unit in ("bytes", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" or size >= 10 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"


def _most() -> int:
    return _physical() * 3 // 4


def _physical() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # a system that does not say
        return 16 << 30
