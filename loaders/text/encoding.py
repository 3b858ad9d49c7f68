"""Bytes into text: byte order marks, UTF-16 without one, and files of another age."""

from __future__ import annotations

import codecs
import re

from cartography.errors import LoadError
from loaders.files.limits import MAX_LINE, size_text
from loaders.files.source import Source

__all__ = ["decoder", "is_text", "guess_encoding", "sample_lines", "split_lines"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD = "cp1252"
_SAMPLE = 1 << 20
_BREAK = re.compile(r"\r\n|\r|\n")
_CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27})


def guess_encoding(sample: bytes) -> str:
    """Return the encoding of a text that begins with `sample`: UTF-8 wherever that is possible."""
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if b"\0" in sample[:4096]:
        return "utf-16-le" if sample[1:4096:2].count(0) > sample[:4096:2].count(0) else "utf-16-be"
    return "utf-8" if _decodes(sample, "utf-8") else _OLD


def is_text(sample: bytes) -> bool:
    """Whether a file that begins with `sample` can be text: hardly any control characters, or UTF-16."""
    if not sample:
        return False
    if any(sample.startswith(mark) for mark, _ in _MARKS):
        return True
    if b"\0" in sample:
        encoding = guess_encoding(sample)
        text = sample[: len(sample) // 2 * 2].decode(encoding, "replace") if encoding.startswith("utf-16") else "\0"
        return "\0" not in text and text.count("\n") > 0 and text.isascii()
    odd = len(sample) - len(sample.translate(None, _CONTROL))
    return odd * 200 <= len(sample)


def decoder(encoding: str) -> codecs.IncrementalDecoder:
    """Return a decoder for a text read piece by piece. Raises `LoadError` for an encoding that does not exist."""
    try:
        return codecs.getincrementaldecoder(encoding)("replace" if encoding == _OLD else "strict")
    except LookupError as error:
        raise LoadError(
            f"There is no encoding called {encoding!r}.", 'Common ones are "utf-8", "utf-16", "cp1252" and "gbk".'
        ) from error


def sample_lines(source: Source, encoding: str | None) -> tuple[list[str], str, bool]:
    """Return the first lines of a file, its encoding, and whether these are all its lines.

    Raises `LoadError` when there is no end of a line within the limit.
    """
    size = _SAMPLE
    sample = source.peek(size)
    while len(sample) == size and b"\n" not in sample and b"\r" not in sample:
        if size >= MAX_LINE:
            raise LoadError(
                f"The first line of {source.name} is longer than {size_text(MAX_LINE)}.",
                "A text table should have one item per line.",
            )
        size = min(size * 8, MAX_LINE)
        sample = source.peek(size)
    complete = len(sample) < size
    encoding = encoding or guess_encoding(sample)
    text = _decoded(sample, encoding, complete, source.name)
    lines = split_lines(text)
    return (lines if complete or len(lines) < 2 else lines[:-1]), encoding, complete


def split_lines(text: str) -> list[str]:
    """Split at line ends of any system, and at nothing else; a last line end ends the last line."""
    lines = _BREAK.split(text)
    return lines[:-1] if lines and not lines[-1] else lines


def _decoded(sample: bytes, encoding: str, complete: bool, name: str) -> str:
    try:
        return decoder(encoding).decode(sample, complete)
    except UnicodeDecodeError as error:
        raise LoadError(
            f"{name} is not {encoding}: byte {error.start:,} cannot be read.", "Name its encoding, as encoding=..."
        ) from error


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    return True
