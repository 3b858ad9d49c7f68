"""Uploaded files, moved out of the server's memory into the visit's own folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

__all__ = ["Upload", "keep", "release"]

_UNSAFE = re.compile(r"[^\w.\- ()\[\]+@=,]", re.UNICODE)
_LONGEST = 120
_DEEPEST = 6


class Upload(Protocol):
    """What Streamlit hands over for an uploaded file; its name holds the folders it lay in, if any."""

    name: str
    file_id: str

    def getbuffer(self) -> memoryview:
        """Return the content without copying it."""
        ...


def keep(uploads: Iterable[Upload], folder: Path) -> tuple[str, ...]:
    """Write each upload below `folder`, side by side as they belong together, and return the paths.

    Names are kept, because they say what belongs to what, but never lead out of the folder. A second file of the same
    name gets a folder of its own.
    """
    return tuple(str(_keep_one(upload, folder)) for upload in uploads)


def release(uploads: Iterable[Upload]) -> None:
    """Give back the server's memory that holds these uploads; they must be kept by now."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx()
    remove = getattr(getattr(context, "uploaded_file_mgr", None), "remove_file", None)
    if context is None or remove is None:
        return  # another Streamlit: it gives them back when the visit ends
    for upload in uploads:
        remove(context.session_id, upload.file_id)


def _keep_one(upload: Upload, folder: Path) -> Path:
    path = folder.joinpath(*_safe_parts(upload.name))
    if path.exists():
        own = _UNSAFE.sub("", upload.file_id)[:_LONGEST] or "again"
        path = folder.joinpath(own, *_safe_parts(upload.name))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("wb") as file:
        file.write(upload.getbuffer())
    unfinished.rename(path)
    return path


def _safe_parts(name: str) -> list[str]:
    """Return the folders and the name of a file without anything a file system or a shell could trip over."""
    parts = [_safe(part) for part in name.replace("\\", "/").split("/")]
    return [part for part in parts if part][-_DEEPEST:] or ["file"]


def _safe(part: str) -> str:
    return _UNSAFE.sub("_", part).strip(" .")[-_LONGEST:].lstrip(".")
