"""A text file in pieces of whole lines, as UTF-8 with plain line ends: the same for plain, packed and old files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from cartography.errors import LoadError
from cartography.progress import Progress, report
from loaders.files.limits import MAX_LINE, size_text
from loaders.files.source import Source
from loaders.text.encoding import decoder

__all__ = ["OtherEncoding", "Piece", "pieces"]

_BLOCK = 16 << 20
_TRIES = 200  # line ends looked at to find one outside quotes


class OtherEncoding(Exception):  # noqa: N818  (a change of plan, not a fault)
    """The text is not in the encoding that its first lines suggested; read it again as `encoding`."""

    def __init__(self, encoding: str) -> None:
        super().__init__(encoding)
        self.encoding = encoding


@dataclass(frozen=True)
class Piece:
    """Whole lines of text as UTF-8; the piece's number from 0, and the lines cut off before its first."""

    data: bytes
    number: int
    skipped: int = 0


def pieces(
    source: Source,
    encoding: str,
    *,
    skip: int = 0,
    quoted: bool = False,
    squeeze: bool = False,
    progress: Progress | None = None,
) -> Iterator[Piece]:
    """Yield the file in pieces, without its first `skip` filled lines.

    `quoted` keeps cells in quotes together, `squeeze` makes runs of spaces one. Raises `OtherEncoding` when the
    bytes cannot be read as `encoding`, `LoadError` for a line without end; lets `Cancelled` pass.
    """
    for number, whole in enumerate(_whole_lines(_utf8_blocks(source, encoding, progress), quoted, source.name)):
        skipped, data = _without_head(whole, skip)
        skip -= skipped.filled
        if data and not data.isspace():
            yield Piece(_squeezed(data) if squeeze else data, number, skipped.lines)


@dataclass(frozen=True)
class _Skipped:
    lines: int
    filled: int


def _without_head(data: bytes, skip: int) -> tuple[_Skipped, bytes]:
    """Cut the first `skip` lines that hold something."""
    lines = filled = position = 0
    while filled < skip and position < len(data):
        end = data.find(b"\n", position)
        end = len(data) - 1 if end < 0 else end
        filled += bool(data[position:end].strip())
        lines += 1
        position = end + 1
    return _Skipped(lines, filled), data[position:] if position else data


def _squeezed(data: bytes) -> bytes:
    """Make every run of spaces and tabs one space, and none at the edges of lines."""
    if b"\t" in data:
        data = data.replace(b"\t", b" ")
    while b"  " in data:
        data = data.replace(b"  ", b" ")
    return data.replace(b" \n", b"\n").replace(b"\n ", b"\n").lstrip(b" ")


def _utf8_blocks(source: Source, encoding: str, progress: Progress | None) -> Iterator[bytes]:
    """Yield the content as UTF-8 with "\\n" at the end of every line."""
    text = decoder(encoding)
    plain = encoding in ("utf-8", "utf-8-sig")
    read = 0
    carriage = b""
    with closing(source.open()) as stream:
        while True:
            block = stream.read(_BLOCK)
            read += len(block)
            try:
                decoded = text.decode(block, not block)
            except UnicodeDecodeError as error:
                raise _undecodable(source, encoding, read, error) from error
            data = carriage + (block if encoding == "utf-8" else decoded.encode("utf-8", "surrogatepass"))
            if not block:
                yield data.replace(b"\r", b"\n")
                return
            carriage = b"\r" if data.endswith(b"\r") else b""
            data = data[:-1] if carriage else data
            if b"\r" in data:
                data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            yield data
            fraction = read / source.size if plain and not source.compression else 0.5
            report(progress, f"Reading {source.name}", min(fraction, 1.0))


def _undecodable(source: Source, encoding: str, read: int, error: UnicodeDecodeError) -> Exception:
    if encoding == "utf-8":
        return OtherEncoding("cp1252")
    return LoadError(
        f"{source.name} is not {encoding}: a byte near {max(0, read - _BLOCK) + error.start:,} cannot be read.",
        "Name its encoding, as encoding=...",
    )


def _whole_lines(blocks: Iterator[bytes], quoted: bool, name: str) -> Iterator[bytes]:
    """Cut blocks anew, so that each ends with a line."""
    rest = b""
    for block in blocks:
        data = rest + block
        end = _last_end(data, quoted)
        if end < 0:
            if len(data) > MAX_LINE + _BLOCK:
                raise LoadError(f"A line of {name} is longer than {size_text(MAX_LINE)}.", "Is it a text table?")
            rest = data
            continue
        yield data[: end + 1]
        rest = data[end + 1 :]
    if rest:
        yield rest + b"\n"


def _last_end(data: bytes, quoted: bool) -> int:
    """Return the place of the last line end that is outside quotes; of the last one when none seems to be."""
    last = data.rfind(b"\n")
    if not quoted or last < 0 or b'"' not in data:
        return last
    odd = data.count(b'"', 0, last) % 2
    place = last
    for _ in range(_TRIES):
        if not odd:
            return place
        before = data.rfind(b"\n", 0, place)
        if before < 0:
            break
        odd ^= data.count(b'"', before, place) % 2
        place = before
    return last
