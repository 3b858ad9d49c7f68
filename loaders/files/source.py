"""One file as the loaders see it: its name, its first bytes, and its content, unpacked where it is packed."""

from __future__ import annotations

import bz2
import gzip
import lzma
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from cartography.errors import LoadError
from loaders.files.limits import FREE, check_expansion

__all__ = ["Readable", "Source"]

HEAD = 1 << 16
_SUFFIXES = {".gz": "gzip", ".bz2": "bz2", ".xz": "xz", ".zst": "zstd"}
_MAGIC = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd"}


class Readable(Protocol):
    """A stream of bytes, read front to back."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, b"" at the end."""
        ...

    def close(self) -> None:
        """Let the file go."""
        ...


@dataclass(frozen=True)
class Source:
    """One ordinary file.

    `companions` are files that were opened together with it. `text` and `binary` content alike may be packed with
    gzip, bz2, xz or zstd: `head`, `peek` and `open` give what is inside, within the limits of `loaders.files.limits`.
    `memo` keeps what a loader found out, between probing and reading.
    """

    path: Path
    companions: tuple[Path, ...] = ()
    memo: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def suffix(self) -> str:
        """The suffix in lower case, without that of a packer: ".tsv" for "a.tsv.gz"."""
        inner = self.path.with_suffix("") if self.path.suffix.lower() in _SUFFIXES else self.path
        return inner.suffix.lower()

    @property
    def stem(self) -> str:
        """The name without its suffixes."""
        inner = self.path.with_suffix("") if self.path.suffix.lower() in _SUFFIXES else self.path
        return inner.stem

    @cached_property
    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size

    @cached_property
    def compression(self) -> str:
        """What packed the file: "gzip", "bz2", "xz", "zstd", or "" for none. Its first bytes decide."""
        with self.path.open("rb") as stream:
            first = stream.read(6)
        return next((name for magic, name in _MAGIC.items() if first.startswith(magic)), "")

    @cached_property
    def head(self) -> bytes:
        """The first 64 KB of the content."""
        return self.peek(HEAD)

    def peek(self, size: int) -> bytes:
        """Return the first `size` bytes of the content, or all of it when it is shorter."""
        with closing(self.open()) as stream:
            return _read_fully(stream, size)

    def open(self) -> Readable:
        """Open the content for reading front to back."""
        if not self.compression:
            return self.path.open("rb")
        return _Unpacked(_unpacker(self.path, self.compression), self)

    def read_all(self) -> bytes:
        """Return the whole content, for formats that cannot be read front to back."""
        with closing(self.open()) as stream:
            parts = list(iter(lambda: stream.read(1 << 22), b""))
        return b"".join(parts)

    def plain_path(self) -> Path:
        """Return the path of a file that is not packed; raise `LoadError` for one that is."""
        if self.compression:
            raise LoadError(f"{self.name} is packed with {self.compression}.", "Unpack it, then open what is inside.")
        return self.path

    def beside(self, name: str) -> Source | None:
        """Return the file that this one calls `name`: one opened together with it, or one in its own folder.

        A relative path below the folder is followed; nothing outside the folder is, however it is written.
        """
        if "\0" in name:
            return None
        parts = name.replace("\\", "/").split("/")
        together = next((path for path in self.companions if path.name == parts[-1]), None)
        folder = self.path.resolve().parent
        for path in (folder.joinpath(*parts), folder / parts[-1]):
            try:
                inside = path.resolve()
                found = folder in inside.parents and inside.is_file()
            except OSError:  # a name that is too long, a loop of links
                continue
            if found:
                return Source(inside, self.companions)
        return Source(together, self.companions) if together else None


class _Unpacked:
    """An unpacking stream that stops when it grows like a bomb."""

    def __init__(self, stream: Any, source: Source) -> None:
        self._stream = stream
        self._source = source
        self._given = 0

    def read(self, size: int = -1, /) -> bytes:
        data = bytes(self._stream.read(size if size >= 0 else FREE))
        self._given += len(data)
        check_expansion(self._source.size, self._given, self._source.name)
        return data

    def close(self) -> None:
        self._stream.close()


def _unpacker(path: Path, compression: str) -> Any:
    if compression == "gzip":
        return gzip.open(path, "rb")
    if compression == "bz2":
        return bz2.open(path, "rb")
    if compression == "xz":
        return lzma.open(path, "rb")
    import pyarrow

    return pyarrow.input_stream(str(path), compression="zstd")


def _read_fully(stream: Readable, size: int) -> bytes:
    parts: list[bytes] = []
    missing = size
    while missing > 0:
        part = stream.read(missing)
        if not part:
            break
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
