"""Any value as text: in a line for a table, over several lines for a card, or whole; always in bounded time."""

from __future__ import annotations

import json
import math
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from cartography.decoding import kind_of, sound_of
from cartography.items import describe

__all__ = ["ENTRIES", "brief", "pretty", "whole", "written"]

_MOST_WHOLE = 20_000_000  # characters
ENTRIES = 50
"""Entries of a list or an object that are shown at once."""
_DEEPEST = 6
_LONGEST_PART = 300
_LINE = 44  # characters of a list that stay on one line
_LARGE, _SMALL = 1e15, 1e-4


def brief(value: object, most: int = 200) -> str:
    """Return a value on one line of at most `most` characters; pictures and sounds by what they are."""
    if isinstance(value, str):
        known = {"data:image/": "picture", "data:audio/": "sound"}.get(value[:11].lower())
        return known or _cut(value, most)
    if isinstance(value, bytes | bytearray | memoryview):
        return _medium(bytes(value[:16])) or f"{len(value):,} bytes"
    if isinstance(value, dict) and isinstance(value.get("bytes"), bytes):
        return _medium(value["bytes"][:16]) or f"{len(value['bytes']):,} bytes"
    if isinstance(value, dict | list | tuple | set | np.ndarray):
        return _cut(_flat(_trimmed(value, [False])), most)
    return _cut(describe(value), most)


def pretty(value: object) -> tuple[str, bool]:
    """Return lists and objects as JSON that a person can read, at most 50 entries of each, and whether any is cut."""
    cut = [False]
    return _laid_out(_trimmed(value, cut), ""), cut[0]


def whole(value: object) -> str:
    """Return all of a value as text, up to 20 million characters, and say so where there are more."""
    if isinstance(value, str):
        text = value
    else:
        try:
            text = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
        except (RecursionError, TypeError, ValueError):  # too deep, in a circle, or keys that JSON does not know
            text = pretty(value)[0]
    if len(text) <= _MOST_WHOLE:
        return text
    return f"{text[:_MOST_WHOLE]}\n… These are the first {_MOST_WHOLE:,} of {len(text):,} characters."


def written(value: object) -> str:
    """Return a number or a date as a person writes it: 1,234,567 and 0.25 and 2024-05-01."""
    if isinstance(value, pd.Timestamp):
        day = value.strftime("%Y-%m-%d")
        return day if value == value.normalize() else f"{day} {value.strftime('%H:%M:%S %Z').strip()}"
    if isinstance(value, bool | np.bool_):
        return str(value)
    if isinstance(value, int | np.integer):
        return f"{int(value):,}" if abs(int(value)) >= 10_000 else str(int(value))
    if isinstance(value, float | np.floating) and math.isfinite(value):
        size = abs(float(value))
        if size and not _SMALL <= size < _LARGE:
            return f"{float(value):.6g}"
        digits = max(6, len(str(int(size))) + 2)
        return f"{float(value):{',' if size >= 10_000 else ''}.{digits}g}"
    return describe(value)


def _cut(text: str, most: int) -> str:
    begins = text if len(text) <= most else f"{text[: most - 1]}…"
    return begins if begins.isprintable() else "".join(c if c.isprintable() else " " for c in begins)


def _medium(head: bytes) -> str:
    return "picture" if kind_of(head) else "sound" if sound_of(head) else ""


def _trimmed(value: Any, cut: list[bool], deep: int = 0) -> Any:
    """The beginning of a structure in plain values; `cut[0]` becomes true where something is left out."""
    if isinstance(value, str) and len(value) > _LONGEST_PART:
        cut[0] = True
        return f"{value[:_LONGEST_PART]}…"
    if not isinstance(value, dict | list | tuple | set | np.ndarray) or (
        isinstance(value, np.ndarray) and not value.ndim
    ):
        return _plain(value)
    if deep >= _DEEPEST:
        cut[0] = True
        return "…"
    cut[0] |= len(value) > ENTRIES
    if isinstance(value, dict):
        return {
            str(key)[:_LONGEST_PART]: _trimmed(part, cut, deep + 1) for key, part in islice(value.items(), ENTRIES)
        } | ({"…": f"{len(value) - ENTRIES:,} more"} if len(value) > ENTRIES else {})
    parts = [_trimmed(part, cut, deep + 1) for part in islice(value, ENTRIES)]
    return [*parts, f"… {len(value) - ENTRIES:,} more"] if len(value) > ENTRIES else parts


def _plain(value: Any) -> Any:
    """A value that JSON knows; what has no place in it becomes text."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return _medium(bytes(value[:16])) or f"{len(value):,} bytes"
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    return list(value) if isinstance(value, set) else describe(value)


def _laid_out(value: Any, pad: str) -> str:
    """JSON with short lists on one line."""
    flat = _flat(value)
    plain = isinstance(value, list) and not any(isinstance(part, dict | list) for part in value)
    if not isinstance(value, dict | list) or plain or len(flat) + len(pad) <= _LINE:
        return flat
    inner = f"{pad}  "
    if isinstance(value, dict):
        parts = [f"{inner}{_flat(key)}: {_laid_out(part, inner)}" for key, part in value.items()]
    else:
        parts = [f"{inner}{_laid_out(part, inner)}" for part in value]
    opens, closes = "{}" if isinstance(value, dict) else "[]"
    return f"{opens}\n" + ",\n".join(parts) + f"\n{pad}{closes}"


def _flat(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
