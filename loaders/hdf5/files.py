"""Opening HDF5 as a stranger's file: links and storage that lead outside are not followed, filters are bounded.

Only hard links are walked: soft links repeat what is there already, external ones name other files on this machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader, BytesIO, RawIOBase
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from cartography.errors import CartographyError, LoadError, MissingDependencyError
from loaders.files.limits import check_expansion
from loaders.files.source import Source
from loaders.hdf5.heaps import check_heaps
from loaders.hdf5.signature import MAGIC, USER_BLOCKS

__all__ = ["MAGIC", "Found", "Tree", "Window", "is_hdf5", "opened", "tree_of"]

_MOST_OBJECTS = 200_000
_DEEPEST = 32
_LONGEST_NAMES = 1 << 27  # characters of all paths together
_LARGEST_CHUNK = 512 << 20
_FILTERS = {1, 2, 3, 4, 5, 6, 32000}  # deflate, shuffle, checksum, szip, nbit, scale-offset, lzf: those h5py brings
_DAMAGED = "Copy or download the file again."


@dataclass(frozen=True, eq=False)
class Found:
    """A data set as its header describes it; `why` says why it cannot be read, "" when it can.

    `kind` is "numbers", "text", "lists" (of variable length), "records" or "other".
    """

    path: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    kind: str
    nbytes: int
    why: str = ""


@dataclass(eq=False)
class Tree:
    """All data sets of a file by path, all groups, and what was left aside."""

    sets: dict[str, Found] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()


class Window(RawIOBase):
    """A part of a file as a file of its own: a stored member of a zip."""

    def __init__(self, path: Path, offset: int, size: int) -> None:
        self.path = path
        self._stream: BufferedReader = path.open("rb")
        self._offset, self._size, self._place = offset, size, 0

    def head(self) -> bytes:
        """Return the first bytes of the part."""
        self._stream.seek(self._offset)
        return self._stream.read(min(self._size, 1 << 15))

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move to a byte of the part."""
        self._place = offset + (0, self._place, self._size)[whence]
        return self._place

    def tell(self) -> int:
        """Return the byte of the part that comes next."""
        return self._place

    def readinto(self, buffer: Any, /) -> int:
        """Fill `buffer` with what follows."""
        view = memoryview(buffer).cast("B")
        self._stream.seek(self._offset + self._place)
        count = self._stream.readinto(view[: max(0, min(len(view), self._size - self._place))])
        self._place += count
        return count

    def close(self) -> None:
        """Let the file go."""
        self._stream.close()
        super().close()


def is_hdf5(source: Source) -> bool:
    """Whether the superblock's signature stands where HDF5 looks for it: at 0, 512, 1024 ..."""
    return any(source.head[place : place + 8] == MAGIC for place in USER_BLOCKS)


@contextmanager
def opened(path: Path | Window | BytesIO, name: str) -> Iterator[Any]:
    """Open a file for reading. Whatever the library says of a broken one becomes a `LoadError`."""
    try:
        import h5py
    except ImportError as error:
        raise MissingDependencyError("HDF5 files need the library h5py.", "pip install h5py") from error
    if isinstance(path, BytesIO):
        check_heaps(path.getvalue(), b"", name)
    else:
        head = path.head() if isinstance(path, Window) else b""
        check_heaps(path.path if isinstance(path, Window) else path, head, name)
    try:
        with h5py.File(path, "r") as file:
            yield file
    except CartographyError:
        raise
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        said = (str(error).strip("'\" \n").splitlines() or [""])[0][:160].rstrip(".")
        raise LoadError(f"{name} is damaged or cut short; the HDF5 library says: {said}.", _DAMAGED) from error


def tree_of(file: Any, name: str) -> Tree:
    """List a file's data sets, walking hard links only, each object once."""
    import h5py

    tree, seen, held, outside = Tree(), set[Any](), 0, 0
    waiting: list[tuple[str, Any, int]] = [("", file, 0)]
    while waiting:
        path, group, depth = waiting.pop()
        below = []
        for key in group:
            link = group.get(key, getlink=True)
            outside += isinstance(link, h5py.ExternalLink)
            item = group.get(key) if isinstance(link, h5py.HardLink) else None
            mark = h5py.h5o.get_info(item.id).addr if item is not None else None
            if mark is None or mark in seen:
                continue
            inside = f"{path}/{key}" if path else key
            seen.add(mark)
            held += len(inside)
            if len(seen) > _MOST_OBJECTS or held > _LONGEST_NAMES:
                raise LoadError(f"{name} holds too many objects or names.", "Save the vectors alone.")
            if isinstance(item, h5py.Dataset):
                tree.sets[inside] = _found(inside, item, name)
            elif isinstance(item, h5py.Group) and depth < _DEEPEST:
                tree.groups.append(inside)
                below.append((inside, item, depth + 1))
        waiting += reversed(below)
    if outside:
        tree.notes = (f"{outside:,} links to other files were not followed.",)
    return tree


def _found(path: str, item: Any, name: str) -> Found:
    """Describe a data set, and say why it may not be read."""
    shape = tuple(int(length) for length in item.shape or ())
    dtype = item.dtype
    kind = _kind(dtype) if item.shape is not None else "other"
    nbytes = prod(shape) * dtype.itemsize
    return Found(path, shape, dtype, kind, nbytes, _why(item, nbytes, name))


def _kind(dtype: np.dtype[Any]) -> str:
    import h5py

    if h5py.check_string_dtype(dtype) is not None or dtype.kind == "S":
        return "text"
    vlen = h5py.check_vlen_dtype(dtype)
    if vlen is not None:
        return "lists" if isinstance(vlen, np.dtype) and vlen.kind in "fiu" else "other"
    if dtype.names:
        return "records"
    return "numbers" if dtype.kind in "fiubc" else "other"


def _why(item: Any, nbytes: int, name: str) -> str:
    """Return why the numbers may not be read: kept elsewhere, or packed in a way that cannot be bounded."""
    import h5py

    made = item.id.get_create_plist()
    layout = made.get_layout()
    if layout == h5py.h5d.VIRTUAL:
        return "is put together from other files"
    if made.get_external_count() > 0:
        return "keeps its numbers in another file"
    filters = {made.get_filter(place)[0] for place in range(made.get_nfilters())}
    if filters - _FILTERS:
        return f"is packed by the filter {sorted(filters - _FILTERS)[0]}, which is not read"
    if filters:
        chunk = prod(item.chunks or ()) * item.dtype.itemsize
        if chunk > _LARGEST_CHUNK:
            return f"is packed in pieces of {chunk:,} bytes, more than is unpacked at once"
        try:
            check_expansion(item.id.get_storage_size(), nbytes, f"{item.name[:60]} in {name}")
        except LoadError as error:
            return f"is refused: {error.message.rstrip('.')}"
    return ""
