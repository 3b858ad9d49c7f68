"""R's serialised objects, as `saveRDS` writes them: numbers, texts, lists and their attributes; nothing runs.

Layout ("R Internals", section 1.8, serialisation in XDR form): "X\\n", int32 version, two int32 of R versions, from
version 3 on the native encoding; then items: int32 flags (kind in the low byte, 0x200 attributes, 0x400 tag), int32
length, big-endian values. Kinds: 1 symbol, 2 pair list, 9 text, 10 logical, 13 integer, 14 double, 16 texts, 19 list.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.files.limits import check_memory
from loaders.files.source import Readable, Source

__all__ = ["RVector", "read_r"]

_SYMBOL, _PAIRS, _TEXT, _LOGICAL, _INTEGER, _DOUBLE, _TEXTS, _LIST = 1, 2, 9, 10, 13, 14, 16, 19
_NULL, _REFERENCE, _ALTREP, _ATTRIBUTED_PAIRS = 254, 255, 238, 239
_EMPTY = (0, _NULL, 242, 241, 253, 252, 251)  # nothing, environments, missing arguments
_DEPTH, _MOST_TEXT, _BLOCK = 60, 1 << 26, 1 << 22
_NUMBERS = {_LOGICAL: ">i4", _INTEGER: ">i4", _DOUBLE: ">f8"}


@dataclass(eq=False)
class RVector:
    """A vector or list of R: its values, and its attributes by name (`dim`, `dimnames`, `names`, `class` ...).

    `values` is an array of numbers, a list of texts or of further vectors; None when only its `length` was wanted.
    """

    kind: str
    length: int
    values: Any
    attributes: dict[str, Any] = field(default_factory=dict)


def read_r(stream: Readable, source: Source, numbers: bool = True) -> Any:
    """Return the object. Without `numbers`, long vectors of numbers are passed over. Raises `LoadError`."""
    reader = _Reader(stream, source, numbers)
    if reader.take(2) != b"X\n":
        raise LoadError(
            f"{source.name} is not in R's binary form.", "Save it again: saveRDS(x, path), without ascii = TRUE."
        )
    version = reader.whole()
    reader.take(8)
    if version not in (2, 3):
        raise LoadError(f"{source.name} is of R's serialisation version {version}; 2 and 3 are read.")
    if version == 3:
        reader.take(reader.size())
    return reader.item(0)


class _Reader:
    def __init__(self, stream: Readable, source: Source, numbers: bool) -> None:
        self._stream, self._source, self._numbers = stream, source, numbers
        self._place = 0
        self._symbols: list[str] = []

    def take(self, size: int) -> bytes:
        parts, missing = [], size
        while missing > 0:
            part = self._stream.read(min(missing, _BLOCK))
            if not part:
                raise LoadError(
                    f"{self._source.name} is cut short: it ends at byte {self._place:,}, where {missing:,} "
                    "more bytes were expected.",
                    "Copy or write the file again.",
                )
            parts.append(part)
            missing -= len(part)
            self._place += len(part)
        return b"".join(parts)

    def whole(self) -> int:
        return int(struct.unpack(">i", self.take(4))[0])

    def size(self) -> int:
        size = self.whole()
        if size == -1:
            size = (self.whole() << 32) + (self.whole() & 0xFFFFFFFF)
        if size < 0 or size > 1 << 40:
            raise LoadError(f"{self._source.name} is damaged: a vector claims {size:,} values.", "Copy it again.")
        return size

    def item(self, depth: int) -> Any:
        if depth > _DEPTH:
            raise LoadError(f"{self._source.name} is nested too deep.", "Save the matrix or data frame alone.")
        flags = self.whole()
        kind = flags & 0xFF
        if kind in _EMPTY:
            return None
        if kind in (_PAIRS, _ATTRIBUTED_PAIRS):
            return self._pairs(flags, depth)
        if kind == _SYMBOL:
            self._symbols.append(self.item(depth + 1) or "")
            return self._symbols[-1]
        if kind == _REFERENCE:
            index = (flags >> 8) or self.whole()
            return self._symbols[index - 1] if 0 < index <= len(self._symbols) else None
        if kind == _ALTREP:
            return self._altrep(depth)
        if kind == _TEXT:
            return self._text()
        found = self._vector(kind, depth)
        if flags & 0x200:
            found.attributes = self._named(self.item(depth + 1))
        return found

    def _text(self) -> str | None:
        length = self.whole()
        if length == -1:
            return None
        if length < 0 or length > _MOST_TEXT:
            raise LoadError(f"{self._source.name} is damaged: a text claims {length:,} bytes.", "Copy it again.")
        return self.take(length).decode("utf-8", "replace")

    def _vector(self, kind: int, depth: int) -> RVector:
        if kind in _NUMBERS:
            return self._number_vector(kind)
        if kind == _TEXTS:
            length = self.size()
            return RVector("text", length, [self.item(depth + 1) for _ in range(length)])
        if kind == _LIST:
            length = self.size()
            return RVector("list", length, [self.item(depth + 1) for _ in range(length)])
        raise LoadError(
            f"{self._source.name} holds an R object of kind {kind} (a function, an environment or the like).",
            "Save the matrix or data frame alone: saveRDS(as.matrix(x), path).",
        )

    def _number_vector(self, kind: int) -> RVector:
        length, dtype = self.size(), np.dtype(_NUMBERS[kind])
        name = {_LOGICAL: "logical", _INTEGER: "integer"}.get(kind, "double")
        if not self._numbers and length > 1000:
            for start in range(0, length * dtype.itemsize, _BLOCK):
                self.take(min(_BLOCK, length * dtype.itemsize - start))
            return RVector(name, length, None)
        check_memory(2 * length * dtype.itemsize, self._source.name)
        values: NDArray[Any] = np.frombuffer(self.take(length * dtype.itemsize), dtype)
        if kind != _DOUBLE:
            missing = values == np.iinfo(np.int32).min
            values = np.where(missing, np.nan, values) if missing.any() else values.astype(np.int32)
        return RVector(name, length, values)

    def _pairs(self, flags: int, depth: int) -> list[tuple[str, Any]]:
        """Read a chain of pairs; it is long, not deep, so that it is followed in a loop."""
        found: list[tuple[str, Any]] = []
        while flags & 0xFF in (_PAIRS, _ATTRIBUTED_PAIRS):
            if flags & 0x200:
                self.item(depth + 1)
            tag = self.item(depth + 1) if flags & 0x400 else ""
            found.append((str(tag or ""), self.item(depth + 1)))
            flags = self.whole()
        return found

    def _named(self, pairs: Any) -> dict[str, Any]:
        return dict(pairs) if isinstance(pairs, list) else {}

    def _altrep(self, depth: int) -> Any:
        """Read R's compact forms: a range of numbers as its length, start and step, or a wrapped vector."""
        info, state, attributes = (self.item(depth + 1) for _ in range(3))
        name = info[0][1] if isinstance(info, list) and info else ""
        found: Any = None
        if name in ("compact_intseq", "compact_realseq") and isinstance(state, RVector) and state.length == 3:
            length, start, step = (float(value) for value in state.values)
            if not 0 <= length < 1 << 40:
                raise LoadError(
                    f"{self._source.name} is damaged: a range claims {length:,.0f} values.", "Copy it again."
                )
            check_memory(int(length) * 8, self._source.name)
            found = RVector("integer", int(length), start + step * np.arange(int(length)))
        elif isinstance(state, RVector) and state.kind == "list" and state.values:
            found = state.values[0]
        elif isinstance(state, list) and state:
            found = state[0][1]
        if isinstance(found, RVector) and attributes:
            found.attributes = self._named(attributes)
        return found
