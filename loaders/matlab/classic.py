"""MATLAB v5 to v7, read without SciPy, whose reader a damaged file can crash together with the whole program.

The layout is that of MathWorks' "MAT-File Format": elements of a tag and data, some of them packed with zlib; a
matrix is flags, sizes, a name, then its numbers, texts, cells or the three lists of a sparse matrix.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.arrays.sparse import dense
from loaders.files.limits import check_expansion, check_memory
from loaders.matlab.variables import Variable

__all__ = ["list_classic", "read_classic"]

_MATRIX, _PACKED = 14, 15
_STORED = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_TEXTS = {1: "latin-1", 2: "utf-8", 16: "utf-8", 4: "utf-16", 17: "utf-16", 18: "utf-32"}
_CELL, _CHAR, _SPARSE = 1, 4, 5
_CLASSES = {6: "f8", 7: "f4", 8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4", 14: "i8", 15: "u8"}
_COMPLEX = 0x0800
_OTHERS = {2: "struct", 3: "object"}
_BLOCK = 1 << 20
_HEAD = 1 << 12  # unpacked bytes that hold the flags, sizes and name of a matrix
_MOST_VARIABLES = 100_000
_DAMAGED = "Save the file again in MATLAB: save('file.mat', 'vectors')."

Order = Literal["<", ">"]


@dataclass(frozen=True)
class _Element:
    kind: int
    start: int
    stop: int
    after: int


@dataclass(frozen=True)
class _Head:
    """What stands before the content of a matrix; `place` is the first byte of that."""

    name: str
    kind: int
    is_complex: bool
    shape: tuple[int, ...]
    place: int


def list_classic(path: Path) -> list[Variable]:
    """List the variables from their headers."""
    return [_variable(head) for head, _ in _matrices(path)]


def read_classic(path: Path, one: Variable) -> NDArray[Any]:
    """Return one variable: numbers as stored, or texts (n,)."""
    check_memory(one.nbytes, f"The variable {one.name!r}")
    for head, (packed, order) in _matrices(path):
        if head.name == one.name:
            data = _unpacked(packed, path.name) if isinstance(packed, bytes) else packed.read_bytes()
            inner = _head(data, 0, len(data), order)
            return _content(data, inner, order)
    raise _damaged(f"{path.name} no longer holds {one.name!r}")


@dataclass(frozen=True)
class _Range:
    path: Path
    start: int
    stop: int

    def read_bytes(self, most: int = 1 << 62) -> bytes:
        with self.path.open("rb") as stream:
            stream.seek(self.start)
            return stream.read(min(most, self.stop - self.start))


def _matrices(path: Path) -> Iterator[tuple[_Head, tuple[bytes | _Range, Order]]]:
    """Yield the head of every matrix, and its bytes: packed ones as they are, others as a range of the file."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        order: Order | None = {b"IM": "<", b"MI": ">"}.get(stream.read(128)[126:128])  # type: ignore[assignment]
        if order is None:
            raise _damaged(f"{path.name} is no MATLAB file of version 5 or later")
        place, count = 128, 0
        while place + 8 <= size and count < _MOST_VARIABLES:
            stream.seek(place)
            kind, length = (int(n) for n in np.frombuffer(stream.read(8), order + "u4"))
            if place + 8 + length > size:
                raise _damaged(f"{path.name} is cut short: a variable should end at byte {place + 8 + length:,}")
            content: bytes | _Range = _Range(path, place + 8, place + 8 + length)
            head = b""
            if kind == _PACKED:
                content = stream.read(length)
                head = _begin(content)
            elif kind == _MATRIX and isinstance(content, _Range):
                head = content.read_bytes(_HEAD)
            if head:
                yield _head(head, 0, len(head), order), (content, order)
            place, count = place + 8 + length, count + 1


def _begin(packed: bytes) -> bytes:
    """Return the first unpacked bytes of a matrix, without its tag."""
    try:
        return zlib.decompressobj().decompress(packed, _HEAD)[8:]
    except zlib.error as error:
        raise _damaged("A packed variable of the file cannot be unpacked") from error


def _unpacked(packed: bytes, name: str) -> bytes:
    unpacker, rest, parts, given = zlib.decompressobj(), packed, [], 0
    try:
        while rest and not unpacker.eof:
            part = unpacker.decompress(rest, _BLOCK)
            rest = unpacker.unconsumed_tail
            given += len(part)
            check_expansion(len(packed), given, name)
            parts.append(part)
    except zlib.error as error:
        raise _damaged("A packed variable of the file cannot be unpacked") from error
    return b"".join(parts)[8:]


def _element(data: bytes, place: int, end: int, order: Order) -> _Element:
    """Return the element at `place`; one of up to four bytes keeps them in its tag."""
    if place + 8 > end:
        raise _damaged(f"An element should follow byte {place:,}")
    kind, length = (int(n) for n in np.frombuffer(data, order + "u4", 2, place))
    if kind >> 16:
        return _Element(kind & 0xFFFF, place + 4, place + 4 + min(kind >> 16, 4), place + 8)
    if place + 8 + length > end:
        raise _damaged(f"An element of {length:,} bytes should follow byte {place:,}")
    return _Element(kind, place + 8, place + 8 + length, place + 8 + -(-length // 8) * 8)


def _head(data: bytes, place: int, end: int, order: Order) -> _Head:
    flags = _element(data, place, end, order)
    sizes = _element(data, flags.after, end, order)
    name = _element(data, sizes.after, end, order)
    if flags.stop - flags.start != 8 or sizes.kind != 5 or not 0 < sizes.stop - sizes.start <= 256:
        raise _damaged("A variable has no proper flags or sizes")
    bits = int(np.frombuffer(data, order + "u4", 1, flags.start)[0])
    shape = tuple(int(n) for n in np.frombuffer(data, order + "i4", (sizes.stop - sizes.start) // 4, sizes.start))
    if len(shape) < 2 or any(n < 0 for n in shape) or prod(shape) >= 1 << 60:
        raise _damaged(f"A variable has the sizes {shape[:6]}")
    text = data[name.start : name.stop].decode("utf-8", "replace")
    return _Head(text, bits & 0xFF, bool(bits & _COMPLEX), shape, name.after)


def _variable(head: _Head) -> Variable:
    if head.kind in _CLASSES or head.kind == _SPARSE:
        why = "holds complex numbers" if head.is_complex else ""
        return Variable(head.name, head.shape, np.dtype(_CLASSES.get(head.kind, "f8")), "numbers", why)
    if head.kind in (_CELL, _CHAR):
        return Variable(head.name, head.shape if head.kind == _CELL else head.shape[:1], np.dtype("O"), "texts")
    return Variable(head.name, head.shape, np.dtype("O"), "other", f"is a {_OTHERS.get(head.kind, 'special value')}")


def _content(data: bytes, head: _Head, order: Order) -> NDArray[Any]:
    if head.kind in _CLASSES and not head.is_complex:
        return _list(data, head.place, order, prod(head.shape))[0].reshape(head.shape, order="F")
    if head.kind == _CHAR:
        return np.array(_rows(data, head, order), dtype=object)
    if head.kind == _CELL:
        return np.array(_cells(data, head, order), dtype=object)
    if head.kind != _SPARSE or head.is_complex or len(head.shape) != 2:
        raise _damaged(f"{head.name!r} is of a kind that is not read")
    rows, place = _list(data, head.place, order)
    edges, place = _list(data, place, order)
    numbers, _ = _list(data, place, order)
    used = int(edges[-1]) if len(edges) else 0
    parts = {"data": numbers[:used], "indices": rows[:used], "indptr": edges}
    return dense({**parts, "format": np.array(["csc"]), "shape": np.array(head.shape)}, head.name)


def _list(data: bytes, place: int, order: Order, count: int = -1) -> tuple[NDArray[Any], int]:
    """Return a list of numbers, and the place after it."""
    one = _element(data, place, len(data), order)
    if one.kind not in _STORED:
        raise _damaged(f"Numbers should follow byte {place:,}")
    kind = np.dtype(order + _STORED[one.kind])
    found = (one.stop - one.start) // kind.itemsize
    if count not in (-1, found):
        raise _damaged(f"A variable has {found:,} numbers where its sizes promise {count:,}")
    return np.frombuffer(data, kind, found, one.start), one.after


def _rows(data: bytes, head: _Head, order: Order) -> list[str]:
    """Return the rows of a matrix of characters; they lie column by column."""
    one = _element(data, head.place, len(data), order)
    encoding = _TEXTS.get(one.kind, "latin-1")
    if encoding in ("utf-16", "utf-32"):
        encoding += "-le" if order == "<" else "-be"
    text = data[one.start : one.stop].decode(encoding, "replace")
    n = head.shape[0] if head.shape else 0
    return [text[row::n].rstrip() for row in range(min(n, len(text)))]


def _cells(data: bytes, head: _Head, order: Order) -> list[str]:
    texts, place = [], head.place
    for _ in range(prod(head.shape)):
        one = _element(data, place, len(data), order)
        texts.append(_cell(data[one.start : one.stop], order) if one.stop > one.start else "")
        place = one.after
    return texts


def _cell(data: bytes, order: Order) -> str:
    head = _head(data, 0, len(data), order)
    if prod(head.shape) == 0:
        return ""
    if head.kind == _CHAR and head.shape[0] == 1:
        return "".join(_rows(data, head, order))
    if head.kind in _CLASSES and prod(head.shape) == 1:
        return str(_list(data, head.place, order, 1)[0][0])
    raise LoadError("The cells hold more than one text or number each.", "Save them as a column of texts.")


def _damaged(why: str) -> LoadError:
    return LoadError(f"{why}; the MATLAB file is damaged or of a kind that is not read.", _DAMAGED)
