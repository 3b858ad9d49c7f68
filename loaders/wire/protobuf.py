"""A minimal reader of the protobuf wire format: which field lies where, nothing more.

The format is that of protobuf.dev/programming-guides/encoding: a varint of field number and wire type, then a varint,
8 bytes, a length and bytes, or 4 bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError

__all__ = ["Field", "fields", "numbers", "text", "varint", "varints"]

_MOST_FIELDS = 5_000_000


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its number, its wire type (0 varint, 1 eight bytes, 2 bytes, 5 four bytes), its value or its place.

    `value` is the number of a varint; `start` and `stop` bound the bytes of all others in the data.
    """

    number: int
    wire: int
    value: int
    start: int
    stop: int


def fields(data: Any, start: int = 0, stop: int | None = None) -> Iterator[Field]:
    """Yield the fields of one message in `data[start:stop]`. Raises `LoadError` when it makes no sense."""
    end = len(data) if stop is None else stop
    place, count = start, 0
    while place < end:
        tag, place = varint(data, place, end)
        number, wire = tag >> 3, tag & 7
        count += 1
        if number == 0 or count > _MOST_FIELDS:
            raise _damaged(place)
        value, first = 0, place
        if wire == 0:
            value, place = varint(data, place, end)
        elif wire == 2:
            length, first = varint(data, place, end)
            place = first + length
        elif wire in (1, 5):
            place += 8 if wire == 1 else 4
        else:
            raise _damaged(place)
        if place > end:
            raise _damaged(first)
        yield Field(number, wire, value, first, place)


def varint(data: Any, place: int, end: int) -> tuple[int, int]:
    """Return a number of up to 64 bits at `place`, and the place after it."""
    value = 0
    for shift in range(0, 70, 7):
        if place >= end:
            break
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, place
    raise _damaged(place)


def varints(data: bytes) -> NDArray[np.uint64]:
    """Return all varints of a packed field (n,)."""
    raw = np.frombuffer(data, dtype=np.uint8)
    last = np.flatnonzero(raw < 0x80)
    if not len(raw):
        return np.empty(0, dtype=np.uint64)
    if not len(last) or last[-1] != len(raw) - 1:
        raise _damaged(len(raw))
    first = np.concatenate([[0], last[:-1] + 1])
    lengths = last - first + 1
    if lengths.max() > 10:
        raise _damaged(int(first[lengths.argmax()]))
    values = np.zeros(len(last), dtype=np.uint64)
    for place in range(int(lengths.max())):
        longer = lengths > place
        part = (raw[first[longer] + place] & 0x7F).astype(np.uint64)
        values[longer] |= part << np.uint64(7 * place)
    return values


def numbers(data: Any, field: Field) -> list[int]:
    """Return the whole numbers of a repeated field, packed or not, as signed 64-bit numbers."""
    if field.wire == 0:
        return [_signed(field.value)]
    if field.wire != 2 or field.stop - field.start > 1 << 16:
        raise _damaged(field.start)
    return [_signed(int(value)) for value in varints(bytes(data[field.start : field.stop]))]


def text(data: Any, field: Field) -> str:
    """Return a field as text."""
    if field.wire != 2:
        raise _damaged(field.start)
    return bytes(data[field.start : field.stop]).decode("utf-8", "replace")


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value


def _damaged(place: int) -> LoadError:
    return LoadError(
        f"The file is damaged or cut short: what stands at byte {place:,} is no protobuf field.",
        "Copy or download the file again.",
    )
