"""Everything about one item: its columns as words, links, pictures and sounds, and how its numbers stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from cartography.columns import FEW, Column, columns_of
from cartography.decoding import MOST_SOUND, content_of, kind_of, sound_of
from cartography.errors import CartographyError
from cartography.items import title_column
from cartography.pictures import fitted
from cartography.records import EmbeddingSet
from cartography.structures import ENTRIES, brief, pretty, whole, written

__all__ = ["SHOWN", "Particular", "Reader", "column_order", "is_address", "particular", "whole_value"]

SHOWN = 2000
"""Characters of a text that are shown at once."""
_PICTURE = 384  # pixels of a picture's longer side
_MOST_PICTURE = 16 << 20
_MEDIA = re.compile(r"\.(png|jpe?g|gif|webp|bmp|wav|ogg|oga|opus|flac|mp3)$", re.IGNORECASE)
_LONGEST_PATH = 1000
_LONGEST_ADDRESS = 2000
_GLANCE = 2000

Reader = Callable[[str, int], bytes]
"""Returns the content of a file named in a cell, at most so many bytes; raises `CartographyError` with the reason."""


@dataclass(frozen=True)
class Particular:
    """One column of one item.

    Attributes
    ----------
    name : the column
    kind : "missing", "text", "number", "date", "structure", "link", "picture" or "sound"
    words : the value as a person writes it, of long ones the beginning; the path or nothing for pictures and sounds
    more : what there is beyond `words`, such as "1,234,567 characters"; empty when that is all
    aside : a few words beside the value: how it stands among the others, or why a file was not opened
    content, media_type : a picture, written anew as PNG or WEBP, or a sound as it was found
    """

    name: str
    kind: str
    words: str
    more: str = ""
    aside: str = ""
    content: bytes = b""
    media_type: str = ""


def column_order(embeddings: EmbeddingSet, first: str | None = None) -> list[str]:
    """Return the columns in the order of a card: the title, `first`, then all others as they come."""
    on_top = [title_column(embeddings), first]
    return sorted(embeddings.items.columns, key=lambda name: on_top.index(name) if name in on_top else len(on_top))


def particular(embeddings: EmbeddingSet, row: int, name: str, read: Reader | None = None) -> Particular:
    """Return what one column says of one item. Files that a cell names are opened by `read`, or not at all."""
    column = columns_of(embeddings).named(name)
    value = column.values.iloc[row]
    if isinstance(value, bytes | bytearray | memoryview | dict) or _is_data_uri(value):
        found = _medium(column.name, value, read)
        if found is not None:
            return found
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return Particular(column.name, "missing", brief(None))
    if isinstance(value, str):
        return _text(column.name, value, read)
    if isinstance(value, dict | list | tuple | set | np.ndarray):
        words, cut = pretty(value)
        more = (f"{len(value):,} entries" if len(value) > ENTRIES else "of it") if cut else ""
        return Particular(column.name, "structure", words, more)
    if column.numbers is not None:
        dated = pd.api.types.is_datetime64_any_dtype(column.values)
        aside = _standing(column, row, "later latest earliest" if dated else "higher highest lowest")
        return Particular(column.name, "date" if dated else "number", written(value), aside=aside)
    return Particular(column.name, "text", brief(value, SHOWN))


def whole_value(embeddings: EmbeddingSet, row: int, name: str) -> str:
    """Return the whole of a value as text, however long; of more than 20 million characters the beginning."""
    return whole(embeddings.items[name].iloc[row])


def is_address(text: str) -> bool:
    """Whether a text is nothing but one plain address on the web, with nothing hidden in it."""
    if (
        len(text) > _LONGEST_ADDRESS
        or not text.isprintable()
        or not text[:8].lower().startswith(("http://", "https:/"))
    ):
        return False
    try:
        parts = urlsplit(text)
        plain = bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
    return plain and not re.search(r"[\s<>\"'`\\{}|^]", text)


# ------------------------------------------------------------------ texts, pictures, sounds


def _text(name: str, value: str, read: Reader | None) -> Particular:
    bare = value[: _LONGEST_ADDRESS + 2].strip()
    if is_address(bare):
        return Particular(name, "link", bare)
    if read is not None and len(value) <= _LONGEST_PATH and _MEDIA.search(bare):
        return _from_file(name, bare, read)
    more = f"{len(value):,} characters" if len(value) > SHOWN else ""
    return Particular(name, "text", value[:SHOWN], more)


def _is_data_uri(value: object) -> bool:
    return isinstance(value, str) and value[:11].lower() in ("data:image/", "data:audio/")


def _medium(name: str, cell: Any, read: Reader | None) -> Particular | None:
    """The picture or the sound in a cell; None for what does not even say that it is one."""
    found = _opened(name, content_of(cell)) or _opened(name, content_of(cell, "audio", MOST_SOUND))
    if found is not None:
        return found
    if isinstance(cell, str):
        what = "picture" if cell[:11].lower() == "data:image/" else "sound"
        return Particular(
            name, "text", f"{cell[:40]}…", aside=f"{len(cell):,} characters, not a {what} that is shown"
        )
    if not isinstance(cell, dict):
        return Particular(name, "text", f"{len(cell):,} bytes", aside=_unplayable(len(cell)))
    path = cell.get("path")
    if "bytes" in cell and isinstance(path, str) and len(path) <= _LONGEST_PATH:
        named = _from_file(name, path, read) if read is not None and _MEDIA.search(path) else None
        return named or Particular(name, "text", path)
    return None


def _unplayable(size: int) -> str:
    too_long = f"; at most {MOST_SOUND >> 20} MB are opened" if size > MOST_SOUND else ""
    return f"not a picture or a sound that is shown{too_long}"


def _opened(name: str, content: bytes, words: str = "") -> Particular | None:
    """A picture or a sound, by its first bytes; None when it is neither, or broken."""
    media_type = sound_of(content)
    if media_type:
        return Particular(name, "sound", words, content=content, media_type=media_type)
    image = fitted(content, _PICTURE) if kind_of(content) and len(content) <= _MOST_PICTURE else b""
    if image:
        kind = "image/png" if image.startswith(b"\x89PNG") else "image/webp"
        return Particular(name, "picture", words, content=image, media_type=kind)
    return None


def _from_file(name: str, path: str, read: Reader) -> Particular:
    """What the file at a path shows or plays; the path as text where that cannot be, and why."""
    try:
        content = read(path, MOST_SOUND)
    except CartographyError as error:
        return Particular(name, "text", path, aside=error.message)
    shown = _opened(name, content, path)
    return shown or Particular(name, "text", path, aside="not a picture or a sound that is shown")


# ------------------------------------------------------------------ how a number stands among the others


def _standing(column: Column, row: int, words: str) -> str:
    """ "higher than 83% of 406", in a pass over the column; "" where numbers are names of groups or all the same."""
    numbers = column.numbers
    if numbers is None or _names_groups(column):
        return ""
    value, higher, (highest, lowest) = numbers[row], words.split()[0], words.split()[1:]
    known = len(numbers) - int(np.count_nonzero(np.isnan(numbers)))
    below, same = int(np.count_nonzero(numbers < value)), int(np.count_nonzero(numbers == value))
    if known < 2 or same == known:
        return ""
    others = f", with {same - 1:,} other{'s' if same > 2 else ''}" if same > 1 else ""
    if below + same == known:
        return f"the {highest} of {known:,}{others}"
    return f"{higher} than {_percent(below / known)} of {known:,}" if below else f"the {lowest} of {known:,}{others}"


def _names_groups(column: Column) -> bool:
    """Whether the numbers are the names of groups; most columns are told by a glance at their first values."""
    first = (column.numbers if column.numbers is not None else np.empty(0))[:_GLANCE]
    first = first[np.isfinite(first)]
    if (first != np.round(first)).any() or len(np.unique(first)) > FEW:
        return False
    return column.kind == "categories"


def _percent(share: float) -> str:
    """A share that is never nothing and never all."""
    inside = min(max(share, 0.001), 0.999)
    return f"{inside:.0%}" if 0.01 <= inside <= 0.99 else f"{inside:.1%}"
