"""What people added to their items, kept on disk beside the maps, so that it is there the next time.

One JSON file for each set of items, named by their ids and vectors: it is found again whatever the user's file is
called, and by nobody who has other items. The user's own file is never touched. Every change reads the file anew
under a lock, so that several visits and several processes keep each other's changes.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import numpy as np

from cartography.errors import CartographyError, ParameterError
from cartography.records import Annotations, EmbeddingSet
from cartography.records.annotations import SCHEMA
from cartography.records.arrays import digest
from cartography.remembering import remembered
from cartography.store.folders import folder_from
from dashboard.file_lock import locked

__all__ = ["KEPT", "AnnotationFolder", "Change", "content_name"]

_LOG = logging.getLogger(__name__)
_VARIABLE = "EMBEDDING_CARTOGRAPHER_NOTES"
_LARGEST = 256_000_000  # bytes of a file
_PATIENCE = 10.0  # seconds that a change waits for others
_UNREADABLE = "The notes kept for these items cannot be read."
_REMEMBERED = 4  # files, as they were last read

Change = Callable[[Annotations], Annotations]
_Stamp = tuple[int, int, int]


@remembered
def content_name(embeddings: EmbeddingSet) -> str:
    """Name a set of items by ids and vectors alone: other columns, another file name or format do not change it."""
    ids = [str(one).encode() for one in embeddings.ids]
    lengths = np.fromiter(map(len, ids), dtype=np.int64, count=len(ids))
    return digest(embeddings.vectors_fingerprint, lengths, b"".join(ids))


class AnnotationFolder:
    """A folder of annotations, readable by its owner alone. Safe to use from many threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: OrderedDict[str, tuple[_Stamp | None, Annotations]] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> AnnotationFolder | None:
        """Return the folder that the environment names, by default in the user's data folder; None for "off"."""
        folder = folder_from(environment, _VARIABLE, "data", "notes")
        return cls(folder) if folder is not None else None

    @property
    def usable(self) -> bool:
        """Whether changes can be kept; the folder is made when it is not there yet."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            return False
        return os.access(self.folder, os.R_OK | os.W_OK | os.X_OK)

    def get(self, name: str) -> Annotations:
        """Return what is kept under a name; a damaged file is set aside and counts as none.

        Raises `CartographyError` when a file is there and cannot be read, or was written by a later version.
        """
        try:
            return self._load(name)
        except ParameterError:
            with self._locked(name):
                return self._load_or_set_aside(name)

    def change(self, name: str, change: Change) -> tuple[Annotations, Annotations]:
        """Apply a change to what is kept by now; return what was there and what is there.

        Raises `CartographyError` when it cannot be kept, and whatever `change` raises; the file is then as it was.
        """
        with self._locked(name):
            before = self._load_or_set_aside(name)
            after = change(before)
            if after != before:
                self._write(name, after)
            return before, after

    def damaged(self, name: str) -> list[Path]:
        """Return the files of this name that could not be understood and were set aside."""
        return sorted(self.folder.glob(f"{name}.damaged-*.json"))

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _load(self, name: str) -> Annotations:
        """Read the file, unless it is as it was. Raises `ParameterError` for a damaged one."""
        path = self._path(name)
        stamp = _stamp(path)
        with self._lock:
            known = self._read.get(name)
        if known is not None and known[0] == stamp:
            return known[1]
        found = Annotations() if stamp is None else _parsed(path)
        self._remember(name, stamp, found)
        return found

    def _load_or_set_aside(self, name: str) -> Annotations:
        try:
            return self._load(name)
        except ParameterError as error:
            aside = self.folder / f"{name}.damaged-{time.time_ns()}.json"
            _LOG.warning("Kept notes could not be understood and were set aside as %s: %s", aside, error.message)
            try:
                self._path(name).replace(aside)
            except OSError as failure:
                raise _failed(_UNREADABLE, failure, aside) from failure
            return Annotations()

    def _remember(self, name: str, stamp: _Stamp | None, found: Annotations) -> None:
        with self._lock:
            self._read[name] = stamp, found
            self._read.move_to_end(name)
            while len(self._read) > _REMEMBERED:
                self._read.popitem(last=False)

    def _write(self, name: str, annotations: Annotations) -> None:
        """Write beside, then rename: whoever reads finds all of the old or all of the new."""
        content = annotations.to_json().encode()
        if len(content) > _LARGEST:
            raise CartographyError(
                "This is more than can be kept beside one map.", "Export a patch, then take some away."
            )
        path = self._path(name)
        try:
            handle, part = tempfile.mkstemp(prefix=f"{name}.", suffix=".part", dir=self.folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                stamp = _stamp(Path(part))
                Path(part).replace(path)
            finally:
                Path(part).unlink(missing_ok=True)
            _sync_folder(self.folder)
        except OSError as error:
            raise _failed("The change could not be kept on disk.", error, path) from error
        self._remember(name, stamp, annotations)

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        """Let nobody else change this file meanwhile. Raises `CartographyError` when others take too long."""
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = self.folder / f"{name}.lock"
        try:
            file = lock.open("ab")
        except OSError as error:
            raise _failed("The change could not be kept on disk.", error, lock) from error
        with ExitStack() as held:
            held.enter_context(file)
            try:
                ours = held.enter_context(locked(file, _PATIENCE))
            except OSError as error:  # some network drives know no locks
                raise _failed("The change could not be kept on disk.", error, lock) from error
            if not ours:
                raise CartographyError("Somebody else is changing these notes.", "Try again in a moment.")
            yield


def _parsed(path: Path) -> Annotations:
    try:
        if path.stat().st_size > _LARGEST:
            raise ParameterError("The file is larger than any that is written.")
        content = path.read_bytes()
    except OSError as error:
        raise CartographyError(
            "The notes kept for these items cannot be read.", f"{error.strerror}: {path}"
        ) from error
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise ParameterError("The notes are not in UTF-8.") from error
    try:
        return Annotations.from_json(text)
    except ParameterError as error:
        if _from_later_version(text):
            raise CartographyError(
                "The notes kept for these items were written by a later version of this program.",
                f"Open them with that version; they are in {path.name}.",
            ) from error
        raise


def _failed(what: str, error: OSError, path: Path) -> CartographyError:
    return CartographyError(what, f"{error.strerror or error}: {path.name}, in the folder for notes.")


def _from_later_version(text: str) -> bool:
    with suppress(ValueError, RecursionError):
        plain = json.loads(text)
        schema = plain.get("schema") if isinstance(plain, dict) else None
        return isinstance(schema, int) and schema > SCHEMA
    return False


def _stamp(path: Path) -> _Stamp | None:
    """What tells one state of a file from another; None when there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CartographyError(
            "The notes kept for these items cannot be read.", f"{error.strerror}: {path}"
        ) from error
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _sync_folder(folder: Path) -> None:
    """Have the renaming itself outlive a loss of power, where the platform lets one."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


KEPT = AnnotationFolder.from_environment()
"""Where this server keeps annotations; None when it is told not to."""
