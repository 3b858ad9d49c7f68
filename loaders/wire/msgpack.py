"""MessagePack, read without copying what is large: the place of every extension instead of its bytes.

The format is that of `spec.md` of msgpack/msgpack. Depth, counts and lengths are held against the data.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from cartography.errors import LoadError

__all__ = ["Extension", "unpack"]

_DEEPEST = 64
_MOST_VALUES = 5_000_000
_LONGEST_KEY = 1000
_DAMAGED = "Copy or download the file again."


@dataclass(frozen=True, slots=True)
class Extension:
    """A value of an application's own type: its code and where its bytes lie."""

    code: int
    start: int
    stop: int


_NUMBERS = {
    0xCA: "f",
    0xCB: "d",
    0xCC: "B",
    0xCD: "H",
    0xCE: "I",
    0xCF: "Q",
    0xD0: "b",
    0xD1: "h",
    0xD2: "i",
    0xD3: "q",
}
_LENGTHS = {0xC4: "B", 0xC5: "H", 0xC6: "I", 0xD9: "B", 0xDA: "H", 0xDB: "I"}
_FIXED = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}
_SIZED = {0xC7: "B", 0xC8: "H", 0xC9: "I"}
_CONSTANTS = {0xC0: None, 0xC2: False, 0xC3: True}


def unpack(data: Any, start: int = 0, stop: int | None = None) -> tuple[Any, int]:
    """Return the value at `start` and the place after it; bytes come as `Extension` of code -1.

    Raises `LoadError` when the data make no sense.
    """
    reader = _Reader(data, start, len(data) if stop is None else stop)
    return reader.value(0), reader.place


class _Reader:
    def __init__(self, data: Any, place: int, end: int) -> None:
        self.data, self.place, self.end, self.count = data, place, end, 0

    def value(self, depth: int) -> Any:
        """Return the next value."""
        self.count += 1
        if depth > _DEEPEST or self.count > _MOST_VALUES:
            raise self._broken("it is nested too deep or holds too many values")
        code = self.take(1)[0]
        if code < 0x80:
            return code
        if code >= 0xE0:
            return code - 256
        if code < 0x90 or code in (0xDE, 0xDF):
            return self.mapping(code & 15 if code < 0x90 else self.number("H" if code == 0xDE else "I"), depth)
        if code < 0xA0 or code in (0xDC, 0xDD):
            return self.list(code & 15 if code < 0xA0 else self.number("H" if code == 0xDC else "I"), depth)
        if code < 0xC0:
            return self.text(code & 31)
        return self.tagged(code)

    def tagged(self, code: int) -> Any:
        """Return a value whose kind is a byte of its own."""
        if code in _CONSTANTS:
            return _CONSTANTS[code]
        if code in _NUMBERS:
            return self.number(_NUMBERS[code])
        if code in _LENGTHS:
            length = self.number(_LENGTHS[code])
            return self.text(length) if code >= 0xD9 else self.skip(-1, length)
        if code in _FIXED or code in _SIZED:
            length = _FIXED.get(code) or self.number(_SIZED[code])
            return self.skip(self.number("b"), length)
        raise self._broken(f"0x{code:02x} begins no value")

    def mapping(self, count: int, depth: int) -> dict[str, Any]:
        """Return a mapping; its keys are texts or become such."""
        self.need(2 * count)
        return {self.key(depth): self.value(depth + 1) for _ in range(count)}

    def key(self, depth: int) -> str:
        """Return the key of a mapping: a short text or a number."""
        key = self.value(depth + 1)
        if not isinstance(key, (str, int)) or len(str(key)) > _LONGEST_KEY:
            raise self._broken("a key is no short text")
        return str(key)

    def list(self, count: int, depth: int) -> list[Any]:
        """Return a list."""
        self.need(count)
        return [self.value(depth + 1) for _ in range(count)]

    def text(self, length: int) -> str:
        """Return a text."""
        return self.take(length).decode("utf-8", "replace")

    def skip(self, code: int, length: int) -> Extension:
        """Pass over bytes and return their place."""
        self.need(length)
        self.place += length
        return Extension(code, self.place - length, self.place)

    def number(self, code: str) -> Any:
        """Return a number of a struct code, big-endian."""
        return struct.unpack(">" + code, self.take(struct.calcsize(code)))[0]

    def take(self, length: int) -> bytes:
        """Return the next bytes."""
        self.need(length)
        self.place += length
        return bytes(self.data[self.place - length : self.place])

    def need(self, length: int) -> None:
        """Raise `LoadError` when that many bytes are not there."""
        if self.place + length > self.end:
            raise self._broken(f"{length:,} more bytes are needed, {self.end - self.place:,} are there")

    def _broken(self, why: str) -> LoadError:
        return LoadError(f"The file is damaged or cut short at byte {self.place:,} of its msgpack: {why}.", _DAMAGED)
