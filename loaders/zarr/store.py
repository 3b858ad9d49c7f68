"""Where the chunks of a Zarr hierarchy lie: a folder, or a zip of one."""

from __future__ import annotations

import json
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cartography.errors import LoadError
from loaders.files.limits import check_expansion, size_text
from loaders.files.source import Source

__all__ = ["MARKS", "Store", "is_store", "opened"]

MARKS = (".zgroup", ".zarray", "zarr.json")
_DESCRIPTIONS = (".zarray", "zarr.json", ".zattrs")
_LARGEST = 16 << 20
_MOST = 200_000
_DEPTH = 6


class Store(ABC):
    """Named blobs; a name has slashes between its parts and none at its ends."""

    @abstractmethod
    def names(self) -> list[str]:
        """Return the names of all descriptions: `.zarray`, `.zattrs` and `zarr.json` files."""

    @abstractmethod
    def get(self, name: str) -> bytes | None:
        """Return a blob, None when there is none."""

    def document(self, name: str) -> dict[str, Any]:
        """Return a JSON description; empty when there is none. Raises `LoadError` when it is none."""
        data = self.get(name)
        if data is None:
            return {}
        if len(data) > _LARGEST:
            raise LoadError(f"{name} has {size_text(len(data))}; a description is never that large.")
        try:
            whole = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise LoadError(f"{name} is no JSON that can be read.", "Copy the whole store again.") from error
        return whole if isinstance(whole, dict) else {}


class _Folder(Store):
    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def names(self) -> list[str]:
        found: list[str] = []
        level = [self._folder]
        for _ in range(_DEPTH):
            below: list[Path] = []
            for folder in level:
                here = [mark for mark in _DESCRIPTIONS if (folder / mark).is_file()]
                prefix = folder.relative_to(self._folder).as_posix().removeprefix(".")
                found += [f"{prefix}/{mark}".lstrip("/") for mark in here]
                if ".zarray" not in here:  # below an array there are only chunks
                    below += sorted(one for one in folder.iterdir() if one.is_dir() and not one.is_symlink())
            level = below[:_MOST]
        return found

    def get(self, name: str) -> bytes | None:
        path = self._folder.joinpath(*name.split("/"))
        if not path.is_file() or self._folder not in path.resolve().parents:
            return None
        return path.read_bytes()


class _Zip(Store):
    def __init__(self, archive: zipfile.ZipFile, root: str) -> None:
        self._archive, self._root = archive, root
        if len(archive.NameToInfo) > _MOST:
            raise LoadError(f"The zip holds {len(archive.NameToInfo):,} members; at most {_MOST:,} are read.")

    def names(self) -> list[str]:
        known = (name for name in self._archive.NameToInfo if name.startswith(self._root))
        return [name[len(self._root) :] for name in known if name.rsplit("/", 1)[-1] in _DESCRIPTIONS]

    def get(self, name: str) -> bytes | None:
        member = self._archive.NameToInfo.get(self._root + name)
        if member is None:
            return None
        check_expansion(member.compress_size, member.file_size, name)
        with self._archive.open(member) as stream:
            return stream.read(member.file_size)


def is_store(source: Source) -> bool:
    """Whether a file is a zip of a Zarr hierarchy, told from the names of its first members."""
    if not source.head.startswith(b"PK\x03\x04"):
        return False
    return any(mark.encode() + b"PK" in source.head or mark.encode() + b"{" in source.head for mark in MARKS) or (
        source.name.lower().endswith(".zarr.zip")
    )


@contextmanager
def opened(source: Source) -> Iterator[Store]:
    """Open a folder or a zip."""
    if source.path.is_dir():
        yield _Folder(source.path)
        return
    with zipfile.ZipFile(source.plain_path()) as archive:
        yield _Zip(archive, _root(list(archive.NameToInfo)))


def _root(names: list[str]) -> str:
    """Return the folder within the zip that holds everything, "" when there is none."""
    marks = [name for name in names if name.rsplit("/", 1)[-1] in MARKS]
    shortest = min(marks, key=lambda name: name.count("/"), default="")
    root = shortest.rpartition("/")[0]
    group = shortest.rsplit("/", 1)[-1] != ".zarray"
    return f"{root}/" if root and (group or len(marks) == 1) and all(name.startswith(root) for name in marks) else ""
