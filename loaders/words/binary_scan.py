"""Words of any length between vectors of one length: the body of a binary word2vec file, read in blocks.

Layout (the original word2vec tool, `word2vec.c`): "n d\\n", then for each word its bytes, a space, d little-endian
float32 and, depending on the writer, a line end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from cartography.progress import Progress, report
from loaders.files.source import Readable, Source

__all__ = ["rows_of"]

_BLOCK = 8 << 20
_LONGEST_WORD = 1 << 16


def rows_of(
    source: Source, start: int, counts: tuple[int, int], progress: Progress | None
) -> Iterator[tuple[list[bytes], NDArray[np.float32]]]:
    """Yield words and their vectors (m, d) from byte `start` on. Raises `LoadError` where the file ends too early."""
    n, d = counts
    width = 4 * d
    done, offset, rest = 0, start, b""
    with closing(source.open()) as stream:
        _skip(stream, start)
        while done < n:
            more = stream.read(max(_BLOCK, 2 * width))
            data = rest + more
            words, places, used = _scan(data, width, n - done)
            if not words and not more:
                raise _ends(source, done, counts, offset, data)
            if len(data) - used > _LONGEST_WORD + width + 2:
                raise _no_word(source, done, offset + used)
            if words:
                yield words, _vectors(data, places, d)
            done += len(words)
            offset, rest = offset + used, data[used:]
            report(progress, f"Reading {source.name}", done / n)


def _scan(data: bytes, width: int, most: int) -> tuple[list[bytes], list[int], int]:
    """Return the whole words in `data`, the places of their vectors, and the bytes used up."""
    words: list[bytes] = []
    places: list[int] = []
    find, position, last = data.find, 0, len(data) - width
    limit = _LONGEST_WORD
    while len(words) < most:
        space = find(b" ", position, position + limit)
        if space < 0 or space >= last:
            break
        words.append(data[position:space])
        places.append(space + 1)
        position = space + 1 + width
    return words, places, min(position, len(data))


def _vectors(data: bytes, places: list[int], d: int) -> NDArray[np.float32]:
    """Copy the vectors, which lie at any byte, into (m, d)."""
    result = np.empty((len(places), d), dtype="<f4")
    target, width = memoryview(result.data).cast("B"), 4 * d
    view = memoryview(data)
    row = 0
    for place in places:
        target[row : row + width] = view[place : place + width]
        row += width
    return result


def _skip(stream: Readable, size: int) -> None:
    while size > 0:
        part = stream.read(size)
        if not part:
            return
        size -= len(part)


def _ends(source: Source, done: int, counts: tuple[int, int], offset: int, rest: bytes) -> LoadError:
    n, d = counts
    word = rest.split(b" ", 1)[0].strip()[:40].decode("utf-8", "replace")
    inside = f"within the vector of {word!r}" if b" " in rest else f"within the word {word!r}" if word else "there"
    return LoadError(
        f"{source.name} is cut short: its first line promises {n:,} words of {d:,} dimensions, but the file ends at "
        f"byte {offset + len(rest):,}, {inside}, word {done + 1:,}.",
        f"Copy the file again, or write {done:,} into its first line to open what is there.",
    )


def _no_word(source: Source, done: int, offset: int) -> LoadError:
    return LoadError(
        f"Word {done + 1:,} of {source.name}, at byte {offset:,}, does not end: no space follows within "
        f"{_LONGEST_WORD:,} bytes.",
        "The first line may give a wrong number of dimensions; write the file again.",
    )
