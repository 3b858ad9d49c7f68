"""The items' texts as a search reads them: matched by RE2, whose time is linear, not by Python's `re`.

Nothing is lowered or copied where pandas already keeps texts as Arrow does; distinct texts that come back often are
read once. Of very long texts on very many items the beginnings are read, so that a keystroke stays a keystroke.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.columns import Column, Columns, columns_of
from cartography.errors import ParameterError
from cartography.records import EmbeddingSet
from cartography.remembering import remembered

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ID", "LARGEST", "Texts", "TextColumn", "patience", "texts_of"]

ID = "id"
"""What the items' ids are called among their columns."""

LARGEST = 256 << 20
"""Bytes of text that a search reads, over all columns."""

_ROWS, _AT_ONCE = 1 << 16, 4 << 20  # rows, and bytes of text, that are matched at once
_PATIENCE = 8.0  # seconds after which a search is given up
_REPEATED = 2  # times that distinct texts come back, before they are read once for all
_GLANCE = 20_000  # texts that say so
_BEGIN, _END = "\ue000", "\ue001"  # around a hit: characters that no text has a use for
_UNTIL: ContextVar[float | None] = ContextVar("until", default=None)
_AROUND = 60  # characters shown on both sides of a hit


@dataclass(frozen=True, eq=False)
class TextColumn:
    """One column to search: `texts` (m,) of distinct values with `codes` (n,), -1 for none; or all `texts` (n,).

    `numeric` texts are numbers that name items or groups: words find them whole. `cut` is the number of characters
    that are read of each text, None for all. `letters` are the ASCII bytes that occur, None when unknown.
    """

    name: str
    texts: Any = field(repr=False)
    codes: NDArray[np.int32] | None = field(default=None, repr=False)
    numeric: bool = False
    cut: int | None = None
    letters: frozenset[str] | None = None

    def text(self, row: int) -> str | None:
        """Return one item's text as far as it is read, None where there is none."""
        place = row if self.codes is None else int(self.codes[row])
        return None if place < 0 else self.texts[place].as_py()

    def matches(self, pattern: str, rows: NDArray[np.intp] | None = None) -> NDArray[np.bool_]:
        """Return which texts of all items (n,), or of these rows, match a pattern, whatever their case.

        Raises `ParameterError` for a pattern that is none, or when it takes too long.
        """
        if self.codes is not None:
            named = np.append(_matched(self.texts, pattern), False)
            return named[self.codes if rows is None else self.codes[rows]]
        if rows is None or 2 * len(rows) > len(self.texts):
            found = _matched(self.texts, pattern)
            return found if rows is None else found[rows]
        return _matched(self.texts.take(rows), pattern)

    def mark(self, row: int, pattern: str) -> tuple[str, str, str] | None:
        """Return what stands before the first hit in an item's text, the hit, what follows; None without a hit."""
        import pyarrow as pa
        import pyarrow.compute as pc

        text = self.text(row)
        if text is None:
            return None
        text = text.replace(_BEGIN, " ").replace(_END, " ")
        one = pa.array([text], pa.large_string())
        around = f"{_BEGIN}\\0{_END}"
        try:
            marked = pc.replace_substring_regex(one, f"(?i:{pattern})", around, max_replacements=1)[0].as_py()
        except (pa.ArrowInvalid, UnicodeDecodeError):  # quoted to its end by \Q; or parts a letter, by \C
            return None
        before, begun, rest = marked.partition(_BEGIN)
        hit, _, after = rest.partition(_END)
        return _cropped(before, hit, after) if begun else None


@dataclass(frozen=True, eq=False)
class Texts:
    """The columns of texts, the ids first; columns of numbers, dates and pictures are not among them."""

    n: int
    columns: tuple[TextColumn, ...]

    def of(self, names: Sequence[str]) -> tuple[TextColumn, ...]:
        """Return these columns, all of them for no names; `ParameterError` where one cannot be read."""
        known = {column.name: column for column in self.columns}
        unread = next((name for name in names if name not in known), None)
        if unread is not None:
            raise ParameterError(
                f"{unread!r} holds no texts.", f"Search {_listed(list(known))}, or compare it: {unread} > 0."
            )
        return tuple(known[name] for name in dict.fromkeys(names)) if names else self.columns


@contextmanager
def patience() -> Iterator[None]:
    """Within, all matching together is given up after a few seconds, over however many columns and words it goes."""
    token = _UNTIL.set(time.monotonic() + _PATIENCE)
    try:
        yield
    finally:
        _UNTIL.reset(token)


@remembered
def texts_of(embeddings: EmbeddingSet) -> Texts:
    """Return the texts of these items, made ready once."""
    columns = columns_of(embeddings)
    read = [_ids(columns), *filter(None, (_column(column) for column in columns.values()))]
    return Texts(len(embeddings), tuple(_bounded(read)))


def _ids(columns: Columns) -> TextColumn:
    texts = _arrow(columns.ids.to_series())
    letters = _letters(texts)
    return TextColumn(ID, texts, numeric=letters is not None and letters <= set("0123456789"), letters=letters)


def _column(column: Column) -> TextColumn | None:
    """A column as texts; groups by their names; None for what holds no texts."""
    if column.pictured or column.name == ID:
        return None
    if column.numbers is not None:
        return _named(column, numeric=True) if column.kind == "categories" else None
    if not isinstance(column.values.dtype, pd.StringDtype):
        return _named(column)
    import pyarrow.compute as pc

    texts = _arrow(column.values)
    glance = texts.slice(0, _GLANCE)
    if _REPEATED * pc.count_distinct(glance).as_py() > len(glance):
        return TextColumn(column.name, texts)
    pairs = texts.dictionary_encode()
    codes = pairs.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return TextColumn(column.name, pairs.dictionary, codes.astype(np.int32))


def _named(column: Column, numeric: bool = False) -> TextColumn:
    import pyarrow as pa

    return TextColumn(column.name, pa.array(column.names, pa.large_string()), column.codes, numeric)


def _arrow(values: pd.Series) -> pa.Array:
    """Strings as one Arrow array, without a copy where pandas has one."""
    import pyarrow as pa

    array = values.array if isinstance(values.dtype, pd.StringDtype) else values.to_numpy()
    texts = pa.array(array, type=pa.large_string(), from_pandas=True)
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


def _bounded(columns: Sequence[TextColumn]) -> Iterator[TextColumn]:
    """The columns, of those that are too long together only the beginnings."""
    import pyarrow.compute as pc

    share = LARGEST // max(len(columns), 1)
    spare = LARGEST - sum(size for column in columns if (size := column.texts.nbytes) <= share)
    long = [column.name for column in columns if column.texts.nbytes > share]
    for column in columns:
        if column.name not in long or sum(one.texts.nbytes for one in columns) <= LARGEST:
            yield column
            continue
        cut = max(spare // len(long) // len(column.texts), 1)
        yield replace(column, texts=pc.utf8_slice_codeunits(column.texts, 0, cut), cut=cut)


def _letters(texts: pa.Array) -> frozenset[str] | None:
    """The characters in short texts such as ids, if all are ASCII: a word with another one need not be looked for."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if texts.nbytes > LARGEST // 4 or not pc.all(pc.string_is_ascii(texts)).as_py():
        return None
    data = texts.buffers()[2]
    seen = np.zeros(256, dtype=bool)
    seen[np.frombuffer(data if data is not None else pa.py_buffer(b""), np.uint8)] = True
    return frozenset(chr(byte).lower() for byte in np.flatnonzero(seen))


def _matched(texts: pa.Array, pattern: str) -> NDArray[np.bool_]:
    """(m,) which texts match; block by block, so that what takes too long can be given up."""
    import pyarrow as pa
    import pyarrow.compute as pc

    until = _UNTIL.get() or time.monotonic() + _PATIENCE
    found = np.zeros(len(texts), dtype=bool)
    step = max(1, min(_ROWS, _AT_ONCE * len(texts) // max(texts.nbytes, 1)))
    for first in range(0, len(texts), step):
        try:
            part = pc.match_substring_regex(texts.slice(first, step), pattern, ignore_case=True)
        except pa.ArrowInvalid as error:
            raise ParameterError(*_why(str(error))) from None
        except UnicodeEncodeError:
            raise ParameterError("This holds half a character, which no text has.") from None
        found[first : first + step] = part.fill_null(False).to_numpy(zero_copy_only=False)
        if time.monotonic() > until:
            raise ParameterError("This pattern takes too long on so many texts.", "Make it simpler or shorter.")
    return found


def _why(said: str) -> tuple[str, str]:
    """What is wrong with a pattern, and what helps."""
    reason = said.partition("Invalid regular expression:")[2].strip() or said
    kind, _, where = reason.partition(": ")
    if "invalid perl operator" in reason:
        return f"Patterns cannot look ahead or behind: {where or kind}", "Use a plain group: (?:...)."
    if "invalid escape" in reason:
        return (
            f"{where or kind} means nothing in a pattern.",
            "Write \\\\ for a backslash; nothing refers back.",
        )
    return f"This is no complete pattern yet: {reason}.", "Turn the pattern switch off to find it as it is written."


def _cropped(before: str, hit: str, after: str) -> tuple[str, str, str]:
    before = before if len(before) <= _AROUND else "…" + before[-_AROUND:].lstrip()
    after = after if len(after) <= _AROUND else after[:_AROUND].rstrip() + "…"
    return before, hit if len(hit) <= 2 * _AROUND else hit[: 2 * _AROUND] + "…", after


def _listed(names: list[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
