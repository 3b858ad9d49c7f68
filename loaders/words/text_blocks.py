"""Lines of a word and its numbers into words and vectors, a block at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from cartography.progress import Progress, report
from loaders.files.limits import MAX_LINE, size_text
from loaders.files.source import Source

__all__ = ["Block", "blocks", "count_filled", "decoded", "parse"]

_SIZE = 8 << 20
_MARK = b"\xef\xbb\xbf"
_SPACE, _END = 32, 10
_LOOSE = (10, 13, 32)  # before the end of a line: a blank line, the line end of another system, a loose space
_MISSING = ["", "NaN", "nan", "NA", "null"]


@dataclass(frozen=True, eq=False)
class Block:
    """Words (n,) and their vectors (n, d) float32; `bad` are rows without d numbers, `first` shows one of them."""

    words: list[bytes]
    vectors: NDArray[np.float32]
    bad: list[int] = field(default_factory=list)
    first: str = ""


def blocks(source: Source, skip: int, progress: Progress | None) -> Iterator[bytes]:
    """Yield whole lines, as they are written, without the first `skip` lines and a byte order mark."""
    rest, read, start = b"", 0, True
    with closing(source.open()) as stream:
        while True:
            data = stream.read(_SIZE)
            read += len(data)
            whole = rest + data
            end = whole.rfind(b"\n") + 1 if data else len(whole)
            if not end and len(whole) > MAX_LINE:
                raise LoadError(
                    f"A line of {source.name} is longer than {size_text(MAX_LINE)}.", "Is it a text file?"
                )
            part, rest = whole[:end], whole[end:]
            if start and part:
                part, start = part.removeprefix(_MARK).split(b"\n", skip)[-1], False
            if part:
                yield part
            if not data:
                return
            report(progress, f"Reading {source.name}", 0.5 if source.compression else read / source.size)


def parse(data: bytes, width: int) -> Block:
    """Cut lines into words and `width` numbers. The numbers are those at the end; what is before them is the word."""
    data, starts, ends = _lines(data)
    spaces = np.flatnonzero(np.frombuffer(data, np.uint8) == _SPACE)
    before = np.searchsorted(spaces, starts)
    count = np.diff(before, append=len(spaces))
    if (count != width).any():
        return _line_by_line(data, width)
    pairs = zip(starts.tolist(), spaces[before].tolist(), strict=True)
    try:
        return Block([data[start:cut] for start, cut in pairs], _numbers(data, width, len(ends)))
    except ValueError:  # Arrow's errors are of this kind: a cell is no number
        return _line_by_line(data, width)


def count_filled(data: bytes) -> int:
    """Return the number of lines that hold something."""
    return len(_lines(data)[2])


def _lines(data: bytes) -> tuple[bytes, NDArray[np.int64], NDArray[np.int64]]:
    """Return tidy lines, and where each begins and ends; cleaning costs time only where it is needed."""
    data = data if data.endswith(b"\n") else data + b"\n"
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == _END)
    last = np.frombuffer(data, np.uint8)[ends - 1]
    if data[0] == _END or np.isin(last, _LOOSE).any():
        data = _tidy(data)
        ends = np.flatnonzero(np.frombuffer(data, np.uint8) == _END)
    starts = np.concatenate([np.zeros(min(len(ends), 1), np.int64), ends[:-1] + 1])
    return data, starts, ends


def _tidy(data: bytes) -> bytes:
    """Return the lines with plain ends and without blank ones."""
    data = data.replace(b"\r\n", b"\n")
    while b" \n" in data:
        data = data.replace(b" \n", b"\n")
    while b"\n\n" in data:
        data = data.replace(b"\n\n", b"\n")
    return data.lstrip(b"\n")


def _numbers(data: bytes, width: int, rows: int) -> NDArray[np.float32]:
    """Read lines of a word without spaces and `width` numbers; returns (rows, width). Raises `ValueError`."""
    import pyarrow as pa
    from pyarrow import csv

    names = [str(place) for place in range(width)]
    table = csv.read_csv(
        pa.BufferReader(data),
        read_options=csv.ReadOptions(column_names=["word", *names], block_size=_block_size(data, rows)),
        parse_options=csv.ParseOptions(delimiter=" ", quote_char=False),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.float32()), include_columns=names, null_values=_MISSING
        ),
    )
    if table.num_rows != rows:
        raise ValueError("A word holds the end of a line.")
    result = np.empty((rows, width), dtype=np.float32)
    start = 0
    for batch in table.to_batches():
        result[start : start + batch.num_rows] = batch.to_tensor(null_to_nan=True).to_numpy()
        start += batch.num_rows
    return result


def _block_size(data: bytes, rows: int) -> int:
    return max(1 << 20, min(16 * (len(data) // max(rows, 1)), len(data) + 1))


def _line_by_line(data: bytes, width: int) -> Block:
    """Cut the lines one by one, where some word holds a space or some line is not as the others."""
    words: list[bytes] = []
    bodies: list[bytes] = []
    bad: list[int] = []
    first = ""
    filler = b" ".join([b"nan"] * width)
    for row, line in enumerate(data.split(b"\n")[:-1]):
        word, numbers = _cut(line, width)
        if numbers is None:
            bad.append(row)
            first = first or line[:40].decode("utf-8", "replace")
        words.append(word)
        bodies.append(b"x " + (numbers or filler))
    return Block(words, _numbers(b"\n".join(bodies) + b"\n", width, len(words)), bad, first)


def _cut(line: bytes, width: int) -> tuple[bytes, bytes | None]:
    """Return the word and the text of its numbers, None when there are fewer or one is none."""
    cells = line.rsplit(b" ", width)
    numbers = cells[1:]
    if len(numbers) < width or not all(map(_is_number, numbers)):
        return line.split(b" ", 1)[0], None
    return cells[0].replace(b"\r", b" "), b" ".join(numbers)


def _is_number(cell: bytes) -> bool:
    if b"_" in cell or len(cell) > 400:
        return False
    try:
        float(cell)
    except ValueError:
        return False
    return True


def decoded(words: list[bytes], encoding: str = "utf-8") -> tuple[list[str], int]:
    """Return words as text, and how many are not in this encoding and were read with replacements."""
    odd = 0
    texts = []
    for word in words:
        try:
            texts.append(word.decode(encoding))
        except UnicodeDecodeError:
            odd += 1
            texts.append(word.decode(encoding, "replace"))
    return texts, odd
