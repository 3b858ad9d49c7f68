"""The two kinds of file that torch.save writes, and where in them the storages lie.

The zip kind holds `NAME/data.pkl`, `NAME/data/KEY` for each storage and `NAME/byteorder`; the legacy kind is five
pickles in a row (magic number, protocol, system, object, keys), then each storage behind its count of elements.
"""

from __future__ import annotations

import mmap
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.arrays.checkpoint import Rows, rows_in_file, stored_type, widened
from loaders.files.limits import check_expansion, check_memory
from loaders.files.source import Source
from loaders.files.zips import place_of, unpacked
from loaders.pickles.machine import Machine
from loaders.pickles.records import Call, Mapped, Name, Persistent
from loaders.pickles.torch_names import TorchNames
from loaders.pickles.torch_tensors import Found, StorageRef, View, storage_of, survey

__all__ = ["LEGACY_MAGIC", "TorchFile", "is_torch_zip", "opened"]

LEGACY_MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
_DAMAGED = "Copy or download the file again."


@dataclass(frozen=True)
class _Place:
    """Where the bytes of a storage lie: in the file, or packed in a zip member."""

    offset: int
    nbytes: int
    member: str = ""


@dataclass(frozen=True, eq=False)
class TorchFile:
    """An opened checkpoint: its tensors, its lists of texts, the names of its settings, where its storages lie."""

    path: Path
    found: tuple[Found, ...]
    texts: tuple[tuple[str, list[str]], ...]
    settings: tuple[str, ...]
    places: Mapping[str, _Place]
    big_endian: bool

    def nbytes(self, view: View) -> int:
        """Return how many bytes the numbers of a tensor take."""
        kind = stored_type(view.dtype)
        return prod(view.shape) * (kind.itemsize if kind else 0)

    def why(self, view: View) -> str:
        """Return why a tensor cannot be shown, or "". Raises `LoadError` when it lies outside its storage."""
        kind = stored_type(view.dtype)
        if kind is None:
            return f"has the type {view.dtype or 'unknown'}, which cannot be shown"
        if kind.kind == "c":
            return "holds complex numbers"
        if prod(view.shape) == 0:
            return ""
        last = view.offset + sum((n - 1) * step for n, step in zip(view.shape, view.strides, strict=True))
        place = self.places.get(view.storage.key)
        if place is None:
            return "has no numbers in the file"
        if (view.storage.start + last + 1) * kind.itemsize > place.nbytes:
            raise LoadError(
                f"{self.path.name} is damaged or cut short: a tensor of shape {view.shape} lies outside its storage "
                f"of {place.nbytes:,} bytes.",
                _DAMAGED,
            )
        return ""

    def rows(self, view: View) -> Rows:
        """Return how the rows of a tensor are read, in place where the file allows it."""
        place = self.places.get(view.storage.key)
        kind = stored_type(view.dtype, self.big_endian)
        if place is None or kind is None:
            return _none
        first = (view.storage.start + view.offset) * kind.itemsize
        if not place.member and view.strides == _contiguous(view.shape):
            return rows_in_file(self.path, place.offset + first, view.shape, view.dtype, self.big_endian)

        def rows(start: int, stop: int) -> NDArray[Any]:
            flat = self._storage(place, kind)[first // kind.itemsize :]
            whole = np.lib.stride_tricks.as_strided(
                flat, view.shape, [step * kind.itemsize for step in view.strides], writeable=False
            )
            part = whole[start:stop] if view.shape else whole.reshape(1)
            check_memory(part.size * kind.itemsize, "This tensor")
            return widened(np.ascontiguousarray(part), view.dtype)

        return rows

    def _storage(self, place: _Place, kind: np.dtype[Any]) -> NDArray[Any]:
        count = place.nbytes // kind.itemsize
        if place.member:
            return np.frombuffer(unpacked(self.path, place.member), dtype=kind, count=count)
        return np.memmap(self.path, dtype=kind, mode="r", offset=place.offset, shape=(count,))


def _none(_start: int, _stop: int) -> NDArray[Any]:
    raise LoadError("The tensor has no numbers that can be shown.", _DAMAGED)


def _contiguous(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(prod(shape[place + 1 :]) for place in range(len(shape)))


def is_torch_zip(source: Source) -> bool:
    """Whether the file is a zip as torch.save writes it."""
    if not source.head.startswith(b"PK"):
        return False
    if b"/data.pkl" in source.head[:400]:
        return True
    try:
        with zipfile.ZipFile(source.path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    folder = next((name[: -len("data.pkl")] for name in names if name.endswith("/data.pkl")), None)
    return folder is not None and any(name.startswith((f"{folder}data/", f"{folder}version")) for name in names)


def opened(source: Source) -> TorchFile:
    """Return the checkpoint, from its pickle alone; remembered in the source."""
    if "torch" not in source.memo:
        path = source.plain_path()
        if not source.head.startswith((b"PK", LEGACY_MAGIC)):
            raise LoadError(
                f"{source.name} is called {source.suffix}, but it is no checkpoint as torch.save writes them.",
                "Save it with a PyTorch of 2017 or later: torch.save(model.state_dict(), path).",
            )
        legacy = source.head.startswith(LEGACY_MAGIC)
        source.memo["torch"] = _legacy(path, source.size) if legacy else _zipped(path, source.size)
    found: TorchFile = source.memo["torch"]
    return found


def _zipped(path: Path, size: int) -> TorchFile:
    with zipfile.ZipFile(path) as archive:
        members = {one.filename: one for one in archive.infolist()}
        main = next((name for name in members if name.endswith("data.pkl")), None)
        if main is None:
            raise LoadError(f"{path.name} is a zip file without a data.pkl in it; torch.save writes one.", _DAMAGED)
        folder = main[: -len("data.pkl")]
        allow = TorchNames(path.name)
        machine = Machine(unpacked(path, main), f"{main} of {path.name}", allow)
        root = machine.run()
        order = members.get(f"{folder}byteorder")
        big = order is not None and order.file_size < 16 and archive.read(order) == b"big"
        places = {}
        for name, member in members.items():
            if name.startswith(f"{folder}data/"):
                check_expansion(member.compress_size, member.file_size, f"{name} in {path.name}")
                stored = member.compress_type == zipfile.ZIP_STORED
                offset = place_of(path, member, size) if stored else 0
                places[name[len(folder) + 5 :]] = _Place(offset, member.file_size, "" if stored else name)
    found, texts = survey(root)
    return TorchFile(path, tuple(found), tuple(texts), tuple(allow.settings), places, big)


def _legacy(path: Path, size: int) -> TorchFile:
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        allow = TorchNames(path.name)
        place, values = 0, []
        for _ in range(5):
            machine = Machine(data, path.name, allow, place)
            values.append(machine.run())
            place = machine.place
            del machine
        _, _, system, root, keys = values
        big = isinstance(system, Mapped) and system.texts().get("little_endian") is False
        storages = _storages(root)
        places = {}
        for key in keys if isinstance(keys, list) else []:
            storage = storages.get(str(key))
            if storage is None:
                raise LoadError(f"{path.name} lists a storage that no tensor has.", _DAMAGED)
            kind = stored_type(storage.dtype)
            count = int.from_bytes(data[place : place + 8], "big" if big else "little")
            nbytes = count * (kind.itemsize if kind else 1)
            if place + 8 + nbytes > size:
                raise LoadError(
                    f"{path.name} is cut short: a storage of {nbytes:,} bytes should follow byte {place + 8:,}, "
                    f"the file has {size:,}.",
                    _DAMAGED,
                )
            places[str(key)] = _Place(place + 8, nbytes)
            place += 8 + nbytes
    found, texts = survey(root)
    return TorchFile(path, tuple(found), tuple(texts), tuple(allow.settings), places, big)


def _storages(root: Any) -> dict[str, StorageRef]:
    """Return every storage that the object mentions, by key; each place is visited once."""
    found: dict[str, StorageRef] = {}
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Persistent):
            storage = storage_of(value)
            found.setdefault(storage.key, storage)
        elif isinstance(value, (Mapped, Call, list, tuple)) and id(value) not in seen:
            seen.add(id(value))
            waiting += _parts(value)
    return found


def _parts(value: Any) -> list[Any]:
    if isinstance(value, Mapped):
        return [one for pair in value.pairs for one in pair]
    if isinstance(value, Call):
        return [*value.args, value.state, *value.values, value.entries] if not isinstance(value.args, Name) else []
    return list(value)
