"""A small interpreter of pickle's opcodes that cannot import, call or build anything.

Where Python's own would look a global up and call it, this one writes a record down. Names are refused unless the
caller's `allow` knows them, so a file cannot even mention what its kind does not need. The opcodes are those of
protocols 0 to 5 as the standard library's `pickletools` lists them.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from cartography.errors import LoadError
from loaders.pickles.records import Call, Mapped, Name, Persistent

__all__ = ["MOST_STEPS", "Machine"]

MOST_STEPS = 5_000_000
"""Opcodes in one pickle. A model of ten thousand tensors takes half a million."""

_LONGEST_NUMBER = 1 << 10
_LONGEST_LINE = 1 << 16
_DEEPEST = 1 << 16  # marks open at once
_DAMAGED = "Copy or download the file again."


class Machine:
    """Reads one pickle from `data`, starting at `place`; afterwards `place` is the byte after it.

    `data` is bytes or a memory map.
    `allow(name)` raises `LoadError` for a global that may not be mentioned. Raises `LoadError` for anything that is
    not a sound pickle.
    """

    def __init__(
        self, data: Any, where: str, allow: Callable[[Name], None], place: int = 0, *, most_steps: int = MOST_STEPS
    ) -> None:
        self.place = place
        self._most_steps = most_steps
        self._data = memoryview(data)
        self._where = where
        self._allow = allow
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def run(self) -> Any:
        """Return the object that the pickle describes, made of plain values and records."""
        try:
            return self._run()
        except (IndexError, struct.error, ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._broken(f"it makes no sense at byte {self.place:,}") from error

    def _run(self) -> Any:
        data, steps, actions = self._data, _ACTIONS, 0
        while True:
            code = data[self.place]
            self.place += 1
            if code == 0x2E:  # STOP
                return self._stack.pop()
            action = steps.get(code)
            if action is None:
                raise self._broken(f"it uses opcode 0x{code:02x}, which is not read")
            action(self)
            actions += 1
            if actions > self._most_steps:
                raise self._broken(f"it has more than {self._most_steps:,} steps")

    def _broken(self, why: str) -> LoadError:
        return LoadError(f"The pickle in {self._where} is damaged or hostile: {why}.", _DAMAGED)

    def _take(self, count: int) -> bytes:
        end = self.place + count
        if count < 0 or end > len(self._data):
            size = len(self._data)
            raise self._broken(f"it ends at byte {size:,}, and {count:,} bytes should follow {self.place:,}")
        part = self._data[self.place : end].tobytes()
        self.place = end
        return part

    def _skip(self, count: int) -> None:
        self._take(count)

    def _number(self, code: str) -> Any:
        return struct.unpack(code, self._take(struct.calcsize(code)))[0]

    def _line(self) -> bytes:
        for length in (128, _LONGEST_LINE):
            window = self._data[self.place : self.place + length].tobytes()
            end = window.find(b"\n")
            if end >= 0:
                self.place += end + 1
                return window[:end]
        raise self._broken(f"a line does not end after byte {self.place:,}")

    def _text(self, code: str) -> str:
        return self._take(self._number(code)).decode("utf-8", "surrogatepass")

    def _push(self, value: Any) -> None:
        self._stack.append(value)

    def _mark(self) -> None:
        if len(self._marks) >= _DEEPEST:
            raise self._broken("it is nested too deep")
        self._marks.append(len(self._stack))

    def _since_mark(self) -> list[Any]:
        start = self._marks.pop()
        values = self._stack[start:]
        del self._stack[start:]
        return values

    def _pop(self) -> Any:
        if self._marks and self._marks[-1] >= len(self._stack):
            raise self._broken(f"it takes what is not there at byte {self.place:,}")
        return self._stack.pop()

    def _drop(self) -> None:
        if self._marks and self._marks[-1] == len(self._stack):
            self._marks.pop()
        else:
            self._stack.pop()

    def _global(self, module: Any, name: Any) -> None:
        if not (isinstance(module, str) and isinstance(name, str)):
            raise self._broken("it names a global by something that is no text")
        found = Name(module, name)
        self._allow(found)
        self._push(found)

    def _class_after_mark(self) -> None:
        """OBJ: the class, then its arguments, since the mark."""
        what, *args = self._since_mark()
        self._push(Call(what, tuple(args)))

    def _instance(self) -> None:
        """INST: the class by its name, its arguments since the mark."""
        self._global(self._line().decode(), self._line().decode())
        what = self._pop()
        self._push(Call(what, tuple(self._since_mark())))

    def _reduce(self) -> None:
        args, what = self._pop(), self._pop()
        if not isinstance(args, tuple):
            raise self._broken("it calls something with what is no list of arguments")
        self._push(Call(what, args))

    def _new_with_names(self) -> None:
        names, args, what = self._pop(), self._pop(), self._pop()
        call = Call(what, tuple(args))
        call.state = names
        self._push(call)

    def _build(self) -> None:
        state, target = self._pop(), self._stack[-1]
        if isinstance(target, Call):
            target.state = state

    def _append(self, values: list[Any]) -> None:
        target = self._stack[-1]
        place = target.values if isinstance(target, Call) else target
        if not isinstance(place, list):
            raise self._broken("it appends to what is no list")
        place.extend(values)

    def _set(self, values: list[Any]) -> None:
        target = self._stack[-1]
        place = target.entries if isinstance(target, Call) else target
        if not isinstance(place, Mapped) or len(values) % 2:
            raise self._broken("it sets entries of what is no dictionary")
        place.pairs.extend(zip(values[::2], values[1::2], strict=True))

    def _dictionary(self) -> None:
        """DICT: keys and values in turn, since the mark."""
        values = self._since_mark()
        self._push(Mapped())
        self._set(values)

    def _remember(self, place: int) -> None:
        self._memo[place] = self._stack[-1]

    def _long(self, size: int) -> None:
        if not 0 <= size <= _LONGEST_NUMBER:
            raise self._broken(f"it holds a number of {size:,} bytes")
        self._push(int.from_bytes(self._take(size), "little", signed=True))

    def _written(self) -> None:
        """INT and LONG: a number as text; 00 and 01 are False and True."""
        text = self._line().removesuffix(b"L")
        self._push({b"00": False, b"01": True}.get(text) if text in (b"00", b"01") else int(text[:_LONGEST_NUMBER]))

    def _quoted(self) -> None:
        """STRING: a text in quotes, as protocol 0 writes it."""
        line = self._line()
        if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in b"\"'":
            raise self._broken("a text is not in quotes")
        self._push(line[1:-1].decode("unicode_escape"))

    def _tuple_of(self, count: int) -> None:
        values = tuple(self._pop() for _ in range(count))
        self._push(values[::-1])


_Action = Callable[[Machine], None]
_ACTIONS: dict[int, _Action] = {
    ord("("): lambda m: m._mark(),
    ord("0"): lambda m: m._drop(),
    ord("1"): lambda m: m._stack.__delitem__(slice(m._marks.pop(), None)),
    ord("2"): lambda m: m._push(m._stack[-1]),
    ord("N"): lambda m: m._push(None),
    0x88: lambda m: m._push(True),
    0x89: lambda m: m._push(False),
    ord("I"): lambda m: m._written(),
    ord("L"): lambda m: m._written(),
    ord("J"): lambda m: m._push(m._number("<i")),
    ord("K"): lambda m: m._push(m._number("B")),
    ord("M"): lambda m: m._push(m._number("<H")),
    0x8A: lambda m: m._long(m._number("B")),
    0x8B: lambda m: m._long(m._number("<i")),
    ord("F"): lambda m: m._push(float(m._line())),
    ord("G"): lambda m: m._push(m._number(">d")),
    ord("S"): lambda m: m._quoted(),
    ord("T"): lambda m: m._push(m._take(m._number("<i")).decode("latin-1")),
    ord("U"): lambda m: m._push(m._take(m._number("B")).decode("latin-1")),
    ord("B"): lambda m: m._push(m._take(m._number("<I"))),
    ord("C"): lambda m: m._push(m._take(m._number("B"))),
    0x8E: lambda m: m._push(m._take(m._number("<Q"))),
    0x96: lambda m: m._push(m._take(m._number("<Q"))),
    ord("V"): lambda m: m._push(m._line().decode("raw_unicode_escape")),
    ord("X"): lambda m: m._push(m._text("<I")),
    0x8C: lambda m: m._push(m._text("B")),
    0x8D: lambda m: m._push(m._text("<Q")),
    ord("]"): lambda m: m._push([]),
    ord("l"): lambda m: m._push(m._since_mark()),
    ord("a"): lambda m: m._append([m._pop()]),
    ord("e"): lambda m: m._append(m._since_mark()),
    0x8F: lambda m: m._push([]),
    0x90: lambda m: m._append(m._since_mark()),
    0x91: lambda m: m._push(m._since_mark()),
    ord(")"): lambda m: m._push(()),
    ord("t"): lambda m: m._push(tuple(m._since_mark())),
    0x85: lambda m: m._tuple_of(1),
    0x86: lambda m: m._tuple_of(2),
    0x87: lambda m: m._tuple_of(3),
    ord("}"): lambda m: m._push(Mapped()),
    ord("d"): lambda m: m._dictionary(),
    ord("s"): lambda m: m._set([m._pop(), m._pop()][::-1]),
    ord("u"): lambda m: m._set(m._since_mark()),
    ord("g"): lambda m: m._push(m._memo[int(m._line()[:20])]),
    ord("h"): lambda m: m._push(m._memo[m._number("B")]),
    ord("j"): lambda m: m._push(m._memo[m._number("<I")]),
    ord("p"): lambda m: m._remember(int(m._line()[:20])),
    ord("q"): lambda m: m._remember(m._number("B")),
    ord("r"): lambda m: m._remember(m._number("<I")),
    0x94: lambda m: m._remember(len(m._memo)),
    ord("c"): lambda m: m._global(m._line().decode(), m._line().decode()),
    0x93: lambda m: m._global(*[m._pop(), m._pop()][::-1]),
    ord("R"): lambda m: m._reduce(),
    ord("o"): lambda m: m._class_after_mark(),
    ord("i"): lambda m: m._instance(),
    0x81: lambda m: m._reduce(),
    0x92: lambda m: m._new_with_names(),
    ord("b"): lambda m: m._build(),
    ord("P"): lambda m: m._push(Persistent(m._line().decode())),
    ord("Q"): lambda m: m._push(Persistent(m._pop())),
    0x80: lambda m: m._skip(1),
    0x95: lambda m: m._skip(8),
}
"""What each opcode does. EXT codes, buffers outside the pickle, and anything newer are not there: refused."""
