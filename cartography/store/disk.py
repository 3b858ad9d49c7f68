"""Results on disk, one file each: found again by another process that has the same vectors and the same recipe."""

from __future__ import annotations

import json
import logging
import os
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from cartography.records.arrays import digest
from cartography.store.engine import engine_version
from cartography.store.folders import folder_from
from cartography.store.plain import Arrays, NotPlainError, restored, told

__all__ = ["DiskStore"]

_LOG = logging.getLogger(__name__)

_VARIABLE = "EMBEDDING_CARTOGRAPHER_CACHE"
_FORMAT = 1
_LIMIT = 2_000_000_000  # bytes
_SLOW = 0.5  # seconds from which a result is worth keeping
_OURS = re.compile(r"[0-9a-f]{16}\.(npz|\w+\.part)")
_ABANDONED = 3600.0  # seconds after which a half-written file will not be finished

T = TypeVar("T")


class DiskStore:
    """A folder of results, least recently used first to go. Any number of processes may share it.

    A result that cannot be read, or that another version made, is made again; a folder that cannot be written keeps
    nothing. Neither is ever an error.
    """

    def __init__(self, folder: Path, limit: int = _LIMIT, slow: float = _SLOW) -> None:
        self._folder = folder
        self._limit = limit
        self._slow = slow

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> DiskStore | None:
        """Return the store that the environment names, by default in the user's cache folder; None for "off"."""
        folder = folder_from(environment, _VARIABLE, "cache", "maps")
        return cls(folder) if folder is not None else None

    def get_or_make(self, key: tuple[Any, ...], make: Callable[[], T], given: Mapping[str, object]) -> T:
        """Return the result kept under `key`; make it when there is none, and keep it when that took long."""
        name = digest(_FORMAT, engine_version(), key)
        usable = engine_version() is not None and self._is_ours()
        found = self._read(name, key, given) if usable else None
        if found is not None:
            return cast(T, found)
        began = time.perf_counter()
        made = make()
        if usable and time.perf_counter() - began >= self._slow:
            self._keep(name, key, made, given)
        return made

    def _is_ours(self) -> bool:
        """Whether nobody else can put results there."""
        try:
            stat = self._folder.stat()
            return os.name != "posix" or (stat.st_uid == os.geteuid() and not stat.st_mode & 0o022)
        except OSError:
            return True  # it is not there yet

    def _read(self, name: str, key: tuple[Any, ...], given: Mapping[str, object]) -> Any:
        path = self._folder / f"{name}.npz"
        if not path.is_file():
            return None
        try:
            with np.load(path, allow_pickle=False) as archive:
                facts = json.loads(archive["facts"].tobytes())
                if facts["written"] != _written(key):
                    return None
                arrays = {one: archive[one] for one in archive.files if one != "facts"}
            result = restored(facts["result"], arrays.__getitem__, given)
        except Exception as error:  # noqa: BLE001  (a damaged file can fail in any way, and is only made again)
            _LOG.info("A kept result could not be read and is made again: %s", error)
            return None
        with suppress(OSError):
            os.utime(path)  # so that it is the last to go
        return result

    def _keep(self, name: str, key: tuple[Any, ...], made: object, given: Mapping[str, object]) -> None:
        arrays: Arrays = {}
        try:
            facts = json.dumps({"written": _written(key), "result": told(made, arrays, given)})
        except NotPlainError as error:
            _LOG.info("A result is not kept: %s", error)
            return
        if len(facts) + sum(array.nbytes for array in arrays.values()) > self._limit:
            return
        arrays["facts"] = np.frombuffer(facts.encode(), np.uint8)
        try:
            self._write(name, arrays)
            self._make_room()
        except OSError as error:
            _LOG.info("A result is not kept: %s", error)

    def _write(self, name: str, arrays: Arrays) -> None:
        """Write beside, then rename: whoever reads finds all of it or nothing."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=f"{name}.", suffix=".part", dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
            Path(part).replace(self._folder / f"{name}.npz")
        finally:
            Path(part).unlink(missing_ok=True)

    def _make_room(self) -> None:
        """Remove what was not used for longest until the rest fits, and what was never finished."""
        entries = []
        for path in self._folder.iterdir():
            if _OURS.fullmatch(path.name):
                with suppress(OSError):  # another process was quicker
                    stat = path.stat()
                    entries.append((stat.st_mtime, stat.st_size, path))
        total = sum(size for _, size, _ in entries)
        for used, size, path in sorted(entries):
            abandoned = path.suffix == ".part" and time.time() - used > _ABANDONED
            if abandoned or (total > self._limit and path.suffix == ".npz"):
                with suppress(OSError):
                    path.unlink(missing_ok=True)
                total -= size


def _written(key: tuple[Any, ...]) -> list[Any]:
    """Return what an entry must say about itself to be believed."""
    return [_FORMAT, engine_version(), repr(key)]
