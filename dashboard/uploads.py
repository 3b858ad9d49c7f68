"""Uploaded files, moved out of the server's memory into the visit's own folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

__all__ = ["Upload", "keep"]

_UNSAFE = re.compile(r"[^\w.\- ()\[\]+@=,]", re.UNICODE)
_LONGEST = 120


class Upload(Protocol):
    """What Streamlit hands over for an uploaded file."""

    name: str
    file_id: str

    def getbuffer(self) -> memoryview:
        """Return the content without copying it."""
        ...


def keep(uploads: Iterable[Upload], folder: Path) -> tuple[str, ...]:
    """Write each upload to a folder of its own below `folder`, once, and return the paths.

    Names are kept, because they say how files belong together, but never lead out of the folder.
    """
    return tuple(str(_keep_one(upload, folder)) for upload in uploads)


def _keep_one(upload: Upload, folder: Path) -> Path:
    home = folder / _UNSAFE.sub("", upload.file_id)[:_LONGEST]
    path = home / _safe_name(upload.name)
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(path.name + ".part")
        with unfinished.open("wb") as file:
            file.write(upload.getbuffer())
        unfinished.rename(path)
    return path


def _safe_name(name: str) -> str:
    """Return the last part of a file name without anything a file system or a shell could trip over."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = _UNSAFE.sub("_", last).strip(" .")
    return plain[-_LONGEST:].lstrip(".") or "file"
