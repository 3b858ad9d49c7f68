"""Files that the cells of a table name: opened where they lie beside the opened files, and nowhere else."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from cartography.errors import LoadError
from cartography.particulars import Reader
from dashboard.browsing import path_within
from dashboard.settings import Settings
from dashboard.sources import Source

__all__ = ["folders_of", "reader_of"]

_NOT_THERE = "no such file beside the opened ones"


def folders_of(source: Source, settings: Settings) -> tuple[str, ...]:
    """Return the folders in which items may have files: those of the opened files, and the server's data folder.

    What came from a browser sees its own upload alone.
    """
    opened = [Path(path) for path in (*source.paths, *filter(None, (source.labels,)))]
    beside = [str(path if path.is_dir() else path.parent) for path in opened]
    shared = [settings.data_dir] if settings.data_dir and not source.is_upload else []
    return tuple(dict.fromkeys([*beside, *shared]))


def reader_of(folders: Sequence[str]) -> Reader:
    """Return what opens a file by the path in a cell, at most so many bytes.

    The path, its links followed, has to lie in one of the folders, and no part of it there may be hidden. Whatever
    lies elsewhere is refused in the same words as what is not there: a table must not find out what a server holds.
    """

    def read(path: str, most: int) -> bytes:
        for folder in folders:
            try:
                place = path_within(folder, path)
            except LoadError:
                continue
            if not _hidden(place, folder) and place.is_file():
                return _content(place, most)
        raise LoadError(_NOT_THERE)

    return read


def _hidden(place: Path, folder: str) -> bool:
    return any(part.startswith(".") for part in place.relative_to(Path(folder).resolve()).parts)


def _content(place: Path, most: int) -> bytes:
    """The content of a plain file, which must not have become a link or a pipe meanwhile."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(place, flags), "rb") as file:
            known = os.fstat(file.fileno())
            if not stat.S_ISREG(known.st_mode):
                raise LoadError(_NOT_THERE)
            if known.st_size > most:
                raise LoadError(f"{known.st_size / (1 << 20):,.0f} MB; at most {most >> 20} MB are opened")
            return file.read(most)
    except OSError as error:
        raise LoadError(_NOT_THERE) from error
